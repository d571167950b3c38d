import { formatIp6, parseIp6 } from "../../ip6.ts";
import { canonicalDomain } from "../../values/parse.ts";
import type { ConditionKind, Of } from "./condition-kind.ts";

const NS = 1e9;
/** So long a flow waits for an answer of the DNS. */
const PATIENCE_S = 1;

/** Questions to the DNS are answered, or not: those of the flows that ask for the name. */
export const resolves: ConditionKind<Of<"resolves">> = {
  text: ({ name, from, gives, met }) =>
    `${from} gets ${met ? (gives === null ? "an answer" : gives) : gives === null ? "no answer" : `no ${gives}`} for ${name}`,
  isLack: ({ met }) => !met,
  timeline({ name, from, gives, met }, record) {
    const asking = record.scenario.flows
      .filter((flow) => flow.kind === "dns" && flow.from === from)
      .filter((flow) => canonicalDomain(flow.target) === canonicalDomain(name));
    const flows = new Set(asking.map(({ id }) => id));
    const asked = record.flows.filter(
      ({ flow, event }) =>
        flows.has(flow) && (event === "answered" || event === "lost" || event === "refused"),
    );
    if (asked.length === 0) return undefined;
    const moments = asked
      .toSorted((one, other) => one.atNs - other.atNs)
      .map(({ atNs, event, detail }) => {
        // `ADDRESS from SERVER`, or why the server gave none.
        const bits = parseIp6((detail ?? "").split(" from ", 1)[0] ?? "");
        const given = event === "answered" && bits !== undefined ? formatIp6(bits) : undefined;
        const answered = given !== undefined && (gives === null || given === gives);
        return {
          atS: atNs / NS,
          holds: answered === met,
          text: `${name}: ${event === "answered" ? (detail ?? "answered") : event}`,
        };
      });
    // The next question is asked once the one before is answered or given up.
    const everyS = Math.max(...asking.map(({ everyMs }) => everyMs / 1000)) + PATIENCE_S / 3;
    return {
      kind: "samples",
      member: from,
      moments,
      everyS,
      answered: asked.some(({ event }) => event === "answered"),
    };
  },
};
