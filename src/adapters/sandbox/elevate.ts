import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { ErrorCode } from "../../core/model/error-codes.ts";
import { HostError, MhlabError, OperationError } from "../../core/model/errors.ts";
import { findProgram } from "./programs.ts";
import type { StartedSandbox } from "./start.ts";
import type { StoppedSandbox } from "./stop.ts";

const KEPT = "HTTP_PROXY,HTTPS_PROXY,NO_PROXY,http_proxy,https_proxy,no_proxy";

/** One line that the privileged program writes. */
export type PrivilegedMessage<Result = unknown> =
  | { kind: "progress"; step: string }
  | { kind: "result"; result: Result }
  | {
      kind: "error";
      code: ErrorCode;
      message: string;
      hint?: string;
      state?: string;
      evidence: readonly string[];
    };

/** The result of each verb of the privileged program. */
export interface PrivilegedResults {
  start: StartedSandbox;
  stop: StoppedSandbox;
  purge: StoppedSandbox;
}

/** Whether this process is root. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** How root calls this mhlab: by its name only where that is sure to be found. */
export function selfCommand(): string {
  return findProgram("mhlab", "") === undefined
    ? `${process.execPath} ${process.argv[1] ?? "mhlab"}`
    : "mhlab";
}

/** The words that put sudo before a command; throws HostError with the command to type where sudo cannot ask. */
export function sudoWords(command: string): string[] {
  if (isRoot()) return [];
  const sudo = findProgram("sudo");
  if (sudo === undefined) {
    throw new HostError("MHLAB_NEEDS_ROOT", "the sandbox needs root, and there is no sudo", {
      hint: `as root: ${command}`,
      state: "Nothing was changed.",
    });
  }
  const canAsk = process.stdin.isTTY && process.stderr.isTTY;
  return [sudo, ...(canAsk ? ["-p", "[mhlab] password for %p, to run the sandbox: "] : ["-n"])];
}

/** Runs a verb of the privileged program through sudo and returns its result; errors arrive as they were thrown. */
export async function runPrivileged<Verb extends keyof PrivilegedResults>(
  verb: Verb,
  root: string,
  options: {
    privileged: string;
    onProgress?: ((step: string) => void) | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<PrivilegedResults[Verb]> {
  const command = `MHLAB_SANDBOX_DIR=${root} ${selfCommand()} sandbox ${verb === "purge" ? "stop --purge" : verb}`;
  const [program, ...words] = [...sudoWords(command), `--preserve-env=${KEPT}`, "--"];
  const child = spawn(program, [...words, process.execPath, options.privileged, verb, root], {
    stdio: ["inherit", "pipe", "inherit"],
  });
  // The child shares our terminal, so Ctrl-C reaches it as well. Another abort is passed on, where sudo lets us.
  child.on("error", () => {});
  const abort = (): void => void child.kill("SIGTERM");
  options.signal?.addEventListener("abort", abort, { once: true });
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
  let last: PrivilegedMessage<PrivilegedResults[Verb]> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const message: PrivilegedMessage<PrivilegedResults[Verb]> = JSON.parse(line);
    if (message.kind === "progress") options.onProgress?.(message.step);
    else last = message;
  }
  const code = await ended;
  options.signal?.removeEventListener("abort", abort);
  if (last?.kind === "result") return last.result;
  if (last?.kind === "error") throw new MhlabError(last.code, last.message, last);
  if (code === 1) {
    throw new HostError("MHLAB_NEEDS_ROOT", "the sandbox needs root, and sudo did not give it", {
      hint: `sudo ${command}`,
    });
  }
  throw new OperationError(
    "MHLAB_SANDBOX_PRIVILEGED",
    `the privileged part of mhlab ended with code ${code}`,
  );
}
