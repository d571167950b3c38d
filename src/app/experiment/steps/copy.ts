import type { Deed } from "../../../core/experiment/model.ts";
import { INPUTS } from "../../../core/experiment/file-names.ts";
import { MhlabError, OperationError } from "../../../core/errors.ts";
import type { SeenMember } from "../../agents/member.ts";
import type { RunFolders } from "../../ports/run-folder.ts";
import type { RunPlan } from "../record.ts";
import { memberIn, refused, type Stage, type StepKind } from "./stage.ts";

const HINT =
  "`copy` takes files beside the scenario, and a replay those in inputs/ of its folder. A link is not followed: its target would be published with the run";

/**
 * Reads all files that a scenario copies into members, before anything is done: a step copies what they were then. Throws MhlabError
 * MHLAB_RUN_UNREADABLE for what is not there, a link, or no file.
 */
export function readInputs(
  { scenario, inputs }: Pick<RunPlan, "scenario" | "inputs">,
  folders: Pick<RunFolders, "bytes">,
): ReadonlyMap<string, Uint8Array> {
  const names = scenario.steps.flatMap((step) => (step.do === "copy" && step.way === "in" ? step.from : []));
  try {
    return new Map(names.map((name) => [name, folders.bytes(inputs.folder, `${inputs.below}${name}`)]));
  } catch (error) {
    throw error instanceof MhlabError ? error.with({ hint: HINT, state: "Nothing was changed." }) : error;
  }
}

/** Takes so many bytes from standard input into a file: only a whole one gets its name. */
const TAKE = `head -c "$2" > "$1.part" && [ "$(wc -c < "$1.part")" -eq "$2" ] && mv "$1.part" "$1"`;

/** Copies one file into a member or out of it. */
export const copy: StepKind<Extract<Deed, { do: "copy" }>> = async (deed, stage, signal) => {
  const member = memberIn(stage, deed.member);
  const bytes = await (deed.way === "in"
    ? copyIn(deed, member, stage, signal)
    : copyOut(deed, member, stage, signal));
  return { detail: `${bytes} bytes` };
};

type Copy = Extract<Deed, { do: "copy" }>;

async function copyIn(
  { from, to }: Copy,
  member: SeenMember,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  const bytes = stage.inputs.get(from);
  if (bytes === undefined) throw new TypeError(`${from} was not read before the run`);
  stage.folder.write(`${INPUTS}/${from}`, bytes);
  let said = "";
  const exitCode = await member.execBytes(["sh", "-c", TAKE, "sh", to, String(bytes.length)], {
    signal,
    onOutput: () => undefined,
    onErrorOutput: (piece) => (said += new TextDecoder().decode(piece)),
    onOpen: (send) => send(bytes),
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw refused(`${member.name} did not take ${to}`, exitCode, said);
  return bytes.length;
}

async function copyOut(
  { from, to }: Copy,
  member: SeenMember,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  let [size, said] = [0, ""];
  const pieces: Uint8Array[] = [];
  const exitCode = await member.execBytes(["cat", "--", from], {
    signal,
    onOutput: (piece) => {
      size += piece.length;
      if (size > MOST_BYTES)
        throw new OperationError(
          "MHLAB_RUN_FAILED",
          `${from} of ${member.name} is larger than ${MOST_BYTES} bytes`,
        );
      pieces.push(Uint8Array.from(piece));
    },
    onErrorOutput: (piece) => (said += new TextDecoder().decode(piece)),
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw refused(`${from} cannot be read in ${member.name}`, exitCode, said);
  stage.folder.write(to, Buffer.concat(pieces));
  return size;
}

/** What fits into memory on any machine. */
const MOST_BYTES = 256 * 1024 * 1024;
