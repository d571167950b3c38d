// Medians, and figures with their targets.

/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A measured figure; `limit` is the most that is allowed, `reach` the least, both left out when the figure only informs. */
export function figure(name, value, { unit, limit, reach, samples, note }) {
  return {
    name,
    value: Number(value.toPrecision(3)),
    unit,
    ...(limit === undefined ? {} : { limit, met: value <= limit }),
    ...(reach === undefined ? {} : { reach, met: value >= reach }),
    ...(samples === undefined ? {} : { samples: samples.map((one) => Number(one.toPrecision(3))) }),
    ...(note === undefined ? {} : { note }),
  };
}
