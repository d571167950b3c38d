/** VXLANs whose UDP sockets are in the birth namespace, and whose interface is in the agent's own. */
import { vxlanMtu, type VxlanLink } from "../../core/model/links/vxlan.ts";
import { stableMac } from "../../core/render/cpe/identity.ts";
import { CommandError, inBirth, run, runJson } from "../programs/command.ts";
import { runIp, runIpInBirth } from "../programs/ip.ts";
import { ownerOf, type Link } from "./link.ts";

/** IANA's port of VXLAN; Linux takes another one by itself. */
const PORT = 4789;
/** Of an interface without a route to the other end yet. */
const USUAL_MTU = 1500;
/** IPv6 needs so much on a link (RFC 8200). */
const LEAST_MTU = 1280;

export interface VxlanOptions extends Pick<VxlanLink, "id" | "remote"> {
  /** Name of the interface here. */
  readonly name: string;
  /** Mark of ownership. */
  readonly alias: string;
}

/** Makes one end. What an earlier container of mhlab left in the host's namespace is replaced; throws for anything else of the same id. */
export async function createVxlan(options: VxlanOptions): Promise<void> {
  const { name, alias, id, remote } = options;
  const mtu = await underlayMtu(remote);
  const mac = stableMac(`vxlan/${id}/${alias}`);
  const make = [
    `link add name ${name} address ${mac} mtu ${mtu} netns ${process.pid} type vxlan id ${id} remote ${remote} dstport ${PORT}`,
  ];
  await runIpInBirth(make).catch(async (error: unknown) => {
    if (!(error instanceof CommandError) || !/File exists|exists/i.test(error.stderr)) throw error;
    await removeLeftover(id);
    await runIpInBirth(make);
  });
  await runIp([`link set dev ${name} alias ${alias}`]);
}

/** What the interface or the path that leads to an address leaves inside a VXLAN. */
async function underlayMtu(remote: string): Promise<number> {
  const routes = await runJson<Route>(inBirth(["ip", "-j", "route", "get", remote])).catch(() => []);
  const { dev, metrics } = routes[0] ?? {};
  const learned = metrics?.[0]?.mtu;
  const links =
    dev === undefined ? [] : await runJson<Link>(inBirth(["ip", "-j", "link", "show", "dev", dev]));
  return Math.max(LEAST_MTU, vxlanMtu(learned ?? links[0]?.mtu ?? USUAL_MTU, remote));
}

interface Route {
  readonly dev?: string;
  readonly metrics?: readonly { readonly mtu?: number }[];
}

interface VxlanInfo extends Link {
  linkinfo?: Link["linkinfo"] & { info_data?: { id?: number } };
}

/** One in another container's namespace is not seen here: that goes with its container, and the next try finds it gone. */
async function removeLeftover(id: number): Promise<void> {
  const links = await runJson<VxlanInfo>(inBirth(["ip", "-j", "-d", "link", "show", "type", "vxlan"]));
  const same = links.find(({ linkinfo }) => linkinfo?.info_data?.id === id);
  if (same === undefined) throw new Error(`another interface of this machine has the VXLAN id ${id}`);
  if (ownerOf(same) === undefined)
    throw new Error(
      `the host's interface ${same.ifname} has the VXLAN id ${id} and is not ours: ip link del ${same.ifname}`,
    );
  await run(inBirth(["ip", "link", "del", "dev", same.ifname]));
}
