import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cancelled, OperationError } from "../../core/model/errors.ts";
import { renderEngineConfig } from "./texts/engine-config.ts";
import { LAB_HOST_SCRIPT } from "./lab-host-script.ts";
import { writeOwnFile } from "./own-folder.ts";
import type { SandboxPaths } from "./paths.ts";
import { ROOT_MARK, findLabHost, isCode, livingProcess } from "./processes.ts";
import { SEARCH_PATH } from "./programs.ts";
import { recordLabHost } from "./state.ts";
import { askEngine } from "./status.ts";

const BIRTH_LIMIT_MS = 10_000;
const ENGINE_LIMIT_MS = 60_000;
/** A starting engine takes connections before it answers; asking again keeps an abort quick. */
const ANSWER_LIMIT_MS = 500;
const EVIDENCE_LINES = 15;
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

/** The namespaces of a lab host; its network namespace is made by its PID 1, after dockerd was forked off. */
const NAMESPACES = [
  "--pid",
  "--mount",
  "--uts",
  "--ipc",
  "--fork",
  "--mount-proc",
  "--propagation",
  "private",
];

/**
 * Starts the processes of a sandbox and waits until its engine answers; returns the pid of its PID 1.
 * Throws OperationError with the engine's last words; the caller clears what is left then.
 */
export async function launchLabHost(
  paths: SandboxPaths,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<number> {
  const { dataRoot, socket, cgroupParent } = { ...paths, dataRoot: paths.data };
  writeOwnFile(paths.config, renderEngineConfig({ dataRoot, socket, cgroupParent }));
  rotate(paths.log);
  rmSync(paths.socket, { force: true });

  const parent = spawnLabHost(paths, env);
  const pid = await waitFor("the lab host's namespaces", paths, BIRTH_LIMIT_MS, signal, () => {
    if (livingProcess(parent) === undefined) throw startFailure(paths, "its first process ended at once");
    return findLabHost(paths.root);
  });
  recordLabHost(paths, pid);
  await waitFor("its engine", paths, ENGINE_LIMIT_MS, signal, async () => {
    if (livingProcess(pid) === undefined) throw startFailure(paths, "its PID 1 ended");
    if (existsSync(`/proc/${pid}/root/run/mhlab/dockerd.exit`)) throw startFailure(paths, "dockerd ended");
    const engine = existsSync(paths.socket) ? await askEngine(paths.socket, ANSWER_LIMIT_MS) : undefined;
    return engine !== undefined && engine !== "denied" && engine.hasContainerd ? engine : undefined;
  });
  return pid;
}

/** The engine's log is opened by name: none may be there, not even a link to nowhere. */
function rotate(log: string): void {
  try {
    renameSync(log, `${log}.1`);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function spawnLabHost(paths: SandboxPaths, env: NodeJS.ProcessEnv): number {
  // From a file, so that process lists name it instead of showing all of it.
  const script = join(paths.root, "lab-host.sh");
  writeOwnFile(script, LAB_HOST_SCRIPT);
  rmSync(initLog(paths), { force: true });
  const output = openSync(initLog(paths), "wx", 0o644);
  try {
    const child = spawn("unshare", [...NAMESPACES, "--", "sh", "-eu", script, paths.root], {
      detached: true,
      cwd: "/",
      stdio: ["ignore", output, output],
      env: {
        ...Object.fromEntries(PROXY_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
        PATH: SEARCH_PATH,
        LANG: "C.UTF-8",
        [ROOT_MARK]: paths.root,
      },
    });
    child.unref();
    child.on("error", () => {}); // Without a pid the caller sees it.
    return child.pid ?? 0;
  } finally {
    closeSync(output);
  }
}

async function waitFor<T>(
  what: string,
  paths: SandboxPaths,
  limitMs: number,
  signal: AbortSignal | undefined,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (signal?.aborted === true) throw new Cancelled({ state: "The sandbox was not started." });
    if (found !== undefined) return found;
    if (performance.now() > deadline)
      throw startFailure(paths, `${what} did not answer in ${limitMs / 1000} s`);
    await sleep(40);
  }
}

function startFailure(paths: SandboxPaths, why: string): OperationError {
  const evidence = [initLog(paths), paths.log].flatMap((file) => lastLines(file, EVIDENCE_LINES));
  return new OperationError("MHLAB_SANDBOX_START", `the sandbox did not start: ${why}`, {
    evidence,
    ...(existsSync(paths.log) ? { hint: `the engine's whole log: ${paths.log}` } : {}),
    state: "Nothing is left running.",
  });
}

function initLog(paths: SandboxPaths): string {
  return join(paths.root, "init.log");
}

function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .slice(-count)
    .filter((line) => line !== "");
}
