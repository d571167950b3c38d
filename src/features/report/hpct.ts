/**
 * HiPerConTracer's results, `#? HPCT Ping 2`: 20 columns, as its README and hipercontracer(1) have them. It has no field for a
 * node's name, so the measurement ID is the number of the node in the order of the lab, from 1. Sizes, ports and checksum are
 * not in a record: 0, and 0xffff, which is the format's word for an unknown checksum.
 */
import type { ProbeSample } from "../../core/judge/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { rttNsOf } from "../../core/judge/evidence/paths.ts";

const SUCCESS = 255;
const TIMEOUT = 200;
const SENDING_FAILED = 210;
const UNREACHABLE = 110;

/** Status by errno of a probe that could not be sent. */
const SENDING: Readonly<Record<string, number>> = {
  EACCES: 211,
  ENETUNREACH: 212,
  EHOSTUNREACH: 213,
  EADDRNOTAVAIL: 214,
  EMSGSIZE: 215,
  ENOBUFS: 216,
};

/** Status by what the reason of an unanswered probe says of an ICMPv6 error: words, or type and code (RFC 4443). */
const ICMPV6: readonly (readonly [RegExp, number])[] = [
  [/time exceeded|hop limit|\b3\/\d/i, 1],
  [/beyond scope|\b1\/2\b/i, 100],
  [/no[ -]route|\b1\/0\b|ENETUNREACH/i, 101],
  [/address[ -]unreachable|\b1\/3\b|EHOSTUNREACH/i, 102],
  [/port[ -]unreachable|\b1\/4\b|ECONNREFUSED/i, 104],
  [/prohibited|policy|\b1\/[156]\b|EACCES/i, 105],
];

const STATUS: Readonly<Record<ProbeSample["outcome"], (reason: string | null) => number>> = {
  answered: () => SUCCESS,
  "not-sent": (reason) => SENDING[reason ?? ""] ?? SENDING_FAILED,
  "no-answer": (reason) =>
    reason === null ? TIMEOUT : (ICMPV6.find(([words]) => words.test(reason))?.[1] ?? UNREACHABLE),
};

/** All probes in the order in which they were sent. */
export function writeHpct({ probes, nodes, startedNs, machine }: RunRecord): string {
  const epochNs = BigInt(startedNs);
  const lines = [...probes]
    .sort((one, other) => one.sentNs - other.sentNs)
    .map((probe) => {
      const sent = (epochNs + BigInt(probe.sentNs)).toString(16);
      const ends = `${nodes.indexOf(probe.node) + 1} ${probe.source} ${probe.target}`;
      const status = STATUS[probe.outcome](probe.reason);
      return `#Pu ${ends} ${sent} 0 0 0 0 ffff 0 0 ${status} 11000000 -1 -1 -1 ${rttNsOf(probe) ?? 0} -1 -1\n`;
    });
  return [`#? HPCT Ping 2 mhlab/${machine.mhlab.replaceAll(/[^\w.+-]/g, "_") || "0"}\n`, ...lines].join("");
}
