import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, wantsJson, type Input, type Outcome } from "./input.ts";

/** `mhlab image prune`. */
export const imagePruneCommand: CommandDefinition = {
  path: ["image", "prune"],
  group: "Engine and images",
  summary: "remove images of older versions that no container uses",
  description:
    "Removes `mhlab/…` images that no container uses and that this mhlab does not need, images that lost their name to a later build, and base images that mhlab built and replaced. Nothing else is touched. If several versions of mhlab share an engine, another version rebuilds what it needs.",
  options: [{ flags: "--dry-run", description: "only list what would be removed" }, ...FORMAT_OPTIONS],
  examples: [
    ["image prune --dry-run", "what would be removed, and why the rest stays"],
    ["image prune", "remove them"],
    ["--sandbox image prune", "in the sandbox's engine"],
  ],
  next: ["doctor"],
  run: runPrune,
};

async function runPrune(context: Context, input: Input): Promise<Outcome> {
  const [engine, images, { pruneImages }] = await Promise.all([
    context.engine(),
    context.images(),
    import("../../app/prune-images.ts"),
  ]);
  const dryRun = flag(input, "dryRun");
  const result = await pruneImages(engine.reader, () => engine.writer(), {
    current: Object.values(images).map(({ reference }) => reference),
    dryRun,
    signal: context.signal,
  });
  if (wantsJson(input)) return { json: { dryRun, ...result } };
  const { renderPruned } = await import("../views/images.ts");
  return { text: renderPruned(result, { ...viewOn(context.stdout), dryRun }) };
}
