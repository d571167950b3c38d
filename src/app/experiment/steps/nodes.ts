/** Does something with a node: its end and beginning, commands in it, files into and out of it. */
import { MhlabError, OperationError } from "../../../core/model/errors.ts";
import { INPUTS } from "../../../core/judge/experiment/file-names.ts";
import type { Scenario } from "../../../core/judge/scenario/record.ts";
import type { StepOf } from "../../../core/judge/scenario/steps/registry.ts";
import { execKept, KEPT_EXIT } from "../../agents/exec-kept.ts";
import { type SeenNode } from "../../agents/node.ts";
import { control } from "../../control.ts";
import { type RunFolders } from "../../ports/run-folder.ts";
import { Unsupported } from "./timeline.ts";
import { type Stage, nodeIn, refused, type Runner } from "./stage.ts";

/** Shorter than the step's own limit, so that its error is the one that is told. */
const READY_MS = 110_000;

/** Stops, starts, restarts or kills a node; one that starts is ready when the step is done. */
const restart: Runner<"restart"> = async ({ node: name, how }, stage, signal) => {
  const options = { action: how, timeoutMs: READY_MS, report: () => undefined, signal };
  const [done] = await control([nodeIn(stage, name)], stage, options);
  if (done?.changed === false) return { detail: "it was so already" };
  return { detail: done?.warning ?? null };
};

/** Of what it says on standard error, the last is told. */
const LAST_WORDS = 200;

/** Runs a command in a node; its exit code is data, and its standard output goes into the folder when it is to be saved. */
const run: Runner<"run"> = async (step, stage, signal) => {
  const { argv, save, limitS } = step;
  const node = nodeIn(stage, step.node);
  const file = save === null ? undefined : stage.folder.grow(save);
  const decoder = new TextDecoder();
  let said = "";
  let whole = false;
  try {
    const exitCode = await execKept(node, argv, {
      limitS,
      signal,
      onOutput: (piece) => file?.write(piece),
      onErrorOutput: (piece) => {
        said = (said + decoder.decode(piece, { stream: true })).slice(-LAST_WORDS);
      },
    });
    signal.throwIfAborted();
    const words = said.trim().split("\n").at(-1) ?? "";
    if (exitCode === KEPT_EXIT.notFound || exitCode === KEPT_EXIT.notExecutable)
      throw new Unsupported(
        `${step.node} has no program ${argv[0] ?? ""} to run${words === "" ? "" : `: ${words}`}`,
      );
    if (exitCode === KEPT_EXIT.late)
      return { outcome: "failed", exitCode, detail: `it was ended after ${limitS} s` };
    whole = true;
    return { exitCode, detail: exitCode === 0 || words === "" ? null : words };
  } finally {
    file?.close({ whole });
  }
};

const HINT =
  "`copy` takes files beside the scenario, and a replay those in inputs/ of its folder. A link is not followed: its target would be published with the run";

/**
 * Reads all files that a scenario copies into nodes, before anything is done: a step copies what they were then. Throws MhlabError
 * MHLAB_RUN_UNREADABLE for what is not there, a link, or no file.
 */
export function readInputs(
  {
    scenario,
    inputs,
  }: { readonly scenario: Scenario; readonly inputs: { readonly folder: string; readonly below: string } },
  folders: Pick<RunFolders, "bytes">,
): ReadonlyMap<string, Uint8Array> {
  const names = scenario.steps.flatMap((step) =>
    step.do === "copy" && step.direction === "in" ? step.from : [],
  );
  try {
    return new Map(names.map((name) => [name, folders.bytes(inputs.folder, `${inputs.below}${name}`)]));
  } catch (error) {
    throw error instanceof MhlabError ? error.with({ hint: HINT, state: "Nothing was changed." }) : error;
  }
}

/** Takes so many bytes from standard input into a file: only a whole one gets its name, and may be executed. */
const TAKE = `head -c "$2" > "$1.part" && [ "$(wc -c < "$1.part")" -eq "$2" ] && chmod 755 "$1.part" && mv "$1.part" "$1"`;

/** Copies one file into a node or out of it. */
const copy: Runner<"copy"> = async (step, stage, signal) => {
  const node = nodeIn(stage, step.node);
  const bytes = await (step.direction === "in"
    ? copyIn(step, node, stage, signal)
    : copyOut(step, node, stage, signal));
  return { detail: `${bytes} bytes` };
};

type Copy = StepOf<"copy">;

async function copyIn(
  { from, to }: Copy,
  node: SeenNode,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  const bytes = stage.inputs.get(from);
  if (bytes === undefined) throw new TypeError(`${from} was not read before the run`);
  stage.folder.write(`${INPUTS}/${from}`, bytes);
  let said = "";
  const exitCode = await node.execBytes(["sh", "-c", TAKE, "sh", to, String(bytes.length)], {
    signal,
    onOutput: () => undefined,
    onErrorOutput: (piece) => (said += new TextDecoder().decode(piece)),
    onOpen: (send) => send(bytes),
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw refused(`${node.name} did not take ${to}`, exitCode, said);
  return bytes.length;
}

async function copyOut(
  { from, to }: Copy,
  node: SeenNode,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  let [size, said] = [0, ""];
  const pieces: Uint8Array[] = [];
  const exitCode = await node.execBytes(["cat", "--", from], {
    signal,
    onOutput: (piece) => {
      size += piece.length;
      if (size > MOST_BYTES)
        throw new OperationError(
          "MHLAB_RUN_FAILED",
          `${from} of ${node.name} is larger than ${MOST_BYTES} bytes`,
        );
      pieces.push(Uint8Array.from(piece));
    },
    onErrorOutput: (piece) => (said += new TextDecoder().decode(piece)),
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw refused(`${from} cannot be read in ${node.name}`, exitCode, said);
  stage.folder.write(to, Buffer.concat(pieces));
  return size;
}

/** What fits into memory on any machine. */
const MOST_BYTES = 256 * 1024 * 1024;

export const NODE_RUNNERS = { restart, run, copy };
