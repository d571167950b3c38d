import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/main.ts";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Hears all of the standard output so far. */
  readonly onOutput?: (all: string) => void;
}

/** Runs a command line in this process, with an environment and state of its own. */
export async function mhlab(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  signal: AbortSignal = new AbortController().signal,
  { isTTY, columns = 100, onOutput = () => {} }: Screen = {},
): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const exitCode = await run(
    argv,
    {
      stdout: {
        write: (text) => {
          stdout += text;
          onOutput(stdout);
        },
        isTTY,
        columns,
      },
      stderr: { write: (text) => (stderr += text), isTTY, columns },
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
