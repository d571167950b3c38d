/** Throughput: iperf3 over TCP, UDP or Multipath TCP. */
import { formatBitrate, parseBitrate } from "../../model/values/units.ts";
import { showValue } from "../../model/values/parse.ts";
import { BadValue } from "../../model/values/scalars.ts";
import { scalar } from "../../model/yaml/scalar.ts";
import { counted } from "../../model/words.ts";
import { flag, time, whole } from "../scenario/entries/values.ts";
import { jsonOf, loadKind, memberOf, numberOf, type LoadValue } from "./kind.ts";

const USUAL_INTERVAL_S = 1;
const CONNECT_MS = 5000;
const US_PER_S = 1e6;

const rate = scalar(
  (text): number | BadValue =>
    parseBitrate(text) ??
    new BadValue(
      "MHLAB_LAB_NUMBER",
      `${showValue(text)} is not a bit rate`,
      "write 500kbit, 10mbit or 1gbit",
    ),
  { description: "At most so much for each stream; left out: as much as fits.", examples: ["10mbit"] },
);

export const iperf3 = loadKind({
  summary: "fills a path with TCP, UDP or Multipath TCP, and measures throughput and TCP's round trip",
  tool: "iperf3",
  options: {
    parallel: whole(1, 64, "How many streams.", 1).optional(),
    reverse: flag("From the internet to the node, as a download.").optional(),
    udp: flag("UDP instead of TCP; it needs a `rate`.").optional(),
    mptcp: flag("Multipath TCP (by mptcpize) instead of TCP.").optional(),
    rate: rate.optional(),
    interval: time("How often it measures.", { min: 0.1, usual: "1s" }).optional(),
  },
  check({ udp, mptcp, rate: limit }) {
    if (udp === true && mptcp === true)
      return ["mptcp", "udp and mptcp exclude each other", "leave one of them out"];
    if (udp === true && limit === undefined)
      return ["udp", "UDP without a rate has none to send at", "add it: rate: 10mbit"];
    return undefined;
  },
  longestS: 3600,
  port: 5201,
  endsItself: true,
  extension: "ndjson",
  metrics: ["throughput", "throughput-mean", "retransmits", "rtt", "loss"],
  server: ({ target, port, options: { mptcp } }) => ({
    argv: [
      ...(mptcp === true ? ["mptcpize", "run"] : []),
      "iperf3",
      "--server",
      "--one-off",
      "--forceflush",
      "--bind",
      target,
      "--port",
      String(port),
    ],
    ready: /^Server listening on /m,
  }),
  client: ({ target, source, port, forS, options }) => [
    ...(options.mptcp === true ? ["mptcpize", "run"] : []),
    "iperf3",
    "--client",
    target,
    "--port",
    String(port),
    "--time",
    String(forS),
    "--json-stream",
    "--forceflush",
    "--interval",
    String(options.interval ?? USUAL_INTERVAL_S),
    "--connect-timeout",
    String(CONNECT_MS),
    ...(source === null ? [] : ["--bind", source]),
    ...(options.parallel === undefined ? [] : ["--parallel", String(options.parallel)]),
    ...(options.reverse === true ? ["--reverse"] : []),
    ...(options.udp === true ? ["--udp"] : []),
    ...(options.rate === undefined ? [] : ["--bitrate", String(options.rate)]),
  ],
  cost({ options: { parallel = 1, rate: limit }, forS }) {
    const streams = `${counted(parallel, "stream")} for ${forS} s`;
    return limit === undefined
      ? `${streams} without a rate limit: up to two processors of this machine, less where a line has a rate`
      : `${streams} of ${formatBitrate(limit)} each: ${formatBitrate(limit * parallel)} through the tunnels of this machine`;
  },
  reader() {
    let startS: number | undefined;
    let error: string | null = null;
    const interval = (data: unknown): LoadValue[] => {
      const sum = memberOf(data, "sum");
      const [from, to] = [numberOf(sum, "start"), numberOf(sum, "end")];
      if (startS === undefined || from === undefined || to === undefined) return [];
      const at = { atS: startS + from, lastsS: to - from, about: null };
      const rtts = streamsOf(data).flatMap((stream) => numberOf(stream, "rtt") ?? []);
      return [
        ...valueOf({ ...at, metric: "throughput" }, numberOf(sum, "bits_per_second")),
        ...valueOf({ ...at, metric: "retransmits" }, numberOf(sum, "retransmits")),
        ...rtts.map((rtt): LoadValue => ({ ...at, metric: "rtt", value: rtt / US_PER_S })),
      ];
    };
    const total = (data: unknown): LoadValue[] => {
      const received = memberOf(data, "sum_received") ?? memberOf(data, "sum") ?? memberOf(data, "sum_sent");
      const lastsS = numberOf(received, "end");
      if (startS === undefined || lastsS === undefined) return [];
      const at = { atS: startS, lastsS, about: null };
      return [
        ...valueOf({ ...at, metric: "throughput-mean" }, numberOf(received, "bits_per_second")),
        ...valueOf({ ...at, metric: "loss" }, numberOf(received, "lost_percent")),
      ];
    };
    return {
      line(text, atS) {
        const parsed = jsonOf(text);
        const data = memberOf(parsed, "data");
        const event = memberOf(parsed, "event");
        if (event === "start") startS = atS;
        if (event === "error" && typeof data === "string") error = data;
        if (event === "interval") return interval(data);
        return event === "end" ? total(data) : [];
      },
      end: () => ({ values: [], error }),
    };
  },
});

function streamsOf(data: unknown): readonly unknown[] {
  const streams = memberOf(data, "streams");
  return Array.isArray(streams) ? streams : [];
}

function valueOf(about: Omit<LoadValue, "value">, value: number | undefined): LoadValue[] {
  return value === undefined ? [] : [{ ...about, value }];
}
