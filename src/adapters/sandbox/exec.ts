import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StateError } from "../../core/model/errors.ts";
import type { SandboxPaths } from "./paths.ts";
import { SEARCH_PATH } from "./programs.ts";
import { sandboxStatus } from "./status.ts";

/** Words that run a command in the namespaces of the lab host whose PID 1 the machine knows as `pid`; needs root. */
export function labHostCommand(pid: number, socket: string, argv: readonly string[]): string[] {
  const enter = ["nsenter", "-t", String(pid), "-m", "-n", "-p", "-u", "-i", `--wdns=${process.cwd()}`, "--"];
  return [...enter, "env", `DOCKER_HOST=unix://${socket}`, `PATH=${SEARCH_PATH}`, ...argv];
}

/** Runs a command in the lab host on our own stdin, stdout and stderr; returns its exit code, 128+n for a signal. */
export async function execInLabHost(
  paths: SandboxPaths,
  argv: readonly string[],
  sudo: readonly string[],
): Promise<number> {
  const { running, pid, problem } = await sandboxStatus(paths);
  if (!running || pid === null) {
    throw new StateError(
      "MHLAB_SANDBOX_STOPPED",
      `the sandbox is not running${problem === null ? "" : `: ${problem}`}`,
      {
        hint: "mhlab sandbox start",
      },
    );
  }
  const [program = "", ...words] = [...sudo, ...labHostCommand(pid, paths.socket, argv)];
  return await new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
