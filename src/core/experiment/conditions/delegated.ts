import { factsOf } from "../sources.ts";
import { timelineOf } from "../timeline.ts";
import type { ConditionKind, Of } from "./condition-kind.ts";
import { knownOf } from "./known.ts";

/** A CPE has a prefix of a provider. */
export const delegated: ConditionKind<Of<"delegated">> = {
  text: ({ provider, at }) => `${at} has a prefix of ${provider}`,
  isLack: () => false,
  timeline({ provider, at }, record) {
    const known = knownOf(record, at);
    if (known === undefined) return undefined;
    return timelineOf({ ...known, facts: factsOf(record, at, "delegation") }, (present) => {
      const held = present.filter((fact) => fact.provider === provider).map(({ subject }) => subject);
      return {
        holds: held.length > 0,
        text: held.length > 0 ? `${at} has ${held.join(", ")}` : `${at} has no prefix of ${provider}`,
      };
    });
  },
};
