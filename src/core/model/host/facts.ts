/** What a probe container saw of the engine's host. */
import { droppingForwardChains } from "./bridge-filter.ts";
import { parseAcceptsRa } from "./accept-ra.ts";
import { parseDefaultDevices, parseLinks, parseSshSessions, type HostNetwork } from "./network.ts";
import type { NicManager } from "./nic-manager.ts";
import { parseRoom, type HostRoom } from "./room.ts";
import { parseSections, type Section } from "./sections.ts";

export interface HostFacts {
  readonly kernel: string | undefined;
  /** Unix time in seconds. */
  readonly timeS: number | undefined;
  /** What is free where the engine keeps its data. */
  readonly freeKib: number | undefined;
  /** What is left for nodes. */
  readonly room: HostRoom;
  /** Names of capabilities that a BNG needs and the probe did not get. */
  readonly missingCapabilities: readonly string[];
  /** Whether the host's network can be entered; the reason when not. */
  readonly enter: true | string;
  /** Scopes in which IPv6 is disabled; undefined when the kernel has no IPv6 at all, or that cannot be told. */
  readonly ipv6Disabled: readonly string[] | undefined;
  readonly forwarding: boolean | undefined;
  /** How many IPv6 neighbours the machine remembers, for all its namespaces together (`gc_thresh3`). */
  readonly mostNeighbours: number | undefined;
  /** Whether bridged IPv6 passes the forward chains; undefined: there is no br_netfilter. */
  readonly bridgeCalls: boolean | undefined;
  /** Forward chains that drop; undefined when they cannot be read. */
  readonly dropping: readonly string[] | undefined;
  /** Whether rules of the older ip6tables exist, which nothing here can read. */
  readonly legacyTables: boolean;
  /** Undefined when the probe's image has no iproute2. */
  readonly network: HostNetwork | undefined;
  /** Whether an interface accepts router advertisements, by its name; `default` is for those to come. */
  readonly acceptsRa: ReadonlyMap<string, boolean>;
  /** By interface. */
  readonly managers: ReadonlyMap<string, NicManager>;
  /** Managers that run, whatever they manage. */
  readonly running: readonly NicManager[];
  /** Kernel features by name, and whether one could be made; those that the probe could not try are missing. */
  readonly features: ReadonlyMap<string, boolean>;
}

const CAPABILITY_BITS = { NET_ADMIN: 12, NET_RAW: 13, SYS_ADMIN: 21, SETPCAP: 8 } as const;

/** Reads the output of the probe script. */
export function parseHostFacts(output: string): HostFacts {
  const sections = parseSections(output);
  const text = (name: string): string | undefined => {
    const section = sections.get(name);
    return section?.ok === true ? section.text : undefined;
  };
  const enter = sections.get("enter");
  const network = networkOf(text);
  const ruleset = text("ruleset");
  const calls = text("bridge-calls");
  return {
    kernel: text("kernel"),
    timeS: numberOf(text("time")),
    freeKib: numberOf(text("disk")?.split("\n")[1]?.split(/\s+/)[3]),
    room: parseRoom(text("room") ?? ""),
    missingCapabilities: missingCapabilities(text("capabilities")),
    enter: enter?.ok === true ? true : (enter?.text ?? "the probe said nothing"),
    ipv6Disabled: text("ipv6")
      ?.split("\n")
      .filter((line) => line.endsWith(" 1"))
      .map((line) => line.split(" ")[0] ?? ""),
    forwarding: flagOf(text("forwarding")),
    mostNeighbours: numberOf(text("neighbours")),
    bridgeCalls: flagOf(calls),
    dropping: ruleset === undefined ? undefined : droppingForwardChains(ruleset, undefined),
    legacyTables: (text("legacy") ?? "").includes("filter"),
    network,
    acceptsRa: parseAcceptsRa(text("accept-ra") ?? ""),
    managers: managersOf(text, network),
    running: runningManagers(text("processes") ?? ""),
    features: featuresOf(sections),
  };
}

function networkOf(text: (name: string) => string | undefined): HostNetwork | undefined {
  const links = text("links");
  if (links === undefined) return undefined;
  return {
    links: parseLinks(links),
    defaultDevices: parseDefaultDevices(text("routes4") ?? "", text("routes6") ?? ""),
    sshSessions: parseSshSessions(text("ssh") ?? ""),
  };
}

/** Both managers keep a file per interface, named by its index, which says whether they manage it. */
function managersOf(
  text: (name: string) => string | undefined,
  network: HostNetwork | undefined,
): Map<string, NicManager> {
  const managers = new Map<string, NicManager>();
  const note = (section: string, manager: NicManager, managed: RegExp): void => {
    for (const line of (text(section) ?? "").split("\n")) {
      const index = Number(/^(\d+) /.exec(line)?.[1] ?? Number.NaN);
      const link = network?.links.find(({ ifindex }) => ifindex === index);
      if (link !== undefined && managed.test(line)) managers.set(link.ifname, manager);
    }
  };
  note("networkd", "systemd-networkd", /ADMIN_STATE=(?!unmanaged)\w+/);
  note("networkmanager", "NetworkManager", /\bmanaged=true\b/);
  return managers;
}

function runningManagers(processes: string): NicManager[] {
  const names = new Set(processes.split("\n"));
  return [
    ...(names.has("NetworkManager") ? ["NetworkManager" as const] : []),
    // The kernel keeps 15 characters of a process's name.
    ...(names.has("systemd-network") ? ["systemd-networkd" as const] : []),
  ];
}

function featuresOf(sections: ReadonlyMap<string, Section>): Map<string, boolean> {
  return new Map(
    [...sections].flatMap(([name, { text, ok }]): [string, boolean][] => {
      const feature = /^try-(.+)$/.exec(name)?.[1];
      // Without the program nothing was tried.
      return feature === undefined || /not found/.test(text) ? [] : [[feature, ok]];
    }),
  );
}

function missingCapabilities(line: string | undefined): string[] {
  const hex = /CapEff:\s*([0-9a-f]+)/.exec(line ?? "")?.[1];
  if (hex === undefined) return [];
  const effective = BigInt(`0x${hex}`);
  return Object.entries(CAPABILITY_BITS)
    .filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
}

function flagOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.trim() !== "0";
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}
