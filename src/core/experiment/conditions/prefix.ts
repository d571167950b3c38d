import { containsAddress, containsPrefix, parsePrefix6, type Prefix6 } from "../../ip6.ts";
import type { Fact } from "../model.ts";
import { addressOf, factsOf } from "../sources.ts";
import { timelineOf } from "../timeline.ts";
import type { ConditionKind, Of } from "./condition-kind.ts";
import { knownOf } from "./known.ts";

type State = Of<"prefix">["state"];
/** The best first. */
const STATES: readonly State[] = ["current", "deprecated", "withdrawn", "absent"];

/** The state of a prefix at a provider, or of what lies within it at a CPE or host. */
export const prefix: ConditionKind<Of<"prefix">> = {
  text: ({ prefix: text, at, state }) => `${text} is ${state} at ${at}`,
  isLack: ({ state }) => state === "absent" || state === "withdrawn",
  timeline({ prefix: text, at, state }, record) {
    const wanted = parsePrefix6(text);
    const known = knownOf(record, at);
    if (wanted === undefined || known === undefined) return undefined;
    const facts = (["prefix", "delegation", "address"] as const)
      .flatMap((kind) => factsOf(record, at, kind))
      // What a provider delegated out of a prefix does not tell the state of the prefix.
      .filter((fact) => fact.kind !== "delegation" || fact.provider !== at)
      .toSorted((one, other) => one.atS - other.atS);
    return timelineOf({ ...known, facts }, (present) => {
      const within = present.filter((fact) => isWithin(fact, wanted));
      const states = new Set(within.map(stateOf));
      const is = STATES.find((one) => states.has(one)) ?? "absent";
      const shown = within.map((fact) => `${fact.subject} ${fact.state}`).join(", ");
      return { holds: is === state, text: shown === "" ? `nothing of ${text}` : shown };
    });
  },
};

function isWithin(fact: Fact, wanted: Prefix6): boolean {
  const own = parsePrefix6(fact.subject);
  if (fact.kind !== "address" && own !== undefined) return containsPrefix(wanted, own);
  const bits = addressOf(fact);
  return bits !== undefined && containsAddress(wanted, bits);
}

function stateOf({ state }: Fact): State {
  return state === "deprecated" || state === "withdrawn" ? state : "current";
}
