import type { Prefix6 } from "../ip6.ts";
import type { BngSubscriber } from "../links/bng.ts";
import type { AdvertisedOptions } from "../settings/advertised.ts";
import type { captivePortal } from "../settings/captive-portal.ts";
import type { delegation } from "../settings/delegation.ts";
import type { dhcpv6 } from "../settings/dhcpv6.ts";
import type { dns } from "../settings/dns.ts";
import type { filter, recorder } from "../settings/filter.ts";
import type { keys } from "../settings/keys.ts";
import type { Lifetimes } from "../settings/lifetimes.ts";
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
  readonly subscriber: BngSubscriber;
  /** Address whose round trip through the tunnel is measured. */
  readonly probe: bigint | undefined;
}

export interface BngTunnel
  extends Omit<BngValues<typeof wireguard>, "address" | "probe">, Values<typeof keys> {
  readonly interface: string;
  readonly address: bigint;
  readonly addressLength: number;
}
