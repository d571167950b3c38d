import type { ToldClaim } from "../../core/model/links/claim.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { parseNicMark } from "../../core/model/host/nic-record.ts";
import { log } from "../log.ts";
import { claimLink, readBirthLink, readLink, type Link } from "../net/link.ts";
import { waitUntil } from "../patience.ts";
import { giveBack, restoreNic } from "./nic-home.ts";
import { keepRecord, recordNic, type StoredNic } from "./nic-store.ts";
import { refusalOf } from "./nic-host.ts";
import { RETURN, type LinkMaker, type MakerKind, type MakerOptions } from "./maker.ts";

/** A physical interface that is lent by the host. */
export const claim: MakerKind<ToldClaim> = {
  make: (options) => new ClaimedNic(options),
  async restore({ provider: node, interface: name }) {
    await waitUntil(async () => (await readBirthLink(name)) !== undefined, RETURN);
    if (await restoreNic(node, name)) log("info", `${name} is what it was`);
  },
};

/** A physical interface that leaves the host: not before it is safe, recorded first, and brought home at the end. */
class ClaimedNic implements LinkMaker {
  readonly awaited: string;
  readonly #node: string;
  readonly #force: boolean;
  #problems: readonly Problem[] = [];
  #record: StoredNic | undefined;

  constructor({ node, name, force }: MakerOptions) {
    this.awaited = name;
    this.#node = node;
    this.#force = force;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  async acquire(): Promise<boolean> {
    const name = this.awaited;
    const link = await readBirthLink(name);
    if (link === undefined) {
      this.#problems = [];
      return false;
    }
    const refusal = this.#force ? undefined : await refusalOf(name);
    if (refusal !== undefined) {
      if (this.#problems.length === 0) log("warn", refusal);
      this.#problems = [{ code: "nic-refused", message: `${refusal}; --force takes it anyway` }];
      return false;
    }
    this.#problems = [];
    if (parseNicMark(link.ifalias) !== undefined) log("info", `${name} was taken before and never came home`);
    this.#record = await recordNic(this.#node, link);
    try {
      await claimLink(name);
    } catch (error) {
      // Some never leave their namespace, such as wireless ones: it must not stay marked.
      await restoreNic(this.#node, name);
      throw error;
    }
    log("info", `claimed ${name}`);
    return true;
  }

  async keep(link: Link): Promise<void> {
    if (this.#record !== undefined) await keepRecord(this.#node, this.#record, link);
  }

  async release(): Promise<void> {
    const name = this.awaited;
    if ((await readLink(name)) === undefined) {
      // It may lie in the host's namespace with our mark, when it came back by itself.
      await restoreNic(this.#node, name);
      return;
    }
    await giveBack(this.#node, name);
    log("info", `${name} went back to the host`);
  }
}
