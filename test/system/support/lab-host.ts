import { labHostCommand } from "../../../src/adapters/sandbox/exec.ts";
import { sandboxStatus } from "../../../src/adapters/sandbox/sandbox.ts";
import { run, type CommandOptions, type CommandResult } from "./command.ts";
import { paths } from "./place.ts";

/** Words that put a command into the lab host's namespaces: network, mounts, pids. */
export async function labHostWords(): Promise<string[]> {
  const { pid, problem } = await sandboxStatus(paths);
  if (pid === null) throw new Error(`the tests' sandbox does not run: ${problem ?? "it was not started"}`);
  return labHostCommand(pid, paths.socket, []);
}

/** Runs a command in the lab host, the machine that the containers' `host` namespace belongs to. */
export async function inLabHost(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return await run([...(await labHostWords()), ...argv], options);
}
