import type { HostConfig } from "../../core/render/cpe/documents.ts";
import { parseLan } from "../../core/model/links/lan.ts";
import type { Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { LanPort } from "../net/lan-port.ts";
import { claimLink, markOf, type Link } from "../net/link.ts";
import { isOffered, readBirthLinks } from "../net/routing.ts";

/** How a host gets its port, and keeps it. */
export interface HostPort {
  /** Gets it into this namespace; false when it cannot be had yet. */
  acquire(): Promise<boolean>;
  /** Sees, while it is there, that its other end is as it should be. */
  keep(link: Link): Promise<void>;
  release(): Promise<void>;
  readonly problems: readonly Problem[];
}

/** The port that a host's document asks for: of the LAN that providers share, or one that its CPE made. */
export function hostPort({ name, link }: HostConfig, port: string, clock: Clock): HostPort {
  const lan = parseLan(link);
  return lan !== undefined
    ? new LanPort({ name: port, alias: markOf(name), clock }, lan.bridge, lan.owner)
    : new OfferedPort(link, port);
}

/** A port that the CPE makes and leaves in the host's namespace. */
class OfferedPort implements HostPort {
  readonly #offered: string;
  readonly #name: string;
  readonly problems = [];

  constructor(offered: string, name: string) {
    this.#offered = offered;
    this.#name = name;
  }

  async acquire(): Promise<boolean> {
    if (!isOffered((await readBirthLinks()).get(this.#offered))) return false;
    await claimLink(this.#offered, this.#name);
    return true;
  }

  /** The other end is the CPE's. */
  async keep(): Promise<void> {}

  async release(): Promise<void> {}
}
