import { formatTarget, waitingName, type LinkTarget, type VethLink } from "../../../core/links/veth.ts";
import type { Problem } from "../../../core/status/model.ts";
import { log } from "../../log.ts";
import { createVeth, deleteLink, readBirthLink } from "../../net/link.ts";
import { markOf, type LinkMaker, type MakerKind, type MakerOptions } from "./maker.ts";

/** A pair of interfaces. */
export const veth: MakerKind<VethLink> = { make: (options, link) => new VethPair(options, link) };

/** A pair whose other end stays on the host, or waits there until mhlab delivers it into a container or namespace. */
class VethPair implements LinkMaker {
  readonly #options: MakerOptions;
  readonly #peer: string;
  readonly #into: LinkTarget | undefined;
  readonly #waiting: string;
  #problems: readonly Problem[] = [];

  constructor(options: MakerOptions, { peer, into }: VethLink) {
    this.#options = options;
    this.#peer = peer;
    this.#into = into;
    this.#waiting = into === undefined ? peer : waitingName(options.provider, peer, into);
  }

  get awaited(): string {
    return this.#waiting;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  async acquire(): Promise<boolean> {
    const { provider, name } = this.#options;
    const peerStaysDown = this.#into !== undefined;
    await createVeth({ name, peer: this.#waiting, alias: markOf(provider), peerStaysDown });
    return true;
  }

  /** Only the engine can reach another container's network, so the end waits until someone runs `mhlab up`. */
  async keep(): Promise<void> {
    if (this.#into === undefined) return;
    const target = formatTarget(this.#into);
    const before = this.#problems.length;
    const message = `${this.#peer} is not in ${target} yet; \`mhlab up\` puts it there`;
    this.#problems =
      (await readBirthLink(this.#waiting)) === undefined ? [] : [{ code: "not-delivered", message }];
    if (before === 1 && this.#problems.length === 0) log("info", `${this.#peer} is in ${target}`);
  }

  async release(): Promise<void> {
    await deleteLink(this.#options.name);
  }
}
