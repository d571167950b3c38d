/** A thousand customers beside an honest one: the limits of a BNG hold for them, and he keeps his lease and his throughput. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import { labFolder, startMhlab, succeed, useLabs } from "../lab/fixture.ts";
import { eventually, mhlab, PROJECT } from "../support/sandbox.ts";

useLabs();

async function fleetPorts(): Promise<string[]> {
  const { stdout } = await mhlab(["exec", "home", "--", "ip", "-br", "link"]);
  return stdout.split("\n").filter((line) => line.startsWith("fleet"));
}

/** The delegations of a provider by whether the CPE has them. */
async function delegationsOf(provider: string): Promise<{ home: number; others: number }> {
  const { stdout } = await mhlab(["exec", provider, "--", "agent", "status"]);
  const { delegations } = JSON.parse(stdout) as { delegations: { mac: string }[] };
  const others = delegations.filter(({ mac }) => mac === "02:f1:ee:ff:00:01").length;
  return { home: delegations.length - others, others };
}

test("an honest customer beside a thousand keeps his lease and his throughput, while they all get a lease", async () => {
  const file = join(labFolder(), "fleet.yaml");
  const out = join(labFolder(), "fleet");
  await succeed(["up", join(PROJECT, "examples/scenarios/labs/crowd.yaml")]);
  writeFileSync(
    file,
    `name: fleet
lab: ${join(PROJECT, "examples/scenarios/labs/crowd.yaml")}
settle: 1s
steps:
  - {id: crowd, at: 1s, load: perfdhcp, at-link: alpha, options: {clients: 1000, rate: 200}, for: 9s}
  - {id: down, at: 1s, load: iperf3, from: home-host1, source: alpha, options: {rate: 5mbit, reverse: true}, for: 9s}
expect:
  - {sessions: at least 990, of: crowd}
  - {throughput: at least 4mbit, of: down}
  - {stall: at most 2s, of: down}
  - {leaks: 0}
`,
  );
  await succeed(["run", file, "--out", out]);
  const record = readRecord((name) =>
    existsSync(join(out, name)) ? readFileSync(join(out, name), "utf8") : undefined,
  );
  expect(record.verdicts.map(({ result }) => result)).toEqual(Array(4).fill("passed"));
  const text = readFileSync(join(out, "loads/crowd.log"), "utf8");
  const received = [...text.matchAll(/^received packets: (\d+)$/gm)].map(([, count]) => Number(count));
  const counted = (metric: string) => record.loads.filter((one) => one.metric === metric).length;
  expect([counted("advertise"), counted("session")]).toEqual(received);
  expect(await delegationsOf("alpha")).toEqual({ home: 1, others: counted("session") });
  expect(await fleetPorts()).toEqual([]);
}, 240_000);

describe("with the usual limits", () => {
  test("a fleet gets no more than a customer, and its port is gone however it ends", async () => {
    const lab = join(labFolder(), "lab.yaml");
    writeFileSync(
      lab,
      "name: few\ninternet: bundled\nproviders:\n  - {name: alpha, prefix: 2001:db8:a::/48, subscriber: {cpe: home}}\ncpes:\n  - {name: home, hosts: 1}\n",
    );
    // Names of nodes are to be those of one lab.
    await mhlab(["down", "crowd"]);
    await succeed(["up", lab]);
    const load = ["load", "perfdhcp", "--at-link", "alpha", "--for"];
    const { stdout } = await mhlab([...load, "5s", "clients=100", "rate=50", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "done" });
    expect(await delegationsOf("alpha")).toEqual({ home: 1, others: 8 });
    const running = startMhlab([...load, "5m", "clients=10000", "rate=10"]);
    running.catch(() => undefined);
    await eventually(async () => expect(await fleetPorts()).toHaveLength(1));
    running.kill("SIGKILL");
    await running.catch(() => undefined);
    await eventually(async () => expect(await fleetPorts()).toEqual([]), { timeoutMs: 20_000 });
  }, 240_000);
});
