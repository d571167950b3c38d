import { savedBy } from "../../../core/judge/scenario/steps/registry.ts";
import { runLoad } from "../../load/run-load.ts";
import type { Runner } from "./stage.ts";

/** Makes a load; its output goes into the folder unchanged, and what it measured into the record. */
export const load: Runner<"load"> = async (step, stage, signal) => {
  const { file: name } = savedBy(step) ?? {};
  const file = name === undefined ? undefined : stage.folder.grow(name);
  let whole = false;
  try {
    const done = await runLoad(step, {
      nodes: stage.nodes,
      port: stage.nextPort(),
      clock: stage.clock,
      nowS: () => stage.nowS(),
      onOutput: (piece) => file?.write(piece),
      onSamples: (samples) => stage.onLoad(samples),
      signal,
    });
    whole = done.outcome === "done";
    return done;
  } finally {
    file?.close({ whole });
  }
};
