import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Journal } from "../../../../../src/agent/serve/journal.ts";
import { PROTOCOL } from "../../../../../src/core/model/protocol/answer.ts";
import { failureOf } from "../../../../../src/core/model/protocol/failure.ts";
import { diffStatus } from "../../../../../src/core/model/protocol/patch.ts";
import { parseRequest } from "../../../../../src/core/model/protocol/request.ts";
import { VERBS } from "../../../../../src/core/model/protocol/verbs.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import { SHAPES, type ProviderStatus } from "../../../../../src/core/model/status/model.ts";
import { testClock } from "../../../agent/serve/clock.ts";

const root = fileURLToPath(new URL("../../../../..", import.meta.url));
const page = readFileSync(`${root}/docs/protocol.md`, "utf8");

const lease = {
  prefix: "2001:db8:a:8000::/56",
  via: "fe80::1",
  duid: "00:03:00:01:02:00:00:00:00:42",
  iaid: 1,
  mac: "02:00:00:00:00:42",
};
const times = { preferredS: 1800, validS: 14_400, expiresAt: "2026-11-24T16:00:01Z" };
const problem = { code: "no-handshake", message: "the far side 192.0.2.42:51820 has not answered yet" };

/** What a BNG tells in its first seconds. */
function samples(): string[] {
  const clock = testClock();
  const journal = new Journal({ node: "alpha", role: "bng", epoch: "5f0c2a917b3e", clock });
  const blank = NODES.bng.silent({ name: "alpha", state: "starting", problem });
  const lines: string[] = [];
  let status: ProviderStatus = blank;
  const become = (over: Partial<ProviderStatus>): void => {
    clock.pass(1);
    const next = { ...status, ...over };
    lines.push(journal.record({ event: "patch", patch: diffStatus(SHAPES.bng, status, next) }));
    status = next;
  };
  become({ delegations: [{ ...lease, ...times, routed: false }] });
  become({ delegations: [{ ...lease, ...times, routed: true }] });
  const uplink = {
    ...blank.uplink,
    state: "up" as const,
    interface: "wg-alpha",
    handshakeAt: "2026-11-24T12:00:03Z",
  };
  become({ uplink, problems: [], state: "running", ready: true });
  become({ uplink: { ...uplink, rxBytes: 4096, txBytes: 2048, rttMs: 12.1 } });
  lines.push(journal.record({ event: "log", level: "warn", message: "cannot resolve far.example" }));
  become({ delegations: [] });
  lines.push(journal.personal({ event: "alive" }));
  lines.push(journal.personal({ event: "resumed", epoch: journal.epoch, protocol: PROTOCOL }, 3));
  lines.push(journal.personal({ event: "cut", resume: journal.resumption(4) }, 4));
  return lines;
}

/** What is answered to requests that are none. */
function failures(): string[] {
  return ["dance", "events since=yesterday"].map((line) => {
    try {
      return JSON.stringify(parseRequest(line, "own"));
    } catch (error) {
      return `${JSON.stringify(failureOf(error))}\n`;
    }
  });
}

test("the samples of docs/protocol.md are what an agent says", async () => {
  const lines = [...samples(), ...failures()];
  await expect(lines.join("")).toMatchFileSnapshot(`${root}/test/golden/protocol/samples.jsonl`);
  for (const line of lines) expect(page).toContain(line.trimEnd());
});

test("docs/protocol.md names every verb", () => {
  for (const { words } of Object.values(VERBS)) expect(page).toContain(`\`${words}`);
});
