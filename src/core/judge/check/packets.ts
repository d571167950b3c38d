/** Packets of a check: what tshark printed of each capture, a column per field or display filter. */
import type { Side } from "./requirement.ts";

export interface Packet {
  /** The capture, by its name in the folder. */
  readonly file: string;
  readonly side: Side;
  /** Its number in the file, from 1. */
  readonly frame: number;
  /** Seconds since t=0. */
  readonly atS: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** Fields that are read of every packet; several values of one are joined by commas. */
export const FIELDS = [
  "eth.src",
  "ipv6.src",
  "dhcpv6.msgtype",
  "dhcpv6.duid.bytes",
  "dhcpv6.iaid",
  "dhcpv6.iaprefix.pref_addr",
  "dhcpv6.iaprefix.pref_len",
  "dhcpv6.iaprefix.pref_lifetime",
  "dhcpv6.iaprefix.valid_lifetime",
  "icmpv6.type",
  "icmpv6.opt.type",
  "icmpv6.opt.prefix",
  "icmpv6.opt.prefix.length",
  "icmpv6.opt.prefix.flag.a",
  "icmpv6.opt.prefix.flag.l",
  "icmpv6.opt.prefix.preferred_lifetime",
  "icmpv6.opt.prefix.valid_lifetime",
] as const;
export type Field = (typeof FIELDS)[number];

/** The text of a column; empty for what the packet does not have, or a filter that it does not match. */
export function cell({ cells }: Packet, column: string): string {
  return cells.get(column) ?? "";
}

/** The values of a field. */
export function values(packet: Packet, field: Field): string[] {
  const text = cell(packet, field);
  return text === "" ? [] : text.split(",");
}

/** A prefix option of a router advertisement (RFC 4861 4.6.2). */
export interface PrefixOption {
  readonly prefix: string;
  readonly length: number;
  readonly a: boolean;
  readonly l: boolean;
  readonly preferredS: number;
  readonly validS: number;
}

const PREFIX_INFORMATION = "3";
const ROUTE_INFORMATION = "24";

/** How tshark writes a flag, by its version. */
const isSet = (text: string | undefined): boolean => text === "1" || text === "True";

/** The prefix options of an advertisement; undefined when the fields do not fit together. */
export function prefixOptions(packet: Packet): PrefixOption[] | undefined {
  // A route option has fields of the same names.
  const named = values(packet, "icmpv6.opt.type").filter(
    (type) => type === PREFIX_INFORMATION || type === ROUTE_INFORMATION,
  );
  const prefixes = values(packet, "icmpv6.opt.prefix");
  const lengths = values(packet, "icmpv6.opt.prefix.length");
  if (prefixes.length !== named.length || lengths.length !== named.length) return undefined;
  const own = named.flatMap((type, index) => (type === PREFIX_INFORMATION ? [index] : []));
  const [a, l, preferred, valid] = (
    ["flag.a", "flag.l", "preferred_lifetime", "valid_lifetime"] as const
  ).map((name) => values(packet, `icmpv6.opt.prefix.${name}`));
  if ([a, l, preferred, valid].some((list) => list?.length !== own.length)) return undefined;
  return own.map((place, index) => ({
    prefix: prefixes[place] ?? "",
    length: Number(lengths[place]),
    a: isSet(a?.[index]),
    l: isSet(l?.[index]),
    preferredS: Number(preferred?.[index]),
    validS: Number(valid?.[index]),
  }));
}
