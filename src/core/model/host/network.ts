/** What the network of the engine's host looks like, read from the output of iproute2 there. */

/** One line of `ip -j -d addr`, as far as decisions need it. */
export interface HostLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly link_type?: string;
  /** Its MAC address. */
  readonly address?: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly ifalias?: string;
  /** The bridge or bond that it is a port of. */
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly inet6_addr_gen_mode?: string;
  readonly addr_info?: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    /** It was learnt, and ends some day. */
    readonly dynamic?: boolean;
  }[];
}

export interface HostNetwork {
  readonly links: readonly HostLink[];
  /** Interfaces that a default route leaves by. */
  readonly defaultDevices: readonly string[];
  /** Local addresses of SSH sessions; a link-local one names its interface. */
  readonly sshSessions: readonly SshSession[];
}

export interface SshSession {
  readonly address: string;
  readonly interface: string | undefined;
}

/** Whether an interface is a network card: no kind of the kernel's own. A veth's end is told apart by its kind. */
export function isPhysical({ link_type: type, linkinfo }: HostLink): boolean {
  return type === "ether" && linkinfo?.info_kind === undefined;
}

/** Reads the output of `ip -j -d addr`. */
export function parseLinks(json: string): HostLink[] {
  return parseArray<Partial<HostLink>>(json).filter((link): link is HostLink => link.ifname !== undefined);
}

/** The interfaces in the output of `ip -j route show default`, of one family or several one after the other. */
export function parseDefaultDevices(...outputs: readonly string[]): string[] {
  const routes = outputs.flatMap((json) =>
    parseArray<{ dev?: string; nexthops?: { dev?: string }[] }>(json).flatMap((route) => [
      route.dev,
      ...(route.nexthops ?? []).map(({ dev }) => dev),
    ]),
  );
  return [...new Set(routes.filter((device) => device !== undefined))];
}

/** The local ends in the output of `ss -Htn state established 'sport = :22'`. */
export function parseSshSessions(text: string): SshSession[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/)[2] ?? "")
    .flatMap((local) => {
      const match = /^\[?(?:::ffff:(?=\d+\.))?([0-9A-Fa-f:.]+?)(?:%([^\]:]+))?\]?(?:%([^:]+))?:\d+$/.exec(
        local,
      );
      return match?.[1] === undefined ? [] : [{ address: match[1], interface: match[2] ?? match[3] }];
    });
}

/** Our address in `SSH_CONNECTION`: client address, client port, our address, our port. */
export function parseSshConnection(text: string | undefined): string | undefined {
  return text?.split(" ")[2];
}

/** Addresses that reach beyond the link, as `address/length`. */
export function globalAddresses(link: HostLink): string[] {
  return (link.addr_info ?? [])
    .filter(({ scope }) => scope === "global")
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

function parseArray<T>(json: string): T[] {
  return json.trim() === "" ? [] : (JSON.parse(json) as T[]);
}
