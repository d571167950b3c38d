/** Every request that an agent knows: one record each. Adding a verb is a record here, and its handler in the agent. */
import type { RuntimeOverride } from "../intent/runtime-override.ts";
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import type { RenumberOrder } from "../renumbering/order.ts";
import type { FaultStatus, NodeStatus, ProviderPrefix } from "../status/model.ts";
import { parseAssignedPrefix, showValue } from "../values/parse.ts";
import type { AllStatusLine } from "./answer.ts";
import { formatCursor, parseCursor, type Cursor } from "./cursor.ts";
import type { AllEventLine, EventLine } from "./event.ts";
import { RequestError } from "./failure.ts";
import type { ProbeLine } from "./probe-lines.ts";
import { isNonce } from "./proof.ts";
import {
  formatFlowOptions,
  formatProbeOptions,
  parseFlowOptions,
  parseProbeOptions,
  type FlowOptions,
  type ProbeOptions,
} from "./probing.ts";

/** What follows the words of a verb, and how it is written. */
interface Options<O> {
  /** Throws RequestError for what it does not know. */
  parse(words: readonly string[]): O;
  format(options: O): string[];
}

/** A verb of the protocol; `Answer` is what one line of its answer holds. */
export interface VerbRecord<O, Answer, Lines extends "one" | "many" = "one" | "many"> extends Options<O> {
  /** What it is asked by. */
  readonly words: string;
  /** Whether it changes something. Such a request is taken by the agent's own socket only, never by the lab's shared folder. */
  readonly changes: boolean;
  /** Whether the agent answers in the name of the lab's other nodes; they do not ask each other that. */
  readonly relays: boolean;
  /** `one`: the connection ends after the answer; `many`: lines until somebody has enough. */
  readonly lines: Lines;
  /** Only a type; never there. */
  readonly answer?: Answer;
}

/** Asks for answers that prove which container they are from (`proof.ts`). */
export interface ProofOptions {
  readonly nonce?: string;
}

export interface FollowOptions extends ProofOptions {
  /** The stream ends when the asker's input does: an engine never tells a process that nobody reads. */
  readonly attached: boolean;
  /** Go on after this event, if it is still remembered. */
  readonly since?: Cursor;
}

export interface FollowAllOptions extends ProofOptions {
  readonly attached: boolean;
  /** The same, by node. */
  readonly since?: Readonly<Record<string, Cursor>>;
}

/** What becomes of a node's override; left out, it is only told. */
export interface OverrideOptions {
  /** Values by variable, put above those of the lab file. */
  readonly set?: Readonly<Record<string, string>>;
  readonly clear?: true;
}

/** The override as it is after the request. */
export interface OverrideAnswer {
  readonly override: RuntimeOverride;
}

/** A fault that is asked for; `options` are those of its kind, `for` (a time) and `direction`. */
export interface InjectOptions {
  readonly kind: string;
  readonly options: Readonly<Record<string, string>>;
}

/** The fault once it is in force; of a kind that happens once, what happened. */
export interface InjectAnswer {
  readonly fault: FaultStatus;
  readonly done?: string;
}

/** Which faults end: one by its id, or all of the node. */
export interface ClearOptions {
  readonly which: string;
}

/** Faults whose injector still wants them, by their ids; those that have ended are passed over. */
export interface KeepaliveOptions {
  readonly ids: readonly string[];
}

/** Which of them are in force. */
export interface KeepaliveAnswer {
  readonly kept: readonly string[];
}

/** The faults that were cleared, as they were. */
export interface ClearAnswer {
  readonly cleared: readonly FaultStatus[];
}

/** What is to become of a provider's prefix. */
export interface RenumberOptions {
  readonly order: RenumberOrder;
}

/** All prefixes of the provider after the request, as `status` tells them. */
export interface RenumberAnswer {
  readonly prefixes: ProviderPrefix[];
}

/** What an agent says when it was asked to compare everything; a role may add keys. */
export interface Done {
  readonly ok: true;
}

type NoOptions = object;

const NONE: Options<NoOptions> = {
  parse(words) {
    if (words[0] !== undefined) throw unknownOption(words[0]);
    return {};
  },
  format: () => [],
};

const PROOF: Options<ProofOptions> = {
  parse: (words) => {
    const other = words.find((word) => !word.startsWith(NONCE));
    if (other !== undefined) throw unknownOption(other);
    return nonceIn(words);
  },
  format: nonceWords,
};

const NONCE = "nonce=";

function nonceIn(words: readonly string[]): ProofOptions {
  const nonce = words.findLast((word) => word.startsWith(NONCE))?.slice(NONCE.length);
  if (nonce === undefined) return {};
  if (!isNonce(nonce)) throw new RequestError("bad-request", "a nonce is 32 hexadecimal digits");
  return { nonce };
}

function nonceWords({ nonce }: ProofOptions): string[] {
  return nonce === undefined ? [] : [`${NONCE}${nonce}`];
}

const FOLLOW: Options<FollowOptions> = {
  parse: (words) => {
    let attached = false;
    let since: Cursor | undefined;
    for (const word of words) {
      if (word === "attached") attached = true;
      else if (word.startsWith("since=")) since = cursorOf(word, word.slice("since=".length));
      else if (!word.startsWith(NONCE)) throw unknownOption(word);
    }
    return { attached, ...(since === undefined ? {} : { since }), ...nonceIn(words) };
  },
  format: ({ attached, since, ...proof }) => [
    ...(attached ? ["attached"] : []),
    ...(since === undefined ? [] : [`since=${formatCursor(since)}`]),
    ...nonceWords(proof),
  ],
};

const FOLLOW_ALL: Options<FollowAllOptions> = {
  parse: (words) => {
    let attached = false;
    const since: Record<string, Cursor> = {};
    for (const word of words) {
      const [, node, cursor] = /^since=([^@]+)@(.+)$/.exec(word) ?? [];
      if (word === "attached") attached = true;
      else if (node !== undefined) since[node] = cursorOf(word, cursor ?? "");
      else if (!word.startsWith(NONCE)) throw unknownOption(word);
    }
    return { attached, ...(Object.keys(since).length === 0 ? {} : { since }), ...nonceIn(words) };
  },
  format: ({ attached, since = {}, ...proof }) => [
    ...(attached ? ["attached"] : []),
    ...Object.entries(since).map(([node, cursor]) => `since=${node}@${formatCursor(cursor)}`),
    ...nonceWords(proof),
  ],
};

const OVERRIDE: Options<OverrideOptions> = {
  parse: ([word, ...more]) => {
    if (word === undefined) return {};
    if (word === "clear" && more.length === 0) return { clear: true };
    if (word === "set" && more.length > 0) return { set: Object.fromEntries(more.map(assignmentOf)) };
    throw new RequestError(
      "bad-request",
      "right would be: override, override set NAME=VALUE …, override clear",
    );
  },
  format: ({ set, clear }) => {
    if (clear === true) return ["clear"];
    if (set === undefined) return [];
    return ["set", ...Object.entries(set).map(([variable, value]) => `${variable}=${value}`)];
  },
};

const INJECT: Options<InjectOptions> = {
  parse: ([kind, ...more]) => {
    if (kind === undefined) throw new RequestError("bad-request", "right would be: inject KIND NAME=VALUE …");
    return { kind, options: Object.fromEntries(more.map(assignmentOf)) };
  },
  format: ({ kind, options }) => [
    kind,
    ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
  ],
};

const CLEAR: Options<ClearOptions> = {
  parse: ([which, ...more]) => {
    if (which === undefined || more.length > 0)
      throw new RequestError("bad-request", "right would be: clear ID, clear all");
    return { which };
  },
  format: ({ which }) => [which],
};

const KEEPALIVE: Options<KeepaliveOptions> = {
  parse: (ids) => {
    if (ids.length === 0) throw new RequestError("bad-request", "right would be: keepalive ID …");
    return { ids };
  },
  format: ({ ids }) => [...ids],
};

const RENUMBER: Options<RenumberOptions> = {
  parse: ([how, ...words]) => {
    const [prefix, overlap, ...more] = words;
    if (how === "abort" && prefix === undefined) return { order: { how } };
    if (how === "withdraw" && prefix === undefined) return { order: { how } };
    if (how === "graceful" && prefix !== undefined && more.length === 0)
      return { order: { how, to: newPrefix(prefix), ...overlapOf(overlap) } };
    if ((how === "flash" || how === "withdraw") && prefix !== undefined && overlap === undefined)
      return { order: { how, to: newPrefix(prefix) } };
    throw new RequestError(
      "bad-request",
      "right would be: renumber graceful PREFIX [overlap=SECONDS], renumber flash PREFIX, renumber withdraw [PREFIX], renumber abort",
    );
  },
  format: ({ order }) => {
    if (order.how === "abort") return [order.how];
    const to = order.to === undefined ? [] : [formatPrefix6(order.to)];
    const overlap =
      order.how === "graceful" && order.overlapS !== undefined ? [`overlap=${order.overlapS}`] : [];
    return [order.how, ...to, ...overlap];
  },
};

/** These last as long as their asker's input. They send packets or keep a program, so they are for whoever may change something. */
const ATTACHED = { changes: true, relays: false } as const;

type Kind = Pick<VerbRecord<unknown, unknown>, "words" | "changes" | "relays">;

function one<O, Answer>(kind: Kind, options: Options<O>): VerbRecord<O, Answer, "one"> {
  return { ...kind, lines: "one", ...options };
}

function many<O, Answer>(kind: Kind, options: Options<O>): VerbRecord<O, Answer, "many"> {
  return { ...kind, lines: "many", ...options };
}

export const VERBS = {
  status: one<ProofOptions, NodeStatus>({ words: "status", changes: false, relays: false }, PROOF),
  events: many<FollowOptions, EventLine>({ words: "events", changes: false, relays: false }, FOLLOW),
  resync: one<NoOptions, Done>({ words: "resync", changes: true, relays: false }, NONE),
  override: one<OverrideOptions, OverrideAnswer>(
    { words: "override", changes: true, relays: false },
    OVERRIDE,
  ),
  inject: one<InjectOptions, InjectAnswer>({ words: "inject", changes: true, relays: false }, INJECT),
  clear: one<ClearOptions, ClearAnswer>({ words: "clear", changes: true, relays: false }, CLEAR),
  keepalive: one<KeepaliveOptions, KeepaliveAnswer>(
    { words: "keepalive", changes: true, relays: false },
    KEEPALIVE,
  ),
  renumber: one<RenumberOptions, RenumberAnswer>(
    { words: "renumber", changes: true, relays: false },
    RENUMBER,
  ),
  probe: many<ProbeOptions, ProbeLine>(
    { words: "probe", ...ATTACHED },
    { parse: parseProbeOptions, format: formatProbeOptions },
  ),
  flow: many<FlowOptions, ProbeLine>(
    { words: "flow", ...ATTACHED },
    { parse: parseFlowOptions, format: formatFlowOptions },
  ),
  arrivals: many<NoOptions, ProbeLine>({ words: "arrivals", ...ATTACHED }, NONE),
  allStatus: many<ProofOptions, AllStatusLine>({ words: "all status", changes: false, relays: true }, PROOF),
  allEvents: many<FollowAllOptions, AllEventLine>(
    { words: "all events", changes: false, relays: true },
    FOLLOW_ALL,
  ),
} as const;

export type Verb = keyof typeof VERBS;
type OptionsOf<V extends Verb> = (typeof VERBS)[V] extends VerbRecord<infer O, unknown> ? O : never;
/** What one line of the answer to a verb holds. */
export type AnswerTo<V extends Verb> = NonNullable<(typeof VERBS)[V]["answer"]>;
/** A request with one verb. */
export type RequestOf<V extends Verb> = { readonly verb: V } & OptionsOf<V>;
/** Any request. */
export type Request = { [V in Verb]: RequestOf<V> }[Verb];
/** Verbs of streams that not every role has. */
export type StreamVerb = "probe" | "flow" | "arrivals";
/** Verbs with one line as their answer. */
export type OneLineVerb = {
  [V in Verb]: (typeof VERBS)[V]["lines"] extends "one" ? V : never;
}[Verb];

function assignmentOf(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at < 1) throw new RequestError("bad-request", `'${word}' is not NAME=VALUE`);
  return [word.slice(0, at), word.slice(at + 1)];
}

function newPrefix(word: string): Prefix6 {
  const prefix = parseAssignedPrefix(word);
  if (prefix === undefined)
    throw new RequestError(
      "bad-request",
      `${showValue(word)} is no prefix from /32 to /64 without host bits`,
    );
  return prefix;
}

function overlapOf(word: string | undefined): { overlapS?: number } {
  if (word === undefined) return {};
  const [, seconds] = /^overlap=(\d{1,9})$/.exec(word) ?? [];
  if (seconds === undefined) throw unknownOption(word);
  return { overlapS: Number(seconds) };
}

function unknownOption(word: string): RequestError {
  return new RequestError("bad-request", `'${word}' is not understood here`);
}

function cursorOf(word: string, text: string): Cursor {
  const cursor = parseCursor(text);
  if (cursor === undefined)
    throw new RequestError("bad-request", `'${word}' names no place; it is since=<epoch>:<seq>`);
  return cursor;
}
