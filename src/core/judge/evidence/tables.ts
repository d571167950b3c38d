import { LOAD_METRICS } from "../experiment/load-metrics.ts";
import type { Fact, FlowSample, LoadSample, ProbeSample } from "../experiment/record.ts";
import { ns, number, orEmpty, seconds, tableOf, text, whole, wordOf } from "./columns.ts";

const NODE = { name: "node", meaning: "The host or CPE.", cell: text };

/** One row for each probe. */
export const PROBES = tableOf<ProbeSample>("probes.csv", {
  sentNs: { name: "sent_s", meaning: "When it left, since t=0.", cell: ns },
  waitedNs: {
    name: "waited_s",
    meaning: "How long after it was due it left: the sender ran late, or the packet waited in a queue.",
    cell: orEmpty(ns),
  },
  node: { ...NODE, meaning: "The host or CPE that sent it." },
  source: { name: "source", meaning: "Its source address.", cell: text },
  target: { name: "target", meaning: "The address that it was sent to.", cell: text },
  seq: { name: "seq", meaning: "Its number among those of this source and target.", cell: whole },
  outcome: {
    name: "outcome",
    meaning: "What became of it.",
    cell: wordOf("answered", "no-answer", "not-sent"),
  },
  receivedNs: { name: "received_s", meaning: "When the answer came, since t=0.", cell: orEmpty(ns) },
  reason: {
    name: "reason",
    meaning: "Why it was not sent (`ENETUNREACH`), or which ICMPv6 error came.",
    cell: orEmpty(text),
  },
  arrivedBy: {
    name: "arrived_by",
    meaning: "The provider by whose tunnel the far side got it.",
    cell: orEmpty(text),
  },
  arrivedNs: {
    name: "arrived_s",
    meaning: "When the far side got it; also where the answer was lost.",
    cell: orEmpty(ns),
  },
});

/** One row for each message of a flow. */
export const FLOWS = tableOf<FlowSample>("flows.csv", {
  atNs: { name: "at_s", meaning: "When, since t=0.", cell: ns },
  flow: { name: "flow", meaning: "The flow's id.", cell: text },
  event: {
    name: "event",
    meaning: "What happened.",
    cell: wordOf(
      "connected",
      "answered",
      "lost",
      "broken",
      "refused",
      "unsupported",
      "closed",
      "sender-gone",
    ),
  },
  rttNs: { name: "rtt_s", meaning: "The round trip of an answered message.", cell: orEmpty(ns) },
  detail: { name: "detail", meaning: "More about it in words.", cell: orEmpty(text) },
});

/** One row for each value that the tool of a load measured. */
export const LOADS = tableOf<LoadSample>("loads.csv", {
  atNs: { name: "at_s", meaning: "When what was measured began, since t=0.", cell: ns },
  lastsNs: { name: "lasts_s", meaning: "How long that lasted; 0 for a moment.", cell: ns },
  load: { name: "load", meaning: "The id of the step.", cell: text },
  metric: { name: "metric", meaning: "What was measured.", cell: wordOf(...LOAD_METRICS) },
  value: { name: "value", meaning: "The value: bit/s, seconds, percent or a number.", cell: number },
  about: {
    name: "about",
    meaning: "The address or stream that it is about; empty: all of the load.",
    cell: orEmpty(text),
  },
});

/** One row for each change of an address, router, delegation, prefix or readiness. */
export const FACTS = tableOf<Fact>("facts.csv", {
  atS: { name: "at_s", meaning: "From when on it is known, since t=0.", cell: seconds },
  node: NODE,
  kind: {
    name: "kind",
    meaning: "What it is about.",
    cell: wordOf("address", "router", "delegation", "prefix", "ready"),
  },
  subject: { name: "subject", meaning: "The address, the router's address, or the prefix.", cell: text },
  provider: { name: "provider", meaning: "Whose it is, where that is known.", cell: orEmpty(text) },
  state: { name: "state", meaning: "Its state; empty when it went.", cell: orEmpty(text) },
});
