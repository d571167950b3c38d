import { formatSeconds } from "../../model/duration.ts";
import { faultWords, type FaultEnd } from "../../model/faults/fault.ts";
import type { NodeLine } from "../../model/protocol/event.ts";
import type { Operation, Patch } from "../../model/protocol/patch.ts";
import type { Role } from "../../model/role.ts";
import type { FaultStatus, NodeStatus, Problem, StatusOf } from "../../model/status/model.ts";
import { clockOf, parseUtc, secondsUntil } from "../../model/utc.ts";

/** How much an event matters. */
export type Level = "info" | "good" | "warn" | "bad";

/** An event for people. */
export interface Sentence {
  /** What it is about: a key of the status, or the kind of the event. */
  readonly about: string;
  readonly level: Level;
  readonly text: string;
}

type Said = Omit<Sentence, "about">;

const info = (text: string): Said => ({ level: "info", text });
const good = (text: string): Said => ({ level: "good", text });
const warn = (text: string): Said => ({ level: "warn", text });
const bad = (text: string): Said => ({ level: "bad", text });

type Op = Operation["op"];
type Told<T> = T extends readonly (infer Entry)[] ? Entry : T;
/** How a new value, or what became of an entry of a list, is told; nothing for what is told by another event. */
type Tell<T> = (value: Told<T>, op: Op) => Said | undefined;
type Tells<R extends Role> = { readonly [K in keyof StatusOf[R]]?: Tell<StatusOf[R][K]> };

const problems: Tell<readonly Problem[]> = ({ message }, op) =>
  op === "remove" ? good(`no longer: ${message}`) : bad(message);
const nothing = (): undefined => undefined;

/** How parts of a status are told, by role; the others by key and value. */
const PARTS: { readonly [R in Role]: Tells<R> } = {
  bng: {
    problems,
    uplink: ({ state, endpoint, backend }) => {
      const far = endpoint === "" ? "" : ` to ${endpoint}`;
      if (state === "up") return good(`tunnel${far} is up${backend === null ? "" : ` (${backend})`}`);
      return state === "waiting"
        ? warn(`tunnel${far} waits for a handshake`)
        : bad(`tunnel${far} is ${state}`);
    },
    advertisement: ({ fields, before }) => {
      const changed = fields.filter(
        ({ name, value }) => before?.find((one) => one.name === name)?.value !== value,
      );
      const words = changed.map(({ name, value }) => `${name} ${value}`);
      return before === null
        ? undefined
        : info(`router advertisement: ${words.join("; ") || "fields were left out"}`);
    },
    delegations: ({ prefix, via, validS, routed }, op) => {
      const to = via === null ? "" : ` via ${via}`;
      if (op === "remove") return warn(`delegation of ${prefix} ended`);
      const route = routed ? "" : ", no route yet";
      const word = op === "add" ? "delegated" : "delegation of";
      return info(`${word} ${prefix}${to} for ${formatSeconds(validS)}${route}`);
    },
    addresses: ({ address, validS }, op) => {
      if (op === "remove") return warn(`lease of ${address} ended`);
      return info(`${op === "add" ? "leased" : "lease of"} ${address} for ${formatSeconds(validS)}`);
    },
    prefixes: ({ prefix, state, endsAt }, op) => {
      if (op === "remove") return warn(`prefix ${prefix} is gone`);
      if (state === "current") return good(`prefix ${prefix} is current`);
      return warn(`prefix ${prefix} is ${state}${endsAt === null ? "" : `, until ${clockOf(endsAt)}`}`);
    },
    // It is told when it begins and when it ends, whoever looks meanwhile.
    faults: nothing,
    // Faults, prefixes and settings of the override are told by events and log lines of their own.
    override: nothing,
    subscriber: ({ place, interface: inside, present, carrier }) => {
      const name = place || inside;
      if (!present) return bad(`subscriber link ${name} is not there`);
      return carrier ? good(`subscriber link ${name} is up`) : bad(`subscriber link ${name} has no carrier`);
    },
  },
  cpe: {
    problems,
    wans: ({ provider, delegatedPrefix, defaultRouter, reach }, op) => {
      if (op === "remove") return warn(`WAN to ${provider} is gone`);
      const prefix = delegatedPrefix ?? "no prefix";
      const router = defaultRouter === null ? "no router" : `router ${defaultRouter}`;
      const text = `WAN to ${provider}: ${prefix}, ${router}, ${REACH[reach]}`;
      const fine = delegatedPrefix !== null && defaultRouter !== null && reach !== "no-answer";
      return fine ? good(text) : warn(text);
    },
  },
  host: {
    problems,
    addresses: ({ address, state, router }, op) => {
      if (op === "remove") return warn(`address ${address} is gone`);
      const way = router === null ? ", its router is gone" : "";
      const text = `address ${address} is ${state}${way}`;
      return state === "preferred" && router !== null ? good(text) : warn(text);
    },
  },
  internet: {
    problems,
    peers: ({ provider, backend }, op) => {
      if (op === "remove") return warn(`tunnel of ${provider} is gone`);
      return info(`tunnel of ${provider} is ${backend === null ? "not made yet" : `made (${backend})`}`);
    },
  },
  keeper: {
    lent: ({ provider, interface: name }, op) =>
      info(`${name} of ${provider} ${op === "remove" ? "came home" : "is lent"}`),
  },
};

/** Neighbours come below the subscriber port. */
const neighbours: Tell<StatusOf["bng"]["subscriber"]["neighbours"]> = ({ mac, linkLocal, sent }, op) => {
  if (op === "replace") return undefined;
  const who = `${mac}${linkLocal === null ? "" : ` (${linkLocal})`}`;
  return info(op === "add" ? `heard ${who}${listed(sent)}` : `${who} was not heard any more`);
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

/** An event as sentences; none for what only counts, and for kinds of a newer agent. */
export function sentencesOf(event: NodeLine): readonly Sentence[] {
  switch (event.event) {
    case "snapshot":
      return about("state", stateWords(event.status));
    case "patch":
      return patchSentences(event.patch, event.role);
    case "fault-began":
      return about("fault-began", bad(`fault ${faultWords(event.fault)} began${lasting(event.fault)}`));
    case "fault-ended": {
      const why = FAULT_ENDS[event.reason] ?? event.reason;
      return about("fault-ended", good(`fault ${faultWords(event.fault)} ended: ${why}`));
    }
    case "log": {
      const { level, message } = event;
      if (level === "error") return about("log", bad(message));
      // The log of a fault, which has events of its own.
      return about("log", message.startsWith("fault ") ? undefined : { level, text: message });
    }
    default:
      return [];
  }
}

function patchSentences(patch: Patch, role: Role): Sentence[] {
  // A role of a newer agent has none.
  const tells = (PARTS[role] ?? {}) as Readonly<Record<string, Tell<unknown> | undefined>>;
  const rest: string[] = [];
  const sentences = patch.flatMap(({ path, op, ...more }): readonly Sentence[] => {
    const [key = "", inner] = path;
    if (op === "merge" || op === "move" || key === "state" || key === "ready") return [];
    const value = "value" in more ? more.value : undefined;
    const tell = inner === "neighbours" ? neighbours : Object.hasOwn(tells, key) ? tells[key] : undefined;
    // A list that is replaced as a whole has an entry twice.
    if (tell === undefined || Array.isArray(value)) {
      rest.push(op === "remove" ? `${key} is gone` : valueWords(key, value));
      return [];
    }
    return typeof value !== "object" || value === null
      ? []
      : about(inner === "neighbours" ? inner : key, tell(value as never, op));
  });
  const changed = rest.length === 0 ? [] : about("status", info(`changed: ${rest.join(", ")}`));
  return [...sentences, ...changed, ...about("state", stateChange(patch))];
}

function stateChange(patch: Patch): Said | undefined {
  const now = (name: keyof NodeStatus): unknown =>
    patch.flatMap((one) => (one.op === "replace" && one.path[0] === name ? [one.value] : [])).at(-1);
  const [state, ready] = [now("state"), now("ready")] as [NodeStatus["state"]?, boolean?];
  if (state !== undefined && (state !== "running" || ready === undefined))
    return state === "running" ? info("runs") : stateWords({ state, ready: false });
  return ready === undefined ? undefined : ready ? good("ready") : warn("not ready");
}

function about(what: string, said: Said | undefined): readonly Sentence[] {
  return said === undefined ? [] : [{ about: what, ...said }];
}

function stateWords({ state, ready }: Pick<NodeStatus, "state" | "ready">): Said {
  if (state === "running") return ready ? good("ready") : warn("runs, not ready yet");
  return state === "starting" || state === "restarting" ? warn(state) : bad(state);
}

function valueWords(key: string, value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length <= 80 ? `${key} ${text}` : key;
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}
