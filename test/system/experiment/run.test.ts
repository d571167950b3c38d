/** `mhlab run` on a real lab: what it measures against an independent capture, and what is left of runs that end early. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { verify } from "../../second/verify.mjs";
import { faultyLab } from "../faults/fixture.ts";
import { labFolder, startMhlab, succeed, useLabs } from "../lab/fixture.ts";
import { docker, eventually, mhlab, PROJECT } from "../support/sandbox.ts";
import { splitPcapng } from "../support/pcapng.ts";
import { recordStamp, type CapturedPacket } from "./fixture.ts";

useLabs();

const LAB = "two-isps";
const HOST = "home-host1";
const LAB_FILE = join(PROJECT, "examples/two-isps/lab.yaml");
const { faults } = faultyLab(LAB);

beforeAll(() => succeed(["up", LAB_FILE]));

/** Writes a scenario of this lab, and where a run of it goes. */
function scenario(name: string, text: string): { file: string; out: string } {
  const file = join(labFolder(), `${name}.yaml`);
  writeFileSync(file, `name: ${name}\nlab: ${LAB_FILE}\nsettle: 2s\nprobes: {every: 50ms}\n${text}`);
  return { file, out: join(labFolder(), name) };
}

const recordIn = (folder: string): RunRecord =>
  readRecord((name) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined,
  );

function isSealed(folder: string): void {
  execFileSync("sha256sum", ["--check", "--quiet", "--strict", "SHA256SUMS"], { cwd: folder });
}

interface SeenOutage {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly lost: number;
}

/** Outages of one source as packets show them: from a request without a reply to the next one with one. */
function outagesIn(packets: readonly CapturedPacket[], source: string): SeenOutage[] {
  const own = packets.filter((one) => one.source === source);
  const replied = new Set(
    own.filter(({ way }) => way === "reply").map(({ session, seq }) => `${session} ${seq}`),
  );
  const found: SeenOutage[] = [];
  let open: { fromNs: bigint; lost: number } | undefined;
  for (const { way, session, seq, atNs } of own) {
    if (way !== "request") continue;
    if (!replied.has(`${session} ${seq}`))
      open = { fromNs: open?.fromNs ?? atNs, lost: (open?.lost ?? 0) + 1 };
    else if (open !== undefined) {
      found.push({ ...open, toNs: atNs });
      open = undefined;
    }
  }
  return found;
}

test("an outage begins, ends and loses as an independent capture saw it, and the verdicts are those", async () => {
  const { file, out } = scenario(
    "dead-uplink",
    `steps:
  - {id: dead, at: 2s, fault: upstream-blackhole, provider: alpha, for: 3s}
  - {id: ask, at: 3s, run: [ip, "-6", route], in: ${HOST}, save: routes.txt}
  - {mark: in the middle}
  - {at: 4s, wait: {reaches: 2001:db8::1, from: ${HOST}, source: alpha}, within: 20s}
expect:
  - {id: gap, outage: at most 10s, from: ${HOST}, source: alpha}
  - {id: beta, reaches: 2001:db8::1, from: ${HOST}, source: beta, while: [0s, 5s]}
  - {id: asked, exit: 0, of: ask}
  - {id: ns, wire: icmp6 or udp, in: ${HOST}, count: at least 10}
  - {leaks: 0}
`,
  );
  // A run recreates the host before it begins, and then looks on for a while before anything is done.
  const running = startMhlab(["run", file, "--out", out, "--json"]);
  await eventually(() => expect(existsSync(join(out, "events.ndjson"))).toBe(true), { timeoutMs: 120_000 });
  const capture = await recordStamp(LAB, HOST, "eth0");
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode, `mhlab run\n${stderr}`).toBe(0);
  const packets = await capture.stop();
  const { verdicts, folder } = JSON.parse(stdout) as Pick<RunRecord, "verdicts"> & { folder: string };
  expect([folder, verdicts.map(({ result }) => result)]).toEqual([out, Array(5).fill("passed")]);
  isSealed(out);

  const record = recordIn(out);
  const [outage, ...more] = record.outages.filter(
    ({ node, source }) => node === HOST && source.startsWith("2001:db8:a:"),
  );
  expect(more).toEqual([]);
  const startNs = BigInt(record.startedNs);
  const seen = outagesIn(packets, outage?.source ?? "").find(({ fromNs }) => fromNs >= startNs);
  const sinceStart = (ns: bigint | undefined): number => Number((ns ?? 0n) - startNs) / 1e9;
  expect(Math.abs((outage?.fromS ?? NaN) - sinceStart(seen?.fromNs))).toBeLessThan(0.02);
  expect(Math.abs((outage?.toS ?? NaN) - sinceStart(seen?.toNs))).toBeLessThan(0.02);
  expect(outage?.lost).toBe(seen?.lost);

  // The band is when the provider says that it failed; probes are 50 ms apart.
  const band = record.bands.find(({ kind }) => kind === "fault");
  expect(outage?.fromS).toBeGreaterThan((band?.fromS ?? NaN) - 0.1);
  expect(band?.toS).not.toBeNull();
  expect(record.steps.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "done"]);
  expect(readFileSync(join(out, "routes.txt"), "utf8")).toContain("default");
  expect(Object.keys(record.machine.images)).toEqual(
    expect.arrayContaining(["alpha", "beta", "home", HOST, "internet"]),
  );
  const { clock, hardware, load, packages, commit } = record.machine;
  expect(clock.uncertaintyMs).toBeLessThan(50);
  expect([hardware.cores, commit]).toEqual([expect.any(Number), expect.stringMatching(/^[0-9a-f]{40}/)]);
  expect(hardware.memoryBytes).toBeGreaterThan(2 ** 28);
  expect(load.samples).toBeGreaterThan(2);
  expect(load.mostBusy).toBeGreaterThan(0);
  expect(Object.assign({}, ...Object.values(packages))).toMatchObject({
    "kea-dhcp6-server": expect.stringMatching(/^\d/) as string,
    bird2: expect.stringMatching(/^\d/) as string,
    node: expect.stringMatching(/^\d+\.\d+/) as string,
  });
  expect(readFileSync(join(out, "README.md"), "utf8")).toContain("| `routes.txt` |");
});

test("captures of every link have the steps as comments", () => {
  const folder = join(labFolder(), "dead-uplink");
  const names = (file: string): string[] =>
    splitPcapng(readFileSync(join(folder, file))).map(({ name }) => name);
  expect(names("alpha.pcapng").sort()).toEqual(["sub0", "wg-alpha"]);
  expect(names("home-lan.pcapng")).toHaveLength(1);
  const bytes = readFileSync(join(folder, "home-lan.pcapng"));
  for (const said of ["dead: mhlab fault inject upstream-blackhole alpha --for 3s", "mark: in the middle"])
    expect(bytes.includes(said)).toBe(true);
});

test("a run again from its folder comes to the same", async () => {
  const before = join(labFolder(), "dead-uplink");
  const { stdout } = await succeed(["run", "--replay", before, "--out", `${before}-again`, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ replayOf: before, same: true });
  expect(recordIn(`${before}-again`).scenario).toEqual(recordIn(before).scenario);
});

const ENDLESS = `steps:
  - {id: dead, at: 1s, fault: upstream-blackhole, provider: alpha}
  - {id: long, run: [sleep, "300"], in: ${HOST}, save: never.txt, limit: 400s}
  - {mark: never}
`;

/** Starts an endless run, and lets a test end it once its fault is in force. */
async function endless(name: string): Promise<{ child: ReturnType<typeof startMhlab>; out: string }> {
  const { file, out } = scenario(name, ENDLESS);
  const child = startMhlab(["run", file, "--out", out]);
  await eventually(
    () => {
      const events = readFileSync(join(out, "events.ndjson"), "utf8");
      if (!events.includes('"event":"step-begin","step":{"id":"long"')) throw new Error(events);
    },
    { timeoutMs: 60_000 },
  );
  expect(await faults("alpha")).toHaveLength(1);
  return { child, out };
}

test("Ctrl-C leaves no fault, no process and a record that is valid and partial", async () => {
  const { child, out } = await endless("interrupted");
  child.kill("SIGINT");
  const { exitCode: code } = await child;
  expect([code, await faults("alpha")]).toEqual([130, []]);
  isSealed(out);
  const { partial, steps, probes, durationS } = recordIn(out);
  expect([partial, ...steps.map(({ outcome }) => outcome)]).toEqual([true, "done", "failed", "not-reached"]);
  expect(probes.length).toBeGreaterThan(0);
  expect(Math.max(...probes.map(({ sentNs }) => sentNs / 1e9))).toBeLessThanOrEqual(durationS);
  await eventually(async () => {
    const { code: found } = await faultyLab(LAB).inside(HOST, ["pgrep", "-x", "sleep"]);
    expect(found).toBe(1);
  });
});

test("Ctrl-C before t=0 leaves no folder", async () => {
  const { file, out } = scenario("early", ENDLESS);
  const child = startMhlab(["run", file, "--out", out]);
  await eventually(() => expect(existsSync(join(out, "events.ndjson"))).toBe(true), {
    timeoutMs: 120_000,
    everyMs: 20,
  });
  child.kill("SIGINT");
  const { exitCode } = await child;
  expect([exitCode, existsSync(out)]).toEqual([130, false]);
});

/** The CPE sends what is of beta by alpha. */
const FOREIGN = `steps:
  - {at: 1s, id: wrong, run: [ip, "-6", rule, add, priority, "500", from, "2001:db8:b:8000::/49", lookup, "100"], in: home}
settle: 4s
expect:
  - {id: none, leaks: 0}
`;

test.each([
  ["reject", false],
  ["off", true],
])("foreign packets at a port with `source-validation: %s` are leaks", async (mode, passesOn) => {
  const lab = join(labFolder(), `lab-${mode}.yaml`);
  const text = readFileSync(LAB_FILE, "utf8").replace(/^name: .*$/m, `name: port-${mode}`);
  writeFileSync(lab, text.replace(/^( +)(prefix: 2001:db8:a::\/48)$/m, `$1$2\n$1source-validation: ${mode}`));
  const file = join(labFolder(), `foreign-${mode}.yaml`);
  writeFileSync(file, `name: foreign-${mode}\nlab: ${lab}\nprobes: {every: 50ms}\n${FOREIGN}`);
  const out = join(labFolder(), `foreign-${mode}`);
  const { code } = await mhlab(["run", file, "--out", out, "--down", "--json"]);
  const { verdicts, leaks } = recordIn(out);
  expect([code, verdicts[0]?.result]).toEqual([1, "failed"]);
  expect(leaks["alpha"]?.up).toBeGreaterThan(20);
  expect(leaks["alpha"]?.addresses[0]).toMatchObject({ direction: "up", provider: "beta" });
  const foreign = "frame.interface_name == wg-alpha and ipv6.src#1 == 2001:db8:b:8000::/49";
  const passed = execFileSync("tshark", ["-n", "-r", join(out, "alpha.pcapng"), "-Y", foreign], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = passed.split("\n").length - 1;
  expect(passesOn ? lines > 20 : lines).toBe(passesOn ? true : 0);
  expect(verify(out).differences).toEqual([]);
});

/** More than the run's keepalive. */
const GONE = { timeoutMs: 15_000 };

test("a fault lasts as long as its run, ends soon after one that was killed, and what was known is left", async () => {
  const { child, out } = await endless("killed");
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(await faults("alpha")).toMatchObject([{ endsAt: null, keepaliveS: 10 }]);
  child.kill("SIGKILL");
  await child;
  await eventually(async () => expect(await faults("alpha")).toEqual([]), GONE);
  const { partial, steps } = recordIn(out);
  expect([partial, steps.map(({ id, outcome }) => [id, outcome])]).toEqual([true, [["dead", "done"]]]);
  expect(existsSync(join(out, "SHA256SUMS"))).toBe(false);
  expect(existsSync(join(out, "alpha.pcapng.part"))).toBe(true);
  // The next run begins with a lab as its file says.
  const { file, out: next } = scenario("after", "steps:\n  - {mark: fine}\n");
  await succeed(["run", file, "--out", next]);
  expect(await faults("alpha")).toEqual([]);
});

test("a run that stood still says that its fault did not last", async () => {
  const { child, out } = await endless("stopped");
  child.kill("SIGSTOP");
  await eventually(async () => expect(await faults("alpha")).toEqual([]), GONE);
  child.kill("SIGCONT");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill("SIGINT");
  await child;
  const { steps, bands } = recordIn(out);
  expect(steps[0]).toMatchObject({ id: "dead", outcome: "failed" });
  expect(steps[0]?.detail).toMatch(/^the fault ended after 1\d\.\d s, because mhlab stood still/);
  expect(bands.find(({ kind }) => kind === "fault")?.toS).toBeGreaterThan(9);
});

test("what the kernel lacks is said before anything is begun", async () => {
  const { inside } = faultyLab(LAB);
  const netem = (await inside("alpha", ["tc", "qdisc", "add", "dev", "lo", "root", "netem"])).code === 0;
  if (netem) await inside("alpha", ["tc", "qdisc", "del", "dev", "lo", "root"]);
  const { file, out } = scenario("line", "steps:\n  - {fault: line-delay, provider: alpha, for: 1s}\n");
  const { code, stderr } = await mhlab(["run", file, "--out", out]);
  expect([code, existsSync(out), stderr.includes("cannot be injected here: the kernel lacks")]).toEqual(
    netem ? [0, true, false] : [3, false, true],
  );
});

test("nothing passes while the host that it is about was dead", async () => {
  const { file, out } = scenario(
    "dead-sender",
    `steps:
  - {at: 2s, id: die, restart: ${HOST}, how: kill}
  - {at: 6s, id: back, restart: ${HOST}, how: start}
expect:
  - {reaches: 2001:db8::1, from: ${HOST}, source: beta, while: [1s, 5s]}
  - {outage: at most 0s, from: ${HOST}, source: beta}
  - {loss: at most 0%, from: ${HOST}, source: beta}
  - {failover: at most 100ms, from: ${HOST}, after: die}
  - {address: beta, at: ${HOST}, is: preferred, while: [1s, 5s]}
`,
  );
  const { code } = await mhlab(["run", file, "--out", out, "--json"]);
  const { verdicts, probing } = recordIn(out);
  // What a busy machine really loses after the start may fail as well.
  expect([code, verdicts.filter(({ result }) => result === "passed")]).toEqual([1, []]);
  expect(verdicts[0]?.result).toBe("inconclusive");
  expect(verdicts[0]?.measured).toMatch(/^nothing was sent by home-host1 from [12](\.\d+)? s to /);
  expect(probing.find(({ node }) => node === HOST)?.gaps).not.toEqual([]);
});

test("a run with its images runs them again after the engine lost them", async () => {
  const { file, out } = scenario("images", "steps:\n  - {at: 1s, mark: x}\nexpect:\n  - {leaks: 0}\n");
  await succeed(["run", file, "--out", out, "--with-images"]);
  isSealed(out);
  const { images } = recordIn(out).machine;
  const references = [...new Set(Object.values(images).map((image) => image.split(" ")[0] ?? ""))];
  await succeed(["down", LAB]);
  for (const reference of references) await docker.getImage(reference).remove({ force: true });
  const { code, stderr } = await mhlab(["run", "--replay", out, "--out", `${out}-again`, "--with-images"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("from images.tar")]);
  expect(stderr).not.toContain("building");
  expect(recordIn(`${out}-again`).machine.images).toEqual(images);
}, 300_000);
