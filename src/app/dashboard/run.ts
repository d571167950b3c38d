import type { LiveNode, LiveMessage, LogEntry } from "../../core/judge/live/message.ts";
import { Sampler } from "../../core/judge/live/sampler.ts";
import { spanChanges } from "../../core/judge/live/spans.ts";
import type { LiveView } from "../../core/judge/live/view.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import { UNKNOWN_STATE } from "../../core/render/plan/container-state.ts";
import { PlanLabel } from "../../core/render/nodes/spec.ts";
import type { EngineStatus, LabStatus, NodeStatus } from "../../core/model/status/model.ts";
import type { Engines } from "../agents/engines.ts";
import type { SeenNode } from "../agents/node.ts";
import type { LabTap } from "../live-lab.ts";
import { LiveLabs } from "../live-labs.ts";
import { pause } from "../ports/time.ts";

const SAMPLE_MS = 1000;

interface RunOptions {
  readonly engines: Engines;
  readonly lab: string;
  readonly expected?: ExpectedNodes | undefined;
  /** What was sent so far, as clients know it. */
  readonly view: LiveView;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly send: (message: LiveMessage) => void;
  readonly note: (entry: Omit<LogEntry, "at">) => void;
}

/** One time of following a lab: what its agents tell becomes messages. */
export class LabRun {
  readonly #options: RunOptions;
  readonly #end = new AbortController();
  readonly signal: AbortSignal;
  readonly #sampler = new Sampler();
  /** The last prefix of each provider. */
  readonly #prefixes = new Map<string, string>();
  #live: LiveLabs | undefined;
  #hear: () => void = () => {};
  readonly #heard: Promise<void>;

  constructor(options: RunOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.#heard = new Promise((resolve) => {
      this.#hear = resolve;
      this.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Resolves when every node that runs was heard or had time to, or the engine does not answer. */
  heard(): Promise<void> {
    return this.#heard;
  }

  /** As it is now; undefined before all were heard. */
  status(): LabStatus | undefined {
    return this.#live?.statuses()[0];
  }

  close(): void {
    this.#end.abort();
  }

  /** Follows until the signal fires or the engine fails, which is thrown. */
  async follow(): Promise<never> {
    const { engines, lab, expected, send, view } = this.#options;
    const live = new LiveLabs(engines, () => [{ lab, expected }], this.signal, this.#tap());
    try {
      await live.open(await engines.look(this.signal));
      this.#live = live;
      if (view.trouble !== null) send({ type: "trouble", text: null });
      this.#hear();
      return await Promise.race([live.untilEnd(), this.#keepSampling()]);
    } finally {
      this.#live = undefined;
      live.close();
      this.#hear();
      for (const name of view.nodes.keys()) this.#lose(name, "the engine does not answer");
    }
  }

  async #keepSampling(): Promise<never> {
    const { view, now, send } = this.#options;
    for (;;) {
      await pause(SAMPLE_MS, this.signal);
      const names = [...view.nodes].filter(([, { gone }]) => gone === undefined).map(([name]) => name);
      const statuses = names.flatMap((name) => view.statusOf(name) ?? []);
      const atS = Math.round(now()) / 1000;
      send({ type: "sample", atS, values: this.#sampler.take(atS, statuses) });
    }
  }

  #tap(): LabTap {
    return {
      onNodes: (nodes, engines) => this.#setNodes(nodes, engines),
      onTold: (_, event) => this.#options.send({ type: "event", event }),
      onStatus: (_, status) => this.#know(status),
      onGone: ({ name }) => this.#lose(name, "its agent is not heard any more"),
      onComplaint: ({ name }, text) => this.#options.note({ node: name, event: "gone", level: "bad", text }),
    };
  }

  #setNodes(nodes: readonly SeenNode[], engines: readonly EngineStatus[]): void {
    const { view, send, note } = this.#options;
    const before = new Map(view.containers.map((one) => [one.name, one.state]));
    const now = nodes.map(liveNode);
    send({ type: "nodes", nodes: now, engines });
    if (before.size === 0) return;
    for (const { name, state } of now) {
      const word = before.has(name) ? stateWords(state) : "its container was made";
      const level = state === "running" ? "info" : "warn";
      if (before.get(name) !== state) note({ node: name, event: "nodes", level, text: word });
    }
    for (const name of before.keys())
      if (!now.some((one) => one.name === name))
        note({ node: name, event: "nodes", level: "warn", text: "its container was removed" });
  }

  /** Its status is another one, or it is heard again. */
  #know(status: NodeStatus): void {
    const { view, send, now } = this.#options;
    const { name } = status;
    if (view.nodes.get(name)?.gone !== undefined) send({ type: "back", node: name });
    if (status.role !== "bng") return;
    const former = this.#prefixes.get(name);
    this.#prefixes.set(name, status.prefix);
    for (const span of spanChanges(view.spans, status, now() / 1000, former)) send({ type: "span", span });
  }

  #lose(name: string, reason: string): void {
    const { view, send, note, now } = this.#options;
    const known = view.nodes.get(name);
    if (known === undefined || known.gone !== undefined) return;
    const silentS = (performance.now() - known.heardMs) / 1000;
    send({ type: "gone", node: name, sinceS: now() / 1000 - silentS, reason });
    note({ node: name, event: "gone", level: "bad", text: reason });
  }
}

function stateWords(state: string): string {
  return state === UNKNOWN_STATE ? "its engine does not answer" : `its container is ${state}`;
}

function liveNode({ name, role, container }: SeenNode): LiveNode {
  const wanted = [PlanLabel.cpe, PlanLabel.hosts, PlanLabel.lan, PlanLabel.device];
  const labels = Object.fromEntries(
    wanted.flatMap((key) => {
      const value = container.labels[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { name, role, state: container.state, labels };
}
