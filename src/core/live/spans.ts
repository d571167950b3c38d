import type { ProviderStatus } from "../status/model.ts";
import type { Span } from "./message.ts";

/** What lasts at a provider now, by the id of its span. */
function lasting({ name, faults }: ProviderStatus): ReadonlyMap<string, Pick<Span, "kind" | "label">> {
  return new Map(faults.map((fault) => [`${name} ${fault}`, { kind: "fault", label: fault }]));
}

/** The spans that begin or end with a provider's new status; `open` are those that have not ended. */
export function spanChanges(open: readonly Span[], status: ProviderStatus, nowS: number): Span[] {
  const now = lasting(status);
  const mine = open.filter(({ member, toS }) => member === status.name && toS === null);
  const ended = mine.filter(({ id }) => !now.has(id)).map((span) => ({ ...span, toS: nowS }));
  const begun = [...now]
    .filter(([id]) => !mine.some((span) => span.id === id))
    .map(([id, what]) => ({ id, ...what, member: status.name, fromS: nowS, toS: null }));
  return [...ended, ...begun];
}
