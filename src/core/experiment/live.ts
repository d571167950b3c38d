/** Whether a condition holds of a lab now; what waits look at while a run goes on. */
import type { Condition, Fact, ProbeSample } from "./model.ts";
import { containsAddress, containsPrefix, parseIp6, parsePrefix6 } from "../ip6.ts";

/** A probe as far as it says whether a target is reached. */
export type Echo = Pick<ProbeSample, "member" | "source" | "target" | "outcome">;

/** What is known of a lab at a moment. */
export interface Moment {
  /** All that holds. */
  readonly facts: readonly Fact[];
  /** The last probe of each source to each target. */
  readonly echoes: readonly Echo[];
}

/** A condition that facts and probes tell; a name has to be asked for. */
export type Visible = Exclude<Condition, { is: "resolves" }>;

const HOLDS: {
  readonly [K in Visible["is"]]: (condition: Extract<Visible, { is: K }>, moment: Moment) => boolean;
} = {
  delegated: ({ provider, at }, { facts }) =>
    facts.some((one) => one.kind === "delegation" && one.member === at && one.provider === provider),
  address: ({ provider, at, state }, { facts }) => {
    const found = facts.filter(
      (one) => one.kind === "address" && one.member === at && one.provider === provider,
    );
    return state === "absent" ? found.length === 0 : found.some((one) => one.state === state);
  },
  router: ({ router, at, state }, { facts }) => {
    const there = facts.some(
      (one) =>
        one.kind === "router" && one.member === at && (one.provider === router || one.subject === router),
    );
    return there === (state === "present");
  },
  prefix: ({ prefix, at, state }, moment) => {
    const found = prefixStates(prefix, at, moment);
    return state === "absent" ? found.length === 0 : found.includes(state);
  },
  reaches: ({ target, from, source, met }, moment) => {
    const echoes = moment.echoes.filter(
      (one) => one.member === from && one.target === target && isFrom(one.source, source, from, moment),
    );
    const answered = echoes.some(({ outcome }) => outcome === "answered");
    return met ? answered : echoes.length > 0 && !answered;
  },
};

/** Whether a condition holds. */
export function holds(condition: Visible, moment: Moment): boolean {
  return HOLDS[condition.is](condition as never, moment);
}

/** States of a prefix at a member; a host tells of it by its addresses alone. */
function prefixStates(prefix: string, at: string, { facts }: Moment): (string | null)[] {
  const asked = parsePrefix6(prefix);
  if (asked === undefined) return [];
  return facts.flatMap(({ kind, member, subject, state }) => {
    if (member !== at) return [];
    if (kind === "prefix") {
      const told = parsePrefix6(subject);
      return told !== undefined && containsPrefix(asked, told) ? [state] : [];
    }
    const address = kind === "address" ? parseIp6(subject) : undefined;
    if (address === undefined || !containsAddress(asked, address)) return [];
    return [state === "deprecated" ? "deprecated" : "current"];
  });
}

function isFrom(address: string, source: string | null, member: string, { facts }: Moment): boolean {
  if (source === null || address === source) return true;
  return facts.some(
    (one) => one.kind === "address" && one.member === member && one.subject === address && one.provider === source,
  );
}
