import { setMaxListeners } from "node:events";

import { nodeRole } from "../core/render/nodes/registry.ts";
import type { Report } from "../core/render/plan/progress.ts";
import type { NodeStatus } from "../core/model/status/model.ts";
import type { Engines } from "./agents/engines.ts";
import { LabWatch } from "./agents/watch.ts";
import { applyPlan, AT_ONCE } from "./apply.ts";
import { checkHosts } from "./check-host.ts";
import { checkLinks } from "./check-links.ts";
import { deliverVeth } from "./deliver.ts";
import type { PlannedLab } from "./plan-up.ts";
import type { KeyStore } from "./ports/key-store.ts";
import { awaitReady, type Arrived, type Awaited } from "./ready.ts";

/** An agent that says nothing for so long keeps no other node waiting. */
const FIRST_WORD_MS = 5000;

export interface RunPorts {
  readonly engines: Engines;
  readonly keys: KeyStore;
}

export interface RunOptions {
  /** `--wait`. */
  readonly strict: boolean;
  /** How long nodes are waited for, from when the last of them runs. */
  readonly timeoutMs: number;
  readonly sshAddress?: string | undefined;
  /** `--reset`: nodes that stay lose their override. */
  readonly reset?: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** What a run came to; without a failure every node has arrived. */
export interface RunResult {
  /** Nodes whose containers did not exist before. */
  readonly created: ReadonlySet<string>;
  readonly arrived: readonly Arrived[];
  /** Nodes that did not arrive, with what each waits for. */
  readonly waiting: ReadonlyMap<string, string>;
  readonly failure: unknown;
}

/** One run of `up`: does the steps of a plan, and waits for each node from when it runs. */
export class Run {
  readonly #planned: PlannedLab;
  readonly #ports: RunPorts;
  readonly #options: RunOptions;
  readonly #nodeOf: (name: string) => Awaited | undefined;
  readonly #created = new Set<string>();
  readonly #arrived: Arrived[] = [];
  readonly #waiting = new Map<string, string>();
  readonly #arriving: Promise<void>[] = [];
  /** A failure, or the end of the time, stops all that waits. */
  readonly #stop = new AbortController();
  readonly #late = new AbortController();
  readonly #signal: AbortSignal;
  readonly #agents: LabWatch;
  readonly #later: string[] = [];
  #applied = false;
  #failed: { readonly error: unknown } | undefined;

  /** `nodeOf` tells which nodes are waited for. */
  constructor(
    planned: PlannedLab,
    ports: RunPorts,
    options: RunOptions,
    nodeOf: (name: string) => Awaited | undefined,
  ) {
    this.#planned = planned;
    this.#ports = ports;
    this.#options = options;
    this.#nodeOf = nodeOf;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal, this.#late.signal]);
    // One listener per node and question.
    setMaxListeners(0, this.#signal);
    this.#agents = new LabWatch(this.#signal);
  }

  /** Whether it ended because the time was up. */
  get late(): boolean {
    return this.#late.signal.aborted;
  }

  /** Resolves when nothing of it is under way any more, with what it came to. */
  async toItsEnd(): Promise<RunResult> {
    let failure: unknown;
    let timer: NodeJS.Timeout | undefined;
    try {
      if (this.#planned.plan.steps.length > 0) await this.#apply();
      this.#applied = true;
      for (const name of this.#later) void this.#onRunning(name);
      for (const name of this.#planned.plan.unchanged) void this.#onRunning(name);
      timer = setTimeout(() => this.#late.abort(), this.#options.timeoutMs);
      await Promise.all(this.#arriving);
      if (this.#failed !== undefined) throw this.#failed.error;
    } catch (error) {
      failure = error;
      this.#stop.abort();
      await Promise.all(this.#arriving);
    } finally {
      clearTimeout(timer);
    }
    return { created: this.#created, arrived: this.#arrived, waiting: this.#waiting, failure };
  }

  /** What a node told last, until `close`. */
  statusOf(name: string): NodeStatus | undefined {
    return this.#agents.statusOf(name);
  }

  /** Hears of the nodes no more. */
  close(): void {
    this.#agents.close();
  }

  async #apply(): Promise<void> {
    const { engines, keys } = this.#ports;
    const { report, signal, sshAddress } = this.#options;
    await applyPlan(this.#planned, {
      engines,
      readKey: (key) => keys.read(this.#planned.plan.lab, key),
      signal,
      report,
      reset: this.#options.reset === true,
      onCreate: (name) => this.#created.add(name),
      onRunning: (name) => this.#onRunning(name),
      beforeContainers: async () => {
        await checkHosts(this.#planned, { sshAddress, signal, report });
        await checkLinks(this.#planned, { signal, report });
      },
    });
  }

  /** Resolves when another may be started: a hundred at once would keep each other from coming up at all. */
  async #onRunning(name: string): Promise<void> {
    const awaited = this.#nodeOf(name);
    if (awaited === undefined) return;
    // While steps are left, it may be ready by a provider that one of them makes anew.
    if (!this.#applied && nodeRole(awaited.node.role).needsAllProviders) {
      this.#later.push(name);
      return;
    }
    const arriving = this.#arrive(awaited).catch((error: unknown) => {
      // That the others are stopped by it is no failure of theirs.
      this.#failed ??= { error };
      this.#stop.abort();
    });
    this.#arriving.push(arriving);
    if (this.#planned.plan.steps.length <= AT_ONCE) return;
    const end = AbortSignal.any([this.#signal, AbortSignal.timeout(FIRST_WORD_MS)]);
    await this.#agents.until(awaited.node, () => true, end).catch(() => undefined);
  }

  async #arrive(awaited: Awaited): Promise<void> {
    const { node } = awaited;
    const { strict, report } = this.#options;
    const signal = this.#signal;
    const provider = this.#planned.lab.providers.find(({ name }) => name === node.name);
    const spec = this.#planned.specs.get(node.name);
    if (provider !== undefined && spec !== undefined)
      await deliverVeth(provider, spec, { agents: this.#agents, node, signal });
    const onWaiting = (detail: string): void => void this.#waiting.set(node.name, detail);
    const options = { agents: this.#agents, strict, signal, report, onWaiting };
    const isNew = this.#created.has(node.name);
    this.#arrived.push(await awaitReady({ ...awaited, isNew }, options));
    this.#waiting.delete(node.name);
  }
}
