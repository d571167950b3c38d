/** Several lines for one `ip`, in a network namespace of the test's own. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readLink } from "../../src/agent/net/link.ts";
import { askIp, runIp } from "../../src/agent/programs/ip.ts";

// Its rights are tested where it runs; here it has those that it takes to enter a namespace.
vi.mock("../../src/agent/programs/confine.ts", () => ({ confined: (argv: readonly string[]) => argv }));

const IP = execFileSync("sh", ["-c", "command -v ip"], { encoding: "utf8" }).trim();
const PATH = process.env["PATH"];

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
  process.env["PATH"] = PATH;
  holder.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** How many programs were started. */
const starts = (): number => readFileSync(join(folder, "starts"), "utf8").trim().split("\n").length;

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

test("several lines are one program's, and each question has its own answer", async () => {
  await runIp(["addr replace 2001:db8::1/64 dev port nodad", "route replace 2001:db8:1::/48 dev port"]);
  expect(starts()).toBe(1);
  const [routes = [], neighbours] = await askIp([
    ["route", "show", "dev", "port"],
    ["neigh", "show", "dev", "port", "nud", "permanent"],
  ]);
  expect(starts()).toBe(2);
  expect(routes).toContainEqual(expect.objectContaining({ dst: "2001:db8:1::/48" }));
  expect(neighbours).toEqual([]);
  expect(await readLink("port")).toMatchObject({
    ifname: "port",
    addr_info: [{ local: "2001:db8::1" }, { scope: "link" }],
  });
});

test("a link without any address is told of, one that is not there is not", async () => {
  inside("addr flush dev port");
  expect(await readLink("port")).toMatchObject({ ifname: "port", addr_info: [], mtu: 1500 });
  expect(await readLink("nowhere")).toBeUndefined();
});

test("a line that fails ends what is after it", async () => {
  await runIp(["route add 2001:db8:1::/48 dev port"]);
  await expect(
    runIp([
      "route add 2001:db8:2::/48 dev port",
      "route add 2001:db8:1::/48 dev port",
      "route add 2001:db8:3::/48 dev port",
    ]),
  ).rejects.toMatchObject({ stderr: expect.stringContaining("File exists") as string });
  const routes = inside("-6 route show dev port").split("\n");
  expect(routes.flatMap((line) => /^2001:db8:\d::/.exec(line) ?? [])).toEqual([
    "2001:db8:1::",
    "2001:db8:2::",
  ]);
  // What is no line of ip at all.
  await expect(runIp(["route add nonsense dev port"])).rejects.toThrow(
    'ip -6 -j -batch -: Error: inet6 prefix is expected rather than "nonsense".',
  );
  await expect(askIp([["route", "show", "dev", "nowhere"]])).rejects.toThrow('Cannot find device "nowhere"');
});

test("a program that cannot be started is an error", async () => {
  process.env["PATH"] = "/nowhere";
  await expect(runIp(["addr del 2001:db8::1/64 dev port"])).rejects.toThrow("spawn ip ENOENT");
});
