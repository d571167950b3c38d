import type Dockerode from "dockerode";
import type { BuildProgress, ImageToBuild } from "../../app/ports/engine-writer.ts";
import { BASE_IMAGE, ensureBaseImage } from "./base-image.ts";
import { buildImage } from "./build.ts";
import { stagesOf } from "./context.ts";

/** Stages that several Dockerfiles have with the same lines, each upon the one before it or upon the first. */
export const SHARED_STAGES = ["base", "probe", "customer"] as const;

/**
 * Builds images, also side by side: what several have in common is made once, and each finds it in the engine's cache as soon as
 * it is there. Of a fresh build only the lowest layer is made without the cache; what stands upon a new one is new as well.
 */
export class Builder {
  readonly #docker: Dockerode;
  /** By what it makes. */
  readonly #begun = new Map<string, Promise<unknown>>();

  constructor(docker: Dockerode) {
    this.#docker = docker;
  }

  /** Makes an image, and before it what is missing below it. Throws OperationError MHLAB_BUILD, HostError MHLAB_BASE_IMAGE. */
  async build(image: ImageToBuild, progress: BuildProgress): Promise<void> {
    const { signal, fresh: renew = false } = progress;
    const onProgress = (line: string): void => progress.onLine(line);
    await this.#once(BASE_IMAGE, () => ensureBaseImage(this.#docker, { onProgress, signal, renew }));
    const stages = await stagesOf(image);
    for (const stage of SHARED_STAGES.filter((shared) => stages.includes(shared))) {
      const fresh = renew && stage === stages[0];
      await this.#once(stage, () => buildImage(this.#docker, image, progress, { stage, fresh }));
    }
    await buildImage(this.#docker, image, progress);
  }

  async #once(what: string, make: () => Promise<unknown>): Promise<void> {
    const made = this.#begun.get(what) ?? make();
    this.#begun.set(what, made);
    await made;
  }
}
