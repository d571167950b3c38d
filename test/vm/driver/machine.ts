import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { attempt, run, same, shell } from "./shell.ts";

/** The machine's cards, by the MAC that scripts/vm/run.sh gave them; each two are joined outside by a hub. */
export const MAC = {
  desk: "52:54:00:00:01:01",
  deskCpe: "52:54:00:00:01:02",
  trunk: "52:54:00:00:02:01",
  trunkCpe: "52:54:00:00:02:02",
} as const;

export interface LinkState {
  readonly ifname: string;
  readonly mtu: number;
  readonly address: string;
  readonly ifalias?: string;
  readonly flags: readonly string[];
  readonly addr_info?: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

/** The name that udev gave to a card; throws when it is not in the init namespace. */
export function nicName(mac: string): string {
  const folder = "/sys/class/net";
  const name = readdirSync(folder).find((one) => {
    // A VLAN has the MAC of its parent and no device of its own.
    try {
      return (
        readdirSync(`${folder}/${one}`).includes("device") &&
        readFileSync(`${folder}/${one}/address`, "utf8").trim() === mac
      );
    } catch {
      return false;
    }
  });
  if (name === undefined) throw new Error(`no card ${mac} in the init namespace`);
  return name;
}

const DRIVER = "/sys/bus/virtio/drivers/virtio_net";

/** What the bus calls a card that is in the init namespace. */
export function busName(nic: string): string {
  return basename(readlinkSync(`/sys/class/net/${nic}/device`));
}

/** Takes a card's driver away: its interface is gone, in whatever namespace it was. */
export async function unplug(bus: string): Promise<void> {
  await shell(`echo ${bus} > ${DRIVER}/unbind`);
}

/** Gives the driver back: the interface appears in the init namespace as after plugging in. */
export async function replug(bus: string): Promise<void> {
  await shell(`echo ${bus} > ${DRIVER}/bind`);
}

/** All links of the init namespace. */
export async function initLinks(): Promise<LinkState[]> {
  return JSON.parse(await run(["ip", "-j", "link"])) as LinkState[];
}

export async function linkOf(name: string): Promise<LinkState> {
  const links = JSON.parse(await run(["ip", "-j", "addr", "show", "dev", name])) as LinkState[];
  const link = links.find(({ ifname }) => ifname === name);
  if (link === undefined) throw new Error(`there is no ${name}`);
  return link;
}

/** Throws unless the card is in the init namespace exactly as it was: its state, addresses and alias too. */
export async function isAsBefore(before: LinkState): Promise<void> {
  same("the card", whole(await linkOf(before.ifname)), whole(before));
}

function whole(link: LinkState): object {
  const global = (link.addr_info ?? []).filter(({ scope }) => scope === "global");
  return {
    ifname: link.ifname,
    mtu: link.mtu,
    address: link.address,
    up: link.flags.includes("UP"),
    alias: link.ifalias ?? "",
    addresses: global.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
  };
}

/** PID of a container's first process, as the machine sees it. */
export async function containerPid(container: string): Promise<number> {
  return Number(await run(["docker", "inspect", "-f", "{{.State.Pid}}", container]));
}

/** What helps to understand a failure. */
export async function evidence(): Promise<string> {
  const parts = await Promise.all([
    look("ip -br addr; uptime"),
    look("docker ps -a --format '{{.Names}} {{.Status}}'"),
    look("for c in $(docker ps -aq); do docker logs --tail 12 $c 2>&1; done"),
    look("journalctl -b -q -n 10 -o cat -u docker | cut -c1-200; dmesg | grep 'apparmor=.DENIED' | tail -5"),
  ]);
  return parts.join("\n");
}

async function look(words: string): Promise<string> {
  const { stdout, stderr } = await attempt(["sh", "-c", words], 20_000);
  return `$ ${words}\n${stdout}${stderr}`;
}
