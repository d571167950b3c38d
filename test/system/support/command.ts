import { execa } from "execa";

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  timeoutMs?: number;
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  /** Give a failure back as a result; else it is thrown, with what the command said. */
  check?: boolean;
}

/** Runs a program and waits for it; throws when it fails, unless `check` is false. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { timeoutMs = 60_000, env = {}, cwd, input, check = true } = options;
  const [program = "false", ...words] = argv;
  const result = await execa(program, words, {
    reject: false,
    timeout: timeoutMs,
    env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
  });
  const code = result.exitCode ?? 255;
  if (check && result.failed) {
    const why = result.timedOut ? `no end after ${timeoutMs} ms` : `exit code ${code}`;
    throw new Error(`${argv.join(" ")}: ${why}\n${result.stdout}\n${result.stderr}`);
  }
  return { code, stdout: result.stdout, stderr: result.stderr };
}
