/** Connections to a name that has several addresses: which one each client tries when, and which one wins (RFC 8305). */
import { CACHED_NAME } from "../../model/internet/cache.ts";
import { counted } from "../../model/words.ts";
import { oneOf, time } from "../scenario/entries/values.ts";
import { curlSession } from "./curl.ts";
import { jsonOf, loadKind, memberOf, numberOf, type LoadReader, type LoadValue } from "./kind.ts";

const USUAL = { intervalS: 1, attemptS: 0.25, limitS: 5 } as const;
const CLIENT = "/usr/local/lib/mhlab/happy-eyeballs.mjs";
/** More than it opens in its time: it is ended by then. */
const MOST = 1_000_000;
const DAY_S = 86_400;

export const happyEyeballs = loadKind({
  summary:
    "opens connections to a name with several addresses, and measures each attempt and which address wins",
  tool: "curl and Node",
  options: {
    client: oneOf(
      ["node", "curl"],
      "Whose algorithm: Node tries the addresses in turn, each for `attempt`; curl races IPv6 and IPv4, and takes turns within each.",
    ).optional(),
    interval: time("How often a connection is begun, as long as each ends in time.", {
      min: 0.1,
      usual: "1s",
    }).optional(),
    attempt: time("Node: how long an address is tried before the next; curl: after which IPv4 joins.", {
      min: 0.01,
      usual: "250ms",
    }).optional(),
    limit: time("How long one connection may take.", { min: 0.1, usual: "5s" }).optional(),
  },
  longestS: 3600,
  port: 80,
  target: CACHED_NAME,
  endsItself: false,
  extension: "log",
  metrics: ["resolve", "attempt", "attempt-failed", "connect", "session", "session-failed"],
  server: () => null,
  client({ target, source, port, options }) {
    const { intervalS, attemptS, limitS } = USUAL;
    const { interval = intervalS, attempt = attemptS, limit = limitS } = options;
    if (options.client !== "curl")
      return [
        "node",
        CLIENT,
        target,
        ...[port, interval * 1000, attempt * 1000, limit * 1000].map(String),
        ...(source === null ? [] : [source]),
      ];
    return [
      // A line tells by its arrival when the session ended, and curl is killed with what it has not written.
      "stdbuf",
      "--output=L",
      "curl",
      "--no-progress-meter",
      "--verbose",
      "--trace-time",
      "--stderr",
      "-",
      "--output",
      "/dev/null",
      "--write-out",
      "%{json}\\n",
      "--rate",
      `${Math.max(1, Math.round(3600 / interval))}/h`,
      "--max-time",
      String(limit),
      "--happy-eyeballs-timeout-ms",
      String(attempt * 1000),
      "--header",
      "Connection: close",
      ...(source === null ? [] : ["--interface", `host!${source}`]),
      `http://${target.includes(":") ? `[${target}]` : target}:${port}/json#[1-${MOST}]`,
    ];
  },
  cost: ({ options: { interval = USUAL.intervalS }, forS }) =>
    `${counted(Math.ceil(forS / interval), "connection")} in ${forS} s: little beside the probes`,
  reader: ({ options }, clock) => (options.client === "curl" ? curlReader() : nodeReader(clock.sinceStart)),
});

/** What our client on Node prints: a line of JSON for each connection, with its own times. */
function nodeReader(sinceStart: (wallNs: bigint) => number): LoadReader {
  return {
    line(text) {
      const told = jsonOf(text);
      const startNs = memberOf(told, "startNs");
      const totalS = numberOf(told, "totalS");
      if (typeof startNs !== "string" || !/^\d+$/.test(startNs) || totalS === undefined) return [];
      const beginS = sinceStart(BigInt(startNs));
      const resolvedS = numberOf(told, "resolvedS");
      const connectedS = numberOf(told, "connectedS");
      const about = textOf(told, "source");
      const failed = connectedS === undefined || memberOf(told, "error") !== undefined;
      const attempts = memberOf(told, "attempts");
      return [
        ...(resolvedS === undefined
          ? []
          : [lasting("resolve", beginS, resolvedS, textOf(told, "addresses", "0"))]),
        ...(Array.isArray(attempts) ? (attempts as unknown[]) : []).flatMap((one): LoadValue[] => {
          const [fromS, toS] = [numberOf(one, "startS"), numberOf(one, "endS")];
          if (fromS === undefined || toS === undefined) return [];
          const won = memberOf(one, "result") === "connected";
          const metric = won ? "attempt" : "attempt-failed";
          return [lasting(metric, beginS + fromS, toS - fromS, textOf(one, "address"))];
        }),
        ...(connectedS === undefined ? [] : [lasting("connect", beginS, connectedS, about)]),
        lasting(failed ? "session-failed" : "session", beginS, totalS, about),
      ];
    },
    end: () => ({ values: [], error: null }),
  };
}

/** What curl tells of itself: a line with its time of day for each thing that it does, and JSON at the end of each connection. */
function curlReader(): LoadReader {
  let tries: { readonly address: string; readonly dayS: number; readonly endS?: number; won?: boolean }[] =
    [];
  let lastS = 0;
  const note = (text: string, dayS: number): void => {
    const tried = /^ *Trying \[?([^\]]+?)\]?:\d+\.\.\.$/.exec(text)?.[1];
    if (tried !== undefined) tries.push({ address: tried, dayS });
    const failed = /^connect to (\S+) port \d+ .*failed/.exec(text)?.[1];
    const won = /^Connected to \S+ \((\S+)\) port/.exec(text)?.[1];
    const overdue = /^(ipv[46]) connect timeout/.exec(text)?.[1];
    tries = tries.map((one) => {
      const isIt = one.address === failed || one.address === won || familyOf(one.address) === overdue;
      return one.endS !== undefined || !isIt ? one : { ...one, endS: dayS, won: one.address === won };
    });
  };
  return {
    line(text, atS) {
      const [, hours, minutes, seconds, words] = /^(\d\d):(\d\d):(\d\d\.\d+) \* (.*)$/.exec(text) ?? [];
      if (words !== undefined) {
        lastS = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
        note(words, lastS);
        return [];
      }
      const told = curlSession(text, atS);
      if (told.length === 0) return [];
      const parsed = jsonOf(text);
      const nowS = lastS;
      const since = (dayS: number): number => (nowS - dayS + DAY_S) % DAY_S;
      const attempts = tries.map(({ address, dayS, endS = lastS, won = false }) =>
        lasting(won ? "attempt" : "attempt-failed", atS - since(dayS), since(dayS) - since(endS), address),
      );
      tries = [];
      const resolvedS = numberOf(parsed, "time_namelookup") ?? 0;
      const beginS = told[0]?.atS ?? atS;
      return [
        ...(resolvedS > 0 ? [lasting("resolve", beginS, resolvedS, attempts[0]?.about ?? null)] : []),
        ...attempts,
        ...told,
      ];
    },
    end: () => ({ values: [], error: null }),
  };
}

function lasting(metric: LoadValue["metric"], atS: number, seconds: number, about: string | null): LoadValue {
  return { atS, lastsS: seconds, metric, value: seconds, about };
}

function familyOf(address: string): string {
  return address.includes(":") ? "ipv6" : "ipv4";
}

function textOf(map: unknown, ...keys: readonly string[]): string | null {
  const [first = "", ...rest] = keys;
  const list = memberOf(map, first);
  const value = Array.isArray(list) ? (list as unknown[])[Number(rest[0])] : memberOf(map, ...keys);
  return typeof value === "string" && value !== "" ? value : null;
}
