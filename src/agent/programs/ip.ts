import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { CommandError, inBirth, run } from "./command.ts";
import { confined } from "./confine.ts";

const BATCH = ["ip", "-6", "-j", "-batch", "-"] as const;

/** Runs lines of `ip -6` in this namespace, up to the first that fails; throws CommandError. None may name a process, whose files are its user's. */
export async function runIp(lines: readonly string[]): Promise<void> {
  await runBatch(here(), lines);
}

/** The same in the birth namespace, where links are named that are nobody else's, and where a process may be named. */
export async function runIpInBirth(lines: readonly string[]): Promise<void> {
  await runBatch(inBirth(BATCH), lines);
}

/** Asks `ip -6` several questions; returns the entries of each answer, in their order. Throws CommandError or SyntaxError. */
export async function askIp(questions: readonly (readonly string[])[]): Promise<unknown[][]> {
  const lines = questions.map((words) => words.join(" "));
  const answers = (await runBatch(here(), lines)).trim().split("\n");
  return answers.map((line) => JSON.parse(line) as unknown[]);
}

/** Nobody else is its user: it may do what others of the group may not. */
function here(): string[] {
  return confined(BATCH, PROGRAMS.ip, { alone: "ip" });
}

async function runBatch(argv: readonly string[], lines: readonly string[]): Promise<string> {
  if (lines.length === 0) return "";
  try {
    return await run(argv, { input: `${lines.join("\n")}\n` });
  } catch (error) {
    // An error names the program, not who it runs as and where.
    throw error instanceof CommandError ? new CommandError(BATCH, error.exitCode, error.stderr) : error;
  }
}
