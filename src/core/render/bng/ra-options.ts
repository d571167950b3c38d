/** Options of router advertisements that BIRD has no word for: their octets behind type and length, padded (RFC 4861, section 4.6). */
import { octetsOf, type Prefix6 } from "../../model/ip6.ts";

/** Types of options (RFC 4861, 8801, 8910, 8781). */
export const OPTION = { prefixInformation: 3, pvd: 21, captivePortal: 37, pref64: 38 } as const;
/** Prefix length codes of PREF64 (RFC 8781, section 4). */
export const PREF64_LENGTHS: readonly number[] = [96, 64, 56, 48, 40, 32];
/** In which its lifetime counts. */
export const PREF64_UNIT_S = 8;

/** Flags and lifetimes (in seconds) of a prefix information option (RFC 4861, section 4.6.2; RFC 9762 for P). */
export interface PrefixInformation {
  readonly prefix: Prefix6;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly pdPreferred: boolean;
  readonly preferredS: number;
  readonly validS: number;
}

/** A prefix information option. */
export function prefixInformation(information: PrefixInformation): string {
  const { prefix, onLink, autonomous, pdPreferred, preferredS, validS } = information;
  const flags = (onLink ? 0x80 : 0) | (autonomous ? 0x40 : 0) | (pdPreferred ? 0x10 : 0);
  const octets = [
    prefix.length,
    flags,
    ...octetsOf(validS, 4),
    ...octetsOf(preferredS, 4),
    ...octetsOf(0, 4),
    ...octetsOf(prefix.bits, 16),
  ];
  return customOption(OPTION.prefixInformation, octets);
}

/** A NAT64 prefix (RFC 8781); its lifetime in seconds is rounded up to what the option can say. */
export function pref64({ bits, length }: Prefix6, lifetimeS: number): string {
  const scaled = Math.ceil(lifetimeS / PREF64_UNIT_S) << 3;
  return customOption(OPTION.pref64, [
    ...octetsOf(scaled | PREF64_LENGTHS.indexOf(length), 2),
    ...octetsOf(bits >> 32n, 12),
  ]);
}

/** A provisioning domain (RFC 8801, section 3.1). */
export interface ProvisioningDomain {
  readonly name: string;
  /** There is more to read at its name. */
  readonly http: boolean;
  /** 0 to 15. */
  readonly delay: number;
  readonly sequence: number;
}

/** The PvD option, without options inside. */
export function pvdOption({ name, http, delay, sequence }: ProvisioningDomain): string {
  const flags = (http ? 0x8000 : 0) | delay;
  return customOption(OPTION.pvd, [...octetsOf(flags, 2), ...octetsOf(sequence, 2), ...domainName(name)]);
}

/** The API of a captive portal (RFC 8910). */
export function captivePortal(uri: string): string {
  return customOption(OPTION.captivePortal, ascii(uri));
}

/** A statement of BIRD's configuration; options fill units of eight octets, of which type and length take two. */
function customOption(type: number, octets: readonly number[]): string {
  const padding = (8 - ((octets.length + 2) % 8)) % 8;
  const padded = [...octets, ...Array.from({ length: padding }, () => 0)];
  return `custom option type ${type} value hex:${padded.map((octet) => octet.toString(16).padStart(2, "0")).join("")};`;
}

/** A domain name as DNS has it, without compression (RFC 1035, section 3.1). */
function domainName(name: string): number[] {
  const labels = name.replace(/\.$/, "").split(".");
  return [...labels.flatMap((label) => [label.length, ...ascii(label)]), 0];
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
