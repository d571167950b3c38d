import type { Deed } from "../../../core/experiment/model.ts";
import { Unsupported } from "../timeline.ts";
import { memberIn, type StepKind } from "./stage.ts";

/** Exit codes of timeout(1): the time was over; the program cannot be run; there is no such program. */
const EXIT = { late: 124, notExecutable: 126, notFound: 127 } as const;
/** Of what it says on standard error, the last is told. */
const LAST_WORDS = 200;

/**
 * Runs the words that follow until they end or standard input does: the engine does not tell a process that its reader is gone, but
 * it closes the input when the connection breaks.
 */
const UNTIL_INPUT_ENDS = `exec 3<&0
"$@" < /dev/null &
child=$!
{ cat <&3; kill -TERM $child; } > /dev/null 2>&1 &
wait $child`;

/** Runs a command in a member; its exit code is data, and its standard output goes into the folder when it is to be saved. */
export const run: StepKind<Extract<Deed, { do: "run" }>> = async (deed, stage, signal) => {
  const { argv, save, limitS } = deed;
  const member = memberIn(stage, deed.member);
  const file = save === null ? undefined : stage.folder.grow(save);
  const decoder = new TextDecoder();
  let said = "";
  let whole = false;
  try {
    const limited = ["timeout", "-k", "2", String(limitS), ...argv];
    const exitCode = await member.execBytes(["sh", "-c", UNTIL_INPUT_ENDS, "sh", ...limited], {
      signal,
      onOutput: (piece) => file?.write(piece),
      onErrorOutput: (piece) => {
        said = (said + decoder.decode(piece, { stream: true })).slice(-LAST_WORDS);
      },
    });
    signal.throwIfAborted();
    const words = said.trim().split("\n").at(-1) ?? "";
    if (exitCode === EXIT.notFound || exitCode === EXIT.notExecutable)
      throw new Unsupported(
        `${deed.member} has no program ${argv[0] ?? ""} to run${words === "" ? "" : `: ${words}`}`,
      );
    if (exitCode === EXIT.late)
      return { outcome: "failed", exitCode, detail: `it was ended after ${limitS} s` };
    whole = true;
    return { exitCode, detail: exitCode === 0 || words === "" ? null : words };
  } finally {
    file?.close({ whole });
  }
};
