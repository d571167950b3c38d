/** NAT64 of the bundled internet by tayga (RFC 6146 and 7915): what it and the kernel are told for each provider. */
import { parsePrefix6, prefixOf } from "../../model/ip6.ts";
import { wireguardInterface } from "../../model/names.ts";
import type { TranslatorService } from "../../model/internet/services.ts";

/** RFC 6052: the prefix that every translator may use. */
const WELL_KNOWN = "64:ff9b::/96";
/**
 * tayga keeps to RFC 6052, section 3.1: no private or documentation address by the well-known prefix. So it is given another
 * one, and the kernel writes that in the place of the well-known one and back. Both sum up to nothing, so no checksum changes;
 * this one is in the network that no tunnel has.
 */
const STAND_IN = "2001:db8::d246:0:0/96";
/** An IPv4 header is 20 octets shorter: what fits here fits into the tunnel once it is IPv6. */
const HEADER_DIFFERENCE = 20;
const FIRST_TABLE = 6400;

/** A NAT64 of one provider. */
export interface Translator extends TranslatorService {
  readonly provider: string;
  /** MTU of the provider's tunnel. */
  readonly mtu: number;
}

/** The TUN device of a translator. */
export function translatorDevice({ provider }: Pick<Translator, "provider">): string {
  return `n6-${provider}`;
}

/** tayga's configuration; without a folder for data it forgets at its end whom it gave which address. */
export function renderTayga(translator: Translator): string {
  return [
    `tun-device ${translatorDevice(translator)}`,
    `ipv4-addr ${translator.pool.replace(/\.0\/24$/, ".1")}`,
    `ipv6-addr ${translator.address}`,
    `prefix ${translatedPrefix(translator)}`,
    `dynamic-pool ${translator.pool}`,
    "",
  ].join("\n");
}

/** Lines of `ip -6` that lead to a translator what its provider's customers send; its device is there. */
export function translatorRoutes(translator: Translator): string[] {
  const device = translatorDevice(translator);
  return [
    `link set dev ${device} mtu ${translator.mtu - HEADER_DIFFERENCE} up`,
    `route replace ${translatedPrefix(translator)} dev ${device} table ${tableOf(translator)}`,
  ];
}

/** Words of `ip -4` that lead answers to it. */
export function poolRoute(translator: Translator): string[] {
  return ["route", "replace", translator.pool, "dev", translatorDevice(translator)];
}

/** Words of `ip -6 rule` behind `add` or `del`: by them each provider has a translator of its own, also for one prefix. */
export function translatorRule(translator: Translator): string[] {
  const { provider } = translator;
  const from = ["iif", wireguardInterface(provider), "to", translatedPrefix(translator)];
  return [...from, "lookup", String(tableOf(translator))];
}

/** nftables rules that write the stand-in in the place of the well-known prefix, and back, also inside of errors (RFC 4443). */
export function renderPrefixRewriting(translators: readonly Translator[]): string {
  const known = translators.filter(({ prefix }) => prefix === WELL_KNOWN);
  const [stand, own] = [STAND_IN, WELL_KNOWN].map(hexOf);
  const errors = "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }";
  const rules = known.flatMap((translator) => {
    const towards = `iifname "${wireguardInterface(translator.provider)}"`;
    const back = `iifname "${translatorDevice(translator)}"`;
    return [
      `    ${towards} ip6 daddr ${WELL_KNOWN} @nh,192,96 set ${stand}`,
      `    ${back} ip6 saddr ${STAND_IN} @nh,64,96 set ${own}`,
      `    ${back} ${errors} @th,256,96 ${stand} @th,256,96 set ${own}`,
    ];
  });
  return [
    "table ip6 nat64 {}",
    "delete table ip6 nat64",
    ...(rules.length === 0
      ? []
      : [
          "table ip6 nat64 {",
          "  chain rewrite {",
          "    type filter hook prerouting priority raw;",
          ...rules,
          "  }",
          "}",
        ]),
    "",
  ].join("\n");
}

/** The prefix that the translator itself knows. */
function translatedPrefix({ prefix }: Translator): string {
  return prefix === WELL_KNOWN ? STAND_IN : prefix;
}

/** A routing table for each pool. */
function tableOf({ pool }: Translator): number {
  const [, second = 0, third = 0] = pool.split(".").map(Number);
  return FIRST_TABLE + (second & 1) * 256 + third;
}

/** The first 96 bits as nftables writes numbers. */
function hexOf(text: string): string {
  const { bits } = parsePrefix6(text) ?? prefixOf(0n, 96);
  return `0x${(bits >> 32n).toString(16).padStart(24, "0")}`;
}
