import { spawn } from "node:child_process";

import { BIRTH_NAMESPACE } from "../../core/model/names.ts";
import { runner, type Outcome, type Request } from "./runner.ts";

/** A command that could not run or exited with an error; the message holds its own words, never its input. */
export class CommandError extends Error {
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(argv: readonly string[], exitCode: number | null, stderr: string) {
    super(`${argv.join(" ")}: ${stderr.trim() || `exit code ${exitCode}`}`);
    this.name = "CommandError";
    this.argv = argv;
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

export interface RunOptions {
  /** Text for standard input; where secrets go. */
  input?: string;
  /** Milliseconds until the command is killed; 30 s by default. */
  timeoutMs?: number;
}

/** Runs a command and returns its standard output; throws CommandError. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input, timeoutMs = 30_000 } = options;
  const request = { argv, input, timeoutMs };
  const { code, stdout, stderr } = await (runner.isThere ? runner.run(request) : runByNode(request));
  if (code !== 0) throw new CommandError(argv, code, stderr);
  return stdout;
}

/** The same where there is no runner: in tests of what runs commands. */
function runByNode({ argv, input, timeoutMs }: Request): Promise<Outcome> {
  const [program = "", ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** A command as run in the birth namespace. `ip netns exec` and `ip -n` would remount /sys, which AppArmor forbids. */
export function inBirth(argv: readonly string[]): string[] {
  return ["nsenter", `--net=${BIRTH_NAMESPACE}`, ...argv];
}

/** Runs a command that prints JSON; throws CommandError or SyntaxError. */
export async function runJson<T>(argv: readonly string[]): Promise<T[]> {
  const text = await run(argv);
  return text.trim() === "" ? [] : (JSON.parse(text) as T[]);
}
