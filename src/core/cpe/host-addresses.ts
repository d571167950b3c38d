import type { HostAddress, SourceAddress } from "../status/model.ts";

/** An address as `ip -j addr` shows it. */
export interface KernelAddress {
  readonly local: string;
  readonly scope: string;
  readonly tentative?: boolean;
  readonly deprecated?: boolean;
  readonly preferred_life_time: number;
  readonly valid_life_time: number;
}

/** The kernel's way to say "for ever". */
const FOREVER = 0xffffffff;

/** The global addresses of a host with their states and lifetimes; `way` tells whose each is and where its packets go. */
export function hostAddresses(
  kernel: readonly KernelAddress[],
  way: (address: string) => Pick<SourceAddress, "provider" | "router">,
): HostAddress[] {
  return kernel
    .filter(({ scope }) => scope === "global")
    .map(({ local, tentative, deprecated, preferred_life_time, valid_life_time }) => ({
      address: local,
      ...way(local),
      state: tentative === true ? "tentative" : deprecated === true ? "deprecated" : "preferred",
      preferredS: seconds(preferred_life_time),
      validS: seconds(valid_life_time),
    }));
}

/** Those that new connections may use (RFC 4862). */
export function preferredOf(addresses: readonly HostAddress[]): HostAddress[] {
  return addresses.filter(({ state }) => state === "preferred");
}

function seconds(lifetime: number): number | null {
  return lifetime >= FOREVER ? null : lifetime;
}
