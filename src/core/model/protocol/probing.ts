/** What probes and flows are asked by: how many, to whom, by what. */
import { formatIp6, parseIp6 } from "../ip6.ts";
import { parseDomain } from "../values/parse.ts";
import { RequestError } from "./failure.ts";

/** A probe from each address to each target in each interval. */
export interface ProbeOptions {
  readonly everyMs: number;
  readonly targets: readonly ProbeTarget[];
}

/** `stamp`: its reflection also tells when and by which tunnel the probe came in (RFC 8762); `icmp`: an echo (RFC 4443). */
export interface ProbeTarget {
  readonly by: "stamp" | "icmp";
  readonly address: string;
}

/** A flow from one address; without one the kernel chooses. */
export interface FlowOptions {
  readonly kind: "tcp" | "udp" | "mptcp" | "dns";
  readonly everyMs: number;
  /** An address; of `dns` a name that is looked up. */
  readonly target: string;
  readonly source?: string;
  readonly port?: number;
}

/** The shortest and the longest interval, and the most targets: what the probe program takes. */
const LEAST_MS = 10;
const MOST_MS = 60_000;
const MOST_TARGETS = 16;
const FLOW_KINDS = ["tcp", "udp", "mptcp", "dns"] as const;

const PROBE_FORM = "probe every=MILLISECONDS stamp=ADDRESS|icmp=ADDRESS…";
const FLOW_FORM =
  "flow tcp|udp|mptcp|dns every=MILLISECONDS target=ADDRESS|NAME [source=ADDRESS] [port=NUMBER]";

/** Throws RequestError. */
export function parseProbeOptions(words: readonly string[]): ProbeOptions {
  const [first = "", ...more] = words;
  const everyMs = everyOf(first, PROBE_FORM);
  const targets = more.map((word): ProbeTarget => {
    const [, by, text = ""] = /^(stamp|icmp)=(.+)$/.exec(word) ?? [];
    if (by === undefined) throw wrong(PROBE_FORM);
    return { by: by as ProbeTarget["by"], address: addressOf(text) };
  });
  if (targets.length === 0) throw wrong(PROBE_FORM);
  if (targets.length > MOST_TARGETS)
    throw new RequestError("bad-request", `there are at most ${MOST_TARGETS} targets`);
  return { everyMs, targets };
}

export function formatProbeOptions({ everyMs, targets }: ProbeOptions): string[] {
  return [`every=${everyMs}`, ...targets.map(({ by, address }) => `${by}=${address}`)];
}

/** Throws RequestError. */
export function parseFlowOptions(words: readonly string[]): FlowOptions {
  const [first = "", second = "", ...more] = words;
  const kind = FLOW_KINDS.find((one) => one === first);
  if (kind === undefined) throw wrong(FLOW_FORM);
  const everyMs = everyOf(second, FLOW_FORM);
  const values = new Map(more.map((word) => [word.split("=")[0], word.slice(word.indexOf("=") + 1)]));
  const [target, source, port] = ["target", "source", "port"].map((name) => values.get(name));
  if (target === undefined || [...values.keys()].some((name) => !/^(target|source|port)$/.test(name ?? "")))
    throw wrong(FLOW_FORM);
  return {
    kind,
    everyMs,
    target: kind === "dns" ? nameOf(target) : addressOf(target),
    ...(source === undefined ? {} : { source: addressOf(source) }),
    ...(port === undefined ? {} : { port: portOf(port) }),
  };
}

export function formatFlowOptions({ kind, everyMs, target, source, port }: FlowOptions): string[] {
  return [
    kind,
    `every=${everyMs}`,
    `target=${target}`,
    ...(source === undefined ? [] : [`source=${source}`]),
    ...(port === undefined ? [] : [`port=${port}`]),
  ];
}

function everyOf(word: string, form: string): number {
  const [, text] = /^every=(\d{1,6})$/.exec(word) ?? [];
  if (text === undefined) throw wrong(form);
  const everyMs = Number(text);
  if (everyMs < LEAST_MS || everyMs > MOST_MS)
    throw new RequestError("bad-request", `an interval is from ${LEAST_MS} to ${MOST_MS} ms`);
  return everyMs;
}

function addressOf(text: string): string {
  const bits = parseIp6(text);
  if (bits === undefined) throw new RequestError("bad-request", `'${text}' is no IPv6 address`);
  return formatIp6(bits);
}

function nameOf(text: string): string {
  const name = parseDomain(text);
  if (name === undefined) throw new RequestError("bad-request", `'${text}' is no name`);
  return name;
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new RequestError("bad-request", `'${text}' is no port`);
  return port;
}

function wrong(form: string): RequestError {
  return new RequestError("bad-request", `right would be: ${form}`);
}
