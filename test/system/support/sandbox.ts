/** The harness of the system tests: one import for all they need. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { run, type CommandOptions, type CommandResult } from "./command.ts";
import { removeNamespaces } from "./netns.ts";
import { PROJECT, paths } from "./place.ts";

export { run, type CommandOptions, type CommandResult } from "./command.ts";
export { inLabHost } from "./lab-host.ts";
export { newNetns, type TestNetns } from "./netns.ts";
export { PROJECT, docker, paths } from "./place.ts";

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [100, 1000];
let stateFolder: string | undefined;

/** Call once at the top of a test file: what the file makes in the lab host is removed when it ends. */
export function useSandbox(): void {
  afterAll(async () => {
    await removeNamespaces();
    if (stateFolder !== undefined) rmSync(stateFolder, { recursive: true, force: true });
    stateFolder = undefined;
  });
}

/** The test file's own folder for mhlab's keys. */
export function labState(): string {
  stateFolder ??= mkdtempSync(join(tmpdir(), "mhlab-state-"));
  return stateFolder;
}

/** Runs the built `mhlab` on the tests' sandbox and waits; its exit code is data. */
export async function mhlab(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const env = {
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: paths.root,
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
    ...options.env,
  };
  const argv = [process.execPath, join(PROJECT, "bin/mhlab.js"), ...args];
  return await run(argv, { timeoutMs: 240_000, check: false, ...options, env });
}

/** The reference of the image of a role, which is built where it is not there. */
export async function imageOf(role: string): Promise<string> {
  const { stdout } = await mhlab(["image", "build", role, "--json"], { check: true });
  const [image] = (JSON.parse(stdout) as { images: { reference: string }[] }).images;
  return image?.reference ?? "";
}

/**
 * Tries until `look` returns without throwing, and returns that; throws its last error when time is up. Without `everyMs` it looks
 * less and less often: most looks start a program, on a processor that what is waited for needs.
 */
export async function eventually<T>(
  look: () => Promise<T> | T,
  { timeoutMs = 20_000, everyMs }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(everyMs ?? wait);
    }
  }
}
