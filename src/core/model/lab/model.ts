import type { CpeSoftware } from "./cpe-software-names.ts";
import type { Prefix6 } from "../ip6.ts";
import type { SubscriberLink } from "../links/registry.ts";
import type { AdvertisedOptions } from "../settings/advertised.ts";
import type { captivePortal } from "../settings/captive-portal.ts";
import type { delegation } from "../settings/delegation.ts";
import type { dhcpv6 } from "../settings/dhcpv6.ts";
import type { dns } from "../settings/dns.ts";
import type { filter, recorder } from "../settings/filter.ts";
import type { Lifetimes } from "../settings/lifetimes.ts";
import type { line } from "../settings/line.ts";
import type { place } from "../settings/place.ts";
import type { provider } from "../settings/provider.ts";
import type { PvdValues } from "../settings/pvd.ts";
import type { ResolverValues } from "../settings/resolver.ts";
import type { RaOptions } from "../settings/router-advertisement.ts";
import type { Values } from "../settings/setting.ts";
import type { wireguard } from "../settings/wireguard.ts";

/** A lab as the rest of the program knows it: checked, defaults filled in, units converted. */
export interface Lab {
  readonly name: string;
  /** Whether the far side of every tunnel is the bundled internet container. */
  readonly internet: "bundled" | "real";
  /** The engines of a lab on several machines; empty: all nodes run on the engine that the user chose. */
  readonly engines: readonly LabEngine[];
  /** Where the bundled internet runs; undefined: on the first engine. */
  readonly internetEngine: string | undefined;
  readonly providers: readonly Provider[];
  readonly cpes: readonly Cpe[];
  readonly hosts: readonly LanHost[];
  /** Routers of the user's own; their hosts are among `hosts`. */
  readonly devices: readonly Device[];
}

/** A machine's engine, as the lab file names it. */
export interface LabEngine {
  readonly name: string;
  /** As DOCKER_HOST takes it (`ssh://pi1`, `unix:///run/docker.sock`), or `context:NAME`. */
  readonly host: string;
  /** Where the other machines reach this one: an IP address of its underlay. */
  readonly address?: string | undefined;
}

/** A provider, by its settings (core/settings). */
export interface Provider
  extends
    Values<typeof provider>,
    Values<typeof delegation>,
    Values<typeof dhcpv6>,
    Values<typeof dns>,
    Values<typeof captivePortal>,
    Values<typeof filter>,
    Values<typeof recorder>,
    Values<typeof place> {
  /** First /64 of the prefix: the network between BNG and CPEs. */
  readonly transfer: Prefix6;
  readonly lifetimes: Lifetimes;
  readonly wireguard: ProviderTunnel;
  readonly subscriber: SubscriberLink;
  readonly ra: RaOptions;
  readonly advertised: AdvertisedOptions;
  readonly pvd: PvdValues;
  /** What the bundled internet does for its customers only. */
  readonly resolver: ResolverValues;
  readonly line: Values<typeof line>;
}

/** A tunnel with a real far side names all of it; with the bundled internet it is derived. */
export type ProviderTunnel = BundledFarSide | RealFarSide;

/** What only a real far side has. */
type FarSideKey = "endpoint" | "peer" | "address" | "probe";

export interface BundledFarSide extends Omit<Values<typeof wireguard>, FarSideKey> {
  readonly kind: "bundled";
}

export interface RealFarSide extends Values<typeof wireguard> {
  readonly kind: "real";
}

/** A bundled virtual CPE with one WAN per provider that names it. */
export interface Cpe {
  readonly name: string;
  readonly software: CpeSoftware;
  /** Where it and its hosts run; undefined: on the first engine. */
  readonly engine: string | undefined;
  /** Names of its LAN hosts: `<cpe>-host1` and so on. */
  readonly hosts: readonly string[];
  /** Names of the providers attached to it, in file order. */
  readonly providers: readonly string[];
}

/** A router of the user's own: mhlab sees its WANs from the providers, its LAN from the hosts there. */
export interface Device {
  readonly name: string;
  /** Names of the providers that its WANs are connected to, in file order. */
  readonly providers: readonly string[];
}

/** A bundled host on a segment that providers share (`subscriber: {lan: …}`), or on a link of the machine. */
export interface LanHost {
  readonly name: string;
  readonly link: HostLink;
  /** Where it runs; undefined: on the first engine. */
  readonly engine: string | undefined;
  /** Names of the providers that it may have addresses of, in file order: those on the segment, or on links of the machine. */
  readonly providers: readonly string[];
  /** The device on whose LAN it is; undefined for an entry of `hosts`. */
  readonly device?: string | undefined;
  /** Whether nobody else may use the interface that it shares with the other hosts of the device. */
  readonly exclusive?: true | undefined;
}

/** What a host can be on by itself: every kind of link but a WAN of a bundled CPE. */
export type HostLink = Exclude<SubscriberLink, { kind: "cpe" }>;
/** A link whose other end is not the lab's. */
export type MachineLink = Exclude<HostLink, { kind: "lan" }>;
