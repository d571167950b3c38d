import { StateError, type MhlabError } from "../../core/model/errors.ts";
import type { LabEngine } from "../../core/model/lab/model.ts";
import type { EngineStatus } from "../../core/model/status/model.ts";
import { UNKNOWN_STATE } from "../../core/render/plan/container-state.ts";
import { enginesNamedBy } from "../../core/render/plan/engine-labels.ts";
import { labContainersOf } from "../../core/render/plan/labels.ts";
import type { FoundContainer } from "../../core/render/nodes/observed.ts";
import type { BuildProgress, ImageToBuild } from "../ports/engine-writer.ts";
import type { Engine } from "../ports/engine.ts";
import { Label } from "../../core/model/names.ts";
import { Node, SeenNode, type NodeName } from "./node.ts";
import {
  isSilence,
  unreachable,
  whileItAnswers,
  whySilent,
  type NamedEngine,
  type SeenEngine,
} from "./reachable.ts";

/** What runs on the engines, as it was seen at one time. */
export interface Seen {
  /** Every container, also of others than mhlab. */
  readonly containers: readonly FoundContainer[];
  /** The nodes of all labs; of an engine that does not answer any more those seen before, in the state `unknown`. */
  readonly nodes: readonly SeenNode[];
  /** The engines that labs name. */
  readonly engines: readonly SeenEngine[];
}

interface EnginesOptions {
  /** Where a node is made; left out, all are made on the first engine. */
  readonly engineOf?: (name: string) => Engine;
  /** What the lab file calls the engines, in their order; one that does not answer is then left out of what is seen. */
  readonly names?: readonly LabEngine[];
  /** Engines of the lab file that are left out because they do not answer. */
  readonly left?: readonly SeenEngine[];
  /** Opens an engine that the labels of a lab name by its `host`; left out, only the given ones are looked at. */
  readonly open?: (host: string) => Promise<Engine>;
}

interface Failing {
  /** Why the engine does not answer; undefined when it does. */
  readonly failure?: MhlabError | undefined;
}

interface Listed extends Failing {
  readonly engine: Engine;
  readonly containers: readonly FoundContainer[];
}

/** The engines on which labs run, as one. Nobody beside this folder counts on there being only one. */
export class Engines {
  readonly #all: readonly [Engine, ...Engine[]];
  readonly #engineOf: (name: string) => Engine;
  readonly #options: EnginesOptions;
  /** What was on each engine when it last answered. */
  readonly #last = new Map<Engine, readonly FoundContainer[]>();

  constructor(all: readonly [Engine, ...Engine[]], options: EnginesOptions = {}) {
    this.#all = all;
    this.#engineOf = options.engineOf ?? (() => all[0]);
    this.#options = options;
  }

  /**
   * Looks at all that is there, and at the further engines of the labs that it finds. Rejects when no engine answers; of a
   * lab on several, those that do not are among `engines`.
   */
  async look(signal?: AbortSignal): Promise<Seen> {
    const given = await this.#given(signal);
    const further = await this.#further(given, signal);
    const found = [...given, ...further.values()];
    const containers = found.flatMap((one) => one.containers);
    const named = this.#named(given);
    const failures = new Map([
      ...named.flatMap(({ host, failure }) => (failure === undefined ? [] : [[host, failure] as const])),
      ...[...further].flatMap(([host, { failure }]) =>
        failure === undefined ? [] : [[host, failure] as const],
      ),
    ]);
    return {
      containers,
      nodes: found.flatMap(({ engine, containers: there }) =>
        labContainersOf(there).map((container) => new SeenNode(container, engine)),
      ),
      engines: [...named, ...labelled(containers, failures)],
    };
  }

  async #given(signal: AbortSignal | undefined): Promise<Listed[]> {
    if (this.#options.names === undefined)
      return await Promise.all(
        this.#all.map(async (engine) => ({ engine, containers: await engine.reader.listContainers(signal) })),
      );
    const given = await Promise.all(this.#all.map(async (engine) => await this.#list(engine, signal)));
    if (given.every(({ failure }) => failure !== undefined)) throw unreachable(this.#named(given));
    return given;
  }

  #named(given: readonly Failing[]): SeenEngine[] {
    const { names = [], left = [] } = this.#options;
    const here = names.map(({ name, host }, index): SeenEngine => ({
      name,
      host,
      lab: undefined,
      failure: given[index]?.failure,
    }));
    return [...here, ...left];
  }

  /** What runs on engines that only labels name, by their hosts. */
  async #further(given: readonly Listed[], signal: AbortSignal | undefined): Promise<Map<string, Listed>> {
    const { open, left = [] } = this.#options;
    if (open === undefined) return new Map();
    const named = enginesNamedBy(given.flatMap(({ containers }) => containers)).map(({ host }) => host);
    const hosts = new Set(named.filter((host) => !left.some((one) => one.host === host)));
    const engines = new Set(given.map(({ engine }) => engine));
    const found = await Promise.all(
      [...hosts].map(async (host): Promise<[string, Listed][]> => {
        const engine = await open(host);
        return engines.has(engine) ? [] : [[host, await this.#list(engine, signal)]];
      }),
    );
    const known = new Set(given.flatMap(({ containers }) => containers.map(({ id }) => id)));
    // A given engine under another address is known by its containers.
    return new Map(found.flat().filter(([, { containers }]) => !containers.some(({ id }) => known.has(id))));
  }

  async #list(engine: Engine, signal: AbortSignal | undefined): Promise<Listed> {
    try {
      const containers = await whileItAnswers(engine, signal, (end) => engine.reader.listContainers(end));
      this.#last.set(engine, containers);
      return { engine, containers };
    } catch (failure) {
      signal?.throwIfAborted();
      if (!isSilence(failure)) throw failure;
      const before = this.#last.get(engine) ?? [];
      return { engine, containers: before.map((one) => ({ ...one, state: UNKNOWN_STATE })), failure };
    }
  }

  /** Throws HostError when an engine of the lab file does not answer; `hint` says what else can be done. */
  async refuse(hint?: string, signal?: AbortSignal): Promise<void> {
    const silent = await this.#silent(signal);
    if (silent.length > 0) throw unreachable(silent, hint === undefined ? {} : { hint });
  }

  /** The engines that answer, as all that there are. Rejects when none does. */
  async answering(signal?: AbortSignal): Promise<Engines> {
    const left = await this.#silent(signal);
    if (left.length === 0) return this;
    const { names = [], engineOf, open } = this.#options;
    const kept = this.#all.filter((_, index) => !left.some(({ name }) => name === names[index]?.name));
    const [first, ...others] = kept;
    if (first === undefined) throw unreachable(left);
    return new Engines([first, ...others], {
      ...(engineOf === undefined ? {} : { engineOf }),
      ...(open === undefined ? {} : { open }),
      names: names.filter(({ name }) => !left.some((one) => one.name === name)),
      left,
    });
  }

  /** Each engine, also those that do not answer and those that only labels name. Rejects when the only one, of no name, does not answer. */
  async each(signal?: AbortSignal): Promise<NamedEngine[]> {
    const { names } = this.#options;
    if (names !== undefined) {
      const asked = await Promise.all(this.#all.map(async (engine) => await failureOf(engine, signal)));
      return this.#all.map((engine, index) => {
        const { name, host = engine.reader.where } = names[index] ?? {};
        return { name, host, engine, failure: asked[index]?.failure };
      });
    }
    const given = await this.#given(signal);
    const further = await this.#further(given, signal);
    const named = enginesNamedBy(given.flatMap(({ containers }) => containers));
    const nameOf = (host: string): string | undefined => named.find((one) => one.host === host)?.name;
    return [
      ...given.map(({ engine, containers }) => {
        const name = labContainersOf(containers).flatMap(({ labels }) => labels[Label.engine] ?? [])[0];
        return { name, host: engine.reader.where, engine, failure: undefined };
      }),
      ...[...further].map(([host, { engine, failure }]) => ({ name: nameOf(host), host, engine, failure })),
    ];
  }

  async #silent(signal: AbortSignal | undefined): Promise<SeenEngine[]> {
    if (this.#options.names === undefined) return [];
    const asked = await Promise.all(this.#all.map(async (engine) => await failureOf(engine, signal)));
    return this.#named(asked).filter(({ failure }) => failure !== undefined);
  }

  /** Whether a node can be made: its engine is not left out. */
  serves(name: string): boolean {
    return this.#all.includes(this.#engineOf(name));
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

async function failureOf(engine: Engine, signal: AbortSignal | undefined): Promise<Failing> {
  try {
    await whileItAnswers(engine, signal, () => Promise.resolve());
    return {};
  } catch (failure) {
    signal?.throwIfAborted();
    if (!isSilence(failure)) throw failure;
    return { failure };
  }
}

/** The engines that labels name. One on which a container was seen answers, under whatever address. */
function labelled(
  containers: readonly FoundContainer[],
  failures: ReadonlyMap<string, MhlabError>,
): SeenEngine[] {
  const alive = enginesNamedBy(containers.filter(({ state }) => state !== UNKNOWN_STATE));
  return enginesNamedBy(containers).map(({ name, host, lab }) => {
    const isSeen = alive.some((one) => one.seen && one.name === name && one.lab === lab);
    return { name, host, lab, failure: isSeen ? undefined : failures.get(host) };
  });
}

/** Removes the volumes of a lab that no container uses, on each of some engines. */
export async function removeVolumes(lab: string, engines: readonly Engine[]): Promise<void> {
  const each = [...new Set(engines)];
  await Promise.all(each.map(async (engine) => await (await engine.writer()).removeVolumes(lab)));
}

/** The engines that a lab names, each once. */
function enginesNamed({ engines }: Seen, lab: string): SeenEngine[] {
  const mine = engines.filter((one) => one.lab === undefined || one.lab === lab);
  return mine.filter(({ name }, index) => mine.findIndex((one) => one.name === name) === index);
}

/** The engines of one lab as its status shows them. */
export function enginesOf(seen: Seen, lab: string): EngineStatus[] {
  return enginesNamed(seen, lab).map((engine) => {
    const { name, host, failure } = engine;
    return { name, host, reachable: failure === undefined, problem: whySilent(engine) };
  });
}

/** The engines of one lab that do not answer. */
export function silentEngines(seen: Seen, lab: string): SeenEngine[] {
  return enginesNamed(seen, lab).filter(({ failure }) => failure !== undefined);
}

/** Throws HostError when an engine does not answer that a lab names, or any lab that was seen. */
export function refuseSilent(seen: Seen, lab: string | undefined): void {
  const labs = lab === undefined ? [...new Set(seen.nodes.map((node) => node.lab))] : [lab];
  const silent = labs.map((one) => silentEngines(seen, one)).find(({ length }) => length > 0);
  if (silent !== undefined) throw unreachable(silent);
}

/** The nodes of one lab among those that were seen. */
export function nodesOf({ nodes }: Seen, lab: string): SeenNode[] {
  return nodes.filter((node) => node.lab === lab);
}
