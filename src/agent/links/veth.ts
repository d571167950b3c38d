import { waitingName, type VethLink } from "../../core/model/links/veth.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { createVeth, deleteLink, markOf } from "../net/link.ts";
import { destination, type Destination } from "./destination.ts";
import type { LinkMaker, MakerKind, MakerOptions } from "./maker.ts";

/** A pair of interfaces. */
export const veth: MakerKind<VethLink> = { make: (options, link) => new VethPair(options, link) };

/** A pair whose other end stays on the host, or waits there until it is where the lab file says. */
class VethPair implements LinkMaker {
  readonly awaited: string;
  readonly #options: MakerOptions;
  readonly #destination: Destination | undefined;
  #problems: readonly Problem[] = [];

  constructor(options: MakerOptions, { peer, into }: VethLink) {
    this.#options = options;
    this.awaited = into === undefined ? peer : waitingName(options.node, peer, into);
    this.#destination =
      into === undefined ? undefined : destination(into, { waiting: this.awaited, name: peer });
  }

  get quiet(): boolean {
    return this.#destination === undefined;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  async acquire(): Promise<boolean> {
    const { node, name } = this.#options;
    const peerStaysDown = this.#destination !== undefined;
    await createVeth({ name, peer: this.awaited, alias: markOf(node), peerStaysDown });
    return true;
  }

  async keep(): Promise<void> {
    const message = await this.#destination?.deliver();
    this.#problems = message === undefined ? [] : [{ code: "not-delivered", message }];
  }

  watch(onChange: () => void): () => void {
    return this.#destination?.watch(onChange) ?? (() => {});
  }

  async release(): Promise<void> {
    await deleteLink(this.#options.name);
  }
}
