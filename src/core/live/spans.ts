import type { ProviderStatus } from "../status/model.ts";
import { parseUtc } from "../utc.ts";
import type { Span } from "./message.ts";

type Beginning = Pick<Span, "kind" | "label"> & { readonly fromS: number | undefined };

/** What lasts at a provider now, by the id of its span. */
function lasting({ name, faults }: ProviderStatus): ReadonlyMap<string, Beginning> {
  return new Map(
    faults.map((fault) => [
      `fault ${fault.id} ${fault.since}`,
      { kind: "fault", label: `${name} ${fault.kind}`, fromS: parseUtc(fault.since) },
    ]),
  );
}

/** The spans that begin or end with a provider's new status; `open` are those that have not ended. */
export function spanChanges(open: readonly Span[], status: ProviderStatus, nowS: number): Span[] {
  const now = lasting(status);
  const mine = open.filter(({ member, toS }) => member === status.name && toS === null);
  const ended = mine.filter(({ id }) => !now.has(id)).map((span) => ({ ...span, toS: nowS }));
  const begun = [...now]
    .filter(([id]) => !mine.some((span) => span.id === id))
    .map(([id, { fromS = nowS, ...what }]) => ({ id, ...what, member: status.name, fromS, toS: null }));
  return [...ended, ...begun];
}
