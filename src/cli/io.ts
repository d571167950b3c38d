import type { Output } from "./commands/context.ts";
import { asCalled } from "./self.ts";

/** What the program has from its surroundings; tests give their own. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdinIsTTY: boolean;
  readonly env: NodeJS.ProcessEnv;
}

export interface OutputStream {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** The real surroundings. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdinIsTTY: process.stdin.isTTY,
    env: process.env,
  };
}

export interface OutputOptions {
  readonly env: NodeJS.ProcessEnv;
  /** False with --no-color. */
  readonly colour: boolean;
  /** How the user calls this mhlab. */
  readonly self: string;
}

/** An output with its colour decided: FORCE_COLOR, then --no-color and NO_COLOR, then whether it is a terminal. */
export function openOutput(stream: OutputStream, { env, colour, self }: OutputOptions): Output {
  const isTTY = stream.isTTY === true && !env["CI"] && env["TERM"] !== "dumb";
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = !colour || Boolean(env["NO_COLOR"]) || env["FORCE_COLOR"] === "0";
  return {
    write: (text) => void stream.write(text),
    isTTY,
    colour: !refused && (forced || isTTY),
    asCalled: (text) => asCalled(text, self),
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}
