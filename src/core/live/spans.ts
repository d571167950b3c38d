import type { ProviderStatus } from "../status/model.ts";
import { parseUtc } from "../utc.ts";
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
    ...renumbered.map(({ prefix, state }): [string, Beginning] => [
      `renumbering ${name} ${prefix} ${state}`,
      { kind: "renumbering", label: `${name} ${prefix} ${state}`, fromS: undefined },
    ]),
  ]);
}

/** The spans that begin or end with a provider's new status; `open` are those that have not ended. */
export function spanChanges(open: readonly Span[], status: ProviderStatus, nowS: number): Span[] {
  const now = lasting(status);
  const mine = open.filter(({ member, toS }) => member === status.name && toS === null);
  const ended = mine
    .filter((span) => ![...now.keys()].some((id) => isOf(span, id)))
    .map((span) => ({ ...span, toS: nowS }));
  const begun = [...now]
    .filter(([id]) => !mine.some((span) => isOf(span, id)))
    .map(([id, { fromS = nowS, ...what }]) => ({
      // The same may begin again.
      id: `${id} ${fromS}`,
      ...what,
      member: status.name,
      fromS,
      toS: null,
    }));
  return [...ended, ...begun];
}

function isOf(span: Span, id: string): boolean {
  return span.id.startsWith(`${id} `);
}
