import { labContainersOf } from "../../core/render/plan/labels.ts";
import type { FoundContainer } from "../../core/render/nodes/observed.ts";
import type { BuildProgress, ImageToBuild } from "../ports/engine-writer.ts";
import type { Engine } from "../ports/engine.ts";
import { Node, SeenNode, type NodeName } from "./node.ts";

/** What runs on the engines, as it was seen at one time. */
export interface Seen {
  /** Every container, also of others than mhlab. */
  readonly containers: readonly FoundContainer[];
  /** The nodes of all labs. */
  readonly nodes: readonly SeenNode[];
}

/** The engines on which labs run, as one. Nobody beside this folder counts on there being only one. */
export class Engines {
  readonly #all: readonly [Engine, ...Engine[]];
  readonly #engineOf: (name: string) => Engine;

  /** `engineOf` tells where a node is made; left out, all are made on the first engine. */
  constructor(all: readonly [Engine, ...Engine[]], engineOf: (name: string) => Engine = () => all[0]) {
    this.#all = all;
    this.#engineOf = engineOf;
  }

  /** Looks at all that is there. */
  async look(signal?: AbortSignal): Promise<Seen> {
    const found = await Promise.all(
      this.#all.map(async (engine) => ({ engine, containers: await engine.reader.listContainers(signal) })),
    );
    return {
      containers: found.flatMap(({ containers }) => containers),
      nodes: found.flatMap(({ engine, containers }) =>
        labContainersOf(containers).map((container) => new SeenNode(container, engine)),
      ),
    };
  }

  /** A node where it is to be, there or not. */
  node(who: NodeName): Node {
    return new Node(who, this.#engineOf(who.name));
  }

  /** Where the engine of a node keeps its data, on its host. */
  async dataFolder(name: string, signal?: AbortSignal): Promise<string | undefined> {
    return await this.#engineOf(name).reader.dataFolder(signal);
  }

  /** The wanted images where every engine has all of them; else the references of all that every engine has, newest first. */
  async imagesFor(wanted: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    const found = await Promise.all(
      this.#all.flatMap(({ reader }) => wanted.map((image) => reader.hasImage(image, signal))),
    );
    return found.every(Boolean) ? wanted : await this.#images(signal);
  }

  async #images(signal?: AbortSignal): Promise<string[]> {
    const [first = [], ...others] = await Promise.all(
      this.#all.map(async ({ reader }) => await reader.listImages(signal)),
    );
    return first.filter((image) => others.every((images) => images.includes(image)));
  }

  /** Builds an image wherever nodes can be. */
  async build(image: ImageToBuild, progress: BuildProgress): Promise<void> {
    await this.#each(async (engine) => await (await engine.writer()).build(image, progress));
  }

  /** Removes the volumes of a lab that no container uses. */
  async removeVolumes(lab: string): Promise<void> {
    await this.#each(async (engine) => await (await engine.writer()).removeVolumes(lab));
  }

  async #each(act: (engine: Engine) => Promise<void>): Promise<void> {
    await Promise.all(this.#all.map(act));
  }
}

/** The nodes of one lab among those that were seen. */
export function nodesOf({ nodes }: Seen, lab: string): SeenNode[] {
  return nodes.filter((node) => node.lab === lab);
}
