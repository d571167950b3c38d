/** Steps in words, as a user would type them where there is a command for it. */
import { formatPrefix6 } from "../ip6.ts";
import type { RenumberOrder } from "../renumbering/order.ts";
import { formatSpan } from "../values/units.ts";
import { shellWord } from "../words.ts";
import type { Condition, Deed } from "./model.ts";

const WORDS: { readonly [D in Deed["do"]]: (deed: Extract<Deed, { do: D }>) => string } = {
  fault: ({ kind, provider, options }) => ["fault inject", kind, provider, ...assignments(options)].join(" "),
  heal: ({ which }) => `fault heal ${which === "all" ? "--all" : which}`,
  renumber: ({ provider, order }) => `renumber ${provider} ${orderWords(order)}`,
  restart: ({ how, member }) => `${how} ${member}`,
  run: ({ member, argv }) => `exec ${member} -- ${argv.map(shellWord).join(" ")}`,
  copy: ({ way, from, to, member }) =>
    way === "in" ? `copy ${from} to ${member}:${to}` : `copy ${member}:${from} to ${to}`,
  wait: ({ until, withinS }) => `wait until ${conditionWords(until)}, at most ${formatSpan(withinS * 1000)}`,
  mark: ({ text }) => `mark: ${text}`,
};

/** A step in words. */
export function stepWords(deed: Deed): string {
  return WORDS[deed.do](deed as never);
}

/** The member that a step is about; null for a wait, a mark and what is about several. */
export function memberOf(deed: Deed): string | null {
  if ("provider" in deed) return deed.provider;
  return "member" in deed ? deed.member : null;
}

function assignments(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${shellWord(value)}`);
}

function orderWords(order: RenumberOrder): string {
  const to = order.how !== "abort" && order.to !== undefined ? `${formatPrefix6(order.to)} ` : "";
  const overlap =
    order.how === "graceful" && order.overlapS !== undefined ? ` --overlap ${order.overlapS}s` : "";
  return `${to}--${order.how}${overlap}`;
}

const CONDITIONS: { readonly [K in Condition["is"]]: (one: Extract<Condition, { is: K }>) => string } = {
  delegated: ({ at, provider }) => `${at} has a prefix of ${provider}`,
  address: ({ at, provider, state }) =>
    state === "absent" ? `${at} has no address of ${provider}` : `an address of ${provider} at ${at} is ${state}`,
  router: ({ at, router, state }) =>
    state === "absent" ? `${router} is no default router of ${at}` : `${router} is a default router of ${at}`,
  prefix: ({ at, prefix, state }) => `${prefix} at ${at} is ${state}`,
  reaches: ({ from, target, source, met }) =>
    `${from} ${met ? "reaches" : "does not reach"} ${target}${source === null ? "" : ` from ${source}`}`,
  resolves: ({ from, name, gives, met }) =>
    `${from} ${met ? "resolves" : "does not resolve"} ${name}${gives === null ? "" : ` to ${gives}`}`,
};

/** A condition in words. */
export function conditionWords(condition: Condition): string {
  return CONDITIONS[condition.is](condition as never);
}
