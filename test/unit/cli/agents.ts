import { Label } from "../../../src/core/model/names.ts";
import type { NodeStatus } from "../../../src/core/model/status/model.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import type { FakeContainer } from "../support/fake-daemon.ts";
import { snapshotLine, statusLine } from "../support/agent-lines.ts";

/** What the agents of a fake engine say when all of them are ready. */
export function readyAgent(container: FakeContainer, [, verb]: readonly string[]): string {
  const status = readyStatus(container);
  return `${verb === "events" ? snapshotLine(status) : statusLine(status)}\n`;
}

/** What such an agent says of itself. */
export function readyStatus({ labels }: FakeContainer): NodeStatus {
  const silence = {
    name: labels[Label.name] ?? "",
    state: "running",
    problem: { code: "x", message: "x" },
  } as const;
  const role = labels[Label.role];
  const blank =
    role === "bng"
      ? NODES.bng.silent(silence)
      : role === "cpe"
        ? NODES.cpe.silent(silence)
        : role === "host"
          ? { ...NODES.host.silent(silence), interface: "eth0" }
          : NODES.internet.silent(silence);
  return { ...blank, ready: true, problems: [] };
}
