import { StateError } from "../../core/model/errors.ts";
import { enginesNamedBy } from "../../core/render/plan/engine-labels.ts";
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

interface EnginesOptions {
  /** Where a node is made; left out, all are made on the first engine. */
  readonly engineOf?: (name: string) => Engine;
  /** Opens an engine that the labels of a lab name by its `host`; left out, only the given ones are looked at. */
  readonly open?: (host: string) => Promise<Engine>;
}

interface Listed {
  readonly engine: Engine;
  readonly containers: readonly FoundContainer[];
}

/** The engines on which labs run, as one. Nobody beside this folder counts on there being only one. */
export class Engines {
  readonly #all: readonly [Engine, ...Engine[]];
  readonly #engineOf: (name: string) => Engine;
  readonly #open: ((host: string) => Promise<Engine>) | undefined;

  constructor(all: readonly [Engine, ...Engine[]], { engineOf = () => all[0], open }: EnginesOptions = {}) {
    this.#all = all;
    this.#engineOf = engineOf;
    this.#open = open;
  }

  /** Looks at all that is there, and at the further engines of the labs that it finds. */
  async look(signal?: AbortSignal): Promise<Seen> {
    const given = await Promise.all(this.#all.map(async (engine) => await list(engine, signal)));
    const found = [...given, ...(await this.#further(given, signal))];
    return {
      containers: found.flatMap(({ containers }) => containers),
      nodes: found.flatMap(({ engine, containers }) =>
        labContainersOf(containers).map((container) => new SeenNode(container, engine)),
      ),
    };
  }

  /** What runs on engines that only labels name. One that is a given engine under another address is known by its containers. */
  async #further(given: readonly Listed[], signal: AbortSignal | undefined): Promise<Listed[]> {
    const open = this.#open;
    if (open === undefined) return [];
    const hosts = [...enginesNamedBy(given.flatMap(({ containers }) => containers)).keys()];
    const found = await Promise.all(hosts.map(async (host) => await list(await open(host), signal)));
    const known = new Set(given.flatMap(({ containers }) => containers.map(({ id }) => id)));
    const engines = new Set(given.map(({ engine }) => engine));
    return found.filter(
      ({ engine, containers }) => !engines.has(engine) && !containers.some(({ id }) => known.has(id)),
    );
  }

  /** Throws StateError when one engine is among them twice, under two addresses. */
  async refuseTwins(signal?: AbortSignal): Promise<void> {
    if (this.#all.length === 1) return;
    const ids = await Promise.all(this.#all.map(async ({ reader }) => await reader.engineId(signal)));
    for (const [index, id] of ids.entries()) {
      const first = ids.indexOf(id);
      if (id === undefined || first === index) continue;
      const places = [this.#all[first], this.#all[index]].map((engine) => engine?.reader.where);
      throw new StateError("MHLAB_ENGINE_TWICE", `${places.join(" and ")} are the same engine`, {
        hint: "name each engine once in `engines`, and let the nodes of both use that name",
        state: "Nothing was changed.",
      });
    }
  }

  /** The address of this machine that the SSH session of the user goes to; undefined when there is none. */
  async sshAddress(): Promise<string | undefined> {
    return (await this.#all[0].probe()).sshAddress;
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

  /** Removes the volumes of a lab that no container uses, here and where nodes of it ran. */
  async removeVolumes(lab: string, former: readonly Node[]): Promise<void> {
    await removeVolumes(lab, [...this.#all, ...former.map(({ engine }) => engine)]);
  }

  async #each(act: (engine: Engine) => Promise<void>): Promise<void> {
    await Promise.all(this.#all.map(act));
  }
}

async function list(engine: Engine, signal: AbortSignal | undefined): Promise<Listed> {
  return { engine, containers: await engine.reader.listContainers(signal) };
}

/** Removes the volumes of a lab that no container uses, on each of some engines. */
export async function removeVolumes(lab: string, engines: readonly Engine[]): Promise<void> {
  const each = [...new Set(engines)];
  await Promise.all(each.map(async (engine) => await (await engine.writer()).removeVolumes(lab)));
}

/** The nodes of one lab among those that were seen. */
export function nodesOf({ nodes }: Seen, lab: string): SeenNode[] {
  return nodes.filter((node) => node.lab === lab);
}
