/** What another user of the machine can put in the sandbox's way. The processes run as `nobody`. */
import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sandboxExec, sandboxPaths, sandboxStatus } from "../../../src/adapters/sandbox/sandbox.ts";
import { bootId, findLabHost, livingProcess, ROOT_MARK } from "../../../src/adapters/sandbox/processes.ts";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { labHostPid } from "../../../src/adapters/sandbox/state.ts";
import { stopAsRoot } from "../../../src/adapters/sandbox/stop.ts";
import { eventually } from "../support/sandbox.ts";

const NOBODY = 65_534;
const strangers: ChildProcess[] = [];
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "mhlab-trust-"));
  chmodSync(place, 0o755);
});
afterEach(() => {
  for (const stranger of strangers.splice(0)) stranger.kill("SIGKILL");
  const started = findLabHost(join(place, "sandbox"));
  if (started !== undefined) process.kill(started, "SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

/** A process that wears the mark of a sandbox as the PID 1 of a namespace; its pid as the machine sees it. */
async function pretender(root: string): Promise<number> {
  const words = [...AS_NOBODY, "--fork", "--kill-child", "--mount-proc", "sleep", "300"];
  const child = spawn("setpriv", words, { env: { ...process.env, [ROOT_MARK]: root }, stdio: "ignore" });
  strangers.push(child);
  return await eventually(() => {
    const found = readdirSync("/proc").find((pid) => {
      const stat = /^\d+$/.test(pid) ? livingProcess(Number(pid)) : undefined;
      return stat?.parent === child.pid && stat?.command === "sleep";
    });
    if (found === undefined) throw new Error("the pretender does not run yet");
    return Number(found);
  });
}

const AS_NOBODY = [
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
  "unshare",
  "--user",
  "--map-root-user",
  "--pid",
  "--mount",
];

test("a user's process that wears the mark is no lab host, and no command runs in it", async () => {
  const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: join(place, "sandbox") });
  await pretender(paths.root);
  expect(findLabHost(paths.root)).toBeUndefined();
  await expect(sandboxExec(paths, ["true"])).rejects.toMatchObject({ code: "MHLAB_SANDBOX_STOPPED" });
});

test("nor is it one when it was written down", async () => {
  const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: join(place, "sandbox") });
  const pid = await pretender(paths.root);
  mkdirSync(paths.root);
  const identity = { pid, startTime: livingProcess(pid)?.startTime, bootId: bootId() };
  writeFileSync(paths.state, JSON.stringify(identity));
  expect(labHostPid(paths)).toBeUndefined();
  await stopAsRoot({ paths });
  expect(livingProcess(pid)).toBeDefined();
});

test("nor a process of root on another root, as in a container whose image wears the mark", async () => {
  const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: join(place, "sandbox") });
  const root = join(place, "root");
  mkdirSync(root);
  const script = [
    `mount -t tmpfs none ${root} && cd ${root}`,
    "mkdir usr && mount --bind /usr usr && ln -s usr/lib usr/lib64 usr/bin .",
    "exec chroot . sleep 300",
  ].join(" && ");
  const child = spawn(
    "unshare",
    ["--pid", "--mount", "--fork", "--kill-child", "--propagation=private", "sh", "-c", script],
    {
      env: { ...process.env, [ROOT_MARK]: paths.root },
      stdio: "ignore",
    },
  );
  strangers.push(child);
  await eventually(() => {
    const found = readdirSync("/proc").some(
      (pid) =>
        /^\d+$/.test(pid) &&
        livingProcess(Number(pid))?.parent === child.pid &&
        livingProcess(Number(pid))?.command === "sleep",
    );
    expect(found).toBe(true);
  });
  expect(findLabHost(paths.root)).toBeUndefined();
});

const victim = (): string => join(place, "victim");
const hostile: [string, (root: string) => void][] = [
  [
    "a folder that another user made",
    (root) => {
      mkdirSync(root);
      symlinkSync(victim(), join(root, "daemon.json"));
      chownSync(root, NOBODY, NOBODY);
    },
  ],
  [
    "a folder in one that all may write to",
    (root) => {
      mkdirSync(root);
      chmodSync(place, 0o777);
    },
  ],
  [
    "a link of another user to a folder of root",
    (root) => {
      mkdirSync(`${root}.real`);
      symlinkSync(`${root}.real`, root);
      lchownSync(root, NOBODY, NOBODY);
    },
  ],
  [
    "a link in root's own folder",
    (root) => {
      mkdirSync(root);
      symlinkSync(victim(), join(root, "lab-host.sh"));
    },
  ],
  [
    "a link to nowhere for the engine's log",
    (root) => {
      mkdirSync(root);
      symlinkSync(join(place, "not-there"), join(root, "dockerd.log"));
    },
  ],
  [
    "a file of another user in root's own folder",
    (root) => {
      mkdirSync(root);
      writeFileSync(join(root, "state.json"), "{}");
      chownSync(join(root, "state.json"), NOBODY, NOBODY);
    },
  ],
];

test.each(hostile)("%s: root neither starts nor stops there", async (_, make) => {
  const root = join(place, "sandbox");
  writeFileSync(victim(), "precious");
  make(root);
  const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: root });
  const refused = { code: "MHLAB_SANDBOX_UNSAFE", exitCode: 3 };
  await expect(startAsRoot({ paths })).rejects.toMatchObject(refused);
  await expect(stopAsRoot({ paths, purge: true })).rejects.toMatchObject(refused);
  expect(readFileSync(victim(), "utf8")).toBe("precious");
  expect(existsSync(join(place, "not-there"))).toBe(false);
  expect(await sandboxStatus(paths)).toMatchObject({ running: false });
});

test("files of root are written anew, and what was in their place is not followed", async () => {
  const { writeOwnFile } = await import("../../../src/adapters/sandbox/own-folder.ts");
  writeFileSync(victim(), "precious");
  const file = join(place, "daemon.json");
  symlinkSync(victim(), file);
  symlinkSync(victim(), `${file}.new`);
  writeOwnFile(file, "{}");
  expect([readFileSync(file, "utf8"), readFileSync(victim(), "utf8")]).toEqual(["{}", "precious"]);
});
