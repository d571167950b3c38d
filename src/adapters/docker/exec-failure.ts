/** What runc says through the engine when it cannot start a command in a container. */
const RUNC = /^OCI runtime exec failed: exec failed: .*?exec: "((?:[^"\\]|\\.)*)": ([^\n]*)/s;

/** Exit codes as a shell has them. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export interface ExecFailure {
  readonly text: string;
  readonly exitCode: number;
}

/** The output of a command that could not be started, in plain words; undefined for the output of a command. */
export function execFailure(output: string, container: string): ExecFailure | undefined {
  const [, program, reason = ""] = RUNC.exec(output) ?? [];
  if (program === undefined) return undefined;
  if (/not found|no such file/.test(reason))
    return { text: `${container} has no program '${program}'\n`, exitCode: NOT_FOUND };
  const why = reason.replace(/: unknown.*$/, "").trim();
  return { text: `'${program}' cannot be run in ${container}: ${why}\n`, exitCode: NOT_EXECUTABLE };
}
