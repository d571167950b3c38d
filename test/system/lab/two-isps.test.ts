import { preferredOf } from "../../../src/core/render/cpe/host-addresses.ts";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { docker, eventually, inLabHost, labState, mhlab, PROJECT } from "../support/sandbox.ts";
import { containersOf, hostInterfaces, privateKeys, statusOf, succeed, useLabs } from "./fixture.ts";

useLabs();

const EXAMPLE = join(PROJECT, "examples/two-isps/lab.yaml");
const LAB = "two-isps";
interface UpResult {
  readonly status: LabStatus;
}

/** Interfaces of the lab host that are there for reasons of their own. */
let before: string[];
let ready: UpResult;

beforeAll(async () => {
  before = await hostInterfaces();
  ready = JSON.parse((await succeed(["up", EXAMPLE, "--json"])).stdout) as UpResult;
});

test("up returns when the host has an address of each provider", () => {
  const host = ready.status.cpes[0]?.hosts[0];
  expect(host?.addresses.map(({ provider, state }) => `${provider} ${state}`).sort()).toEqual([
    "alpha preferred",
    "beta preferred",
  ]);
  expect(host).toMatchObject({ ready: true, state: "running", defaultRouters: [{ address: "fe80::1" }] });
});

test("status --json has the contract's keys, and every one tells of a lab that works", async () => {
  // A lab is ready with its first handshake; the first echo through the tunnel comes up to 2 s later.
  await eventually(async () => expect((await statusOf(LAB)).providers[0]?.uplink.rttMs).not.toBeNull());
  const { code, stdout } = await mhlab(["status", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    lab: LAB,
    healthy: true,
    providers: [
      {
        name: "alpha",
        state: "running",
        uplink: {
          state: "up",
          backend: "userspace",
          interface: "wg-alpha",
          endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
          rxBytes: expect.any(Number) as number,
          txBytes: expect.any(Number) as number,
          rttMs: expect.any(Number) as number,
        },
        subscriber: { kind: "cpe", carrier: true },
        prefix: "2001:db8:a::/48",
        transfer: "2001:db8:a::/64",
        pool: "2001:db8:a:8000::/49",
        delegations: [
          {
            prefix: "2001:db8:a:8000::/56",
            via: expect.stringMatching(/^fe80::/) as string,
            duid: expect.any(String) as string,
            iaid: expect.any(Number) as number,
            preferredS: 1800,
            validS: 14400,
            routed: true,
          },
        ],
        restarts: { kea: 0 },
        faults: [],
        leaks: { up: 0, down: 0 },
      },
      { name: "beta", delegations: [{ prefix: "2001:db8:b:8000::/56", routed: true }] },
    ],
    cpes: [
      {
        name: "home",
        wans: [
          {
            provider: "alpha",
            defaultRouter: expect.stringMatching(/^fe80::/) as string,
            delegatedPrefix: "2001:db8:a:8000::/56",
          },
          { provider: "beta", delegatedPrefix: "2001:db8:b:8000::/56", reach: "yes" },
        ],
        hosts: [{ name: "home-host1", ready: true, defaultRouters: [{ address: "fe80::1" }] }],
      },
    ],
  });
});

test("a host has an address from each provider, and leaves by the one that its source belongs to", async () => {
  const { cpes } = await statusOf(LAB);
  const addresses = (cpes[0]?.hosts[0]?.addresses ?? []).map(({ address }) => address);
  for (const [provider, prefix] of [
    ["alpha", "2001:db8:a:80"],
    ["beta", "2001:db8:b:80"],
  ] as const) {
    const address = addresses.find((one) => one.startsWith(prefix));
    expect(address, `${provider} in ${addresses.join(" ")}`).toBeDefined();
    const curl = ["curl", "-sS", "-m", "5", "--interface", address ?? "", "http://[2001:db8::1]/"];
    const { stdout } = await succeed(["exec", "home-host1", "--", ...curl]);
    expect(stdout).toContain(`You are ${address} through ${provider}`);
  }
});

test("the bundled internet serves names and iperf3", async () => {
  const { stdout } = await succeed([
    "exec",
    "home-host1",
    "--",
    "curl",
    "-sS",
    "-m",
    "5",
    "http://whoami.example/",
  ]);
  expect(stdout).toMatch(/You are 2001:db8:[ab]:80.* through (alpha|beta)/);
  const iperf = await succeed(["exec", "home-host1", "--", "iperf3", "-c", "2001:db8::1", "-t", "1", "-J"]);
  expect(
    (JSON.parse(iperf.stdout) as { end: { sum_received: { bytes: number } } }).end.sum_received.bytes,
  ).toBeGreaterThan(0);
});

test("no private key is in any label, environment, argument or log", async () => {
  const keys = privateKeys(LAB);
  expect(keys.length).toBeGreaterThanOrEqual(4);
  const seen: string[] = [];
  for (const id of Object.values(await containersOf(LAB))) {
    const container = docker.getContainer(id);
    seen.push(JSON.stringify(await container.inspect()));
    seen.push((await container.logs({ stdout: true, stderr: true })).toString());
  }
  seen.push(
    (
      await inLabHost([
        "sh",
        "-c",
        "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'",
      ])
    ).stdout,
  );
  const { stdout, stderr } = await mhlab(["-v", "up", EXAMPLE]);
  seen.push(stdout, stderr);
  for (const key of keys) expect(seen.some((text) => text.includes(key))).toBe(false);
});

test("keys are private to their owner", () => {
  const folder = join(labState(), "labs", LAB, "keys");
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  expect(lstatSync(join(folder, "alpha.key")).mode & 0o777).toBe(0o600);
});

test("up again changes nothing", async () => {
  const containers = await containersOf(LAB);
  const { stderr } = await succeed(["up", EXAMPLE]);
  expect(stderr).toMatch(/nothing to (change|do)/i);
  expect(await containersOf(LAB)).toEqual(containers);
});

test("a provider's restart shows as degraded (exit 5) and heals within 10 s with no command from anybody", async () => {
  const { alpha } = await containersOf(LAB);
  await docker.getContainer(alpha ?? "").stop({ t: 3 });
  const { code, stdout } = await mhlab(["status", LAB, "--json"]);
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({
    healthy: false,
    providers: [{ name: "alpha", state: "stopped" }, {}],
  });
  // The delegation is gone: that is no fault of the host, whose old address only serves what it began.
  await eventually(async () => {
    const host = (await statusOf(LAB)).cpes[0]?.hosts[0];
    const old = host?.addresses.find(({ provider }) => provider === "alpha");
    expect(old).toMatchObject({ state: "deprecated", router: "fe80::1" });
    expect(Date.parse(old?.validUntil ?? "") - Date.now()).toBeGreaterThan(60_000);
    expect(host?.ready).toBe(true);
    expect(preferredOf(host?.addresses ?? []).map(({ address }) => address)).toEqual([
      expect.stringMatching(/^2001:db8:b:80/),
    ]);
  });
  await docker.getContainer(alpha ?? "").start();
  await docker.getContainer(alpha ?? "").restart({ t: 3 });
  await eventually(
    async () => {
      const status = await statusOf(LAB);
      expect(status).toMatchObject({
        healthy: true,
        cpes: [{ wans: [{ provider: "alpha", reach: "yes" }, {}] }],
      });
    },
    { timeoutMs: 10_000 },
  );
});

test.each(["home", "internet", "home-host1"])("docker restart of %s heals within 15 s", async (node) => {
  const containers = await containersOf(LAB);
  await docker.getContainer(containers[node] ?? "").restart({ t: 3 });
  await eventually(async () => expect(await statusOf(LAB)).toMatchObject({ healthy: true }), {
    timeoutMs: 15_000,
  });
});

test("logs tell what a provider did, exec passes the exit code on", async () => {
  const { stdout } = await succeed(["logs", "alpha"]);
  expect(stdout).toContain("ready");
  expect(await mhlab(["exec", "alpha", "--", "sh", "-c", "exit 7"])).toMatchObject({ code: 7 });
});

test("down leaves nothing but the keys, and the next up uses them", async () => {
  const key = (await statusOf(LAB)).providers[0]?.uplink.publicKey;
  await succeed(["down"]);
  expect(await containersOf(LAB)).toEqual({});
  await eventually(async () => expect(await hostInterfaces()).toEqual(before));
  await succeed(["up", EXAMPLE]);
  expect((await statusOf(LAB)).providers[0]?.uplink.publicKey).toBe(key);
  await succeed(["down", LAB, "--purge"]);
  expect(() => lstatSync(join(labState(), "labs", LAB, "keys"))).toThrow("ENOENT");
  await eventually(async () => expect(await hostInterfaces()).toEqual(before));
});
