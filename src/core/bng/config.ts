import type { Prefix6 } from "../ip6.ts";
import type { Endpoint, Lifetimes, RaOptions, SourceValidation } from "../lab/model.ts";

/** Where the far end of a veth goes: the network of a container, or a named namespace of the engine's host. */
export interface LinkTarget {
  readonly kind: "container" | "netns";
  readonly name: string;
}

/** How the BNG gets its subscriber interface (`SUBSCRIBER_LINK`). */
export type BngLink =
  | { readonly kind: "claim" }
  /** `outer`: the service tag (802.1ad) around the VLAN, for QinQ. */
  | { readonly kind: "vlan"; readonly parent: string; readonly id: number; readonly outer?: number }
  | { readonly kind: "macvlan"; readonly parent: string }
  | { readonly kind: "veth"; readonly peer: string; readonly into?: LinkTarget }
  | { readonly kind: "bridge"; readonly bridge: string }
  /** A bridge that mhlab makes, and that belongs to the lab `owner`. */
  | { readonly kind: "lan"; readonly bridge: string; readonly owner: string };

/** All that one BNG needs, as its environment states it. */
export interface BngConfig {
  readonly name: string;
  readonly wireguard: {
    readonly interface: string;
    /** Secrets stay out of this object when they come by file. */
    readonly privateKey: { readonly file: string } | { readonly value: string };
    readonly presharedKeyFile: string | undefined;
    readonly peer: string;
    readonly address: bigint;
    readonly addressLength: number;
    readonly endpoint: Endpoint;
    readonly mtu: number;
    readonly keepaliveS: number;
    /** Whether TCP's segment size is lowered to what the tunnel carries. */
    readonly clampMss: boolean;
  };
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
  readonly lifetimes: Lifetimes;
  readonly ra: RaOptions;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly subscriber: {
    readonly interface: string;
    readonly link: BngLink;
    /** Claims the interface whatever the host uses it for. */
    readonly force?: true;
  };
  readonly linkLocal: bigint;
  readonly sourceValidation: SourceValidation;
  /** Records every packet from before the links are there. */
  readonly capture?: true;
  /** Address whose round trip through the tunnel is measured. */
  readonly probe: bigint | undefined;
}
