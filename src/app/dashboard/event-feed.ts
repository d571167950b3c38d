import { PROTOCOL } from "../../core/model/protocol/answer.ts";
import type { Stamp } from "../../core/model/protocol/event.ts";
import type { Told } from "../../core/model/protocol/story.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import type { SeenNode } from "../agents/node.ts";

/** What somebody who comes later has to hear of a node before what comes next. */
interface Place {
  /** The last event that the status below has in it. */
  stamp: Stamp;
  status: NodeStatus | undefined;
  /** Events after it: of a look that is not told to its end. */
  pending: object[];
  /** Not heard any more; it may go on where it was. */
  gone?: true;
}

/** What all nodes tell, as lines of `mhlab events --json`, for all who listen; from the one stream by which the lab is followed. */
export class EventFeed {
  readonly #listeners = new Set<(line: object) => void>();
  readonly #epochs = new Map<string, string>();
  readonly #places = new Map<string, Place>();

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells what is now, then what comes; the call that ends it. */
  open(listener: (line: object) => void): () => void {
    for (const [name, { stamp, status, pending, gone }] of this.#places) {
      if (status === undefined || gone === true) continue;
      const { seq, monotonicS, at, node, role } = stamp;
      const epoch = this.#epochs.get(name);
      const snapshot = { event: "snapshot", epoch, status: { protocol: PROTOCOL, ...status } };
      for (const line of [{ seq, monotonicS, at, node, role, ...snapshot }, ...pending]) listener(line);
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  told({ name }: SeenNode, { kind, event }: Told): void {
    if ("epoch" in event) this.#epochs.set(name, event.epoch);
    const line = { ...event, epoch: this.#epochs.get(name) ?? "" };
    const place = this.#places.get(name);
    if (place === undefined) this.#places.set(name, { stamp: event, status: undefined, pending: [] });
    else if (kind === "snapshot") this.#places.set(name, { stamp: event, status: place.status, pending: [] });
    // A line of a log ends no look; without one, there is nothing to keep of it.
    else if (event.event === "log" && place.pending.length === 0) place.stamp = event;
    else place.pending.push(line);
    this.#tell(line);
  }

  /** A look was told to its end. */
  whole({ name }: SeenNode, status: NodeStatus): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    const last = place.pending.at(-1) as Stamp | undefined;
    this.#places.set(name, { stamp: last ?? place.stamp, status, pending: [] });
  }

  /** Its agent is not heard any more. `at`: UTC, RFC 3339. */
  gone(node: string, role: string, at: string): void {
    const place = this.#places.get(node);
    if (place === undefined || place.gone === true) return;
    place.gone = true;
    this.#tell({ at, node, role, event: "gone" });
  }

  /** Nothing is followed any more. */
  forget(): void {
    this.#places.clear();
    this.#epochs.clear();
  }

  #tell(line: object): void {
    for (const listener of this.#listeners) listener(line);
  }
}
