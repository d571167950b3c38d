/** A process that runs but serves nobody is a problem: every daemon of a lab is stopped by a signal, and goes on. */
import { beforeAll, expect, test } from "vitest";
import { run } from "../support/command.ts";
import { eventually, mhlab, paths } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const LAB = "stalled";
/** Daemons by node and process name, with the problem of one that is stopped. */
const DAEMONS: readonly [node: string, program: string, code: string][] = [
  ["alpha", "kea-dhcp6", "dhcp-stalled"],
  ["alpha", "bird", "ra-stalled"],
  ["home", "dhcpcd", "dhcp-stalled"],
  ["home", "radvd", "ra-stalled"],
  ["internet", "dnsmasq", "dns-stalled"],
  ["internet", "named", "dns-stalled"],
  ["internet", "iperf3", "daemon-stalled"],
  ["internet", "tayga", "daemon-stalled"],
];
/** dhcpcd runs once per WAN. */
const WANTED = [...DAEMONS.map(([node, , code]) => `${node} ${code}`), "home dhcp-stalled"].sort();
const FOUND_WITHIN_MS = 10_000;

beforeAll(async () => {
  const more = "router-advertisement: {pref64: '64:ff9b::/96'}\n    resolver: {}";
  await succeed(["up", writeLab(LAB, [{ ...ALPHA, more }, BETA])]);
});

async function signal(name: "STOP" | "CONT"): Promise<void> {
  const ids = await containersOf(LAB);
  await Promise.all(
    DAEMONS.map(async ([node, program]) => {
      const argv = ["exec", ids[node] ?? "", "pkill", `-${name}`, "-x", program];
      await run(["docker", "-H", `unix://${paths.socket}`, ...argv]);
    }),
  );
}

async function stalls(): Promise<string[]> {
  const { providers, cpes, internet } = await statusOf(LAB);
  const nodes = [...providers, ...cpes, ...(internet === undefined ? [] : [internet])];
  return nodes
    .flatMap(({ name, problems }) => problems.map(({ code }) => `${name} ${code}`))
    .filter((text) => text.endsWith("-stalled"))
    .sort();
}

test("every daemon that a signal stops is found within ten seconds, in status and metrics, and no more once it goes on", async () => {
  await eventually(async () => expect((await statusOf(LAB)).healthy).toBe(true));
  // They have answered once by then.
  await new Promise((resolve) => setTimeout(resolve, 7000));
  expect(await stalls()).toEqual([]);
  await signal("STOP");
  const begun = performance.now();
  await eventually(async () => expect(await stalls()).toEqual(WANTED), {
    timeoutMs: FOUND_WITHIN_MS,
    everyMs: 300,
  });
  expect(performance.now() - begun).toBeLessThan(FOUND_WITHIN_MS);
  const { stdout } = await succeed(["metrics", LAB]);
  expect(stdout).toMatch(/mhlab_node_problems\{.*provider="alpha".*code="dhcp-stalled".*\} 1/);
  expect((await mhlab(["status", LAB])).stdout).toContain("kea runs, but does not answer");
  await signal("CONT");
  await eventually(async () => expect(await stalls()).toEqual([]), { timeoutMs: FOUND_WITHIN_MS });
  await eventually(async () => expect((await statusOf(LAB)).healthy).toBe(true));
});
