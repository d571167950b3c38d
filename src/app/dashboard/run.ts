import type { LiveNode, LiveMessage, LogEntry } from "../../core/judge/live/message.ts";
import { Sampler } from "../../core/judge/live/sampler.ts";
import { sentenceOf, stateSentence } from "../../core/judge/live/sentence.ts";
import { spanChanges } from "../../core/judge/live/spans.ts";
import type { LiveView } from "../../core/judge/live/view.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import { PlanLabel } from "../../core/render/nodes/spec.ts";
import type { Change, Recorded, Stamp } from "../../core/model/protocol/event.ts";
import type { Told } from "../../core/model/protocol/story.ts";
import type { LabStatus, NodeStatus } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Engines } from "../agents/engines.ts";
import type { SeenNode } from "../agents/node.ts";
import type { LabTap } from "../live-lab.ts";
import type { EventFeed } from "./event-feed.ts";
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
  /** Who listens to the events themselves. */
  readonly feed: EventFeed;
  readonly note: (entry: Omit<LogEntry, "at">) => void;
}

/** One time of following a lab: what its agents tell becomes messages. */
export class LabRun {
  readonly #options: RunOptions;
  readonly #end = new AbortController();
  readonly signal: AbortSignal;
  readonly #sampler = new Sampler();
  /** Changes of a look that is not told to its end, by node. */
  readonly #changes = new Map<string, Change[]>();
  /** The time of a snapshot whose status follows at once, by node. */
  readonly #snapshots = new Map<string, string>();
  /** The life of each agent. */
  readonly #epochs = new Map<string, string>();
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
      onNodes: (nodes) => this.#setNodes(nodes),
      onTold: (node, told) => {
        this.#options.feed.told(node, told);
        this.#told(node, told);
      },
      onStatus: (node, status) => {
        this.#options.feed.whole(node, status);
        this.#flush(node, status);
      },
      onGone: ({ name }) => this.#lose(name, "its agent is not heard any more"),
      onComplaint: ({ name }, text) => this.#options.note({ node: name, event: "gone", level: "bad", text }),
    };
  }

  #setNodes(nodes: readonly SeenNode[]): void {
    const { view, send, note } = this.#options;
    const before = new Map(view.containers.map((one) => [one.name, one.state]));
    const now = nodes.map(liveNode);
    send({ type: "nodes", nodes: now });
    if (before.size === 0) return;
    for (const { name, state } of now) {
      const word = before.has(name) ? `its container is ${state}` : "its container was made";
      const level = state === "running" ? "info" : "warn";
      if (before.get(name) !== state) note({ node: name, event: "nodes", level, text: word });
    }
    for (const name of before.keys())
      if (!now.some((one) => one.name === name))
        note({ node: name, event: "nodes", level: "warn", text: "its container was removed" });
  }

  #told({ name }: SeenNode, told: Told): void {
    if (told.kind === "snapshot") {
      this.#snapshots.set(name, told.event.at);
      this.#changes.delete(name);
      if (this.#epochs.get(name) === told.event.epoch) return;
      this.#epochs.set(name, told.event.epoch);
      this.#log(name, told, stateSentence(told.status));
      return;
    }
    const event = told.event as Recorded;
    if (isChange(event)) this.#changes.set(name, [...(this.#changes.get(name) ?? []), event]);
    const sentence = sentenceOf(event);
    if (sentence !== undefined) this.#log(name, told, sentence);
  }

  #log(node: string, { event: { at, event } }: Told, sentence: Pick<LogEntry, "level" | "text">): void {
    this.#options.send({ type: "log", entry: { at, node, event, ...sentence } });
  }

  /** A look was told to its end. */
  #flush({ name }: SeenNode, status: NodeStatus): void {
    const { view, send, now } = this.#options;
    const changes = this.#changes.get(name);
    this.#changes.delete(name);
    const known = view.nodes.get(name);
    const snapshotAt = this.#snapshots.get(name);
    this.#snapshots.delete(name);
    const at = timeOf(changes) ?? snapshotAt ?? formatUtc(now() / 1000, 6);
    if (snapshotAt !== undefined || known === undefined) send({ type: "status", node: name, at, status });
    else if (changes !== undefined) send({ type: "changes", node: name, at, changes: changes.map(bare) });
    else if (known.gone !== undefined) send({ type: "back", node: name });
    if (status.role !== "bng") return;
    const former = known?.status.role === "bng" ? known.status.prefix : undefined;
    for (const span of spanChanges(view.spans, status, now() / 1000, former)) send({ type: "span", span });
  }

  #lose(name: string, reason: string): void {
    const { view, send, note, now, feed } = this.#options;
    const known = view.nodes.get(name);
    if (known !== undefined) feed.gone(name, known.status.role, formatUtc(now() / 1000, 6));
    this.#changes.delete(name);
    this.#snapshots.delete(name);
    if (known === undefined || known.gone !== undefined) return;
    const silentS = (performance.now() - known.heardMs) / 1000;
    send({ type: "gone", node: name, sinceS: now() / 1000 - silentS, reason });
    note({ node: name, event: "gone", level: "bad", text: reason });
  }
}

/** Whether it makes another status; the others only tell what happened. */
function isChange(event: Recorded): event is Change {
  return event.event !== "log" && event.event !== "fault-began" && event.event !== "fault-ended";
}

/** When the last of the changes was seen. */
function timeOf(changes: readonly (Change & Partial<Stamp>)[] | undefined): string | undefined {
  return changes?.at(-1)?.at;
}

/** A change without the stamp of its event, which would double the message. */
function bare(change: Change): Change {
  const stamped: Change & Partial<Stamp> = change;
  const { seq: _, monotonicS: __, at: ___, node: ____, role: _____, more: ______, ...rest } = stamped;
  return rest;
}

function liveNode({ name, role, container }: SeenNode): LiveNode {
  const wanted = [PlanLabel.cpe, PlanLabel.hosts, PlanLabel.lan];
  const labels = Object.fromEntries(
    wanted.flatMap((key) => {
      const value = container.labels[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { name, role, state: container.state, labels };
}
