import { FOREIGN, type Reply } from "../core/model/protocol/answer.ts";
import type { Cursor } from "../core/model/protocol/cursor.ts";
import type { NodeEvent } from "../core/model/protocol/event.ts";
import { nodeRole } from "../core/render/nodes/registry.ts";
import { assembleStatus, type Answer } from "../core/judge/health/assemble.ts";
import type { EngineStatus, LabStatus, NodeStatus } from "../core/model/status/model.ts";
import { ANSWER_TIMEOUT_MS } from "./agents/ask.ts";
import { enginesOf, nodesOf, type Seen } from "./agents/engines.ts";
import type { Listener } from "./agents/known.ts";
import type { SeenNode } from "./agents/node.ts";
import { LabWatch } from "./agents/watch.ts";
import { pause } from "./ports/time.ts";
import type { StatusQuestion } from "./status.ts";

const LOOK_MS = 50;

/** Which lab, and what is expected of it. */
export type LiveQuestion = Omit<StatusQuestion, "nodes" | "engines" | "signal">;

/** Someone who runs, and why he cannot be heard, as far as anybody said so. */
interface Followed {
  readonly stop: AbortController;
  complaint: string | undefined;
}

/** Who hears of a lab's nodes line by line, beside their statuses. */
export interface LabTap {
  /** By node: what it tells goes on after that event, without its status before, where its agent remembers. */
  readonly since?: ReadonlyMap<string, Cursor>;
  /** The nodes and engines that there are now, when one of them came, went or changed its state. */
  onNodes?(nodes: readonly SeenNode[], engines: readonly EngineStatus[]): void;
  onTold?(node: SeenNode, event: NodeEvent): void;
  /** Its status, after each line that made another one, and when it is heard again. */
  onStatus?(node: SeenNode, status: NodeStatus): void;
  onGone?(node: SeenNode, silentMs: number): void;
  onComplaint?(node: SeenNode, text: string): void;
}

interface LiveLabOptions {
  readonly tap: LabTap;
  readonly signal: AbortSignal;
  onChange(): void;
  /** The engine does not tell any more. */
  onFailure(error: unknown): void;
}

/** A lab's status as it is now, from the events of its agents; nobody is asked again and again. */
export class LiveLab {
  readonly #question: LiveQuestion;
  readonly #options: LiveLabOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #agents: LabWatch;
  readonly #followed = new Map<string, Followed>();
  #nodes: readonly SeenNode[] = [];
  #engines: readonly EngineStatus[] = [];

  constructor(question: LiveQuestion, options: LiveLabOptions) {
    this.#question = question;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.#agents = new LabWatch(this.#signal, options.tap.since, () => this.#engines.length > 1);
  }

  /** Resolves when every node that runs has been heard, or had time to. */
  async heard(): Promise<void> {
    const begun = performance.now();
    while (this.#silent().length > 0 && performance.now() - begun < ANSWER_TIMEOUT_MS)
      await pause(LOOK_MS, this.#signal);
  }

  /** All that is known. */
  status(): LabStatus {
    const answers = this.#nodes.map(({ container, name, runs }): Answer => {
      return runs ? { container, reply: this.#replyOf(name) } : { container };
    });
    return assembleStatus(this.#question.lab, answers, this.#question.expected, this.#engines);
  }

  close(): void {
    this.#end.abort();
  }

  #replyOf(name: string): Reply<NodeStatus> {
    const value = this.#agents.statusOf(name);
    if (value !== undefined) return { kind: "answer", value };
    const complaint = this.#followed.get(name)?.complaint;
    return complaint === FOREIGN
      ? { kind: "foreign" }
      : { kind: "silent", reason: complaint ?? "it says nothing" };
  }

  #silent(): string[] {
    return [...this.#followed]
      .filter(([name, { complaint }]) => complaint === undefined && this.#agents.statusOf(name) === undefined)
      .map(([name]) => name);
  }

  /** Follows who runs now, and nobody else. */
  take(seen: Seen): void {
    const nodes = nodesOf(seen, this.#question.lab).filter(
      ({ role }) => nodeRole(role).inStatus !== undefined,
    );
    const engines = enginesOf(seen, this.#question.lab);
    const changed = statesOf(nodes, engines) !== statesOf(this.#nodes, this.#engines);
    this.#nodes = nodes;
    this.#engines = engines;
    if (changed) {
      this.#options.tap.onNodes?.(nodes, engines);
      this.#options.onChange();
    }
    const running = new Map(nodes.filter(({ runs }) => runs).map((node) => [node.name, node]));
    for (const [name, { stop }] of this.#followed) {
      if (running.has(name)) continue;
      stop.abort();
      this.#followed.delete(name);
    }
    for (const [name, node] of running) if (!this.#followed.has(name)) this.#follow(node);
  }

  #follow(node: SeenNode): void {
    const followed: Followed = { stop: new AbortController(), complaint: undefined };
    this.#followed.set(node.name, followed);
    const { tap } = this.#options;
    const listener: Listener = {
      onTold: (event) => tap.onTold?.(node, event),
      onStatus: (status) => {
        followed.complaint = undefined;
        tap.onStatus?.(node, status);
        this.#options.onChange();
      },
      onGone: (silentMs) => {
        tap.onGone?.(node, silentMs);
        this.#options.onChange();
      },
      onComplaint: (text) => {
        if (followed.complaint === text) return;
        followed.complaint = text;
        tap.onComplaint?.(node, text);
        this.#options.onChange();
      },
    };
    this.#agents.follow(node, listener, followed.stop.signal).catch((error: unknown) => {
      if (!followed.stop.signal.aborted && !this.#end.signal.aborted) this.#options.onFailure(error);
    });
  }
}

function statesOf(nodes: readonly SeenNode[], engines: readonly EngineStatus[]): string {
  const containers = nodes.map(({ container: { id, state } }) => `${id} ${state}`);
  return [...containers, ...engines.map(({ name, reachable }) => `${name} ${reachable}`)].join();
}
