import { factsOf } from "../sources.ts";
import { timelineOf } from "../timeline.ts";
import type { ConditionKind, Of } from "./condition-kind.ts";
import { knownOf } from "./known.ts";

/** Whether there is a default router of a provider, or the CPE that a host is behind. */
export const router: ConditionKind<Of<"router">> = {
  text: ({ router: name, at, state }) =>
    `${name} is ${state === "present" ? "a" : "no"} default router at ${at}`,
  isLack: ({ state }) => state === "absent",
  timeline({ router: name, at, state }, record) {
    const known = knownOf(record, at);
    if (known === undefined) return undefined;
    // Behind a CPE every router is that CPE.
    const behind = record.members.includes(name);
    return timelineOf({ ...known, facts: factsOf(record, at, "router") }, (present) => {
      const found = present.filter((fact) => behind || fact.provider === name || fact.subject === name);
      return {
        holds: found.length > 0 === (state === "present"),
        text:
          found.length > 0
            ? `default router ${found.map(({ subject }) => subject).join(", ")}`
            : `no default router ${name}`,
      };
    });
  },
};
