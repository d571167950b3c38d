import { isRole } from "../role.ts";
import type { NodeStatus } from "../status/model.ts";
import { statusOfKind } from "../status/model.ts";
import { readFailure, type AgentFailure } from "./failure.ts";

/** The version of the protocol; it changes when a form of an answer or event does, not when one grows. */
export const PROTOCOL = 1;

/** A status as it goes over the wire. */
export type StatusLine = { readonly protocol: number } & NodeStatus;

/** One line of `all status`: what a node answered, or why it did not. */
export type AllStatusLine =
  | { readonly node: string; readonly status: StatusLine }
  | { readonly node: string; readonly failure: string; readonly code: string };

/** The code of a node that is there and says nothing. */
export const NO_ANSWER = "no-answer";

/** What came of a question. */
export type Reply<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "failure"; readonly failure: AgentFailure }
  /** It speaks another protocol. */
  | { readonly kind: "foreign" }
  /** No agent spoke: nothing came, or the engine's own words. */
  | { readonly kind: "silent"; readonly reason: string };

/** What is said of an agent that answers in another way than this program knows. */
export const FOREIGN = "its image speaks another protocol; `mhlab up` renews it";

/** Reads a one-line answer. */
export function parseAnswer<T extends object>(line: string): Reply<T> {
  const value = parseObject(line);
  if (value === undefined) return { kind: "silent", reason: line.trim() || "it said nothing" };
  const failure = readFailure(value);
  return failure === undefined ? { kind: "answer", value: value as T } : { kind: "failure", failure };
}

/** Reads the answer to `status`; what lacks this protocol's number is foreign. */
export function parseStatus(line: string): Reply<NodeStatus> {
  const reply = parseAnswer<StatusLine>(line);
  return reply.kind === "answer" ? statusReply(reply.value) : reply;
}

/** The node that a line of `all status` is about, and what it answered; without that it is said to hang. Undefined of other lines. */
export function splitAllStatus(line: string): { node: string; answer?: string } | undefined {
  const [head = "", node] = /^\{"node":"([^"\\]+)","status":/.exec(line) ?? [];
  if (node !== undefined) return { node, answer: line.slice(head.length, -1) };
  const { node: silent, code } = (parseObject(line) ?? {}) as Partial<Record<string, unknown>>;
  return typeof silent === "string" && code === NO_ANSWER ? { node: silent } : undefined;
}

/** A JSON object, or undefined. */
export function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The status in what went over the wire; undefined when that is of another protocol or of another form. */
export function readStatus(value: unknown): NodeStatus | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { protocol, ...status } = value as StatusLine;
  const { name, role } = status as { name?: unknown; role?: unknown };
  if (protocol !== PROTOCOL || typeof name !== "string" || typeof role !== "string" || !isRole(role))
    return undefined;
  return statusOfKind(role, status);
}

function statusReply(value: unknown): Reply<NodeStatus> {
  const status = readStatus(value);
  return status === undefined ? { kind: "foreign" } : { kind: "answer", value: status };
}
