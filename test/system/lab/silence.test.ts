import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { Verifier } from "../../../src/core/model/protocol/proof.ts";
import { inContainer } from "../support/host-link.ts";
import { docker, eventually, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const LAB = "silence";
const providers = [ALPHA, BETA].map((one) => ({ ...one, subscriber: `{veth: quiet-${one.name}}` }));

/** Sends a signal to the agent in a container, which is the child of its init. */
async function signalAgent(node: string, signal: string): Promise<void> {
  const id = (await containersOf(LAB))[node] ?? "";
  await inContainer(id, ["pkill", `-${signal}`, "-x", "-o", "node"]);
}

/** What the status says of a provider, and how long it took to say so. */
async function ask(node: string): Promise<{ codes: string[]; others: string[]; seconds: number }> {
  const begun = performance.now();
  const status = await statusOf(LAB);
  const all = [...status.providers, ...(status.internet === undefined ? [] : [status.internet])];
  return {
    codes: all.find(({ name }) => name === node)?.problems.map(({ code }) => code) ?? [],
    others: all.filter(({ name, state }) => name !== node && state !== "running").map(({ name }) => name),
    seconds: (performance.now() - begun) / 1000,
  };
}

test("one question tells of all, and the volume for it goes with the lab's last node", async () => {
  await succeed(["up", writeLab(LAB, providers)]);
  const nonce = "0".repeat(32);
  const { stdout } = await succeed(["exec", "alpha", "--", "agent", "all", "status", `nonce=${nonce}`]);
  const lines = stdout.split("\n").map((line) => JSON.parse(line) as { node: string; status: object });
  expect(lines.map(({ node }) => node).sort()).toEqual(["alpha", "beta", "internet"]);
  // Each is signed by its own container; otherwise the CLI would ask each by an exec of its own.
  const ids = await containersOf(LAB);
  for (const { node, status } of lines) {
    const hmac = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("hex");
    expect(new Verifier(nonce, hmac).read(JSON.stringify(status), ids[node] ?? "")).toContain(`"${node}"`);
  }
  const volumes = await docker.listVolumes({ filters: { label: [`io.mhlab.lab=${LAB}`] } });
  expect(volumes.Volumes.map(({ Name }) => Name)).toContain(`mhlab-${LAB}-run`);
});

test("the shared socket answers what cannot do harm, and nothing else", async () => {
  const request = "echo resync | nc -NU /run/mhlab-lab/beta.sock";
  const { stdout } = await succeed(["exec", "alpha", "--", "sh", "-c", request]);
  expect(JSON.parse(stdout)).toEqual({
    error: "unknown request 'resync'; known are status, events",
    code: "unknown-request",
    exitCode: 2,
  });
});

test.each(["alpha", "internet"])(
  "a hanging agent (%s) is called silent, and holds nobody up",
  async (node) => {
    await signalAgent(node, "STOP");
    const { codes, others, seconds } = await ask(node);
    await signalAgent(node, "CONT");
    expect(codes).toEqual(["agent-silent"]);
    expect(others).toEqual([]);
    expect(seconds).toBeLessThan(5);
    await eventually(async () => expect((await ask(node)).codes).toEqual([]));
  },
);

test("a killed container is stopped, its stale socket notwithstanding, and answers again when it is back", async () => {
  const alpha = docker.getContainer((await containersOf(LAB))["alpha"] ?? "");
  await alpha.kill();
  const { codes, others, seconds } = await ask("alpha");
  expect(codes).toContain("stopped");
  expect(others).toEqual([]);
  expect(seconds).toBeLessThan(3);
  await alpha.start();
  await eventually(async () => expect((await ask("alpha")).codes).toEqual([]));
});

test("no volume of the lab is left after down", async () => {
  expect((await mhlab(["down", LAB])).code).toBe(0);
  const { Volumes } = await docker.listVolumes();
  expect(Volumes.map(({ Name }) => Name).filter((name) => name.startsWith(`mhlab-${LAB}-`))).toEqual([]);
});
