/** What a provisioning domain tells of itself (RFC 8801, section 4.3), but for the time until which it holds. */
export interface PvdInformation {
  readonly identifier: string;
  readonly prefixes: readonly string[];
  readonly noInternet?: true;
  readonly dnsZones?: readonly string[];
}

/** What is known of a provisioning domain. */
export interface Pvd {
  readonly name: string;
  readonly noInternet: boolean;
  readonly zones: readonly string[];
  /** The prefixes whose addresses belong to it. */
  readonly prefixes: readonly string[];
}

/** Where a host finds it (RFC 8801, section 4.1). */
export const PVD_PATH = "/.well-known/pvd";
export const PVD_TYPE = "application/pvd+json";

/** What a provisioning domain says of itself. */
export function pvdInformation({ name, noInternet, zones, prefixes }: Pvd): PvdInformation {
  return {
    identifier: name.endsWith(".") ? name : `${name}.`,
    prefixes,
    ...(noInternet ? { noInternet } : {}),
    ...(zones.length === 0 ? {} : { dnsZones: zones }),
  };
}
