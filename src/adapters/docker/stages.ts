import type Dockerode from "dockerode";
import pLimit, { type LimitFunction } from "p-limit";
import type { BuildProgress, ImageToBuild } from "../../app/ports/engine-writer.ts";
import { BASE_IMAGE } from "../../core/model/names.ts";
import { ensureBaseImage } from "./base-image.ts";
import { buildImage } from "./build.ts";
import { readDockerfile } from "./context.ts";
import { dockerfileOf, readStages, type Stage } from "./dockerfile.ts";

/**
 * Builds images, also side by side: each stage as soon as those are there that it needs, as many at once as the engine has
 * processors, and what several Dockerfiles have with the same lines once; whoever comes later finds it in the engine's cache. Of a
 * fresh build only the lowest stage is made without the cache; what stands upon a new one is new as well.
 */
export class Builder {
  readonly #docker: Dockerode;
  /** By the Dockerfile that makes it. */
  readonly #begun = new Map<string, Promise<unknown>>();
  #turns: Promise<LimitFunction> | undefined;

  constructor(docker: Dockerode) {
    this.#docker = docker;
  }

  /** Makes an image, and before it what is missing below it. Throws OperationError MHLAB_BUILD, HostError MHLAB_BASE_IMAGE. */
  async build(image: ImageToBuild, progress: BuildProgress): Promise<void> {
    const { signal, fresh: renew = false } = progress;
    const onProgress = (line: string): void => progress.onLine(line);
    await this.#once(BASE_IMAGE, () => ensureBaseImage(this.#docker, { onProgress, signal, renew }));
    this.#turns ??= this.#docker.info().then(({ NCPU }: { NCPU?: number }) => pLimit(Math.max(NCPU ?? 1, 1)));
    const inTurn = await this.#turns;
    const stages = readStages(await readDockerfile(image));
    const make = async (stage: Stage): Promise<void> => {
      const below = stage.needs.flatMap((needed) => stages.filter(({ name }) => name === needed));
      const dockerfile = dockerfileOf(stage, stages);
      const isImage = stage.name === undefined;
      const build = async (): Promise<void> => {
        await Promise.all(below.map(make));
        const recipe = { dockerfile, fresh: renew && below.length === 0, isImage };
        await inTurn(() => buildImage(this.#docker, image, progress, recipe));
      };
      await (isImage ? build() : this.#once(dockerfile, build));
    };
    const last = stages.at(-1);
    if (last !== undefined) await make(last);
  }

  async #once(what: string, make: () => Promise<unknown>): Promise<void> {
    const made = this.#begun.get(what) ?? make();
    this.#begun.set(what, made);
    await made;
  }
}
