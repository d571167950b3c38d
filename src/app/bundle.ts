import { MhlabError, OperationError } from "../core/model/errors.ts";
import type { ImageRole } from "../core/model/role.ts";
import { BundleFile, bundleReadme, installScript, type BundleFacts } from "../features/bundle/texts.ts";
import { spdxText, type NpmPackage } from "../features/sbom/spdx.ts";
import { imageContents } from "./image-content.ts";
import type { Engine } from "./ports/engine.ts";
import type { ImageToBuild } from "./ports/engine-writer.ts";
import type { OwnPackage } from "./ports/own-package.ts";
import type { RunFolders } from "./ports/run-folder.ts";
import { saveImages } from "./save-images.ts";

export interface BundlePorts {
  readonly engine: Engine;
  readonly folders: Pick<RunFolders, "make">;
  readonly ownPackage: OwnPackage;
}

export interface BundleOptions {
  /** Left out: named after version and architecture, in the current folder. */
  readonly folder: string | undefined;
  readonly version: string;
  readonly images: readonly Pick<ImageToBuild, "role" | "reference">[];
  /** npm packages in the agents. */
  readonly bundled: readonly NpmPackage[];
  /** UTC, RFC 3339 to the second. */
  readonly created: string;
  readonly digest: (text: string) => string;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface Bundle {
  readonly folder: string;
  readonly architecture: string;
  readonly images: Readonly<Partial<Record<ImageRole, string>>>;
  readonly files: readonly string[];
}

/**
 * Writes all that a machine without a network needs into an empty folder. Its SHA256SUMS comes last: a folder without it is not
 * complete. Throws OperationError for an image that is not built, UsageError for a folder that is not empty, and what engine or
 * disk say.
 */
export async function makeBundle(ports: BundlePorts, options: BundleOptions): Promise<Bundle> {
  const { engine, folders, ownPackage } = ports;
  const { images, version, tell } = options;
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const references = images.map(({ reference }) => reference);
  const contents = await imageContents(references, engine, signal);
  const { architecture } = await (await engine.probe()).engine(signal);
  const archive = await ownPackage.pack(signal);
  const path = options.folder ?? `mhlab-${version}-${architecture}`;
  const folder = await folders.make(path, (error) => broken.abort(error));
  const facts: BundleFacts = { version, architecture, packageFile: archive.name, images: references };
  folder.write(archive.name, archive.bytes);
  folder.write(BundleFile.licence, archive.licence);
  folder.write(BundleFile.thirdParty, archive.thirdParty);
  for (const [index, { role }] of images.entries())
    folder.write(BundleFile.sbom(role), spdxText(contents.slice(index, index + 1), options));
  folder.write(BundleFile.install, installScript(facts));
  folder.write(BundleFile.readme, bundleReadme(facts));
  tell(`saving ${references.join(", ")}`);
  await saveImages(references, engine.reader, { folder, name: BundleFile.images, signal });
  await folder.seal();
  return {
    folder: path,
    architecture,
    images: Object.fromEntries(images.map(({ role, reference }) => [role, reference])),
    files: folder.list(),
  };
}

export interface LoadOptions {
  readonly folder: string;
  readonly name: string;
  /** References of this mhlab's own images. */
  readonly wanted: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Loads an archive of images into the engine. Which of this mhlab's images are there afterwards. Throws MhlabError when there is no
 * such file, OperationError when none of them was in it, and what the engine says.
 */
export async function loadImages(
  engine: Engine,
  folders: Pick<RunFolders, "stream">,
  { folder, name, wanted, signal }: LoadOptions,
): Promise<string[]> {
  const archive = folders.stream(folder, name);
  if (archive === undefined)
    throw new MhlabError("MHLAB_RUN_UNREADABLE", `there is no file ${folder}/${name}`, {
      hint: "name the images.tar of a bundle, or an archive of docker save",
      state: "Nothing was changed.",
    });
  await (await engine.writer()).loadImages(archive, signal);
  const there = await engine.reader.listImages(signal);
  const ours = wanted.filter((reference) => there.includes(reference));
  if (ours.length === 0)
    throw new OperationError("MHLAB_IMAGE_MISSING", `${name} holds no image of this mhlab`, {
      evidence: wanted.map((reference) => `wanted: ${reference}`),
      hint: "install mhlab from the same bundle; or use the images that there are: mhlab up --no-build",
      state: "The images of the archive were loaded.",
    });
  return ours;
}
