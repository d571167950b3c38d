/** What the tools of loads measure: one entry per metric, from which the record, its table, the report and the docs come. */
import { inBits, inPercent, inTime } from "./figures.ts";

interface Metric {
  readonly unit: "bit/s" | "s" | "%" | null;
  readonly meaning: string;
  /** A value in words. */
  readonly text: (value: number) => string;
  /** Summed up over the whole load by the tool itself: told in words, not drawn over time. */
  readonly total?: true;
}

const METRICS = {
  throughput: { unit: "bit/s", meaning: "payload per second in an interval", text: inBits },
  "throughput-mean": {
    unit: "bit/s",
    meaning: "payload per second over all of the load, at the receiver if the tool knows it",
    text: inBits,
    total: true,
  },
  retransmits: { unit: null, meaning: "TCP segments sent again in an interval", text: inWhole },
  rtt: { unit: "s", meaning: "a round trip under load", text: inTime },
  loss: { unit: "%", meaning: "packets lost over all of the load", text: inPercent, total: true },
  session: {
    unit: "s",
    meaning: "time until a session was complete; of DHCPv6 from the Request to the lease",
    text: inTime,
  },
  "session-failed": { unit: "s", meaning: "time after which a session failed", text: inTime },
  "lease-rate": { unit: null, meaning: "leases per second in an interval", text: inRate },
  advertise: { unit: "s", meaning: "time until a DHCPv6 Solicit was answered", text: inTime },
  drops: { unit: null, meaning: "DHCPv6 messages without an answer", text: inWhole, total: true },
  resolve: { unit: "s", meaning: "time until a name was resolved", text: inTime },
  attempt: { unit: "s", meaning: "time until the address that won was connected", text: inTime },
  "attempt-failed": {
    unit: "s",
    meaning: "time for which an address was tried that did not win",
    text: inTime,
  },
  connect: {
    unit: "s",
    meaning: "time until a connection was open, with the resolution of its name",
    text: inTime,
  },
} as const satisfies Record<string, Metric>;

export type LoadMetric = keyof typeof METRICS;
export const LOAD_METRICS = Object.keys(METRICS) as [LoadMetric, ...LoadMetric[]];

export function metricOf(metric: LoadMetric): Metric {
  return METRICS[metric];
}

function inRate(value: number): string {
  return `${Number(value.toFixed(1))}/s`;
}

function inWhole(value: number): string {
  return String(value);
}
