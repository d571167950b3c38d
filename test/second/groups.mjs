/** By what a function says of each. */
export function groupsOf(all, keyOf) {
  const groups = new Map();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** What is there most often; undefined of nothing. */
export function commonest(all) {
  const [most] = [...groupsOf(all, (one) => one).values()].sort((one, other) => other.length - one.length);
  return most?.[0];
}
