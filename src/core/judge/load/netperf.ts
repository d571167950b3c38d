/** Throughput and transactions: netperf, whose server is netserver. */
import { oneOf, time } from "../scenario/entries/values.ts";
import { loadKind, type LoadClock, type LoadReader, type LoadValue } from "./kind.ts";
import { NETSERVER } from "./netserver.ts";

const TESTS = ["TCP_STREAM", "TCP_MAERTS", "TCP_RR", "UDP_RR"] as const;
const USUAL_TEST = "TCP_STREAM";
const USUAL_INTERVAL_S = 1;
const NS_DIGITS = 9;
const BITS_PER_MBIT = 1e6;
/** What netperf is to print at its end, by its own names. */
const RESULTS = ["PROTOCOL", "DIRECTION", "ELAPSED_TIME", "THROUGHPUT", "THROUGHPUT_UNITS"];
const LATENCIES = ["MEAN_LATENCY", "P50_LATENCY", "P99_LATENCY"];

export const netperf = loadKind({
  summary: "fills a path with TCP, or counts transactions over it, and measures throughput or the round trip",
  tool: "netperf",
  options: {
    test: oneOf(
      TESTS,
      "Which of netperf's tests: a stream to the server, one from it, or one transaction after the other.",
    ).optional(),
    interval: time("How often it measures.", { min: 0.1, usual: "1s" }).optional(),
  },
  longestS: 3600,
  ...NETSERVER,
  endsItself: true,
  extension: "log",
  metrics: ["throughput", "throughput-mean", "rtt"],
  client: ({ target, source, port, forS, options: { test = USUAL_TEST, interval = USUAL_INTERVAL_S } }) => [
    "netperf",
    "-6",
    "-H",
    target,
    "-p",
    String(port),
    ...(source === null ? [] : ["-L", source]),
    "-t",
    test,
    "-l",
    String(forS),
    // In 10^6 bits, or transactions, a second.
    "-f",
    isTransactions(test) ? "x" : "m",
    "-P",
    "0",
    // Negative: it looks at the time after each operation, also where few of them fit into an interval.
    "-D",
    String(-interval),
    "--",
    ...(source === null ? [] : ["-L", source]),
    "-k",
    [...RESULTS, ...LATENCIES].join(","),
  ],
  cost({ options: { test = USUAL_TEST }, forS }) {
    return isTransactions(test)
      ? `one transaction after the other for ${forS} s: up to a processor of this machine`
      : `1 stream for ${forS} s without a rate limit: up to two processors of this machine, less where a line has a rate`;
  },
  reader: (_, clock) => netperfReader(clock),
});

function isTransactions(test: (typeof TESTS)[number]): boolean {
  return test.endsWith("_RR");
}

/** Reads `NAME[n]=value` of each interval, and `NAME=value` of the whole at the end. */
function netperfReader({ sinceStart }: LoadClock): LoadReader {
  let interval = new Map<string, string>();
  const whole = new Map<string, string>();
  let firstS: number | undefined;
  let error: string | null = null;
  return {
    line(text) {
      if (text.startsWith("establish control: ")) error = text;
      const [, name, number, value] = /^([A-Z][A-Z0-9_]*)(?:\[(\d+)\])?=(.*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) return [];
      if (number === undefined) {
        whole.set(name, value);
        return [];
      }
      interval.set(name, value);
      // The last of an interval's lines.
      if (name !== "NETPERF_ENDING") return [];
      const told = interval;
      interval = new Map();
      const endNs = nanoseconds(value);
      const lastsS = Number(told.get("NETPERF_INTERVAL"));
      const result = Number(told.get("NETPERF_INTERIM_RESULT"));
      if (endNs === undefined || !(lastsS > 0) || !(result >= 0)) return [];
      const atS = sinceStart(endNs) - lastsS;
      firstS ??= atS;
      return valueOf({ atS, lastsS }, result, told.get("NETPERF_UNITS"));
    },
    end() {
      const lastsS = Number(whole.get("ELAPSED_TIME"));
      const result = Number(whole.get("THROUGHPUT"));
      if (firstS === undefined || !(lastsS > 0) || !(result >= 0)) return { values: [], error };
      const values = valueOf({ atS: firstS, lastsS }, result, whole.get("THROUGHPUT_UNITS"));
      return {
        values: values.flatMap((one) =>
          one.metric === "throughput" ? [{ ...one, metric: "throughput-mean" as const }] : [],
        ),
        error,
      };
    },
  };
}

/** Bits a second of a stream; of transactions, each of which begins when the one before is over, the mean round trip. */
function valueOf(
  span: Pick<LoadValue, "atS" | "lastsS">,
  result: number,
  units: string | undefined,
): LoadValue[] {
  if (units === "10^6bits/s")
    return [{ ...span, metric: "throughput", value: result * BITS_PER_MBIT, about: null }];
  if (units !== "Trans/s" || result === 0) return [];
  return [{ ...span, metric: "rtt", value: 1 / result, about: null }];
}

/** Seconds since 1970 with a fraction, in nanoseconds: a number of JavaScript loses their last digits. */
function nanoseconds(seconds: string): bigint | undefined {
  const [, whole, fraction] = /^(\d{1,12})\.(\d{1,9})$/.exec(seconds) ?? [];
  if (whole === undefined || fraction === undefined) return undefined;
  return BigInt(whole + fraction.padEnd(NS_DIGITS, "0"));
}
