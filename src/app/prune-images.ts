import { freedBytes, sortImages, type KeptImage, type PruneResult } from "../core/render/plan/old-images.ts";
import type { EngineReader } from "./ports/engine-reader.ts";
import type { EngineWriter } from "./ports/engine-writer.ts";

export interface PruneOptions {
  /** References of this mhlab's own images, which stay. */
  readonly current: readonly string[];
  /** Only looks. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Removes mhlab's images that no container uses and that are not this mhlab's own. One that a container takes meanwhile
 * stays, one that is gone meanwhile is fine. Throws what the engine says.
 */
export async function pruneImages(
  reader: EngineReader,
  writer: () => Promise<Pick<EngineWriter, "removeImage">>,
  { current, dryRun, signal }: PruneOptions,
): Promise<PruneResult> {
  const [images, containers] = await Promise.all([reader.heldImages(signal), reader.listContainers(signal)]);
  const { old, kept } = sortImages(images, { current, containers });
  const removed: string[] = [];
  const taken: KeptImage[] = [];
  for (const image of old) {
    signal.throwIfAborted();
    if (dryRun || (await (await writer()).removeImage(image))) removed.push(image);
    else taken.push({ image, reason: "used meanwhile" });
  }
  return { removed, freedBytes: freedBytes(images, removed), kept: [...kept, ...taken] };
}
