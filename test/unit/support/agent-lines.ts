import { PROTOCOL } from "../../../src/core/protocol/answer.ts";
import type { MemberStatus } from "../../../src/core/status/model.ts";

/** What an agent answers to `status`. */
export function statusLine(status: MemberStatus): string {
  return JSON.stringify({ protocol: PROTOCOL, ...status });
}

/** A line of an agent's events. */
export function eventLine(
  { name, role }: Pick<MemberStatus, "name" | "role">,
  seq: number,
  event: Readonly<Record<string, unknown>>,
): string {
  const stamp = { seq, monotonicS: seq, at: "2026-11-24T12:00:00.000000Z", member: name, role };
  return JSON.stringify({ ...stamp, ...event });
}

/** The first line of them. */
export function snapshotLine(status: MemberStatus, { seq = 0, epoch = "1" } = {}): string {
  return eventLine(status, seq, { event: "snapshot", epoch, status: { protocol: PROTOCOL, ...status } });
}
