/** Variables of CPEs and hosts that hold a list of `name=value`, and how a plan tells what changed in one. */

interface ListVariable {
  /** The part of the lab file, as a plan calls it. */
  readonly part: string;
  /** The list whose names it tells something of; left out by a list that tells what there is. */
  readonly of?: string;
}

const LISTS: ReadonlyMap<string, ListVariable> = new Map([
  ["CPE_WANS", { part: "providers" }],
  ["CPE_HOSTS", { part: "hosts" }],
  ["CPE_POOLS", { part: "delegations", of: "CPE_WANS" }],
  ["CPE_PROBES", { part: "probe", of: "CPE_WANS" }],
  ["HOST_ROUTERS", { part: "routers" }],
  ["HOST_PREFIXES", { part: "prefix", of: "HOST_ROUTERS" }],
]);

type Settings = Readonly<Record<string, string>>;

/** The part that a list variable belongs to; undefined for other variables. */
export function listPart(variable: string): string | undefined {
  return LISTS.get(variable)?.part;
}

/** What changed in a list, as words such as `beta added`; none where another list says that the entry came or went. */
export function listChanges(variable: string, before: Settings, after: Settings): string[] {
  const [old, now] = [entriesOf(before[variable]), entriesOf(after[variable])];
  const names = [...new Set([...now.keys(), ...old.keys()])].filter(
    (name) => old.get(name) !== now.get(name),
  );
  const of = LISTS.get(variable)?.of;
  if (of !== undefined) {
    const stay = entriesOf(after[of]);
    const here = entriesOf(before[of]);
    const told = names.filter((name) => here.has(name) && stay.has(name));
    return variable === "CPE_POOLS"
      ? told.map((name) => `those of ${name} are forgotten`)
      : told.map((name) => `${name} ${old.get(name) ?? "none"} → ${now.get(name) ?? "none"}`);
  }
  const words = [
    ...names.filter((name) => !old.has(name)).map((name) => `${name} added`),
    ...names.filter((name) => !now.has(name)).map((name) => `${name} removed`),
    ...names.filter((name) => old.has(name) && now.has(name)).map((name) => `${name} by another link`),
  ];
  return words.length === 0 ? ["in another order"] : words;
}

function entriesOf(text: string | undefined): Map<string, string> {
  return new Map(
    (text ?? "")
      .split(",")
      .filter((entry) => entry.includes("="))
      .map((entry) => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)] as const;
      }),
  );
}
