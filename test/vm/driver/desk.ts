import type { Cpe } from "./cpe.ts";
import { delegationsOf, healthy, mhlabStatus, oneCustomer, providerOf, providersOf, up } from "./lab.ts";
import {
  busName,
  containerPid,
  initLinks,
  isAsBefore,
  linkOf,
  replug,
  unplug,
  type LinkState,
} from "./machine.ts";
import { confined, daemonsAreBound } from "./privileges.ts";
import type { Story } from "./report.ts";
import { attempt, eventually, holds, run, same, shell } from "./shell.ts";

export const LAB = "desk";
export const BNG = "mhlab-desk-alpha";
const INTERNET = "mhlab-desk-internet";
const MTU = 1400;
const DELAY_MS = 80;
/** An echo with its IPv6 header. */
const ECHO_BYTES = 104;
/** What the host itself had on the card. */
export const HOST_ADDRESS = "2001:db8:ffff::1/64";
const FOREIGN = "2001:db8:bad::1";

export interface Desk {
  readonly file: string;
  /** Name of the card that the provider takes. */
  readonly nic: string;
  readonly cpe: Cpe;
}

export const deskLab = (nic: string): string => `
name: desk
internet: bundled
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    subscriber: {interface: ${nic}}
`;

/** One provider on a card of the machine, and everything that can end it. */
export function deskStory({ file, nic, cpe }: Desk): Story {
  let links: LinkState[] = [];
  let card: LinkState;
  let bus = "";
  let address = "";
  const serves = (): Promise<void> => deskServes(cpe, address);
  return {
    title: "physical card",
    checks: [
      {
        name: "mhlab up makes the lab on the kernel's WireGuard",
        run: async () => {
          await shell(
            `ip link set dev ${nic} mtu ${MTU} alias desk-card up; ip addr add ${HOST_ADDRESS} dev ${nic} nodad`,
          );
          links = await initLinks();
          card = await linkOf(nic);
          bus = busName(nic);
          await up(file);
          const { providers, internet } = await mhlabStatus(LAB);
          same(
            "backend of the BNG",
            providers.map(({ uplink }) => uplink.backend),
            ["kernel"],
          );
          same(
            "backend of the internet",
            internet?.peers.map(({ backend }) => backend),
            ["kernel"],
          );
        },
      },
      {
        name: "the init namespace holds no device of it, and lacks the card",
        run: async () => {
          same("links", names(await initLinks()), names(links.filter(({ ifname }) => ifname !== nic)));
        },
      },
      {
        name: "the tunnels' UDP sockets live in the init namespace, none in the containers",
        run: async () => {
          for (const [container, device] of [
            [BNG, "wg-alpha"],
            [INTERNET, "wg-alpha"],
          ] as const) {
            const enter = ["nsenter", "-t", String(await containerPid(container)), "-n", "--"];
            const port = (await run([...enter, "wg", "show", device, "listen-port"])).trim();
            const inInit = await run(["ss", "-Huln"]);
            const inside = await run([...enter, "ss", "-Huln"]);
            holds(`port ${port} of ${container} in init`, inInit.includes(`:${port} `), inInit);
            holds(`port ${port} of ${container} inside`, !inside.includes(`:${port} `), inside);
          }
        },
      },
      {
        name: "least privilege: AppArmor, seccomp and no new privileges confine every process",
        run: confined,
      },
      {
        name: "least privilege: no daemon may enter another namespace",
        run: () => daemonsAreBound([BNG, INTERNET]),
      },
      {
        name: "a CPE on the other end is delegated a prefix and reaches the internet from it",
        run: async () => {
          cpe.dial();
          address = await cpe.lanAddress();
          holds("an address of the pool", address.startsWith("2001:db8:a:80"), address);
          const before = await oneCustomer(LAB, "alpha");
          same("routers", await cpe.routers(), [before.linkLocal]);
          await cpe.reaches(address);
          const { uplink } = await providerOf(LAB, "alpha");
          const bytes = uplink.rxBytes - before.uplink.rxBytes;
          holds("traffic went through the tunnel", bytes >= 3 * ECHO_BYTES, {
            before: before.uplink,
            uplink,
          });
        },
      },
      {
        name: "a source of another provider is refused, told so on the wire, and counted",
        run: async () => {
          await cpe.pretend(FOREIGN);
          await isRefused(cpe);
          const { leaks, sourceValidation } = await providerOf(LAB, "alpha");
          same("source validation", sourceValidation, { wanted: "reject", effective: "reject" });
          same(
            "sources",
            leaks.addresses.map(({ address: source }) => source),
            [FOREIGN],
          );
          holds("counted", leaks.up >= 2, leaks);
        },
      },
      {
        name: "netem: a delay on the tunnel is felt by the CPE, and gone when it is removed",
        run: async () => {
          const quicker = (): Promise<void> =>
            eventually(async () => {
              const ms = await cpe.reaches(address);
              holds("the quickest round trip without it", ms < DELAY_MS, ms);
            }, 20_000);
          await quicker();
          await netem(`add dev wg-alpha root netem delay ${DELAY_MS}ms`);
          const slow = await cpe.reaches(address);
          await netem("del dev wg-alpha root");
          holds("the quickest round trip with it", slow >= DELAY_MS, slow);
          await quicker();
        },
      },
      {
        name: "an agent that is killed: all is assembled again, the CPE noticed nothing but a pause",
        run: async () => {
          const wanted = await delegations();
          await run(["kill", "-9", String(await containerPid(BNG))]);
          await eventually(async () => {
            same("restarts", (await run(["docker", "inspect", "-f", "{{.RestartCount}}", BNG])).trim(), "1");
          }, 30_000);
          await serves();
          same("delegations", await delegations(), wanted);
        },
      },
      {
        name: "kill -9 of dockerd: the lab is back as it was",
        run: async () => {
          const wanted = await delegations();
          await killEngine();
          await serves();
          same("delegations", await delegations(), wanted);
        },
      },
      {
        name: "docker kill: the keeper makes the card what it was, with MTU, addresses and alias; started again, the lab serves on",
        run: async () => {
          await run(["docker", "kill", BNG]);
          await eventually(() => isAsBefore(card), 30_000);
          await run(["docker", "start", BNG]);
          await serves();
        },
      },
      {
        name: "a card that is pulled and plugged in again is taken again",
        run: async () => {
          await unplug(bus);
          await eventually(async () => {
            const { problems } = await providerOf(LAB, "alpha");
            const codes = problems.map(({ code }) => code);
            holds("it is missed", codes.includes("no-subscriber"), codes);
          }, 30_000);
          await replug(bus);
          await serves();
          // The kernel takes the rules of a port away with it.
          await eventually(() => isRefused(cpe), 20_000);
        },
      },
    ],
  };
}

/** Waits until the provider routes what it delegated to its customer, whose traffic flows. */
export async function deskServes(cpe: Cpe, address: string): Promise<void> {
  const providers = await healthy(LAB, 90_000);
  same(
    "routed",
    providers.flatMap(({ delegations: all }) => all.map(({ routed }) => routed)),
    [true],
  );
  await cpe.reaches(address);
}

const names = (all: readonly LinkState[]): string[] => all.map(({ ifname }) => ifname).sort();

const delegations = async (): Promise<unknown> => delegationsOf(await providersOf(LAB));

const netem = (words: string): Promise<string> => shell(`docker exec ${BNG} tc qdisc ${words}`);

async function enginePid(): Promise<string> {
  return (await run(["systemctl", "show", "-P", "MainPID", "docker.service"])).trim();
}

/** Ends dockerd as a crash would, and waits for the one that systemd starts instead. */
async function killEngine(): Promise<void> {
  const old = await enginePid();
  await run(["kill", "-9", old]);
  await eventually(async () => {
    const now = await enginePid();
    holds("another dockerd runs", now !== old && now !== "0", now);
    await run(["docker", "version"]);
  }, 60_000);
}

/** Whether what it sends from a foreign source is answered with errors on the wire, and reaches nobody. */
async function isRefused(cpe: Cpe): Promise<void> {
  const ping = ["ping", "-6", "-c", "2", "-W", "1", "-I", FOREIGN, "2001:db8::1"];
  const { stdout } = await attempt(cpe.inside(ping));
  holds("no answer", stdout.includes("100% packet loss"), stdout);
  const told = stdout.split("Source address failed ingress/egress policy").length - 1;
  same("errors that came back on the wire", told, 2);
}
