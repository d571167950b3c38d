/** The kernel allows a user 128 inotify instances on the whole machine: a lab of a hundred nodes has to do with fewer. */
import { execa } from "execa";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { inContainer } from "../support/host-link.ts";
import { inLabHost, PROJECT } from "../support/sandbox.ts";
import { statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

/** The agents of the lab by their roles, those marked that hold an inotify instance. */
const AGENTS = `for process in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' < $process/cmdline 2> /dev/null)
  case $words in *'agent.js '*) ;; *) continue ;; esac
  case $words in *catatonit*) continue ;; esac
  role=\${words##*agent.js }
  ls -l $process/fd | grep -q inotify && echo "$role holds" || echo "$role none"
done`;

beforeAll(async () => {
  await succeed(["up", join(PROJECT, "examples/two-isps/lab.yaml")]);
});

test("no agent of any role holds an inotify instance", async () => {
  const { stdout } = await inLabHost(["sh", "-c", AGENTS]);
  const lines = stdout
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  expect(lines.sort()).toEqual(["bng none", "bng none", "cpe none", "host none", "internet none"]);
});

/** Takes what the kernel still gives each user, but for some, until its input ends: argv is how many, and the users. */
const HOLDER = `
import ctypes, os, resource, sys
libc = ctypes.CDLL(None)
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
left, *users = map(int, sys.argv[1:])
for user in sorted(users, reverse=True):
    os.seteuid(0)
    os.seteuid(user)
    held = []
    while (found := libc.inotify_init1(os.O_CLOEXEC)) >= 0:
        held.append(found)
    for one in held[-left:]:
        os.close(one)
print("held", flush=True)
sys.stdin.read()
`;
const LEFT = 4;

/** Leaves so few instances to every user of the BNG's image until the test ends. */
async function holdInstances(): Promise<void> {
  const passwd = await inContainer("mhlab-two-isps-alpha", ["cat", "/etc/passwd"]);
  const users = passwd
    .trim()
    .split("\n")
    .map((line) => line.split(":")[2] ?? "");
  const holder = execa("python3", ["-c", HOLDER, String(LEFT), ...users], { reject: false, buffer: false });
  onTestFinished(async () => {
    holder.stdin.end();
    await holder;
  });
  for await (const line of createInterface({ input: holder.stdout })) {
    if (line === "held") return;
  }
  throw new Error("what holds the instances ended");
}

test("a lab of more nodes comes up than there are instances left", async () => {
  await holdInstances();
  const providers = Array.from({ length: 3 * LEFT }, (_, index) => ({
    name: `p${index}`,
    number: `${index + 1}`,
    subscriber: `{veth: many-${index}}`,
  }));
  await succeed(["up", writeLab("many", providers), "--timeout", "60"]);
  expect((await statusOf("many")).healthy).toBe(true);
});
