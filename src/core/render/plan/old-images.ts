/** Which of mhlab's images on an engine are of no more use. */
import type { FoundContainer } from "../nodes/observed.ts";

/** An image that mhlab built or imported, as the engine holds it. */
export interface HeldImage {
  readonly id: string;
  /** Names as `name:tag`; none when a later image took them. */
  readonly references: readonly string[];
  /** The steps that made it, first one first. Images with equal first steps share what these hold. */
  readonly steps: readonly { readonly key: string; readonly bytes: number }[];
}

export interface KeptImage {
  /** A name, or of an image without one its id. */
  readonly image: string;
  readonly reason: string;
}

/** What removing old images came to. */
export interface PruneResult {
  /** Names, and ids of images that had none. */
  readonly removed: readonly string[];
  readonly freedBytes: number;
  readonly kept: readonly KeptImage[];
}

export interface SortedImages {
  /** Names, and ids of images without one: what the engine is to remove. */
  readonly old: readonly string[];
  readonly kept: readonly KeptImage[];
}

/** What the names of mhlab's own images begin with; a name that a user gave, or an image built upon one, is not touched. */
const OURS = "mhlab/";

/**
 * Sorts images into those that may go and those that stay: the ones of this very mhlab (`current`), and those that a
 * container was made from, whether it runs or not.
 */
export function sortImages(
  images: readonly HeldImage[],
  { current, containers }: { current: readonly string[]; containers: readonly FoundContainer[] },
): SortedImages {
  const old: string[] = [];
  const kept: KeptImage[] = [];
  for (const { id, references } of images) {
    const user = containers.find(({ imageId }) => imageId === id);
    for (const image of references.length === 0 ? [id] : references) {
      if (references.length > 0 && !image.startsWith(OURS)) continue;
      if (current.includes(image)) kept.push({ image, reason: "current" });
      else if (user !== undefined) kept.push({ image, reason: `used by ${user.containerName}` });
      else old.push(image);
    }
  }
  return { old, kept };
}

/**
 * Bytes that are free once the engine has removed `gone` (names and ids): those of steps that no other image has. The
 * engine's own SharedSize is no help, since it counts an image and the steps of its own build as sharing.
 */
export function freedBytes(images: readonly HeldImage[], gone: readonly string[]): number {
  const goes = ({ id, references }: HeldImage): boolean =>
    (references.length === 0 ? [id] : references).every((image) => gone.includes(image));
  const prefixes = (image: HeldImage): (readonly [string, number])[] => {
    let prefix = "";
    return image.steps.map(({ key, bytes }) => [(prefix += `${key}\n`), bytes] as const);
  };
  const stay = new Set(
    images
      .filter((image) => !goes(image))
      .flatMap(prefixes)
      .map(([prefix]) => prefix),
  );
  const free = new Map(images.filter(goes).flatMap(prefixes));
  return [...free].reduce((sum, [prefix, bytes]) => (stay.has(prefix) ? sum : sum + bytes), 0);
}
