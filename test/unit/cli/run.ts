import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/main.ts";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with an environment and state of its own. */
export async function mhlab(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const exitCode = await run(
    argv,
    {
      stdout: { write: (text) => (stdout += text), columns: 100 },
      stderr: { write: (text) => (stderr += text), columns: 100 },
      stdinIsTTY: false,
      env: {
        MHLAB_STATE_DIR: mkdtempSync(join(tmpdir(), "mhlab-state-")),
        MHLAB_SANDBOX_DIR: "/nonexistent/sandbox",
        ...env,
      },
    },
    signal,
  );
  return { exitCode, stdout, stderr };
}

/** Writes a file into a new folder and returns its path. */
export function temporaryFile(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "mhlab-test-")), name);
  writeFileSync(file, text);
  return file;
}
