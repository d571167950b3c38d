/** One `ip` that is told several things, in a network namespace of the test's own. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readLink } from "../../src/agent/net/link.ts";
import { IpSession, LineError } from "../../src/agent/programs/ip-session.ts";
import { askIp, forgetLinks, runIp } from "../../src/agent/programs/ip.ts";

// Its rights are tested where it runs; here it has those that it takes to enter a namespace.
vi.mock("../../src/agent/programs/confine.ts", () => ({ confined: (argv: readonly string[]) => argv }));

const IP = execFileSync("sh", ["-c", "command -v ip"], { encoding: "utf8" }).trim();
const PATH = process.env["PATH"];
/** A question that no link has anything to do with. */
const NOTHING = "neigh show dev lo nud permanent";

let folder: string;
let holder: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-ip-"));
  holder = spawn("unshare", ["--net", "sh", "-c", "echo there; exec sleep 600"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const network = `/proc/${holder.pid}/ns/net`;
  if (holder.stdout !== null) await once(holder.stdout, "data");
  // It stands before ip(8) in the PATH, goes to the namespace, and notes each start.
  const script = `#!/bin/sh\necho $$ >> ${folder}/starts\nexec nsenter --net=${network} ${IP} "$@"\n`;
  writeFileSync(join(folder, "ip"), script);
  chmodSync(join(folder, "ip"), 0o755);
  process.env["PATH"] = `${folder}:${PATH}`;
  makePort();
});

afterEach(() => {
  forgetLinks();
  process.env["PATH"] = PATH;
  holder.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers of the processes that were started. */
const starts = (): number[] =>
  existsSync(join(folder, "starts"))
    ? readFileSync(join(folder, "starts"), "utf8").trim().split("\n").map(Number)
    : [];
const isThere = (pid: number | undefined): boolean => existsSync(`/proc/${pid}`);

/** What somebody else does there. */
const inside = (words: string): string =>
  execFileSync("nsenter", [`--net=/proc/${holder.pid}/ns/net`, IP, ...words.split(" ")], {
    encoding: "utf8",
  });

function makePort(): void {
  inside("link add port type veth peer name far");
  inside("link set dev far up");
  inside("link set dev port up");
}

test("many things are told one program, each with its own answer; it ends when nobody says more", async () => {
  const [addresses] = await Promise.all([
    askIp([["addr", "show", "dev", "port"]]),
    runIp(["addr replace 2001:db8::1/64 dev port nodad", "route replace 2001:db8:1::/48 dev port"]),
    ...Array.from({ length: 40 }, (_, index) => runIp([`route replace 2001:db8:2:${index}::/64 dev port`])),
  ]);
  expect(addresses).toMatchObject([[{ ifname: "port" }]]);
  const [routes = [], neighbours] = await askIp([
    ["route", "show", "dev", "port"],
    ["neigh", "show", "dev", "port", "nud", "permanent"],
  ]);
  expect(routes.filter((route) => /^2001:db8:[12]:/.test((route as { dst: string }).dst))).toHaveLength(41);
  expect(neighbours).toEqual([]);
  expect(await readLink("port")).toMatchObject({
    ifname: "port",
    addr_info: [{ local: "2001:db8::1" }, { scope: "link" }],
  });
  const [only, ...others] = starts();
  expect(others).toEqual([]);
  expect(isThere(only)).toBe(true);
  await expect.poll(() => isThere(only), { timeout: 15_000 }).toBe(false);
  await runIp(["addr del 2001:db8::1/64 dev port"]);
  expect(starts()).toHaveLength(2);
});

test("a link without any address is told of, one that is not there is not", async () => {
  inside("addr flush dev port");
  expect(await readLink("port")).toMatchObject({ ifname: "port", addr_info: [], mtu: 1500 });
  expect(await readLink("nowhere")).toBeUndefined();
});

test("a line that fails ends what is after it, not what was said beside it", async () => {
  const session = new IpSession(["ip", "-6", "-j", "-batch", "-"]);
  const talks = await Promise.allSettled([
    session.talk(["route add 2001:db8:1::/48 dev port", NOTHING], 1),
    session.talk(
      [
        "route add 2001:db8:2::/48 dev port",
        "route add 2001:db8:1::/48 dev port",
        "route add 2001:db8:3::/48 dev port",
        NOTHING,
      ],
      1,
    ),
    session.talk(["route add 2001:db8:4::/48 dev port", NOTHING], 1),
  ]);
  session.end();
  expect(talks.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const reason = talks.flatMap((talk) => (talk.status === "rejected" ? [talk.reason as unknown] : []));
  expect(reason).toMatchObject([expect.any(LineError)]);
  expect(reason).toMatchObject([{ line: 1, stderr: expect.stringContaining("File exists") as string }]);
  expect(
    inside("-6 route show dev port")
      .split("\n")
      .flatMap((line) => /^2001:db8:\d::/.exec(line) ?? []),
  ).toEqual(["2001:db8:1::", "2001:db8:2::", "2001:db8:4::"]);
  // What is no line of ip at all.
  await expect(runIp(["route add nonsense dev port"])).rejects.toThrow(
    'ip -6 -batch -: Error: inet6 prefix is expected rather than "nonsense".',
  );
  await expect(askIp([["route", "show", "dev", "nowhere"]])).rejects.toThrow('Cannot find device "nowhere"');
});

test("a link that came back is the one that is meant, and what was done is not done twice", async () => {
  await runIp(["addr replace 2001:db8::1/64 dev port nodad"]);
  inside("link del dev port");
  makePort();
  // The first line has nothing to do with it, and could not be done again.
  await runIp(["route add unreachable 2001:db8:9::/48", "addr add 2001:db8::2/64 dev port nodad"]);
  expect(inside("-6 addr show dev port")).toContain("2001:db8::2/64");
  expect(inside("-6 route show")).toContain("unreachable 2001:db8:9::/48");
  inside("link del dev port");
  makePort();
  // The monitor of links tells it.
  forgetLinks();
  expect((await readLink("port"))?.addr_info).toMatchObject([{ scope: "link" }]);
});

test("one that is killed is no loss, one that cannot be started is an error", async () => {
  await runIp(["addr replace 2001:db8::1/64 dev port nodad"]);
  const [pid = 0] = starts();
  process.kill(pid, "SIGSTOP");
  const both = Promise.all([
    runIp(["addr replace 2001:db8::2/64 dev port nodad"]),
    runIp(["addr replace 2001:db8::3/64 dev port nodad"]),
  ]);
  process.kill(pid, "SIGKILL");
  await both;
  const held = inside("-6 addr show dev port");
  for (const address of [1, 2, 3]) expect(held).toContain(`2001:db8::${address}/64`);
  process.env["PATH"] = "/nowhere";
  forgetLinks();
  await expect(runIp(["addr del 2001:db8::1/64 dev port"])).rejects.toThrow("spawn ip ENOENT");
});
