import type Dockerode from "dockerode";
import type { BuildProgress, ImageToBuild } from "../../app/ports/engine-writer.ts";
import { ensureBaseImage } from "./base-image.ts";
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
  readonly #begun = new Map<string, Promise<void>>();

  constructor(docker: Dockerode) {
    this.#docker = docker;
  }

  async build(image: ImageToBuild, progress: BuildProgress): Promise<void> {
    const stages = await stagesOf(image);
    for (const stage of SHARED_STAGES.filter((shared) => stages.includes(shared))) {
      const made = this.#begun.get(stage) ?? this.#stage(image, stage, progress);
      this.#begun.set(stage, made);
      await made;
    }
    await buildImage(this.#docker, image, progress);
  }

  async #stage(image: ImageToBuild, stage: string, progress: BuildProgress): Promise<void> {
    const fresh = progress.fresh === true && stage === SHARED_STAGES[0];
    if (stage === SHARED_STAGES[0]) {
      await ensureBaseImage(this.#docker, {
        onProgress: (line) => progress.onLine(line),
        signal: progress.signal,
        renew: fresh,
      });
    }
    await buildImage(this.#docker, image, progress, { stage, fresh });
  }
}
