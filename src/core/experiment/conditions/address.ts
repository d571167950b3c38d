import { factsOf } from "../sources.ts";
import { timelineOf } from "../timeline.ts";
import type { ConditionKind, Of } from "./condition-kind.ts";
import { knownOf } from "./known.ts";

/** The state of a provider's addresses at a host or CPE. */
export const address: ConditionKind<Of<"address">> = {
  text: ({ provider, at, state }) =>
    state === "absent" ? `${at} has no address of ${provider}` : `${at}'s address of ${provider} is ${state}`,
  isLack: ({ state }) => state === "absent",
  timeline({ provider, at, state }, record) {
    const known = knownOf(record, at);
    if (known === undefined) return undefined;
    return timelineOf({ ...known, facts: factsOf(record, at, "address") }, (present) => {
      const own = present.filter((fact) => fact.provider === provider);
      const is = own.some((fact) => fact.state === "preferred")
        ? "preferred"
        : own.some((fact) => fact.state === "deprecated")
          ? "deprecated"
          : own.length === 0
            ? "absent"
            : "unusable";
      const shown = own.map((fact) => `${fact.subject} ${fact.state}`).join(", ");
      return { holds: is === state, text: own.length === 0 ? `no address of ${provider}` : shown };
    });
  },
};
