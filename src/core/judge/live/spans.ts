import type { ProviderStatus } from "../../model/status/model.ts";
import { parseUtc } from "../../model/utc.ts";
import type { Span } from "./message.ts";

type Beginning = Pick<Span, "kind" | "label"> & { readonly fromS: number | undefined };

/** What lasts at a provider now, by the id of its span. */
function lasting({ name, faults, prefixes }: ProviderStatus): ReadonlyMap<string, Beginning> {
  const renumbered = prefixes.filter(({ state }) => state !== "current");
  return new Map<string, Beginning>([
    ...faults.map(({ id, kind, since }): [string, Beginning] => [
      `fault ${id} ${since}`,
      { kind: "fault", label: `${name} ${kind}`, fromS: parseUtc(since) },
    ]),
    ...renumbered.map(({ prefix }): [string, Beginning] => [
      `renumbering ${name} ${prefix}`,
      { kind: "renumbering", label: `${name} renumbered from ${prefix}`, fromS: undefined },
    ]),
  ]);
}

/**
 * The spans that begin or end with a provider's new status; `open` are those that have not ended, `former` is the prefix that it
 * had before. A flash renumbering leaves nothing of the former prefix, so it is a span that begins and ends at once.
 */
export function spanChanges(
  open: readonly Span[],
  status: ProviderStatus,
  nowS: number,
  former: string = status.prefix,
): Span[] {
  const now = lasting(status);
  const mine = open.filter(({ node, toS }) => node === status.name && toS === null);
  const ended = mine
    .filter((span) => ![...now.keys()].some((id) => isOf(span, id)))
    .map((span) => ({ ...span, toS: nowS }));
  const begun = [...now]
    .filter(([id]) => !mine.some((span) => isOf(span, id)))
    .map(([id, { fromS = nowS, ...what }]) => ({
      // The same may begin again.
      id: `${id} ${fromS}`,
      ...what,
      node: status.name,
      fromS,
      toS: null,
    }));
  return [...ended, ...begun, ...flash({ status, former, nowS, told: [...mine, ...begun] })];
}

function flash({
  status: { name, prefix },
  former,
  nowS,
  told,
}: {
  status: ProviderStatus;
  former: string;
  nowS: number;
  told: readonly Span[];
}): Span[] {
  const known = former === "" || former === prefix || told.some(({ kind }) => kind === "renumbering");
  if (known) return [];
  return [
    {
      id: `renumbering ${name} ${former} ${nowS}`,
      kind: "renumbering",
      label: `${name} renumbered from ${former}`,
      node: name,
      fromS: nowS,
      toS: nowS,
    },
  ];
}

function isOf(span: Span, id: string): boolean {
  return span.id.startsWith(`${id} `);
}
