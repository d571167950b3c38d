import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { word, type Input, type Outcome } from "./input.ts";

/** `mhlab image load`. */
export const imageLoadCommand: CommandDefinition = {
  path: ["image", "load"],
  group: "Engine and images",
  summary: "load the images of a bundle",
  description:
    "Loads an archive of images into the engine: the images.tar of `mhlab bundle`, that of a run, or one of `docker save`. Starts the sandbox if that is selected. Fails if the archive has no image of this mhlab. Load only archives that you trust: their images run as root.",
  arguments: [{ usage: "<images.tar>", description: "the archive" }],
  options: FORMAT_OPTIONS,
  examples: [
    ["image load images.tar", "into the engine"],
    ["--sandbox image load images.tar", "into the sandbox"],
  ],
  next: ["up <lab.yaml>", "bundle"],
  run: runLoad,
};

async function runLoad(context: Context, input: Input): Promise<Outcome> {
  const [{ default: pathOf }, engine, images, folders, { loadImages }] = await Promise.all([
    import("node:path"),
    context.engine({ startSandbox: true, report: (text) => context.stderr.write(`${text}\n`) }),
    context.images(),
    context.runFolders(),
    import("../../app/bundle.ts"),
  ]);
  const path = word(input, 0) ?? "";
  const loaded = await loadImages(engine, folders, {
    folder: pathOf.dirname(path),
    name: pathOf.basename(path),
    wanted: Object.values(images).map(({ reference }) => reference),
    signal: context.signal,
  });
  return { json: { images: loaded }, text: loaded.map((image) => `${image}  loaded\n`).join("") };
}
