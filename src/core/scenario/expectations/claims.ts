/** Claims about figures of a whole run, in the words of a scenario. */
import type { Claim } from "../../experiment/model.ts";
import { showValue } from "../../values/parse.ts";
import { BadValue, type ReadScalar } from "../../values/scalars.ts";
import { scalar } from "../../yaml/scalar.ts";
import { entryKind, Trouble, type EntryKind } from "../entry.ts";
import { bounds } from "../bounds.ts";
import { address, file, flag, named, source, whole, window } from "../values.ts";
import { windowOf } from "./window.ts";

const FROM = "The host or CPE that sends.";
const SOURCE = "From which address: a provider or one address; left out: from any.";
const TARGET = "One of probes.targets; left out: all.";
const WHILE = "From and to, as `[10s, 40s]`: only in this time; left out: in all of the run.";
const INTERFACE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;

/** The name of an interface in a container. */
export const ifname: ReadScalar<string> = (text) =>
  INTERFACE_NAME.test(text)
    ? text
    : new BadValue(
        "MHLAB_LAB_INTERFACE",
        `${showValue(text)} cannot be an interface`,
        "write its name, such as eth0",
      );

/** An expression that tcpdump reads; its words are no options. */
export const expression: ReadScalar<string> = (text) =>
  text.trim() !== "" && !text.trim().startsWith("-") && text.length <= 500 && !/\p{Cc}/u.test(text.trim())
    ? text.trim()
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} is no filter`,
        "write what tcpdump takes: icmp6 and host 2001:db8::1",
      );

const probes = {
  from: named(FROM, "home-host1"),
  source: source(SOURCE).optional(),
  target: address(TARGET).optional(),
  while: window(WHILE).optional(),
};
const probeRefs = { from: "prober", source: "source", target: "target" } as const;

/** Each kind by the key that it has. */
export const CLAIMS = {
  leaks: entryKind({
    summary:
      "how many packets passed the port of a provider with a source that it did not delegate to who sent them, or for a destination that it does not have (BCP 38, RFC 2827), whatever its source validation did with them",
    example: "{leaks: 0}",
    shape: { leaks: bounds("count", "How many.") },
    read: ({ leaks: count }) => ({ claim: "leaks", count }),
  }),
  outage: entryKind({
    summary: "the longest time in which probes of one source to one target were not answered",
    example: "{outage: at most 1s, from: home-host1, source: beta}",
    shape: { outage: bounds("time", "How long."), ...probes },
    refs: probeRefs,
    read({ outage: seconds, from, source: by = null, target = null, while: span }) {
      const during = windowOf(span);
      return during instanceof Trouble
        ? during
        : { claim: "outage", from, source: by, target, while: during, seconds };
    },
  }),
  failover: entryKind({
    summary:
      "the time from a step until every address that a new connection may use reaches the target: those that are preferred, or where none is, those that are deprecated (RFC 6724)",
    example: "{failover: at most 5s, from: home-host1, after: alpha-dies}",
    shape: {
      failover: bounds("time", "How long."),
      from: probes.from,
      after: named("The step that it is counted from.", "alpha-dies"),
      target: probes.target,
    },
    refs: { from: "prober", after: "step", target: "target" },
    read: ({ failover: seconds, from, after: step, target = null }) => ({
      claim: "failover",
      from,
      target,
      step,
      seconds,
    }),
  }),
  loss: entryKind({
    summary: "the share of probes that were not answered, those included that could not be sent",
    example: "{loss: at most 1%, from: home-host1, source: beta, while: [10s, 40s]}",
    shape: { loss: bounds("percent", "How much."), ...probes },
    refs: probeRefs,
    read({ loss: percent, from, source: by = null, target = null, while: span }) {
      const during = windowOf(span);
      return during instanceof Trouble
        ? during
        : { claim: "loss", from, source: by, target, while: during, percent };
    },
  }),
  wire: entryKind({
    summary: "how many packets of a tcpdump expression passed an interface",
    example: '{wire: "icmp6 and ip6[40] == 134", in: home-host1, count: at least 1, while: [10s, 15s]}',
    shape: {
      wire: scalar(expression, { description: "The expression.", examples: ["icmp6 and ip6[40] == 134"] }),
      in: named("The member that sees them.", "home-host1"),
      interface: scalar(ifname, {
        description: "Its interface; left out: all.",
        examples: ["eth0"],
      }).optional(),
      count: bounds("count", "How many; left out: at least 1.").optional(),
      while: probes.while,
    },
    refs: { in: "member" },
    read({
      wire: filter,
      in: member,
      interface: name = null,
      count = { atLeast: 1, atMost: null },
      while: span,
    }) {
      const during = windowOf(span);
      return during instanceof Trouble
        ? during
        : { claim: "wire", member, interface: name, filter, while: during, count };
    },
  }),
  flow: entryKind({
    summary: "whether a connection of `flows` lives to the end, and its longest time without an answer",
    example: "{flow: ssh, survives: true, stall: at most 3s}",
    shape: {
      flow: named("The id of the flow.", "ssh"),
      survives: flag("Whether it lives to the end.").optional(),
      stall: bounds("time", "The longest time without an answer.").optional(),
    },
    refs: { flow: "flow" },
    read: ({ flow, survives, stall = null }) => ({
      claim: "flow",
      flow,
      survives: survives ?? (stall === null ? true : null),
      stallS: stall,
    }),
  }),
  throughput: entryKind({
    summary: "the rate that iperf3 measured in a `run` step, from the JSON that it saved",
    example: "{throughput: at least 10mbit, file: iperf3.json}",
    shape: {
      throughput: bounds("bitrate", "How much."),
      file: file("What the step saved.", "iperf3.json"),
    },
    refs: { file: "file" },
    read: ({ throughput: bitsPerS, file: name }) => ({ claim: "throughput", file: name, bitsPerS }),
  }),
  exit: entryKind({
    summary: "what the command of a `run` step ended with",
    example: "{exit: 0, of: ask-dns}",
    shape: { exit: whole(0, 255, "The exit code."), of: named("The id of the step.", "ask-dns") },
    refs: { of: "step" },
    read: ({ exit: code, of: step }) => ({ claim: "exit", step, code }),
  }),
} satisfies Readonly<Record<Exclude<Claim["claim"], "condition">, EntryKind<Claim>>>;
