/** A router advertisement field by field (RFC 4861, 4191, 8106), from what a provider says of it. Pure. */
import type { ProviderStatus } from "../../core/status/model.ts";
import { formatSpan } from "../format.ts";

export interface RaField {
  readonly name: string;
  readonly value: string;
}

/** What a provider advertises, by its settings in force. */
export function advertisementFields({ linkLocal, transfer, settings }: ProviderStatus): RaField[] {
  const seconds = (variable: string): string => {
    const value = settings[variable];
    return value === undefined ? "–" : `${value} s (${formatSpan(Number(value))})`;
  };
  const text = (variable: string): string => settings[variable] ?? "–";
  return [
    { name: "Source", value: linkLocal },
    { name: "Router lifetime", value: seconds("RA_LIFETIME") },
    { name: "Default router preference", value: text("RA_PREFERENCE") },
    { name: "M: addresses by DHCPv6", value: text("RA_MANAGED") },
    { name: "O: other configuration by DHCPv6", value: text("RA_OTHER") },
    { name: "Longest time between two", value: seconds("RA_INTERVAL") },
    { name: "MTU", value: settings["RA_MTU"] ?? "the tunnel's" },
    { name: "Prefix", value: transfer },
    { name: "Prefix: preferred lifetime", value: seconds("PREFERRED_LIFETIME") },
    { name: "Prefix: valid lifetime", value: seconds("VALID_LIFETIME") },
    { name: "DNS servers (RDNSS)", value: text("DNS_SERVERS") },
    { name: "DNS search list (DNSSL)", value: text("DNS_SEARCH") },
  ];
}

/** The fields with the value that each had in the advertisement before, where that was another. */
export function withBefore(
  fields: readonly RaField[],
  before: readonly RaField[] | undefined,
): (RaField & { readonly before?: string })[] {
  return fields.map((field) => {
    const old = before?.find(({ name }) => name === field.name)?.value;
    return old === undefined || old === field.value ? field : { ...field, before: old };
  });
}
