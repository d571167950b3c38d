import { lanMark } from "../../core/model/links/lan.ts";
import { log } from "../log.ts";
import { CommandError, inBirth, run } from "../programs/command.ts";
import { readBirthLink, readBirthLinks, temporaryName, type Link } from "./link.ts";
import { BridgePort, type PortOptions } from "./bridge-port.ts";

/** A port of a bridge that providers and hosts make themselves and share; the last that goes takes the bridge away. */
export class LanPort extends BridgePort {
  readonly #owner: string;

  constructor(options: PortOptions, bridge: string, owner: string) {
    super(options, bridge);
    this.#owner = owner;
  }

  override async acquire(): Promise<boolean> {
    await ensureLan(this.awaited, this.#owner);
    return await super.acquire();
  }

  override async keep(link: Link): Promise<void> {
    await ensureLan(this.awaited, this.#owner);
    await super.keep(link);
  }

  override async release(): Promise<void> {
    await super.release();
    await removeUnusedLan(this.awaited, this.#owner);
  }
}

/** Makes the bridge in the host's namespace, marked, unless it is there; throws when the name is someone else's. */
async function ensureLan(bridge: string, owner: string): Promise<void> {
  const found = await readBirthLink(bridge);
  if (found === undefined) await makeLan(bridge, owner);
  else if (found.ifalias !== lanMark(owner)) {
    const whose =
      found.ifalias?.startsWith(lanMark("")) === true
        ? `of the lab ${found.ifalias.slice(lanMark("").length)}`
        : "not ours";
    throw new Error(`an interface named ${bridge} is already in the host's namespace and is ${whose}`);
  }
  await keepHostOut(bridge);
}

/** Born under a name of its own and renamed when it is complete, since others may do the same at this moment. */
async function makeLan(bridge: string, owner: string): Promise<void> {
  const temporary = temporaryName();
  await run(inBirth(["ip", "link", "add", "name", temporary, "type", "bridge"]));
  try {
    await run(
      inBirth(["ip", "link", "set", "dev", temporary, "addrgenmode", "none", "alias", lanMark(owner)]),
    );
    await run(inBirth(["ip", "link", "set", "dev", temporary, "name", bridge]));
    await run(inBirth(["ip", "link", "set", "dev", bridge, "up"]));
    log("info", `made the LAN ${bridge}`);
  } catch (error) {
    await run(inBirth(["ip", "link", "del", "dev", temporary])).catch(() => "");
    if (!(error instanceof CommandError) || !/exists/i.test(error.stderr)) throw error;
  }
}

/** Deletes a bridge that bears the owner's mark and has no port; whether it did. */
export async function removeUnusedLan(bridge: string, owner: string): Promise<boolean> {
  const links = await readBirthLinks();
  const marked = links.some(({ ifname, ifalias }) => ifname === bridge && ifalias === lanMark(owner));
  if (!marked || links.some(({ master }) => master === bridge)) return false;
  const table = guardOf(bridge);
  await run(inBirth(["nft", "-f", "-"]), {
    input: `table netdev ${table} {}\ndelete table netdev ${table}\n`,
  });
  try {
    await run(inBirth(["ip", "link", "del", "dev", bridge]));
  } catch (error) {
    if (!(error instanceof CommandError) || !/Cannot find/i.test(error.stderr)) throw error;
    return false;
  }
  log("info", `removed the LAN ${bridge}`);
  return true;
}

/**
 * The host must not become a customer: its kernel would take default routes from the providers' advertisements. What the
 * bridge would hand to the host is dropped; what crosses the bridge is not. (Its sysctls are read-only from here.)
 */
async function keepHostOut(bridge: string): Promise<void> {
  const table = guardOf(bridge);
  try {
    await run(inBirth(["nft", "list", "chain", "netdev", table, "host"]));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const rules = `table netdev ${table} {
  chain host {
    type filter hook ingress device "${bridge}" priority -500; policy drop;
  }
}
`;
    await run(inBirth(["nft", "-f", "-"]), { input: rules });
  }
}

function guardOf(bridge: string): string {
  return `mhlab-${bridge}`;
}
