import { IMAGE_ROLES } from "../core/members/role.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { imageRoles } from "./image.ts";
import { text, type Input, type Outcome } from "./input.ts";

/** `mhlab image sbom`. */
export const imageSbomCommand: CommandDefinition = {
  path: ["image", "sbom"],
  group: "Engine and images",
  summary: "what the images hold, as an SPDX document",
  description:
    "Prints an SPDX 2.3 document (JSON) about the images of this mhlab: Debian packages with their versions and source packages, Node, and the npm packages in mhlab's own agent. It comes from the package database in each image, so it says what the build installed. Tools that compare package lists with lists of vulnerabilities read it.",
  arguments: [
    { usage: "[role...]", description: `${IMAGE_ROLES.join(", ")}; left out: all`, choices: IMAGE_ROLES },
  ],
  options: [{ flags: "-o, --output <file>", description: "where to write; left out: standard output" }],
  examples: [
    ["image sbom bng -o bng.spdx.json", "of one image"],
    ["image sbom > mhlab.spdx.json", "of all images in one document"],
  ],
  next: ["image build --force", "doctor"],
  run: runSbom,
};

async function runSbom(context: Context, input: Input): Promise<Outcome> {
  const [wanted, { imageContents }, { spdxOf }, engine, images, bundled] = await Promise.all([
    imageRoles(input),
    import("../app/image-content.ts"),
    import("../core/sbom/spdx.ts"),
    context.engine(),
    context.images(),
    context.bundledPackages(),
  ]);
  const contents = await imageContents(
    wanted.map((role) => images[role].reference),
    engine,
    context.signal,
  );
  const document = spdxOf(contents, {
    version: context.version,
    created: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    bundled,
    digest: context.digest,
  });
  const json = `${JSON.stringify(document, null, 2)}\n`;
  const output = text(input, "output");
  if (output === undefined || output === "-") return { text: json };
  await (await context.exportFolder()).write(output, { mode: 0o644, text: json });
  return { text: `${output}\n` };
}
