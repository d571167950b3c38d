/** What a router advertisement says, field by field, read from what BIRD was told to advertise. */
import { formatPrefix6, prefixOf } from "../../model/ip6.ts";
import type { RaField } from "../../model/status/model.ts";
import { OPTION, PREF64_LENGTHS, PREF64_UNIT_S } from "./ra-options.ts";

/** A statement of BIRD's configuration, and the field that it becomes; nothing for what is no part of an advertisement. */
const STATEMENTS: readonly (readonly [RegExp, (...parts: string[]) => RaField])[] = [
  [/^default lifetime (\d+)$/, (seconds) => field("Router lifetime", lifetime(seconds))],
  [/^default preference (\w+)$/, (word = "") => field("Default router preference", word)],
  [/^managed (yes|no)$/, (word = "") => field("M: addresses by DHCPv6", word)],
  [/^other config (yes|no)$/, (word = "") => field("O: other configuration by DHCPv6", word)],
  [/^link mtu (\d+)$/, (bytes = "") => field("MTU", bytes)],
  [/^max ra interval (\d+)$/, (seconds) => field("Longest time between two", lifetime(seconds))],
  [/^prefix (\S+) \{ (.+) \}$/, (prefix = "", inner = "") => field(`Prefix ${prefix}`, prefixText(inner))],
  [
    /^route (\S+) unreachable \{ (.+) \}$/,
    (prefix = "", inner = "") => field(`Route ${prefix}`, routeText(inner)),
  ],
  [
    /^rdnss (?:\{ ns )?([^\s;]+)(.*)$/,
    (server = "", rest) => field("DNS server", `${server}${ownLifetime(rest)}`),
  ],
  [
    /^dnssl (?:\{ domain )?"([^"]*)"(.*)$/,
    (domain = "", rest) => field("DNS search domain", `${domain}${ownLifetime(rest)}`),
  ],
  [
    /^custom option type (\d+) value hex:(\S+)$/,
    (type = "", hex = "") => customField(Number(type), bytesOf(hex)),
  ],
];

/** The fields in the order in which BIRD was told them. A statement that is not known is left out. */
export function advertisedFields(bird: string): RaField[] {
  return statementsOf(bird).flatMap((statement) => {
    for (const [form, make] of STATEMENTS) {
      const found = form.exec(statement);
      if (found !== null) return /\bskip\b/.test(statement) ? [] : [make(...found.slice(1))];
    }
    return [];
  });
}

/** Statements with their blocks in one line; what stands in `protocol` and `interface` blocks counts as if it stood alone. */
function statementsOf(bird: string): string[] {
  const found: string[] = [];
  let block: string | undefined;
  for (const raw of bird.split("\n")) {
    const line = raw.trim();
    if (block !== undefined) {
      block = `${block} ${line}`;
      if (line !== "};") continue;
      found.push(block.replace(/;$/, ""));
      block = undefined;
    } else if (/^prefix .*\{$/.test(line)) block = line;
    else if (line.endsWith(";")) found.push(line.slice(0, -1));
  }
  return found;
}

function field(name: string, value: string): RaField {
  return { name, value };
}

function lifetime(seconds = ""): string {
  return seconds === "4294967295" ? "for ever" : `${seconds} s`;
}

function ownLifetime(rest = ""): string {
  const [, seconds] = /lifetime (\d+)/.exec(rest) ?? [];
  return seconds === undefined ? "" : `, ${lifetime(seconds)}`;
}

function prefixText(inner: string): string {
  const [, preferred] = /preferred lifetime (\d+)/.exec(inner) ?? [];
  const [, valid] = /valid lifetime (\d+)/.exec(inner) ?? [];
  return prefixWords({
    flags: [
      ...(/onlink yes/.test(inner) ? ["on-link"] : []),
      ...(/autonomous yes/.test(inner) ? ["autonomous"] : []),
    ],
    preferred,
    valid,
  });
}

interface PrefixWords {
  readonly flags: readonly string[];
  readonly preferred: string | undefined;
  readonly valid: string | undefined;
}

function prefixWords({ flags, preferred, valid }: PrefixWords): string {
  return [...flags, `preferred ${lifetime(preferred)}`, `valid ${lifetime(valid)}`].join(", ");
}

function routeText(inner: string): string {
  const [, preference = "medium"] = /RA_PREF_(\w+)/.exec(inner) ?? [];
  const [, seconds] = /ra_lifetime = (\d+)/.exec(inner) ?? [];
  const rest = seconds === undefined ? "" : `, ${lifetime(seconds)}`;
  return `${preference.toLowerCase()} preference${rest}`;
}

/** An option that BIRD has no words for, from its bytes after type and length. */
function customField(type: number, bytes: readonly number[]): RaField {
  const known = CUSTOM[type];
  return known === undefined ? field(`Option ${type}`, `${bytes.length} bytes`) : known(bytes);
}

const CUSTOM: Readonly<Record<number, (bytes: readonly number[]) => RaField>> = {
  // Prefix information (RFC 4861 4.6.2, with the P flag of RFC 9762).
  [OPTION.prefixInformation]: (bytes) => {
    const [length = 0, flags = 0] = bytes;
    const prefix = formatPrefix6(prefixOf(numberOf(bytes.slice(14, 30)), length));
    const words = [
      ...(flags & 0x80 ? ["on-link"] : []),
      ...(flags & 0x40 ? ["autonomous"] : []),
      ...(flags & 0x10 ? ["P: delegation preferred"] : []),
    ];
    const [valid, preferred] = [bytes.slice(2, 6), bytes.slice(6, 10)].map((part) => String(numberOf(part)));
    return field(`Prefix ${prefix}`, prefixWords({ flags: words, preferred, valid }));
  },
  // NAT64 prefix (RFC 8781): a lifetime in units of 8 s, and a code for the length.
  [OPTION.pref64]: (bytes) => {
    const scaled = Number(numberOf(bytes.slice(0, 2)));
    const length = PREF64_LENGTHS[scaled & 7] ?? 96;
    const prefix = numberOf(bytes.slice(2, 14)) << 32n;
    return field(
      "NAT64 prefix",
      `${formatPrefix6(prefixOf(prefix, length))}, ${lifetime(String(PREF64_UNIT_S * (scaled >> 3)))}`,
    );
  },
  // Captive portal (RFC 8910).
  [OPTION.captivePortal]: (bytes) => field("Captive portal", textOf(bytes)),
  // Provisioning domain (RFC 8801): flags and delay, a sequence number, a name as DNS writes it.
  [OPTION.pvd]: (bytes) => field("Provisioning domain", dnsName(bytes.slice(4))),
};

function bytesOf(hex: string): number[] {
  return (hex.replaceAll(":", "").match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function textOf(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes.filter((byte) => byte >= 0x20 && byte < 0x7f));
}

function dnsName(bytes: readonly number[]): string {
  const labels: string[] = [];
  for (let at = 0; (bytes[at] ?? 0) > 0; at += 1 + (bytes[at] ?? 0))
    labels.push(textOf(bytes.slice(at + 1, at + 1 + (bytes[at] ?? 0))));
  return labels.join(".");
}
