import { formatSeconds } from "../../model/duration.ts";
import { faultWords, type FaultEnd } from "../../model/faults/fault.ts";
import type { Recorded } from "../../model/protocol/event.ts";
import type { FaultStatus, NodeStatus } from "../../model/status/model.ts";
import { clockOf, parseUtc, secondsUntil } from "../../model/utc.ts";

/** How much an event matters. */
export type Level = "info" | "good" | "warn" | "bad";

/** An event for people. */
export interface Sentence {
  readonly level: Level;
  readonly text: string;
}

type Kind = Recorded["event"];
type Of<K extends Kind> = Extract<Recorded, { event: K }>;

const info = (text: string): Sentence => ({ level: "info", text });
const good = (text: string): Sentence => ({ level: "good", text });
const warn = (text: string): Sentence => ({ level: "warn", text });
const bad = (text: string): Sentence => ({ level: "bad", text });

/** How each kind of event is told; nothing for what only counts. */
const SENTENCES: { readonly [K in Kind]: (event: Of<K>) => Sentence | undefined } = {
  state: ({ state, ready }) => stateSentence({ state, ready }),
  uplink: ({ uplink: { state, endpoint, backend } }) => {
    const far = endpoint === "" ? "" : ` to ${endpoint}`;
    if (state === "up") return good(`tunnel${far} is up${backend === null ? "" : ` (${backend})`}`);
    return state === "waiting" ? warn(`tunnel${far} waits for a handshake`) : bad(`tunnel${far} is ${state}`);
  },
  subscriber: ({ subscriber: { place, interface: inside, present, carrier } }) => {
    const name = place || inside;
    if (!present) return bad(`subscriber link ${name} is not there`);
    return carrier ? good(`subscriber link ${name} is up`) : bad(`subscriber link ${name} has no carrier`);
  },
  advertisement: ({ advertisement: { fields, before } }) => {
    const changed = fields.filter(
      ({ name, value }) => before?.find((one) => one.name === name)?.value !== value,
    );
    const words = changed.map(({ name, value }) => `${name} ${value}`);
    return before === null
      ? undefined
      : info(`router advertisement: ${words.join("; ") || "fields were left out"}`);
  },
  neighbour: ({ change, neighbour: { mac, linkLocal, sent } }) => {
    if (change === "changed") return undefined;
    const who = `${mac}${linkLocal === null ? "" : ` (${linkLocal})`}`;
    return info(change === "added" ? `heard ${who}${listed(sent)}` : `${who} was not heard any more`);
  },
  delegation: ({ change, delegation: { prefix, via, validS, routed } }) => {
    const to = via === null ? "" : ` via ${via}`;
    if (change === "removed") return warn(`delegation of ${prefix} ended`);
    const route = routed ? "" : ", no route yet";
    const word = change === "added" ? "delegated" : "delegation of";
    return info(`${word} ${prefix}${to} for ${formatSeconds(validS)}${route}`);
  },
  address: ({ change, address: { address, validS } }) => {
    if (change === "removed") return warn(`lease of ${address} ended`);
    return info(`${change === "added" ? "leased" : "lease of"} ${address} for ${formatSeconds(validS)}`);
  },
  hostAddress: ({ change, hostAddress: { address, state, router } }) => {
    if (change === "removed") return warn(`address ${address} is gone`);
    const way = router === null ? ", its router is gone" : "";
    const text = `address ${address} is ${state}${way}`;
    return state === "preferred" && router !== null ? good(text) : warn(text);
  },
  prefix: ({ change, prefix: { prefix, state, endsAt } }) => {
    if (change === "removed") return warn(`prefix ${prefix} is gone`);
    if (state === "current") return good(`prefix ${prefix} is current`);
    return warn(`prefix ${prefix} is ${state}${endsAt === null ? "" : `, until ${clockOf(endsAt)}`}`);
  },
  // It is told when it begins and when it ends, whoever looks meanwhile.
  fault: () => undefined,
  "fault-began": ({ fault }) => bad(`fault ${faultWords(fault)} began${lasting(fault)}`),
  "fault-ended": ({ fault, reason }) =>
    good(`fault ${faultWords(fault)} ended: ${FAULT_ENDS[reason] ?? reason}`),
  problem: ({ change, problem: { message } }) =>
    change === "removed" ? good(`no longer: ${message}`) : bad(message),
  wan: ({ change, wan: { provider, delegatedPrefix, defaultRouter, reach } }) => {
    if (change === "removed") return warn(`WAN to ${provider} is gone`);
    const prefix = delegatedPrefix ?? "no prefix";
    const router = defaultRouter === null ? "no router" : `router ${defaultRouter}`;
    const text = `WAN to ${provider}: ${prefix}, ${router}, ${REACH[reach]}`;
    const fine = delegatedPrefix !== null && defaultRouter !== null && reach !== "no-answer";
    return fine ? good(text) : warn(text);
  },
  peer: ({ change, peer: { provider, backend } }) => {
    if (change === "removed") return warn(`tunnel of ${provider} is gone`);
    return info(`tunnel of ${provider} is ${backend === null ? "not made yet" : `made (${backend})`}`);
  },
  lent: ({ change, lent: { provider, interface: name } }) =>
    info(`${name} of ${provider} ${change === "removed" ? "came home" : "is lent"}`),
  provider: (event) => restSentence(event.provider, event.absent),
  cpe: (event) => restSentence(event.cpe, event.absent),
  host: (event) => restSentence(event.host, event.absent),
  internet: (event) => restSentence(event.internet, event.absent),
  keeper: (event) => restSentence(event.keeper, event.absent),
  counters: () => undefined,
  log: ({ level, message }) => {
    if (level === "error") return bad(message);
    // The log of a fault, which has events of its own.
    return message.startsWith("fault ") ? undefined : { level, text: message };
  },
};

const REACH = {
  yes: "reaches the internet",
  "no-answer": "no answer",
  "not-measured": "not measured",
} as const;

const FAULT_ENDS: Readonly<Record<FaultEnd, string>> = {
  time: "its time was over",
  cleared: "it was cleared",
  reset: "by `mhlab up --reset`",
  done: "it was done",
  abandoned: "the run that injected it did not keep it alive",
};

function lasting({ since, endsAt }: FaultStatus): string {
  const spanS = endsAt === null ? undefined : secondsUntil(endsAt, parseUtc(since) ?? 0);
  return spanS === undefined ? "" : ` for ${formatSeconds(spanS)}`;
}

/** An event as a sentence; undefined for what only counts, and for kinds of a newer agent. */
export function sentenceOf(event: Recorded): Sentence | undefined {
  if (!Object.hasOwn(SENTENCES, event.event)) return undefined;
  return SENTENCES[event.event](event as never);
}

/** What a node is like when one begins to look. */
export function stateSentence({ state, ready }: Pick<NodeStatus, "state" | "ready">): Sentence {
  if (state === "running") return ready ? good("ready") : warn("runs, not ready yet");
  return state === "starting" || state === "restarting" ? warn(state) : bad(state);
}

/** The other fields of a status by key; long ones only by name. */
function restSentence(
  values: Readonly<Record<string, unknown>>,
  absent: readonly string[] = [],
): Sentence | undefined {
  const parts = [
    ...Object.entries(values).flatMap(([key, value]) => {
      // Faults, prefixes and settings of the override are told by events and log lines of their own.
      if (key === "override") return [];
      const text = JSON.stringify(value) ?? "";
      return text.length <= 80 ? `${key} ${text}` : key;
    }),
    ...absent.map((key) => `${key} is gone`),
  ];
  return parts.length === 0 ? undefined : info(`changed: ${parts.join(", ")}`);
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}
