import type { ExpectedNodes } from "../../render/nodes/node.ts";
import type { LabContainer } from "../../render/nodes/observed.ts";
import type { Reply } from "../../model/protocol/answer.ts";
import type { NodeEvent } from "../../model/protocol/event.ts";
import { Story } from "../../model/protocol/story.ts";
import { assembleStatus } from "../health/assemble.ts";
import type { EngineStatus, LabStatus, NodeStatus } from "../../model/status/model.ts";
import { History } from "./history.ts";
import type { LiveNode, LiveMessage, LogEntry, Span } from "./message.ts";
import { sentencesOf } from "./sentence.ts";

/** Lines of the log that are kept. */
const MOST_ENTRIES = 2000;
const MOST_SPANS = 500;

/** What is known of a node. */
export interface NodeView {
  readonly story: Story;
  /** When it was heard, by the clock of who looks. */
  readonly heardMs: number;
  /** Since when its agent is not heard any more; undefined while it is. */
  readonly gone: { readonly sinceS: number; readonly reason: string } | undefined;
}

/** A lab as messages tell it: what the server and each page hold. */
export class LiveView {
  lab = "";
  self = "mhlab";
  version = "";
  expected: ExpectedNodes | undefined;
  containers: readonly LiveNode[] = [];
  engines: readonly EngineStatus[] = [];
  readonly nodes = new Map<string, NodeView>();
  log: LogEntry[] = [];
  spans: Span[] = [];
  history = new History();
  trouble: string | null = null;

  /** Takes a message that came at that time, in milliseconds of a clock that never jumps. */
  take(message: LiveMessage, nowMs: number): void {
    switch (message.type) {
      case "lab":
        return this.#begin(message);
      case "nodes":
        return this.#setContainers(message.nodes, message.engines);
      case "past":
        this.log = [...message.log];
        this.spans = [...message.spans];
        this.history = new History(message.history);
        return;
      case "event":
        return this.#hear(message.event, nowMs);
      case "gone": {
        const before = this.nodes.get(message.node);
        const { sinceS, reason } = message;
        if (before !== undefined) this.nodes.set(message.node, { ...before, gone: { sinceS, reason } });
        return;
      }
      case "back": {
        const before = this.nodes.get(message.node);
        if (before !== undefined) this.nodes.set(message.node, { ...before, gone: undefined });
        return;
      }
      case "log":
        return this.#note(message.entry);
      case "span": {
        const others = this.spans.filter(({ id }) => id !== message.span.id);
        this.spans = [...others, message.span].slice(-MOST_SPANS);
        return;
      }
      case "sample":
        return this.history.add(message.atS, message.values);
      case "trouble":
        this.trouble = message.text;
    }
  }

  /** A node's status, as it was told last. */
  statusOf(name: string): NodeStatus | undefined {
    return this.nodes.get(name)?.story.status;
  }

  /** The lab's status; of nodes that are gone what was known last, so that a page can show it as stale. */
  labStatus(): LabStatus {
    const answers = this.containers.map((node) => {
      const value = node.state === "running" ? this.statusOf(node.name) : undefined;
      const reply: Reply<NodeStatus> =
        value === undefined ? { kind: "silent", reason: "it says nothing yet" } : { kind: "answer", value };
      return { container: containerOf(this.lab, node), reply };
    });
    return assembleStatus(this.lab, answers, this.expected, this.engines);
  }

  #begin(message: Extract<LiveMessage, { type: "lab" }>): void {
    this.lab = message.lab;
    this.self = message.self;
    this.version = message.version;
    this.expected = message.expected ?? undefined;
    this.containers = [];
    this.engines = [];
    this.nodes.clear();
    this.log = [];
    this.spans = [];
    this.history = new History();
    this.trouble = null;
  }

  #setContainers(nodes: readonly LiveNode[], engines: readonly EngineStatus[] = []): void {
    this.containers = nodes;
    this.engines = engines;
    const names = new Set(nodes.map(({ name }) => name));
    for (const name of this.nodes.keys()) if (!names.has(name)) this.nodes.delete(name);
  }

  #hear(event: NodeEvent, nowMs: number): void {
    const { at, node } = event;
    const story = this.nodes.get(node)?.story ?? new Story();
    const isKnown = event.event === "snapshot" && story.cursor?.epoch === event.epoch;
    story.take(event);
    this.nodes.set(node, { story, heardMs: nowMs, gone: undefined });
    if (isKnown) return;
    for (const { about, ...rest } of sentencesOf(event)) this.#note({ at, node, event: about, ...rest });
  }

  #note(entry: LogEntry): void {
    this.log.push(entry);
    if (this.log.length > 1.2 * MOST_ENTRIES) this.log = this.log.slice(-MOST_ENTRIES);
  }
}

function containerOf(lab: string, { name, role, state, labels }: LiveNode): LabContainer {
  return { id: name, containerName: name, image: "", lab, name, role, state, labels };
}
