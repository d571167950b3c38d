import { createHmac, randomBytes } from "node:crypto";
import { parseEvent, type Heard } from "../../core/model/protocol/event.ts";
import { labContainersOf } from "../../core/render/plan/labels.ts";
import { Verifier, type Hmac } from "../../core/model/protocol/proof.ts";
import { pause } from "../ports/time.ts";
import type { Node } from "./node.ts";

/** Containers are looked up at most so often, whatever comes. */
const LOOKUP_PAUSE_MS = 500;
/** So many lines of a node wait until its container is known. */
const MOST_HELD = 4096;

const hmac: Hmac = (key, text) => createHmac("sha256", key).update(text).digest("hex");

/** A new question: what its answers have to be signed for. */
export function newNonce(): string {
  return randomBytes(16).toString("hex");
}

/** A reader of the signed lines of one node that answer a question. */
export function newVerifier(nonce: string): Verifier {
  return new Verifier(nonce, hmac);
}

interface Hearing {
  /** Gets what counts; of each node in its order. */
  readonly onHeard: (heard: Heard) => void;
  /** Told whenever somebody spoke in the name of a node. */
  readonly onForged: (node: string) => void;
}

/**
 * Lets those events of a stream of all nodes pass that the nodes' own containers signed: root in the node that passes them
 * on, or in one that took another's place in the shared folder, could tell anything in the name of others. Without a proof it can
 * be told only that somebody is not heard any more.
 */
export class Provenance {
  readonly nonce = newNonce();
  readonly #hub: Node;
  readonly #nodes: readonly Node[];
  readonly #signal: AbortSignal;
  readonly #hearing: Hearing;
  /** Containers by the names of nodes, once they were looked up. */
  #ids = new Map<string, string>();
  readonly #verifiers = new Map<string, Verifier>();
  /** Lines of nodes whose container is being looked up. */
  readonly #held = new Map<string, string[]>();
  #looking = false;

  /** `nodes` are those whose containers may be known already. */
  constructor(hub: Node, nodes: readonly Node[], signal: AbortSignal, hearing: Hearing) {
    this.#hub = hub;
    this.#nodes = nodes;
    this.#signal = signal;
    this.#hearing = hearing;
  }

  take(line: string): void {
    const heard = parseEvent(line);
    if (heard.kind !== "event" || heard.event.event === "gone") return this.#hearing.onHeard(heard);
    const { node } = heard.event;
    const held = this.#held.get(node);
    if (held !== undefined) {
      if (held.length < MOST_HELD) held.push(line);
      return;
    }
    if (this.#pass(node, line)) return;
    this.#held.set(node, [line]);
    if (!this.#looking) void this.#lookUp();
  }

  /** Passes a line on when it is proven; false when it is not. */
  #pass(node: string, line: string): boolean {
    const id = this.#ids.get(node) ?? this.#nodes.find(({ name }) => name === node)?.containerId;
    const verifier = this.#verifiers.get(node) ?? newVerifier(this.nonce);
    this.#verifiers.set(node, verifier);
    const plain = id === undefined ? undefined : verifier.read(line, id);
    if (plain === undefined) return false;
    this.#hearing.onHeard(parseEvent(plain));
    return true;
  }

  /** Asks the engine for the containers, and takes what was held, until nothing is; what is not proven then is dropped. Never rejects. */
  async #lookUp(): Promise<void> {
    this.#looking = true;
    while (this.#held.size > 0) {
      const containers = await this.#hub.engine.reader.listContainers(this.#signal).catch(() => []);
      const all = labContainersOf(containers);
      const lab = all.find(({ containerName }) => containerName === this.#hub.containerName)?.lab;
      this.#ids = new Map(all.filter((one) => one.lab === lab).map(({ name, id }) => [name, id]));
      const held = [...this.#held];
      this.#held.clear();
      for (const [node, lines] of held) {
        const unproven = lines.filter((line) => !this.#pass(node, line));
        if (unproven.length > 0) this.#hearing.onForged(node);
      }
      await pause(LOOKUP_PAUSE_MS, this.#signal).catch(() => undefined);
    }
    this.#looking = false;
  }
}
