import { createHmac, randomBytes } from "node:crypto";
import type { LineStream } from "../../../src/app/ports/engine-reader.ts";
import { PROTOCOL } from "../../../src/core/model/protocol/answer.ts";
import { Signer } from "../../../src/core/model/protocol/proof.ts";
import type { NodeStatus } from "../../../src/core/model/status/model.ts";

/** What an agent answers to `status`. */
export function statusLine(status: NodeStatus): string {
  return JSON.stringify({ protocol: PROTOCOL, ...status });
}

/** A line of an agent's events. */
export function eventLine(
  { name, role }: Pick<NodeStatus, "name" | "role">,
  seq: number,
  event: object,
): string {
  const stamp = { seq, monotonicS: seq, at: "2026-11-24T12:00:00.000000Z", node: name, role };
  return JSON.stringify({ ...stamp, ...event });
}

/** The first line of them. */
export function snapshotLine(status: NodeStatus, { seq = 0, epoch = "1" } = {}): string {
  return eventLine(status, seq, { event: "snapshot", epoch, status: { protocol: PROTOCOL, ...status } });
}

/** The id of the container that a node of tests has. */
export function idOf(node: string): string {
  return `id of ${node}`;
}

/** A stream in which each node's events are signed by its container, when a command asks for that. */
export function signing(
  argv: readonly string[],
  stream: LineStream,
  containerId: (node: string) => string = idOf,
): LineStream {
  const nonce = argv.find((word) => word.startsWith("nonce="))?.slice("nonce=".length);
  if (nonce === undefined) return stream;
  const signers = new Map<string, Signer>();
  const signerOf = (node: string): Signer => {
    const mac = (text: string): string => createHmac("sha256", containerId(node)).update(text).digest("hex");
    const one = signers.get(node) ?? new Signer(nonce, randomBytes(6).toString("hex"), mac);
    signers.set(node, one);
    return one;
  };
  return {
    ...stream,
    onLine: (line) => {
      const node = /"node":"([^"]*)"/.exec(line)?.[1];
      stream.onLine(node === undefined || line.includes('"gone"') ? line : signerOf(node).sign(line));
    },
  };
}
