import { isRole } from "../members/role.ts";
import type { MemberStatus } from "../status/model.ts";
import { statusOfKind } from "../status/model.ts";
import { readFailure, type AgentFailure } from "./failure.ts";

/** The version of the protocol; it changes when a form of an answer or event does, not when one grows. */
export const PROTOCOL = 1;

/** A status as it goes over the wire. */
export type StatusLine = { readonly protocol: number } & MemberStatus;

/** One line of `all status`: what a member answered, or why it did not. */
export type AllStatusLine =
  | { readonly member: string; readonly status: StatusLine }
  | { readonly member: string; readonly failure: string; readonly code: string };

/** The code of a member that is there and says nothing. */
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
export function parseStatus(line: string): Reply<MemberStatus> {
  const reply = parseAnswer<StatusLine>(line);
  return reply.kind === "answer" ? statusReply(reply.value) : reply;
}

/** The member that a line of `all status` is about, and what it answered; without that it is said to hang. Undefined of other lines. */
export function splitAllStatus(line: string): { member: string; answer?: string } | undefined {
  const [head = "", member] = /^\{"member":"([^"\\]+)","status":/.exec(line) ?? [];
  if (member !== undefined) return { member, answer: line.slice(head.length, -1) };
  const { member: silent, code } = (parseObject(line) ?? {}) as Partial<Record<string, unknown>>;
  return typeof silent === "string" && code === NO_ANSWER ? { member: silent } : undefined;
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
export function readStatus(value: unknown): MemberStatus | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { protocol, ...status } = value as StatusLine;
  const { name, role } = status as { name?: unknown; role?: unknown };
  if (protocol !== PROTOCOL || typeof name !== "string" || typeof role !== "string" || !isRole(role))
    return undefined;
  return statusOfKind(role, status);
}

function statusReply(value: unknown): Reply<MemberStatus> {
  const status = readStatus(value);
  return status === undefined ? { kind: "foreign" } : { kind: "answer", value: status };
}
