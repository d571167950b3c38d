import type { VxlanLink } from "../../core/model/links/vxlan.ts";
import { createVxlan } from "../net/vxlan.ts";
import { deleteLink, markOf } from "../net/link.ts";
import type { LinkMaker, MakerKind, MakerOptions } from "./maker.ts";

/** One end of a VXLAN; its packets are the host's. */
export const vxlan: MakerKind<VxlanLink> = { make: (options, link) => new VxlanEnd(options, link) };

class VxlanEnd implements LinkMaker {
  readonly quiet = true;
  readonly awaited: string;
  readonly problems = [];
  readonly #options: MakerOptions;
  readonly #link: VxlanLink;

  constructor(options: MakerOptions, link: VxlanLink) {
    this.#options = options;
    this.#link = link;
    this.awaited = `VXLAN ${link.id}`;
  }

  async acquire(): Promise<boolean> {
    const { name, node } = this.#options;
    await createVxlan({ name, alias: markOf(node), ...this.#link });
    return true;
  }

  async keep(): Promise<void> {
    // The kernel keeps it as it was made.
  }

  async release(): Promise<void> {
    await deleteLink(this.#options.name);
  }
}
