/** A program at a real pseudo-terminal, which `script` of util-linux makes; the test types and reads. */
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { eventually } from "./sandbox.ts";

export interface Terminal {
  /** Presses keys. */
  type(keys: string): void;
  /** Waits until a text appears after what was seen last; returns what came up to its end. */
  see(text: string | RegExp): Promise<string>;
  /** Waits until the program ends. */
  end(): Promise<{ code: number; output: string }>;
  /** Ends the program if it still runs. */
  close(): void;
}

export const Key = { enter: "\r", down: "\u001b[B", up: "\u001b[A", tab: "\t", ctrlC: "\u0003" } as const;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const SIZE: TerminalSize = { columns: 110, rows: 50 };
const SEE_MS = 15_000;

/** Starts a program at a terminal of its own. */
export function openTerminal(
  argv: readonly string[],
  { cwd, env = {}, size = SIZE }: { cwd: string; env?: Record<string, string>; size?: TerminalSize },
): Terminal {
  const quoted = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const command = `stty cols ${size.columns} rows ${size.rows}; exec ${quoted}`;
  const { CI: _, ...inherited } = process.env;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd,
    env: { ...inherited, TERM: "xterm", SHELL: "/bin/sh", NO_COLOR: "1", ...env },
  });
  let output = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output = stripVTControlCharacters(output + text).replaceAll("\r", "");
  });
  const ended = new Promise<number>((resolve) => {
    child.on("close", (code) => resolve(code ?? 255));
  });
  return {
    type: (keys) => void child.stdin.write(keys),
    async see(text) {
      return await eventually(
        () => {
          const rest = output.slice(seen);
          const match = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
          if (match === -1) throw new Error(`there is no '${String(text)}' in:\n${output}`);
          const length = typeof text === "string" ? text.length : (text.exec(rest)?.[0].length ?? 0);
          seen += match + length;
          return rest.slice(0, match + length);
        },
        { timeoutMs: SEE_MS, everyMs: 20 },
      );
    },
    async end() {
      const code = await ended;
      return { code, output };
    },
    close: () => void child.kill("SIGHUP"),
  };
}
