import { OperationError } from "../core/model/errors.ts";
import { readContent, TELL_CONTENT } from "../features/sbom/dpkg.ts";
import type { ImageToDescribe } from "../features/sbom/spdx.ts";
import type { Engine } from "./ports/engine.ts";

/** Asks images what they hold, each by a container that ends at once. Throws OperationError for one that is not there. */
export async function imageContents(
  references: readonly string[],
  engine: Engine,
  signal: AbortSignal,
): Promise<ImageToDescribe[]> {
  const found: ImageToDescribe[] = [];
  const writer = await engine.writer();
  for (const image of references) {
    if (!(await engine.reader.hasImage(image, signal)))
      throw new OperationError("MHLAB_IMAGE_MISSING", `there is no image ${image}`, {
        hint: "build it with: mhlab image build",
        state: "Nothing was changed.",
      });
    const { exitCode, stdout, stderr } = await writer.runOnce({ image, argv: TELL_CONTENT }, signal);
    const content = exitCode === 0 ? readContent(stdout) : undefined;
    if (content === undefined)
      throw new OperationError("MHLAB_PROBE", `${image} does not tell what it holds`, {
        evidence: stderr.split("\n").slice(-5),
        hint: "build it anew: mhlab image build --force",
      });
    found.push({ reference: image, content });
  }
  return found;
}
