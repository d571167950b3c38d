/** Conditions about what is answered: probes, and questions to the DNS. */
import * as z from "zod";
import type { ProbeSample } from "../../experiment/record.ts";
import { addressesOf, ownersOf } from "../../experiment/sources.ts";
import type { Moment } from "../../experiment/timeline.ts";
import { formatIp6, parseIp6 } from "../../../model/ip6.ts";
import { canonicalDomain } from "../../../model/values/parse.ts";
import { domain } from "../../../model/values/scalars-network.ts";
import { scalar } from "../../../model/yaml/scalar.ts";
import { address, named, oneOf, source as sourceValue } from "../entries/values.ts";
import { conditionKind, type Recorded } from "./kind.ts";

const NS = 1e9;
/** The longest that a packet is taken to be under way when something changes, in seconds. */
const LONGEST_GUARD_S = 0.2;
/** Of a source of which nothing was sent for so many intervals nothing is known. */
const INTERVALS = 1.5;
/** So long a flow waits for an answer of the DNS. */
const PATIENCE_S = 1;

const text = z.string();
const is = oneOf(
  ["answered", "unanswered"],
  "`unanswered`: none may have an answer. Left out: `answered`.",
).optional();

const reaches = conditionKind("reaches", {
  summary: "probes from the host or CPE to the target are answered",
  example: "{reaches: 2001:db8::1, from: home-host1, source: beta, while: [10s, 40s], within: 1s}",
  shape: {
    reaches: address("The target; it is one of probes.targets."),
    from: named("The host or CPE that sends.", "home-host1"),
    source: sourceValue(
      "From which address: a provider (each of its addresses there that is not deprecated) or one address. Left out: from any.",
    ).optional(),
    is,
  },
  refs: { reaches: "target", from: "prober", source: "source" },
  /** `source`: a provider or an address, null: any. */
  fields: { target: text, from: text, source: text.nullable(), answered: z.boolean() },
  read: ({ reaches: target, from, source = null, is: wanted = "answered" }) => ({
    target,
    from,
    source,
    answered: wanted === "answered",
  }),
  text: ({ target, from, source, answered }) =>
    `${from} ${answered ? "reaches" : "does not reach"} ${target}${source === null ? "" : ` from ${parseIp6(source) === undefined ? "its addresses of " : ""}${source}`}`,
  isLack: ({ answered }) => !answered,
  timeline({ target, from, source, answered }, record) {
    const sent = record.probes
      .filter((probe) => probe.node === from && probe.target === target)
      .toSorted((one, other) => one.sentNs - other.sentNs);
    if (sent.length === 0) return undefined;
    const everyS = record.scenario.probes.everyMs / 1000;
    return {
      kind: "samples",
      node: from,
      moments:
        source === null
          ? anySource(sent, answered, everyS)
          : sent.filter(isFrom(source, from, record)).map((probe) => ({
              atS: probe.sentNs / NS,
              holds: (probe.outcome === "answered") === answered,
              text: outcomeOf(probe),
            })),
      everyS,
      answered: sent.some(({ outcome }) => outcome === "answered"),
      guardS: guardOf(sent),
    };
  },
});

/** Tells whether a probe has the source that is meant: an address by itself, or those of a provider that are not deprecated. */
function isFrom(source: string, from: string, record: Recorded): (probe: ProbeSample) => boolean {
  if (parseIp6(source) !== undefined) return (probe) => probe.source === source;
  const owner = ownersOf(record);
  const addresses = addressesOf(record, from);
  return (probe) => {
    if (owner(from, probe.source) !== source) return false;
    const bits = parseIp6(probe.source);
    const deprecated = bits === undefined ? undefined : addresses?.deprecated.get(bits);
    const atS = probe.sentNs / NS;
    return !(deprecated ?? []).some(([begin, end]) => begin <= atS && atS < end);
  };
}

/** Each time that some were sent, whether the latest of any source was answered. */
function anySource(sent: readonly ProbeSample[], answered: boolean, everyS: number): Moment[] {
  const latest = new Map<string, ProbeSample>();
  return sent.flatMap((probe, index): Moment[] => {
    latest.set(probe.source, probe);
    if (sent[index + 1]?.sentNs === probe.sentNs) return [];
    const fresh = [...latest.values()].filter(
      ({ sentNs }) => probe.sentNs - sentNs <= INTERVALS * everyS * NS,
    );
    const answer = fresh.find(({ outcome }) => outcome === "answered");
    const holds = (answer !== undefined) === answered;
    return [{ atS: probe.sentNs / NS, holds, text: outcomeOf(answer ?? probe) }];
  });
}

function outcomeOf({ source, outcome, reason }: ProbeSample): string {
  const what = { answered: "answered", "no-answer": "no answer", "not-sent": "could not be sent" }[outcome];
  return `probe from ${source}: ${what}${reason === null ? "" : ` (${reason})`}`;
}

function guardOf(sent: readonly ProbeSample[]): number {
  const longest = sent.reduce(
    (most, { sentNs, receivedNs }) => (receivedNs === null ? most : Math.max(most, receivedNs - sentNs)),
    0,
  );
  return Math.min(LONGEST_GUARD_S, longest / NS);
}

const resolves = conditionKind("resolves", {
  summary: "a name has an answer in the DNS, as the host or CPE asks for it",
  example: "{resolves: internet.example, from: home-host1, after: 10s, within: 5s}",
  shape: {
    resolves: scalar(domain, { description: "The name.", examples: ["internet.example"] }),
    from: named("The host or CPE that asks.", "home-host1"),
    gives: address("The address in the answer; left out: any.").optional(),
    is,
  },
  refs: { from: "customer" },
  /** `gives`: an address, null: any answer. */
  fields: { name: text, from: text, gives: text.nullable(), answered: z.boolean() },
  read: ({ resolves: name, from, gives = null, is: wanted = "answered" }) => ({
    name,
    from,
    gives,
    answered: wanted === "answered",
  }),
  text: ({ name, from, gives, answered }) =>
    `${from} gets ${answered ? (gives ?? "an answer") : `no ${gives ?? "answer"}`} for ${name}`,
  isLack: ({ answered }) => !answered,
  timeline({ name, from, gives, answered }, record) {
    const asking = record.scenario.flows.filter(
      (flow) =>
        flow.kind === "dns" && flow.from === from && canonicalDomain(flow.target) === canonicalDomain(name),
    );
    const flows = new Set(asking.map(({ id }) => id));
    const asked = record.flows.filter(
      ({ flow, event }) => flows.has(flow) && ["answered", "lost", "refused"].includes(event),
    );
    if (asked.length === 0) return undefined;
    const moments = asked
      .toSorted((one, other) => one.atNs - other.atNs)
      .map(({ atNs, event, detail }) => {
        // `ADDRESS from SERVER`, or why the server gave none.
        const bits = parseIp6((detail ?? "").split(" from ", 1)[0] ?? "");
        const given = event === "answered" && bits !== undefined ? formatIp6(bits) : undefined;
        const fits = given !== undefined && (gives === null || given === gives);
        return {
          atS: atNs / NS,
          holds: fits === answered,
          text: `${name}: ${event === "answered" ? (detail ?? "answered") : event}`,
        };
      });
    return {
      kind: "samples",
      node: from,
      moments,
      // The next question is asked once the one before is answered or given up.
      everyS: Math.max(...asking.map(({ everyMs }) => everyMs / 1000)) + PATIENCE_S / 3,
      answered: asked.some(({ event }) => event === "answered"),
    };
  },
});

export const ANSWERS = { reaches, resolves };
