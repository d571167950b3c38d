import { UsageError } from "../../core/model/errors.ts";
import type { RenumberOrder } from "../../core/model/renumbering/order.ts";
import { parseAssignedPrefix } from "../../core/model/values/parse.ts";
import { parseDuration } from "../../core/model/values/units.ts";

/** The ways to renumber, and what each means for customers. */
export const RENUMBER_WAYS = [
  {
    value: "graceful",
    text: "The former prefix is deprecated, both live for the overlap, then the former goes.",
  },
  { value: "flash", text: "The former prefix is dead at once, and nobody is told of it." },
  {
    value: "withdraw",
    text: "The former prefix is dead at once, and customers are told so; the new one may be left out.",
  },
  { value: "abort", text: "Back to the former prefix, while that still lives." },
] as const;
type Way = (typeof RENUMBER_WAYS)[number]["value"];

/** What fields of a page order. Throws UsageError. */
export function orderOf({ how = "", to, overlap }: Readonly<Record<string, string>>): RenumberOrder {
  const way = RENUMBER_WAYS.find(({ value }) => value === how)?.value;
  if (way === undefined)
    throw new UsageError(`'${how}' is no way to renumber`, {
      hint: `choose one of ${RENUMBER_WAYS.map(({ value }) => value).join(", ")}`,
    });
  return ORDERS[way](prefixOf(to), secondsOf(overlap));
}

type Prefix = ReturnType<typeof prefixOf>;

const ORDERS: Readonly<Record<Way, (to: Prefix, overlapS: number | undefined) => RenumberOrder>> = {
  graceful: (to, overlapS) => ({
    how: "graceful",
    to: needed(to),
    ...(overlapS === undefined ? {} : { overlapS }),
  }),
  flash: (to, overlapS) => without(overlapS, { how: "flash", to: needed(to) }),
  withdraw: (to, overlapS) =>
    without(overlapS, to === undefined ? { how: "withdraw" } : { how: "withdraw", to }),
  abort: (to, overlapS) => {
    if (to !== undefined) throw new UsageError("the way back takes no prefix", { hint: "leave it out" });
    return without(overlapS, { how: "abort" });
  },
};

function needed(to: Prefix): NonNullable<Prefix> {
  if (to !== undefined) return to;
  throw new UsageError("a new prefix is needed", { hint: "such as 2001:db8:c::/48" });
}

function without(overlapS: number | undefined, order: RenumberOrder): RenumberOrder {
  if (overlapS === undefined) return order;
  throw new UsageError("two prefixes live together only when it is graceful", {
    hint: "leave the overlap out",
  });
}

function prefixOf(given: string | undefined) {
  const prefix = given === undefined ? undefined : parseAssignedPrefix(given);
  if (given === undefined || prefix !== undefined) return prefix;
  throw new UsageError(`'${given}' is no prefix of a provider`, {
    hint: "right would be a prefix from /32 to /64 without host bits, such as 2001:db8:c::/48",
  });
}

function secondsOf(given: string | undefined): number | undefined {
  const seconds = given === undefined ? undefined : parseDuration(given);
  if (given === undefined || (seconds !== undefined && seconds > 0)) return seconds;
  throw new UsageError(`the overlap is '${given}'`, { hint: "a time with its unit, such as 30s, 10m or 2h" });
}
