/** `mhlab capture` on real packets, live and recorded; and that nothing of it stays behind in a container. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALPHA, BETA, succeed, useLabs, writeLab } from "./lab/fixture.ts";
import { splitPcapng } from "./support/pcapng.ts";
import { eventually, labState, mhlab, paths, PROJECT, run } from "./support/sandbox.ts";

useLabs();
const folder = mkdtempSync(join(tmpdir(), "mhlab-capture-"));
const file = join(folder, "packets.pcapng");
const PING = ["exec", "home-host1", "--", "ping", "-6", "-c", "3", "-i", "0.3", "-s", "1000", "2001:db8::1"];

beforeAll(async () => {
  await succeed([
    "up",
    writeLab("capture", [
      { ...ALPHA, more: "capture: true" },
      { ...BETA, subscriber: "{veth: to-beta}" },
    ]),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The names of the interfaces in the capture. */
const interfaces = (): string[] => splitPcapng(readFileSync(file)).map(({ name }) => name);

/** The packets of an interface of the capture, as tcpdump prints them. */
async function packets(device: string, filter: string): Promise<string[]> {
  const found = splitPcapng(readFileSync(file)).find(({ name }) => name === device);
  const single = join(folder, "single.pcap");
  writeFileSync(single, found?.pcap ?? "");
  const { stdout } = await run(["tcpdump", "-n", "-r", single, filter]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Command lines of the tcpdumps in a provider. */
async function tcpdumps(provider: string): Promise<string[]> {
  const { stdout } = await mhlab(["exec", provider, "--", "pgrep", "-a", "tcpdump"]);
  return stdout.split("\n").filter((line) => line !== "" && !line.includes("-i any"));
}

const start = (args: readonly string[], output: "ignore" | "pipe" = "ignore"): ReturnType<typeof spawn> =>
  spawn(process.execPath, [join(PROJECT, "bin/mhlab.js"), "capture", ...args], {
    env: { ...process.env, MHLAB_SANDBOX: "1", MHLAB_SANDBOX_DIR: paths.root, MHLAB_STATE_DIR: labState() },
    stdio: ["ignore", output, "ignore"],
  });

test("both sides of a provider are in one file, each packet under the name of its interface", async () => {
  const capture = succeed(["capture", "alpha", "-w", file, "--duration", "6s"]);
  await eventually(async () => expect(await tcpdumps("alpha")).toHaveLength(2));
  await succeed(PING);
  const { stderr } = await capture;
  expect(stderr).toMatch(/packets: (\d+ on (wg-alpha|sub0)(, )?){2} in /);
  expect(interfaces().sort()).toEqual(["sub0", "wg-alpha"]);
  // The host's three requests pass the subscriber link and then the tunnel.
  for (const device of ["sub0", "wg-alpha"]) {
    const requests = await packets(device, "icmp6 and ip6[40] == 128 and greater 1000");
    expect(requests.map((line) => / 2001:db8:a:8\S+ > (\S+): .*seq (\d),/.exec(line)?.slice(1))).toEqual(
      ["1", "2", "3"].map((sequence) => ["2001:db8::1", sequence]),
    );
  }
  expect(await tcpdumps("alpha")).toEqual([]);
});

test("one side and a filter leave the rest out", async () => {
  const capture = succeed([
    "capture",
    "alpha",
    "--uplink",
    "--filter",
    "icmp6",
    "-w",
    file,
    "--duration",
    "5s",
  ]);
  await eventually(async () => expect(await tcpdumps("alpha")).toHaveLength(1));
  await succeed(PING);
  await capture;
  expect(interfaces()).toEqual(["wg-alpha"]);
  expect((await packets("wg-alpha", "icmp6")).length).toBeGreaterThanOrEqual(6);
  expect(await packets("wg-alpha", "not icmp6")).toEqual([]);
});

test.each(["SIGINT", "SIGKILL"] as const)("%s ends tcpdump in the container too", async (signal) => {
  const capture = start(["beta", "-w", file]);
  const ended = new Promise((resolve) => capture.once("close", resolve));
  await eventually(async () => expect(await tcpdumps("beta")).toHaveLength(2));
  capture.kill(signal);
  expect(await ended).toBe(signal === "SIGINT" ? 0 : null);
  await eventually(async () => expect(await tcpdumps("beta")).toEqual([]), { timeoutMs: 5000 });
});

test("a reader that goes away ends tcpdump in the container too", async () => {
  const capture = start(["beta", "-w", "-"], "pipe");
  const ended = new Promise((resolve) => capture.once("close", resolve));
  await new Promise((resolve) => capture.stdout?.once("data", resolve));
  await eventually(async () => expect(await tcpdumps("beta")).toHaveLength(2));
  capture.stdout?.destroy();
  await ended;
  await eventually(async () => expect(await tcpdumps("beta")).toEqual([]), { timeoutMs: 5000 });
});

test("a recording has every packet since before the links were there", async () => {
  const statistics = (device: string): string => `/sys/class/net/${device}/statistics/[rt]x_packets`;
  const carried: Record<string, number> = {};
  for (const device of ["sub0", "wg-alpha"]) {
    const { stdout } = await succeed(["exec", "alpha", "--", "sh", "-c", `cat ${statistics(device)}`]);
    carried[device] = stdout.split("\n").reduce((sum, line) => sum + Number(line), 0);
  }
  await succeed(["capture", "alpha", "--recorded", "-w", file]);
  for (const { name, count } of splitPcapng(readFileSync(file))) {
    expect(carried[name]).toBeGreaterThan(0);
    expect(count).toBeGreaterThanOrEqual(carried[name] ?? Number.NaN);
  }
  expect(interfaces().sort()).toEqual(["sub0", "wg-alpha"]);
  // The CPE's first words, and the BNG's first advertisement.
  expect((await packets("sub0", "udp port 547 or udp port 546")).join("\n")).toMatch(
    /dhcp6 solicit[^]*dhcp6 reply/,
  );
  expect((await packets("sub0", "icmp6 and ip6[40] == 134")).length).toBeGreaterThan(0);
});

test("what cannot be captured is said with its reason", async () => {
  const wrongFilter = await mhlab(["capture", "alpha", "-w", file, "--filter", "udp port nowhere"]);
  expect(wrongFilter).toMatchObject({ code: 1 });
  expect(wrongFilter.stderr).toMatch(/error MHLAB_CAPTURE .*\n[^]*unknown port 'nowhere'[^]*pcap-filter/);
  const notRecorded = await mhlab(["capture", "beta", "--recorded", "-w", file]);
  expect(notRecorded).toMatchObject({ code: 1 });
  expect(notRecorded.stderr).toMatch(/error MHLAB_NOT_RECORDED [^]*capture: true/);
  const nobody = await mhlab(["capture", "nobody", "-w", file]);
  expect(nobody).toMatchObject({ code: 2 });
  expect(nobody.stderr).toContain("nobody");
  expect(await tcpdumps("alpha")).toEqual([]);
});
