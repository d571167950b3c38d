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
    "Removes the images `mhlab/…` that no container was made from and that are not this mhlab's own, images that lost their name to a later build, and base images that mhlab made and replaced. Nothing else is touched. Where several versions of mhlab share an engine, what another one needs again it builds again.",
  options: [{ flags: "--dry-run", description: "only say what would go" }, ...FORMAT_OPTIONS],
  examples: [
    ["image prune --dry-run", "what would go, and what stays for which reason"],
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
    import("../app/prune-images.ts"),
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
