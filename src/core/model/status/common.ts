/** What the statuses of several kinds of nodes have in common. */
import { flag, list, number, oneOf, optional, orNull, record, struct, text } from "../values/shape.ts";

export const state = oneOf(
  "degraded",
  "running",
  "starting",
  "restarting",
  "stopped",
  "missing",
  "unknown",
).describe(
  "Of its container and agent: `degraded` when the agent does not answer or has a problem, `missing` when there is no container, `unknown` when the engine that it runs on does not answer.",
);
export const name = text.describe("Name of the node.");
export const ready = flag;

export const problems = list(
  struct({
    code: text.describe("A word that stays, such as `no-handshake`."),
    message: text.describe("The same as a sentence; its wording may change."),
    provider: optional(text).describe("The provider that it is about, where that is not the node itself."),
    explainedBy: optional(list(text)).describe(
      "Ids of the injected faults that explain it, or `renumbering`: it is expected.",
    ),
  }),
  "code",
  "message",
).describe("What is not fine, in words for people and for scripts; empty when all is.");

export const restarts = record(number).describe("How often each daemon had to be started again.");
export const backend = orNull(oneOf("kernel", "userspace")).describe(
  "Who does WireGuard: the kernel, or wireguard-go; null while there is no interface.",
);
export const inside = text.describe("Name of the interface inside the container.");
export const present = flag.describe("Whether the interface is there.");
export const carrier = flag.describe("Whether a cable is in, or the other end is up.");
export const handshakeAt = orNull(text)
  .counting()
  .describe("When the last handshake was, UTC; null before the first.");
export const rxBytes = number.counting().describe("Bytes received through the tunnel.");
export const txBytes = number.counting().describe("Bytes sent through the tunnel.");
export const rttMs = orNull(number)
  .counting()
  .describe("Round trip to the probe target in milliseconds; null when there is none or it does not answer.");
export const lossPct = orNull(number)
  .counting()
  .describe(
    "Percent of the last 20 echoes to the probe target that were lost; null before the first answer, and when there is no target.",
  );
export const validUntil = orNull(text).describe("When the valid lifetime ends, UTC; null for ever.");
export const preferredUntil = orNull(text).describe("When the preferred lifetime ends, UTC; null for ever.");
