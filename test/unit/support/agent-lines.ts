import { createHmac, randomBytes } from "node:crypto";
import type { LineStream } from "../../../src/app/ports/engine-reader.ts";
import { PROTOCOL } from "../../../src/core/protocol/answer.ts";
import { Signer } from "../../../src/core/protocol/proof.ts";
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

/** The id of the container that a member of tests has. */
export function idOf(member: string): string {
  return `id of ${member}`;
}

/** A stream in which each member's events are signed by its container, when a command asks for that. */
export function signing(
  argv: readonly string[],
  stream: LineStream,
  containerId: (member: string) => string = idOf,
): LineStream {
  const nonce = argv.find((word) => word.startsWith("nonce="))?.slice("nonce=".length);
  if (nonce === undefined) return stream;
  const signers = new Map<string, Signer>();
  const signerOf = (member: string): Signer => {
    const mac = (text: string): string =>
      createHmac("sha256", containerId(member)).update(text).digest("hex");
    const one = signers.get(member) ?? new Signer(nonce, randomBytes(6).toString("hex"), mac);
    signers.set(member, one);
    return one;
  };
  return {
    ...stream,
    onLine: (line) => {
      const member = /"member":"([^"]*)"/.exec(line)?.[1];
      stream.onLine(member === undefined || line.includes('"gone"') ? line : signerOf(member).sign(line));
    },
  };
}
