import { spawn } from "node:child_process";

import { KeptProgram } from "./kept-program.ts";
import { runner } from "./runner.ts";

/** Starts a program that is kept; rejects when it cannot be started. */
export async function keep(argv: readonly string[]): Promise<KeptProgram> {
  return await (runner.isThere ? runner.keep(argv) : keepByNode(argv));
}

/** The same where there is no runner: in tests of what keeps programs. */
function keepByNode([program = "", ...args]: readonly string[]): Promise<KeptProgram> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  if (pid === undefined) return new Promise((_, reject) => void child.once("error", reject));
  const kept = new KeptProgram(pid, (signal) => void child.kill(signal));
  child.stdout.on("data", (bytes: Buffer) => kept.hear("output", bytes));
  child.stderr.on("data", (bytes: Buffer) => kept.hear("complaint", bytes));
  child.once("close", (code, signal) => kept.finish({ code, signal }));
  return Promise.resolve(kept);
}
