import { existsSync, readFileSync } from "node:fs";

import { stableMac } from "../../core/render/cpe/identity.ts";
import { randomHex } from "../random.ts";
import { CommandError, inBirth, run, runJson } from "../programs/command.ts";
import { askIp, runIpInBirth } from "../programs/ip.ts";

const MARK = "mhlab:";

/** One line of `ip -j -d link` or `ip -j addr`, as far as the agent reads it. */
export interface Link {
  ifindex: number;
  ifname: string;
  flags: string[];
  mtu: number;
  operstate: string;
  address?: string;
  ifalias?: string;
  /** Index of the other end (veth) or of the parent, wherever that is. */
  link_index?: number;
  /** The bridge or bond that it is a port of. */
  master?: string;
  altnames?: string[];
  inet6_addr_gen_mode?: string;
  linkinfo?: { info_kind?: string };
  addr_info?: LinkAddress[];
}

export interface LinkAddress {
  family: string;
  local: string;
  prefixlen: number;
  scope: string;
  dynamic?: boolean;
  tentative?: boolean;
  dadfailed?: boolean;
  deprecated?: boolean;
  preferred_life_time: number;
  valid_life_time: number;
}

/** A link with its addresses (those of IPv6, where it has any) in the agent's own namespace; undefined when there is none of that name. */
export async function readLink(name: string): Promise<Link | undefined> {
  const asked = askIp([["addr", "show", "dev", name]]) as Promise<Link[][]>;
  const link = await absentAsUndefined(asked.then(([links = []]) => links));
  // Asked for IPv6, `ip` tells no MAC, and nothing of a link without IPv6.
  if (link !== undefined) return { ...link, ...readMac(name) };
  return await absentAsUndefined(runJson<Link>(["ip", "-j", "addr", "show", "dev", name]));
}

function readMac(name: string): Pick<Link, "address"> {
  try {
    return { address: readFileSync(`/sys/class/net/${name}/address`, "utf8").trim() };
  } catch {
    return {};
  }
}

/** A link in the birth namespace; undefined when there is none of that name. */
export async function readBirthLink(name: string): Promise<Link | undefined> {
  return absentAsUndefined(runJson<Link>(inBirth(["ip", "-j", "-d", "addr", "show", "dev", name])));
}

/** All links of the birth namespace with their addresses. */
export function readBirthLinks(): Promise<Link[]> {
  return runJson<Link>(inBirth(["ip", "-j", "-d", "addr", "show"]));
}

async function absentAsUndefined(links: Promise<Link[]>): Promise<Link | undefined> {
  try {
    return (await links).find((link) => link.ifname !== undefined);
  } catch (error) {
    if (error instanceof CommandError && /does not exist|Cannot find/i.test(error.stderr)) return undefined;
    throw error;
  }
}

/** Whether the other end of the link is there and up. */
export function hasCarrier(link: Link): boolean {
  return link.flags.includes("LOWER_UP") && !link.flags.includes("NO-CARRIER");
}

/** The mark of ownership on what a node makes on the host. */
export function markOf(node: string): string {
  return `${MARK}${node}`;
}

/** The node that made a link, by the mark on it; undefined when nobody of mhlab did. */
export function ownerOf({ ifalias }: Link): string | undefined {
  return ifalias?.startsWith(MARK) ? ifalias.slice(MARK.length) : undefined;
}

/** A name that nobody else uses, for the moment between birth and delivery of a device. */
export function temporaryName(): string {
  return `mh${randomHex(6)}`;
}

/** Moves a link of the birth namespace into the agent's own, where it gets `newName`; throws CommandError when it is not there. */
export async function claimLink(name: string, newName: string = name): Promise<void> {
  const target = String(process.pid);
  const rename = newName === name ? [] : ["name", newName];
  await run(inBirth(["ip", "link", "set", "dev", name, "netns", target, ...rename]));
}

export interface VethOptions {
  /** Name of the end in the agent's namespace. */
  name: string;
  /** Name of the end that stays in the birth namespace. */
  peer: string;
  /** Mark of ownership on the other end, which leaves the agent's namespace. */
  alias: string;
  /** Whether the peer stays down until someone delivers it: the host must not talk on it. */
  peerStaysDown?: boolean;
  /** What the MAC addresses are made of; the peer's name by default. */
  seed?: string;
}

/**
 * Makes a pair: one end here, the other in the birth namespace, set up last: who waits for it takes it when it is up. An
 * own leftover of the same name is replaced. One program does it all: twenty providers start at once.
 */
export async function createVeth({
  name,
  peer,
  alias,
  peerStaysDown,
  seed = peer,
}: VethOptions): Promise<void> {
  const far = `name ${name} address ${stableMac(`veth/${seed}/far`)} netns ${process.pid}`;
  const up = peerStaysDown === true ? "" : " up";
  const make = [
    `link add name ${peer} address ${stableMac(`veth/${seed}`)} type veth peer ${far}`,
    `link set dev ${peer} alias ${alias}${up}`,
  ];
  try {
    await runIpInBirth(make).catch(async (error: unknown) => {
      if (!(error instanceof CommandError) || !/File exists/i.test(error.stderr)) throw error;
      await removeLeftover(peer, alias);
      await runIpInBirth(make);
    });
  } catch (error) {
    await deleteLink(name);
    throw error;
  }
}

async function removeLeftover(peer: string, alias: string): Promise<void> {
  const leftover = await readBirthLink(peer);
  if (leftover === undefined) return;
  if (leftover.ifalias !== alias)
    throw new Error(`an interface named ${peer} is already in the host's namespace and is not ours`);
  await run(inBirth(["ip", "link", "del", "dev", peer]));
}

/** Deletes a link of the agent's namespace; no error when it is gone already. */
export async function deleteLink(name: string): Promise<void> {
  if (!existsSync(`/sys/class/net/${name}`)) return;
  await run(["ip", "link", "del", "dev", name]);
}
