import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROJECT = "/opt/mhlab";

/** Runs a program and waits; its exit code is data. */
export function attempt(argv: readonly string[], timeoutMs = 60_000): Promise<Result> {
  const [program = "false", ...words] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      // To the console's log, for who looks into a failure.
      process.stderr.write(text);
    });
    child.once("error", (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.once("close", (code, signal) =>
      resolve({ code, stdout, stderr: signal === null ? stderr : `${stderr}\nended by ${signal}` }),
    );
  });
}

/** Runs a program and returns what it printed; throws what it complained of. */
export async function run(argv: readonly string[], timeoutMs?: number): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, timeoutMs);
  if (code === 0) return stdout;
  throw new Error(`${argv.join(" ")}: ${stderr.trim() || stdout.trim() || `exit code ${code}`}`);
}

/** Runs lines of shell; the first that fails ends it. */
export async function shell(script: string, timeoutMs?: number): Promise<string> {
  return await run(["sh", "-euc", script], timeoutMs);
}

/** Runs the real command line. */
export async function mhlab(words: readonly string[]): Promise<string> {
  return await run(mhlabWords(words), 420_000);
}

export function mhlabWords(words: readonly string[]): string[] {
  return ["node", `${PROJECT}/bin/mhlab.js`, ...words];
}

/** Tries until `look` does not throw; throws its last error when time is up. */
export async function eventually<T>(look: () => Promise<T>, timeoutMs: number, everyMs = 300): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(everyMs);
    }
  }
}

/** Throws unless both are the same, as JSON. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: is ${one}, should be ${other}`);
}

/** Throws unless it holds. */
export function holds(what: string, condition: boolean, evidence: unknown): void {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(evidence)}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
