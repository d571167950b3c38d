/** Round trips under load: irtt sends UDP packets at a fixed interval. */
import { formatSpan } from "../../model/values/units.ts";
import { time, whole } from "../scenario/entries/values.ts";
import { jsonOf, loadKind, memberOf, numberOf, wholeOutput, type LoadValue } from "./kind.ts";

const USUAL_INTERVAL_S = 0.01;
const NS_PER_S = 1e9;

export const irtt = loadKind({
  summary: "sends UDP packets at a fixed interval, and measures the round trip and the loss of each",
  tool: "irtt",
  options: {
    interval: time("How often it sends.", { min: 0.001, usual: "10ms" }).optional(),
    length: whole(0, 1400, "Bytes of payload.", 0).optional(),
  },
  longestS: 600,
  port: 2112,
  endsItself: true,
  extension: "json",
  metrics: ["rtt", "loss"],
  server: ({ target, port }) => ({
    argv: ["irtt", "server", "-b", `[${target}]:${port}`, "-i", "1ms"],
    ready: /starting IPv6 listener on /,
  }),
  client: ({ target, source, port, forS, options }) => [
    "irtt",
    "client",
    "-6",
    "-Q",
    "-o",
    "-",
    "-d",
    `${forS}s`,
    "-i",
    formatSpan((options.interval ?? USUAL_INTERVAL_S) * 1000),
    ...(options.length === undefined ? [] : ["-l", String(options.length)]),
    ...(source === null ? [] : [`--local=[${source}]:0`]),
    `[${target}]:${port}`,
  ],
  cost: ({ options: { interval = USUAL_INTERVAL_S }, forS }) =>
    `${Math.round(1 / interval)} packets a second for ${forS} s: a few percent of a processor, and ${Math.ceil((forS / interval) * 1e-3)} MB of record`,
  reader: (_, { sinceStart }) =>
    wholeOutput((text) => {
      const parsed = jsonOf(bigNumbers(text));
      if (parsed === undefined) return { values: [], error: null };
      const trips = memberOf(parsed, "round_trips");
      const values = (Array.isArray(trips) ? (trips as unknown[]) : []).flatMap((trip): LoadValue[] => {
        const sent = memberOf(trip, "timestamps", "client", "send", "wall");
        const rtt = numberOf(trip, "delay", "rtt");
        if (typeof sent !== "string" || rtt === undefined) return [];
        const value = rtt / NS_PER_S;
        return [{ atS: sinceStart(BigInt(sent)), lastsS: value, metric: "rtt", value, about: null }];
      });
      const loss = numberOf(parsed, "stats", "packet_loss_percent");
      const [first] = values;
      const last = values.at(-1);
      if (loss === undefined || first === undefined || last === undefined) return { values, error: null };
      const about = { atS: first.atS, lastsS: last.atS - first.atS, about: null };
      return { values: [...values, { ...about, metric: "loss", value: loss }], error: null };
    }),
});

/** Nanoseconds since 1970 as texts: a number of JavaScript loses their last digits. */
function bigNumbers(text: string): string {
  return text.replaceAll(/"wall": (\d{16,20})/g, '"wall": "$1"');
}
