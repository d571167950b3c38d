import { Label } from "../../../src/core/names.ts";
import type { MemberStatus } from "../../../src/core/status/model.ts";
import { MEMBERS } from "../../../src/core/members/registry.ts";
import type { FakeContainer } from "../support/fake-daemon.ts";
import { snapshotLine, statusLine } from "../support/agent-lines.ts";

/** What the agents of a fake engine say when all of them are ready. */
export function readyAgent(container: FakeContainer, [, verb]: readonly string[]): string {
  const status = readyStatus(container);
  return `${verb === "events" ? snapshotLine(status) : statusLine(status)}\n`;
}

/** What such an agent says of itself. */
export function readyStatus({ labels }: FakeContainer): MemberStatus {
  const silence = {
    name: labels[Label.name] ?? "",
    state: "running",
    problem: { code: "x", message: "x" },
  } as const;
  const role = labels[Label.role];
  const blank =
    role === "bng"
      ? MEMBERS.bng.silent(silence)
      : role === "cpe"
        ? MEMBERS.cpe.silent(silence)
        : role === "host"
          ? MEMBERS.host.silent(silence)
          : MEMBERS.internet.silent(silence);
  return { ...blank, ready: true, problems: [] };
}
