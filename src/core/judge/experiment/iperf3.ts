/** Bit/s that the JSON of iperf3 (`-J`) tells: what the receiver got, else what the sender sent; undefined when it tells none. */
export function iperf3BitsPerS(text: string): number | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  const end = valueOf(data, "end");
  const rates = ["sum_received", "sum", "sum_sent"].map((key) =>
    valueOf(valueOf(end, key), "bits_per_second"),
  );
  return rates.find((rate): rate is number => typeof rate === "number" && Number.isFinite(rate) && rate >= 0);
}

function valueOf(map: unknown, key: string): unknown {
  return typeof map === "object" && map !== null && Object.hasOwn(map, key)
    ? (map as Record<string, unknown>)[key]
    : undefined;
}
