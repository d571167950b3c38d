/** The images of a run, kept in its folder and taken from there again. */
import { MhlabError, OperationError } from "../../core/model/errors.ts";
import { IMAGES_FILE } from "../../core/judge/experiment/file-names.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { ImageRole } from "../../core/model/role.ts";
import type { SeenNode } from "../agents/node.ts";
import type { Engine } from "../ports/engine.ts";
import type { ImageToBuild } from "../ports/engine-writer.ts";
import type { RunFolder, RunFolders } from "../ports/run-folder.ts";
import { saveImages } from "../save-images.ts";

type Images = Readonly<Record<ImageRole, ImageToBuild>>;

/** Writes the images of all nodes into one archive, piece by piece. Rejects with what the engine or the disk says. */
export async function saveNodeImages(
  nodes: readonly SeenNode[],
  folder: RunFolder,
  signal: AbortSignal,
): Promise<void> {
  const [first] = nodes;
  if (first === undefined) return;
  const references = [...new Set(nodes.map(({ container }) => container.image))].sort();
  await saveImages(references, first.engine.reader, { folder, name: IMAGES_FILE, signal });
}

export interface Archived {
  readonly record: RunRecord;
  /** Of the run. */
  readonly folder: string;
  readonly folders: Pick<RunFolders, "stream">;
  readonly engine: Engine;
  /** Those of this mhlab. */
  readonly images: Images;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The images of a run, for a replay with the same ones: those that the engine lacks are loaded from the folder. Throws MhlabError
 * when the folder has no archive, or when an image is missing in it.
 */
export async function archivedImages(archived: Archived): Promise<Record<ImageRole, ImageToBuild>> {
  const { record, folder, folders, engine, images, tell, signal } = archived;
  const references = [
    ...new Set(Object.values(record.machine.images).map((image) => image.split(" ")[0] ?? "")),
  ];
  const missing = async (): Promise<string[]> => {
    const there = await Promise.all(references.map((one) => engine.reader.hasImage(one, signal)));
    return references.filter((_, index) => there[index] !== true);
  };
  const lacking = await missing();
  if (lacking.length > 0) {
    const archive = folders.stream(folder, IMAGES_FILE);
    if (archive === undefined)
      throw new MhlabError("MHLAB_RUN_UNREADABLE", `${folder} holds no ${IMAGES_FILE}`, {
        hint: "leave --with-images out: the replay builds the images. A run writes them with --with-images",
        state: "Nothing was changed.",
      });
    tell(`loading ${lacking.join(", ")} from ${IMAGES_FILE}`);
    await (await engine.writer()).loadImages(archive, signal);
    const still = await missing();
    if (still.length > 0)
      throw new OperationError("MHLAB_IMAGE_MISSING", `${IMAGES_FILE} does not hold ${still.join(", ")}`, {
        hint: "leave --with-images out: the replay builds the images",
      });
  }
  return Object.fromEntries(
    Object.entries(images).map(([role, image]) => {
      const name = nameOf(image.reference);
      const reference = references.find((one) => nameOf(one) === name) ?? image.reference;
      return [role, { ...image, reference }];
    }),
  ) as Record<ImageRole, ImageToBuild>;
}

function nameOf(reference: string): string {
  return reference.replace(/:[^:/]*$/, "");
}
