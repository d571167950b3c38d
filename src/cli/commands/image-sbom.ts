import { formatUtc } from "../../core/model/utc.ts";
import { IMAGE_ROLES } from "../../core/model/role.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { imageRoles } from "./image.ts";
import { text, type Input, type Outcome } from "./input.ts";

/** `mhlab image sbom`. */
export const imageSbomCommand: CommandDefinition = {
  path: ["image", "sbom"],
  group: "Engine and images",
  summary: "list the images' contents, as an SPDX document",
  description:
    "Prints an SPDX 2.3 document (JSON) of this mhlab's images: Debian packages with their versions and source packages, Node, and the npm packages in mhlab's own agent. It comes from each image's package database, so it lists what the build installed. Vulnerability scanners can read it.",
  arguments: [
    { usage: "[role...]", description: `${IMAGE_ROLES.join(", ")}; by default all`, choices: IMAGE_ROLES },
  ],
  options: [{ flags: "-o, --output <file>", description: "the output file; by default standard output" }],
  examples: [
    ["image sbom bng -o bng.spdx.json", "one image"],
    ["image sbom > mhlab.spdx.json", "all images in one document"],
  ],
  next: ["image build --force", "doctor"],
  run: runSbom,
};

async function runSbom(context: Context, input: Input): Promise<Outcome> {
  const [wanted, { imageContents }, { spdxText }, engine, images, bundled] = await Promise.all([
    imageRoles(input),
    import("../../app/image-content.ts"),
    import("../../features/sbom/spdx.ts"),
    context.engine(),
    context.images(),
    context.bundledPackages(),
  ]);
  const contents = await imageContents(
    wanted.map((role) => images[role].reference),
    engine,
    context.signal,
  );
  const json = spdxText(contents, {
    version: context.version,
    created: formatUtc(Date.now() / 1000),
    bundled,
    digest: context.digest,
  });
  const output = text(input, "output");
  if (output === undefined || output === "-") return { text: json };
  await (await context.exportFolder()).write(output, { mode: 0o644, text: json });
  return { text: `${output}\n` };
}
