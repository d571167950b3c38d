import type { HostConfig } from "../../core/render/cpe/documents.ts";
import { parseLink } from "../../core/model/links/environment.ts";
import type { Clock } from "../clock.ts";
import type { LinkMaker } from "../links/maker.ts";
import { linkMaker } from "../links/registry.ts";
import { claimLink } from "../net/link.ts";
import { isOffered, readBirthLinks } from "../net/routing.ts";

/** The port that a host's document asks for: one that its CPE made, or one that it makes as a BNG makes its access link. */
export function hostPort({ name, link, interface: port, force }: HostConfig, clock: Clock): LinkMaker {
  const told = parseLink(link);
  if (told === undefined) return new OfferedPort(link, port);
  const forced = force === undefined ? {} : { force: true as const };
  return linkMaker(name, { interface: port, link: told, ...forced }, clock);
}

/** A port that the CPE makes and leaves in the host's namespace. */
class OfferedPort implements LinkMaker {
  readonly awaited: string;
  readonly #name: string;
  readonly problems = [];

  constructor(offered: string, name: string) {
    this.awaited = offered;
    this.#name = name;
  }

  async acquire(): Promise<boolean> {
    if (!isOffered((await readBirthLinks()).get(this.awaited))) return false;
    await claimLink(this.awaited, this.#name);
    return true;
  }

  /** The other end is the CPE's. */
  async keep(): Promise<void> {}

  async release(): Promise<void> {}
}
