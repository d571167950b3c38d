import type { Prefix6 } from "../ip6.ts";
import type { BngSubscriber } from "../links/bng.ts";
import type { AdvertisedOptions } from "../settings/advertised.ts";
import type { captivePortal } from "../settings/captive-portal.ts";
import type { PrefixState } from "../renumbering/phases.ts";
import type { delegation } from "../settings/delegation.ts";
import type { dhcpv6 } from "../settings/dhcpv6.ts";
import type { dns } from "../settings/dns.ts";
import type { filter, recorder } from "../settings/filter.ts";
import type { keys } from "../settings/keys.ts";
import type { Lifetimes } from "../settings/lifetimes.ts";
import type { line } from "../settings/line.ts";
import type { provider } from "../settings/provider.ts";
import type { pvd } from "../settings/pvd.ts";
import type { RaOptions, router } from "../settings/router-advertisement.ts";
import type { BngValues, Values } from "../settings/setting.ts";
import type { wireguard } from "../settings/wireguard.ts";

/** All that one BNG needs, as its environment states it. */
export interface BngConfig
  extends
    BngValues<typeof provider>,
    BngValues<typeof delegation>,
    BngValues<typeof dhcpv6>,
    BngValues<typeof dns>,
    BngValues<typeof captivePortal>,
    BngValues<typeof router>,
    BngValues<typeof filter>,
    BngValues<typeof recorder> {
  readonly wireguard: BngTunnel;
  /** First /64 of the prefix: the network between BNG and CPEs. */
  readonly transfer: Prefix6;
  readonly lifetimes: Lifetimes;
  readonly ra: RaOptions;
  readonly advertised: AdvertisedOptions;
  readonly pvd: BngValues<typeof pvd>;
  readonly line: BngValues<typeof line>;
  readonly subscriber: BngSubscriber;
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

export interface BngTunnel
  extends Omit<BngValues<typeof wireguard>, "address" | "probe">, Values<typeof keys> {
  readonly interface: string;
  readonly address: bigint;
  readonly addressLength: number;
}
