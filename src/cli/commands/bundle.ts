import { formatUtc } from "../../core/model/utc.ts";
import { IMAGE_ROLES } from "../../core/model/role.ts";
import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { imageRoles } from "./image.ts";
import { text, type Input, type Outcome } from "./input.ts";

/** `mhlab bundle`. */
export const bundleCommand: CommandDefinition = {
  path: ["bundle"],
  group: "Engine and images",
  summary: "write mhlab and its images into a folder for a machine without a network",
  description:
    "Writes a folder from which mhlab is installed without registry or network: the npm package, the images, their contents as SPDX documents, licences, checksums and an install.sh. The images must be built (`image build`), and npm must be installed; the folder needs about 400 MB. The machine that it is brought to needs Linux of the same architecture, Node with npm, and Docker.",
  arguments: [
    { usage: "[role...]", description: `${IMAGE_ROLES.join(", ")}; by default all`, choices: IMAGE_ROLES },
  ],
  options: [
    {
      flags: "--out <folder>",
      description: "a new or empty folder; by default mhlab-<version>-<architecture>",
    },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["bundle", "all images, into a folder here"],
    ["bundle internet bng cpe --out /media/stick/mhlab", "without the CPE software of others"],
  ],
  next: ["image load images.tar"],
  run: runBundle,
};

async function runBundle(context: Context, input: Input): Promise<Outcome> {
  const [wanted, engine, images, bundled, folders, ownPackage, { makeBundle }] = await Promise.all([
    imageRoles(input),
    context.engine(),
    context.images(),
    context.bundledPackages(),
    context.runFolders(),
    context.ownPackage(),
    import("../../app/bundle.ts"),
  ]);
  const bundle = await makeBundle(
    { engine, folders, ownPackage },
    {
      folder: text(input, "out"),
      version: context.version,
      images: wanted.map((role) => images[role]),
      bundled,
      created: formatUtc(Date.now() / 1000),
      digest: context.digest,
      tell: (line) => context.stderr.write(`${line}\n`),
      signal: context.signal,
    },
  );
  return {
    json: bundle,
    text: `${bundle.files.map((file) => `${bundle.folder}/${file}\n`).join("")}\ninstall it there with: sh install.sh\n`,
  };
}
