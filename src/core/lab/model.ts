import type { LinkTarget } from "../bng/link.ts";
import type { Prefix6 } from "../ip6.ts";
import type { Endpoint } from "../values/parse.ts";

/** A lab as the rest of the program knows it: checked, defaults filled in, units converted. */
export interface Lab {
  readonly name: string;
  /** Whether the far side of every tunnel is the bundled internet container. */
  readonly internet: "bundled" | "real";
  readonly providers: readonly Provider[];
  readonly cpes: readonly Cpe[];
  readonly hosts: readonly LanHost[];
}

export interface Provider {
  /** At most MAX_PROVIDER_NAME characters of `a-z0-9-`. */
  readonly name: string;
  /** /32 to /64. */
  readonly prefix: Prefix6;
  /** First /64 of the prefix: the network between BNG and CPEs. */
  readonly transfer: Prefix6;
  /** Delegation pool; absent when the provider delegates nothing (prefix is a /64). */
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
  readonly lifetimes: Lifetimes;
  readonly wireguard: ProviderTunnel;
  readonly subscriber: SubscriberLink;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly sourceValidation: SourceValidation;
  /** Whether the BNG records its packets from before its links are there. */
  readonly capture?: true;
  readonly ra: RaOptions;
}

/** Seconds (RFC 8415: preferred and valid lifetime, T1, T2). */
export interface Lifetimes {
  readonly preferredS: number;
  readonly validS: number;
  readonly renewS: number;
  readonly rebindS: number;
}

export const SOURCE_VALIDATION = ["reject", "reject-routed", "drop", "off"] as const;
export type SourceValidation = (typeof SOURCE_VALIDATION)[number];

export const RA_PREFERENCE = ["low", "medium", "high"] as const;
export type RaPreference = (typeof RA_PREFERENCE)[number];

/** Router advertisement (RFC 4861, 4191); lifetimes and intervals in seconds. */
export interface RaOptions {
  readonly managed: boolean;
  readonly other: boolean;
  readonly preference: RaPreference;
  readonly lifetimeS: number;
  readonly intervalS: number;
  readonly mtu: number | undefined;
}

/** A tunnel with a real far side names all of it; with the bundled internet it is derived. */
export type ProviderTunnel = BundledFarSide | RealFarSide;

/** What a tunnel has whatever its far side is. */
interface TunnelBasics {
  readonly mtu: number;
  readonly keepaliveS: number;
  /** Whether both sides share a secret besides their keys. */
  readonly presharedKey: boolean;
  /** Whether TCP's segment size is clamped to the tunnel's MTU. */
  readonly clampMss: boolean;
}

export interface BundledFarSide extends TunnelBasics {
  readonly kind: "bundled";
}

export interface RealFarSide extends TunnelBasics {
  readonly kind: "real";
  readonly endpoint: Endpoint;
  readonly peer: string;
  readonly address: { readonly address: bigint; readonly length: number };
  /** Address whose round trip through the tunnel is measured. */
  readonly probe: bigint | undefined;
}

export type SubscriberLink =
  /** `force`: whatever the host uses the interface for. */
  | { readonly kind: "claim"; readonly interface: string; readonly force?: true }
  | { readonly kind: "veth"; readonly peer: string; readonly into?: LinkTarget }
  | { readonly kind: "vlan"; readonly parent: string; readonly id: number; readonly outer?: number }
  | { readonly kind: "macvlan"; readonly parent: string }
  | { readonly kind: "bridge"; readonly bridge: string }
  /** A segment that mhlab makes, shared by all providers that name it. */
  | { readonly kind: "lan"; readonly lan: string }
  | { readonly kind: "cpe"; readonly cpe: string };

/** A bundled virtual CPE with one WAN per provider that names it. */
export interface Cpe {
  readonly name: string;
  /** Names of its LAN hosts: `<cpe>-host1` and so on. */
  readonly hosts: readonly string[];
  /** Names of the providers attached to it, in file order. */
  readonly providers: readonly string[];
}

/** A bundled host on a segment that providers share (`subscriber: {lan: …}`). */
export interface LanHost {
  readonly name: string;
  readonly lan: string;
  /** Names of the providers on the segment, in file order. */
  readonly providers: readonly string[];
}
