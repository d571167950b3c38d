import type { Prefix6 } from "../../model/ip6.ts";
import type { Provider, RealFarSide } from "../../model/lab/model.ts";
import type { BngSubscriber } from "../../model/links/bng.ts";
import type { PrefixState } from "../../model/renumbering/phases.ts";

/** All that one BNG needs: the provider of its document. */
export interface BngConfig extends Omit<Provider, "wireguard" | "subscriber" | "resolver"> {
  readonly wireguard: BngTunnel;
  readonly subscriber: BngSubscriber;
  /** Differs from provider to provider, so that two can share one LAN (RFC 8028). */
  readonly linkLocal: bigint;
  /** Address whose round trip through the tunnel is measured. */
  readonly probe: bigint | undefined;
  /** While it is renumbered: all that it has, the current one first if there is one. Left out, there is just that one. */
  readonly networks?: readonly Network[];
}

/** One prefix of a provider, taken apart. */
export interface Network {
  readonly prefix: Prefix6;
  /** Its first /64: the network between BNG and CPEs. */
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
  readonly state: PrefixState;
  /** When it goes, in seconds since 1970; undefined when it stays as it is. */
  readonly endsAtS: number | undefined;
}

/** A key that lies in a file, or the key itself. */
export type KeySource = { readonly file: string } | { readonly value: string };

export interface BngTunnel extends Omit<RealFarSide, "kind" | "address" | "probe" | "presharedKey"> {
  readonly interface: string;
  readonly privateKey: KeySource;
  readonly presharedKeyFile: string | undefined;
  readonly address: bigint;
  readonly addressLength: number;
}
