import { lanAddress, type Delegation } from "../../core/cpe/delegations.ts";
import { stableMac } from "../../core/cpe/identity.ts";
import { log } from "../log.ts";
import { run } from "../net/command.ts";
import { createVeth, type Link } from "../net/link.ts";
import { ipBatch } from "../net/routing.ts";

export const LAN = "lan0";
const LINK_LOCAL = "fe80::1";
/** How far a lifetime in the kernel may be from the lease's, in seconds. */
const TOLERANCE_S = 5;

/** The LAN: a bridge with a port per host, and an address in a /64 of each delegation. */
export class Lan {
  readonly #cpe: string;
  readonly #hosts: readonly { readonly name: string; readonly link: string }[];

  constructor(cpe: string, hosts: readonly { name: string; link: string }[]) {
    this.#cpe = cpe;
    this.#hosts = hosts;
  }

  /** Makes the bridge and the ports that are missing; returns whether something was changed. */
  async ensureLinks(here: ReadonlyMap<string, Link>): Promise<boolean> {
    const hadBridge = here.has(LAN);
    if (!hadBridge) {
      await run(["ip", "link", "add", "name", LAN, "type", "bridge", "mcast_snooping", "0"]);
      await ipBatch([
        `link set dev ${LAN} address ${stableMac(this.#cpe)} addrgenmode none`,
        `addr replace ${LINK_LOCAL}/64 dev ${LAN} nodad`,
        `link set dev ${LAN} up`,
        "link set dev lo up",
      ]);
    }
    const missing = this.#hosts
      .map((host, index) => ({ ...host, port: `port${index}` }))
      .filter(({ port }) => !here.has(port));
    for (const { name, link, port } of missing) {
      await createVeth({ name: port, peer: link, alias: `mhlab:${this.#cpe}` });
      await run(["ip", "link", "set", "dev", port, "master", LAN, "addrgenmode", "none", "up"]);
      log("info", `${port} waits for ${name}`);
    }
    return !hadBridge || missing.length > 0;
  }

  /** Makes the LAN's addresses and their lifetimes equal to the delegations. */
  async number(link: Link | undefined, delegations: readonly Delegation[], now: number): Promise<void> {
    await ipBatch(addressChanges(link, delegations, now));
  }
}

/** Global addresses of the LAN, without length. */
export function lanAddresses(link: Link | undefined): string[] {
  return (link?.addr_info ?? []).filter(({ scope }) => scope === "global").map(({ local }) => local);
}

/** What `ip -batch` must do so that the LAN's addresses are those of the delegations. */
export function addressChanges(
  link: Link | undefined,
  delegations: readonly Delegation[],
  now: number,
): string[] {
  const present = new Map(
    (link?.addr_info ?? []).filter(({ scope }) => scope === "global").map((entry) => [entry.local, entry]),
  );
  const wanted = new Map(delegations.map((delegation) => [lanAddress(delegation.prefix), delegation]));
  const lines = [...wanted].flatMap(([address, { preferredUntil, validUntil, active }]) => {
    const preferred = active ? Math.max(0, preferredUntil - now) : 0;
    const valid = Math.max(1, validUntil - now);
    const entry = present.get(address);
    const right =
      entry !== undefined &&
      Math.abs(entry.preferred_life_time - preferred) <= TOLERANCE_S &&
      Math.abs(entry.valid_life_time - valid) <= TOLERANCE_S;
    return right
      ? []
      : [`addr replace ${address}/64 dev ${LAN} nodad preferred_lft ${preferred} valid_lft ${valid}`];
  });
  const unwanted = [...present.values()].filter(({ local }) => !wanted.has(local));
  return [...lines, ...unwanted.map(({ local, prefixlen }) => `addr del ${local}/${prefixlen} dev ${LAN}`)];
}
