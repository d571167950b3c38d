import type { Diagnostic } from "./diagnostics.ts";
import { ERROR_CODES, type CodeThat, type ErrorCode } from "./error-codes.ts";

/** The exit codes of the CLI; a contract. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  badInput: 2,
  hostLacks: 3,
  locked: 4,
  degraded: 5,
  unsupported: 127,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface MhlabErrorOptions {
  /** What the user can do about it, as a sentence or a command. */
  hint?: string;
  /** What the failure left behind, as a sentence: "Nothing was changed." */
  state?: string;
  /** Lines that show the cause, such as the last output of a container; printed as they are. */
  evidence?: readonly string[];
  cause?: unknown;
}

/** An error that a user can understand: permanent code, which tells the exit code, message, hint. Never holds a secret. */
export class MhlabError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  readonly state: string | undefined;
  readonly evidence: readonly string[];

  constructor(code: ErrorCode, message: string, options: MhlabErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = ExitCode[ERROR_CODES[code]];
    this.hint = options.hint;
    this.state = options.state;
    this.evidence = options.evidence ?? [];
  }

  /** The same error, of the same class and from the same place, with something else to say beside its message. */
  with(more: Pick<MhlabErrorOptions, "hint" | "state" | "evidence">): this {
    const said = Object.entries(more).map(([key, value]) => [key, { value, enumerable: true }] as const);
    return Object.create(Object.getPrototypeOf(this) as object, {
      ...Object.getOwnPropertyDescriptors(this),
      ...Object.fromEntries(said),
    }) as this;
  }
}

/** The command line is wrong (exit 2). */
export class UsageError extends MhlabError {
  constructor(message: string, options: MhlabErrorOptions = {}) {
    super("MHLAB_USAGE", message, options);
  }
}

/** A file that the user wrote is wrong (exit 2); carries every diagnostic of the stage that failed. */
export class WrittenFileError extends MhlabError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    { code, what }: { readonly code: CodeThat<"badInput">; readonly what: string },
    diagnostics: readonly Diagnostic[],
    options: MhlabErrorOptions = {},
  ) {
    const count = diagnostics.length;
    super(code, count === 1 ? `${what} has an error` : `${what} has ${count} errors`, options);
    this.diagnostics = diagnostics;
  }
}

/** The lab file is wrong. */
export class LabFileError extends WrittenFileError {
  constructor(diagnostics: readonly Diagnostic[], options: MhlabErrorOptions = {}) {
    super({ code: "MHLAB_LAB_INVALID", what: "the lab file" }, diagnostics, options);
  }
}

/** The scenario is wrong. */
export class ScenarioFileError extends WrittenFileError {
  constructor(diagnostics: readonly Diagnostic[], options: MhlabErrorOptions = {}) {
    super({ code: "MHLAB_SCENARIO_INVALID", what: "the scenario" }, diagnostics, options);
  }
}

/** The machine or engine lacks something (exit 3); the hint names the command that mends it. */
export class HostError extends MhlabError {
  constructor(code: CodeThat<"hostLacks">, message: string, options: MhlabErrorOptions = {}) {
    super(code, message, options);
  }
}

/** An operation failed (exit 1). */
export class OperationError extends MhlabError {
  constructor(code: CodeThat<"failed">, message: string, options: MhlabErrorOptions = {}) {
    super(code, message, options);
  }
}

/** Another mhlab holds the lab, or the lab is not what the command needs (exit 4). */
export class StateError extends MhlabError {
  constructor(code: CodeThat<"locked">, message: string, options: MhlabErrorOptions = {}) {
    super(code, message, options);
  }
}

/** The user interrupted (exit 130). */
export class Cancelled extends MhlabError {
  constructor(options: MhlabErrorOptions = {}) {
    super("MHLAB_CANCELLED", "interrupted", options);
  }
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
