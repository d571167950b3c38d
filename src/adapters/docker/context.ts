import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pack, type Pack } from "tar-stream";
import type { ImageToBuild } from "../../app/ports/engine-writer.ts";
import { OperationError } from "../../core/model/errors.ts";
import { IMAGE_ROLES, type ImageRole } from "../../core/model/role.ts";

const DOCKERFILE = "Dockerfile";

interface ContextFile {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** The images as their folders are now: the reference of each carries the hash of its content. */
export async function imagesToBuild(imagesFolder: string): Promise<Record<ImageRole, ImageToBuild>> {
  const images = await Promise.all(
    IMAGE_ROLES.map(async (role) => {
      const folder = join(imagesFolder, role);
      const contextHash = hashContext(await readContext(role, folder));
      return [
        role,
        { role, folder, contextHash, reference: `mhlab/${role}:${contextHash.slice(0, 12)}` },
      ] as const;
    }),
  );
  return Object.fromEntries(images) as Record<ImageRole, ImageToBuild>;
}

/** The build context of an image as a tar stream, with another Dockerfile than its own. Throws when the agent is not built. */
export async function packContext({ role, folder }: ImageToBuild, dockerfile: string): Promise<Pack> {
  const archive = pack();
  for (const { path, mode, content } of await readContext(role, folder)) {
    const told = path === DOCKERFILE ? Buffer.from(dockerfile) : content;
    archive.entry({ name: path, mode, mtime: new Date(0) }, told);
  }
  archive.finalize();
  return archive;
}

/** The text of an image's Dockerfile. */
export async function readDockerfile({ folder }: Pick<ImageToBuild, "folder">): Promise<string> {
  return await readFile(join(folder, DOCKERFILE), "utf8");
}

/** SHA-256 over sorted relative paths, modes and contents. */
function hashContext(files: readonly ContextFile[]): string {
  const hash = createHash("sha256");
  for (const { path, mode, content } of files) {
    hash.update(`${path}\0${mode.toString(8)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function readContext(role: ImageRole, folder: string): Promise<ContextFile[]> {
  let names: string[];
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    names = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch (cause) {
    throw new OperationError(
      "MHLAB_IMAGE_INCOMPLETE",
      `cannot read the folder of the ${role} image: ${folder}`,
      {
        hint: "reinstall mhlab, or run it from a complete clone",
        cause,
      },
    );
  }
  for (const needed of [DOCKERFILE, "agent.js"]) {
    if (names.includes(needed)) continue;
    throw new OperationError("MHLAB_IMAGE_INCOMPLETE", `${join(folder, needed)} is missing`, {
      hint:
        needed === "agent.js"
          ? "make it with: npm run build"
          : "reinstall mhlab, or run it from a complete clone",
      state: "Nothing was changed.",
    });
  }
  return await Promise.all(
    names.map(async (path) => {
      const file = join(folder, path);
      const [{ mode }, content] = await Promise.all([stat(file), readFile(file)]);
      // Only the executable bit counts: clones differ in umask.
      return { path, mode: (mode & 0o100) === 0 ? 0o644 : 0o755, content };
    }),
  );
}
