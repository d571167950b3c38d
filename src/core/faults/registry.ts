/** All kinds of faults; what depends on the kind of a fault is looked up here. */
import type { Fault } from "./fault.ts";
import { bngCrash } from "./kinds/bng-crash.ts";
import { bngLeaseLoss } from "./kinds/bng-lease-loss.ts";
import { bngLeaseLost } from "./kinds/bng-lease-lost.ts";
import { bngRouteLost } from "./kinds/bng-route-lost.ts";
import { dhcpv6Duplicate } from "./kinds/dhcpv6-duplicate.ts";
import { dhcpv6Infinite } from "./kinds/dhcpv6-infinite.ts";
import { dhcpv6LengthChange } from "./kinds/dhcpv6-length-change.ts";
import { dhcpv6Mute } from "./kinds/dhcpv6-mute.ts";
import { dhcpv6NoBinding } from "./kinds/dhcpv6-no-binding.ts";
import { dhcpv6NoPrefix } from "./kinds/dhcpv6-no-prefix.ts";
import { dhcpv6OldAndNew } from "./kinds/dhcpv6-old-and-new.ts";
import { dhcpv6SecondServer } from "./kinds/dhcpv6-second-server.ts";
import { dhcpv6Slow } from "./kinds/dhcpv6-slow.ts";
import { dhcpv6T1AfterT2 } from "./kinds/dhcpv6-t1-after-t2.ts";
import { dnsDead } from "./kinds/dns-dead.ts";
import { dnsLie } from "./kinds/dns-lie.ts";
import { dnsOtherView } from "./kinds/dns-other-view.ts";
import { dnsSlow } from "./kinds/dns-slow.ts";
import { lineCorrupt } from "./kinds/line-corrupt.ts";
import { lineDelay } from "./kinds/line-delay.ts";
import { lineDuplicate } from "./kinds/line-duplicate.ts";
import { lineJitter } from "./kinds/line-jitter.ts";
import { lineLoss } from "./kinds/line-loss.ts";
import { lineRate } from "./kinds/line-rate.ts";
import { lineReorder } from "./kinds/line-reorder.ts";
import { lineTrace } from "./kinds/line-trace.ts";
import { linkCarrierDown } from "./kinds/link-carrier-down.ts";
import { linkFlap } from "./kinds/link-flap.ts";
import { linkMulticastLoss } from "./kinds/link-multicast-loss.ts";
import { linkNdSilent } from "./kinds/link-nd-silent.ts";
import { raDeprecate } from "./kinds/ra-deprecate.ts";
import { raLifetimeZero } from "./kinds/ra-lifetime-zero.ts";
import { raLoss } from "./kinds/ra-loss.ts";
import { raMtuLie } from "./kinds/ra-mtu-lie.ts";
import { raRogue } from "./kinds/ra-rogue.ts";
import { raSplit } from "./kinds/ra-split.ts";
import { raStop } from "./kinds/ra-stop.ts";
import { upstreamBlackhole } from "./kinds/upstream-blackhole.ts";
import { upstreamFilterFlip } from "./kinds/upstream-filter-flip.ts";
import { upstreamPmtuBlackhole } from "./kinds/upstream-pmtu-blackhole.ts";
import { upstreamTunnelDown } from "./kinds/upstream-tunnel-down.ts";
import { upstreamUnreachable } from "./kinds/upstream-unreachable.ts";
import { upstreamWalledGarden } from "./kinds/upstream-walled-garden.ts";
import type { FaultKind } from "./names.ts";
import type { FaultOptions, ValuesOf } from "./option.ts";
import type { FaultRecord } from "./record.ts";

const FAULTS = {
  "line-delay": lineDelay,
  "line-jitter": lineJitter,
  "line-loss": lineLoss,
  "line-duplicate": lineDuplicate,
  "line-reorder": lineReorder,
  "line-corrupt": lineCorrupt,
  "line-rate": lineRate,
  "line-trace": lineTrace,
  "link-carrier-down": linkCarrierDown,
  "link-flap": linkFlap,
  "link-nd-silent": linkNdSilent,
  "link-multicast-loss": linkMulticastLoss,
  "upstream-blackhole": upstreamBlackhole,
  "upstream-unreachable": upstreamUnreachable,
  "upstream-tunnel-down": upstreamTunnelDown,
  "upstream-pmtu-blackhole": upstreamPmtuBlackhole,
  "upstream-walled-garden": upstreamWalledGarden,
  "upstream-filter-flip": upstreamFilterFlip,
  "ra-stop": raStop,
  "ra-lifetime-zero": raLifetimeZero,
  "ra-deprecate": raDeprecate,
  "ra-loss": raLoss,
  "ra-split": raSplit,
  "ra-rogue": raRogue,
  "ra-mtu-lie": raMtuLie,
  "dhcpv6-mute": dhcpv6Mute,
  "dhcpv6-slow": dhcpv6Slow,
  "dhcpv6-no-prefix": dhcpv6NoPrefix,
  "dhcpv6-no-binding": dhcpv6NoBinding,
  "dhcpv6-t1-after-t2": dhcpv6T1AfterT2,
  "dhcpv6-infinite": dhcpv6Infinite,
  "dhcpv6-length-change": dhcpv6LengthChange,
  "dhcpv6-old-and-new": dhcpv6OldAndNew,
  "dhcpv6-duplicate": dhcpv6Duplicate,
  "dhcpv6-second-server": dhcpv6SecondServer,
  "dns-dead": dnsDead,
  "dns-slow": dnsSlow,
  "dns-lie": dnsLie,
  "dns-other-view": dnsOtherView,
  "bng-crash": bngCrash,
  "bng-lease-loss": bngLeaseLoss,
  "bng-route-lost": bngRouteLost,
  "bng-lease-lost": bngLeaseLost,
} as const satisfies Record<FaultKind, unknown>;

/** The kinds that happen once. */
export type DeedKind = {
  [K in FaultKind]: (typeof FAULTS)[K]["nature"] extends "deed" ? K : never;
}[FaultKind];

/** The record of a kind. */
export function faultRecord(kind: FaultKind): FaultRecord {
  return FAULTS[kind];
}

/** What the options of a fault are for its kind. Throws RangeError when one is not in its canonical form. */
export function valuesOf({ kind, options }: Pick<Fault, "kind" | "options">): ValuesOf<FaultOptions> {
  return Object.fromEntries(
    Object.entries(faultRecord(kind).options).map(([name, one]) => [name, one.value(options[name])]),
  );
}
