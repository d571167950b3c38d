import type { Cursor } from "../../core/model/protocol/cursor.ts";
import { parseEvent, type Heard } from "../../core/model/protocol/event.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import { ENOUGH, pause, untilAborted } from "../ports/time.ts";
import type { Engine } from "../ports/engine.ts";
import { Known, type Listener } from "./known.ts";
import type { Node } from "./node.ts";
import { Provenance } from "./provenance.ts";
import { isSilence } from "./reachable.ts";

/** How long a node may take to tell the first line; three times as long for the next one, so that a slow engine is not asked to death. */
const FIRST_LINE_MS = 15_000;
const LONGEST_FIRST_LINE_MS = 120_000;
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 3000;
const RECHECK_MS = 2000;
/**
 * After this long without a word, a node is asked by an exec of its own, then less and less often. Every question costs a
 * slow engine time that the node needs to start: a machine that emulated another one was asked to death when this was 10 s and stayed so.
 */
const TOO_SILENT_MS = 20_000;

/** Nodes of one engine, which can tell of each other. */
interface Neighbours {
  /** Also of nodes that nobody asked for yet, because a snapshot comes only once. */
  readonly known: Map<string, Known>;
  /** Those in which all can be followed. */
  readonly hubs: Node[];
}

/** The live status of all nodes of a lab, by one stream of events per engine, in whichever node runs there; nodes come and go meanwhile. */
export class LabWatch {
  readonly #signal: AbortSignal;
  readonly #since: ReadonlyMap<string, Cursor>;
  readonly #closed = new AbortController();
  readonly #failed = new AbortController();
  readonly #neighbours = new Map<Engine, Neighbours>();

  readonly #survives: () => boolean;

  /**
   * `since`: of nodes whose events are gone on from, without their status before. `survives`: whether an engine that does not
   * answer is asked again, instead of ending all.
   */
  constructor(
    signal: AbortSignal,
    since: ReadonlyMap<string, Cursor> = new Map(),
    survives: () => boolean = () => false,
  ) {
    this.#since = since;
    this.#survives = survives;
    this.#signal = AbortSignal.any([signal, this.#closed.signal]);
  }

  /** A node's status; undefined while nobody tells of it. */
  statusOf(name: string): NodeStatus | undefined {
    for (const { known } of this.#neighbours.values()) {
      known.get(name)?.expire();
      const status = known.get(name)?.statusNow;
      if (status !== undefined) return status;
    }
    return undefined;
  }

  /** The last status of every node that is told of. */
  get statuses(): readonly NodeStatus[] {
    return [...this.#neighbours.values()].flatMap(({ known }) =>
      [...known.values()].flatMap(({ status }) => status ?? []),
    );
  }

  /** Hands over a node's status, the last one known at once and every later one, until the signal fires; rejects then, and when the engine fails. */
  async follow(node: Node, listener: Listener, signal: AbortSignal): Promise<never> {
    const neighbours = this.#neighboursOf(node);
    const known = knownOf(node.name, neighbours);
    known.listen(listener);
    const end = AbortSignal.any([signal, this.#signal, this.#failed.signal]);
    try {
      return await Promise.race([untilAborted(end), this.#askAlone(node, known, end)]);
    } finally {
      known.listeners.delete(listener);
    }
  }

  /** The first status of a node that is enough; rejects when the signal fires or the engine fails. */
  async until(node: Node, enough: (status: NodeStatus) => boolean, signal: AbortSignal): Promise<NodeStatus> {
    const done = new AbortController();
    try {
      return await new Promise<NodeStatus>((resolve, reject) => {
        const onStatus = (status: NodeStatus): void => {
          if (enough(status)) resolve(status);
        };
        const listener = { onStatus, onGone: () => {}, onComplaint: () => {} };
        this.follow(node, listener, AbortSignal.any([signal, done.signal])).catch(reject);
      });
    } finally {
      done.abort(ENOUGH);
    }
  }

  close(): void {
    this.#closed.abort();
  }

  /** Who can tell of a node, and it of them; who is the first of an engine has all of that followed. */
  #neighboursOf(node: Node): Neighbours {
    const found = this.#neighbours.get(node.engine);
    if (found !== undefined) {
      const isHub = found.hubs.some(({ containerName }) => containerName === node.containerName);
      if (!isHub) found.hubs.push(node);
      return found;
    }
    const known = new Map([...this.#since].map(([name, cursor]) => [name, new Known(cursor)]));
    const made = { known, hubs: [node] };
    this.#neighbours.set(node.engine, made);
    void this.#keepStreaming(made);
    return made;
  }

  /** One stream after the other, each in the next node; never two at once. */
  async #keepStreaming(neighbours: Neighbours): Promise<void> {
    const { known: all, hubs } = neighbours;
    let [patience, retry] = [FIRST_LINE_MS, RETRY_MS];
    try {
      for (let turn = 0; ; turn++) {
        const hub = hubs[turn % hubs.length];
        const heard = hub !== undefined && (await this.#survive(this.#stream(hub, neighbours, patience)));
        for (const known of all.values()) known.lose();
        patience = heard ? FIRST_LINE_MS : Math.min(3 * patience, LONGEST_FIRST_LINE_MS);
        retry = heard ? RETRY_MS : Math.min(2 * retry, LONGEST_RETRY_MS);
        await pause(retry, this.#signal);
      }
    } catch (error) {
      this.#failed.abort(error);
    }
  }

  /** Awaits something of an engine; false when the engine does not answer and that is survived. */
  async #survive(act: Promise<boolean>): Promise<boolean> {
    try {
      return await act;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isSilence(error) || !this.#survives()) throw error;
      return false;
    }
  }

  /** One stream of all, to its end; whether a node spoke. */
  async #stream(hub: Node, neighbours: Neighbours, patienceMs: number): Promise<boolean> {
    let spoke = false;
    const broken = new AbortController();
    const cursors = [...neighbours.known].flatMap(([name, { cursor }]) =>
      cursor === undefined ? [] : [[name, cursor] as const],
    );
    const onHeard = (heard: Heard): void => {
      const node = nodeOf(heard);
      spoke ||= heard.kind === "event";
      const about = node === undefined ? [...neighbours.known.values()] : [knownOf(node, neighbours)];
      if (!about.every((one) => one.take(heard))) broken.abort();
    };
    const end = AbortSignal.any([this.#signal, broken.signal]);
    const onForged = (node: string): void => knownOf(node, neighbours).doubt();
    const provenance = new Provenance(hub, neighbours.hubs, end, { onHeard, onForged });
    try {
      await hub.follow(
        {
          verb: "allEvents",
          attached: true,
          nonce: provenance.nonce,
          ...(cursors.length === 0 ? {} : { since: Object.fromEntries(cursors) }),
        },
        { signal: end, patienceMs, onLine: (line) => provenance.take(line) },
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!broken.signal.aborted) throw error;
    }
    return spoke;
  }

  /** Asks a node by an exec of its own while nobody tells of it, or somebody else speaks in its name. */
  async #askAlone(node: Node, known: Known, signal: AbortSignal): Promise<never> {
    let wait = TOO_SILENT_MS;
    let silentSince = performance.now();
    for (;;) {
      await pause(RECHECK_MS, signal);
      known.expire();
      if (known.live) silentSince = performance.now();
      const isSilent = !known.live && performance.now() - silentSince >= wait;
      if (!isSilent && !known.doubted) continue;
      await this.#followAlone(node, known, signal);
      wait *= 2;
      silentSince = performance.now();
    }
  }

  /** One stream of its own events, to its end: its agent goes, or does not come to listen. */
  async #followAlone(node: Node, known: Known, signal: AbortSignal): Promise<void> {
    const { cursor } = known;
    const request = {
      verb: "events",
      attached: true,
      ...(cursor === undefined ? {} : { since: cursor }),
    } as const;
    const onLine = (line: string): void => void known.take(parseEvent(line));
    await this.#survive(node.follow(request, { signal, onLine }));
    known.lose();
  }
}

function knownOf(name: string, { known: all }: Neighbours): Known {
  const known = all.get(name) ?? new Known();
  all.set(name, known);
  return known;
}

/** The node that a line is about; undefined when it is about the stream. */
function nodeOf(heard: Heard): string | undefined {
  if (heard.kind === "event") return heard.event.node;
  return heard.kind === "foreign" ? heard.node : undefined;
}
