import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { attempt, eventually, holds, run, shell } from "./shell.ts";

/** The bundled internet's address. */
const INTERNET = "2001:db8::1";

interface Address {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
}

/** A home router: a network namespace with `wan0`, a LAN, and dhcpcd. */
export class Cpe {
  readonly name: string;
  #client?: ChildProcess;

  constructor(name: string) {
    this.name = name;
  }

  /** Makes the namespace with a LAN, whose MAC dhcpcd may take into its DUID; `wan` is shell that puts `wan0` into the namespace $NS. */
  async plug(wan: string): Promise<void> {
    await shell(`NS=${this.name}
      ip netns add $NS
      ${wan}
      in_ns() { nsenter --net=/run/netns/$NS -- "$@"; }
      in_ns ip link set lo up
      in_ns ip link add lan0 address 02:00:00:00:00:1a type dummy
      in_ns sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.wan0.accept_ra=2
      in_ns ip link set lan0 up
      in_ns ip link set wan0 up`);
  }

  /** Words that run a command in its network namespace. */
  inside(argv: readonly string[]): string[] {
    return ["nsenter", `--net=/run/netns/${this.name}`, "--", ...argv];
  }

  /**
   * Starts dhcpcd, in a mount namespace of its own: it writes /etc/resolv.conf and one folder for all. A slave of the
   * machine's mounts: a private copy would hold the namespaces that Docker has mounted, and no card came home from one.
   */
  dial(): void {
    const folder = `/run/cpe-${this.name}`;
    mkdirSync(folder, { recursive: true });
    const settings = [
      "nodev",
      "duid ll",
      "ipv6only",
      "noipv6rs",
      "script /bin/true",
      "option rapid_commit",
      "allowinterfaces wan0 lan0",
    ];
    writeFileSync(
      `${folder}/dhcpcd.conf`,
      [...settings, "interface wan0", "  ipv6rs", "  ia_pd 1/::/56 lan0/1/64", ""].join("\n"),
    );
    const script = `mkdir -p /run/dhcpcd /var/lib/dhcpcd
      mount -t tmpfs none /run/dhcpcd; mount -t tmpfs none /var/lib/dhcpcd
      exec dhcpcd -B -f ${folder}/dhcpcd.conf >${folder}/log 2>&1`;
    const [program = "", ...words] = this.inside([
      "unshare",
      "--mount",
      "--propagation",
      "slave",
      "sh",
      "-euc",
      script,
    ]);
    this.#client = spawn(program, words, { stdio: "ignore" });
  }

  /** The address on its LAN, from the prefix that it was delegated; waits for it. */
  async lanAddress(timeoutMs = 60_000): Promise<string> {
    return await eventually(async () => {
      const found = (await this.#addresses("lan0")).find(
        ({ scope, local }) => scope === "global" && local.includes(":8"),
      );
      const { stdout } = await attempt(["tail", "-n", "8", `/run/cpe-${this.name}/log`]);
      if (found === undefined) throw new Error(`${this.name} was delegated nothing: ${stdout}`);
      return found.local;
    }, timeoutMs);
  }

  /** Gives an address to its LAN by hand, without asking the provider. */
  async pretend(address: string): Promise<void> {
    await run(this.inside(["ip", "addr", "add", `${address}/64`, "dev", "lan0", "nodad"]));
  }

  /** Milliseconds of the quickest of five echoes from an address: a busy machine makes the others slower, never this one quicker. */
  async reaches(from: string, timeoutMs = 20_000): Promise<number> {
    return await eventually(async () => {
      const text = await run(
        this.inside(["ping", "-6", "-n", "-c", "5", "-i", "0.3", "-W", "2", "-I", from, INTERNET]),
      );
      const least = /= ([\d.]+)\//.exec(text)?.[1];
      holds("ping lost packets", text.includes(" 0% packet loss"), text);
      return Number(least);
    }, timeoutMs);
  }

  /** Link-local addresses of the routers that it heard. */
  async routers(): Promise<string[]> {
    const routes = JSON.parse(await run(this.inside(["ip", "-6", "-j", "route", "show", "default"]))) as {
      gateway?: string;
      nexthops?: { gateway: string }[];
    }[];
    const found = routes.flatMap(({ gateway, nexthops = [] }) => [
      gateway,
      ...nexthops.map((hop) => hop.gateway),
    ]);
    return [...new Set(found.filter((one) => one !== undefined))];
  }

  /** Ends the client as a power cut would: no RELEASE. */
  hangUp(): void {
    this.#client?.kill("SIGKILL");
  }

  async #addresses(device: string): Promise<Address[]> {
    const links = JSON.parse(await run(this.inside(["ip", "-6", "-j", "addr", "show", "dev", device]))) as {
      addr_info?: Address[];
    }[];
    return links.flatMap(({ addr_info = [] }) => addr_info);
  }
}
