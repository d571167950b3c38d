import { lanAddress, type Delegation } from "../../core/render/cpe/delegations.ts";
import type { CpePort } from "../../core/render/cpe/documents.ts";
import { stableMac } from "../../core/render/cpe/identity.ts";
import { stableHash } from "../../core/model/names.ts";
import { log } from "../log.ts";
import { run } from "../programs/command.ts";
import { createVeth, deleteLink, markOf, type Link } from "../net/link.ts";
import { ipBatch } from "../net/routing.ts";

export const LAN = "lan0";
const PORT = "port-";
const LINK_LOCAL = "fe80::1";
/** How far a lifetime in the kernel may be from the lease's, in seconds. */
const TOLERANCE_S = 5;

/** The LAN: a bridge with a port per host, and an address in a /64 of each delegation. */
export class Lan {
  readonly #cpe: string;

  constructor(cpe: string) {
    this.#cpe = cpe;
  }

  /** Makes the bridge and the ports that are missing, and takes away those of hosts that are not there any more; returns whether something was changed. */
  async ensureLinks(hosts: readonly CpePort[], here: ReadonlyMap<string, Link>): Promise<boolean> {
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
    const wanted = hosts.map((host) => ({ ...host, port: portOf(host.name) }));
    const missing = wanted.filter(({ port }) => !here.has(port));
    const unwanted = [...here.values()].filter(
      ({ ifname }) => ifname.startsWith(PORT) && !wanted.some(({ port }) => port === ifname),
    );
    await Promise.all(unwanted.map(({ ifname }) => deleteLink(ifname)));
    for (const { name, link, port } of missing) {
      await createVeth({ name: port, peer: link, alias: markOf(this.#cpe) });
      await run(["ip", "link", "set", "dev", port, "master", LAN, "addrgenmode", "none", "up"]);
      log("info", `${port} waits for ${name}`);
    }
    return !hadBridge || missing.length + unwanted.length > 0;
  }

  /** Makes the LAN's addresses and their lifetimes equal to the delegations. */
  async number(link: Link | undefined, delegations: readonly Delegation[], now: number): Promise<void> {
    await ipBatch(addressChanges(link, delegations, now));
  }
}

/** The port for a host: called after it alone, so that it stays what it is while others come and go. */
function portOf(host: string): string {
  return `${PORT}${stableHash(host).toString(16)}`;
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
