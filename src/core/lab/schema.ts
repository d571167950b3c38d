import { z } from "zod";
import { RA_PREFERENCE, SOURCE_VALIDATION } from "./model.ts";
import { name, choice } from "../values/scalars.ts";
import { address, domain, endpoint, prefix, publicKey, tunnelAddress } from "../values/scalars-network.ts";
import { cpeName, lanName, NAME_PATTERN, number, scalar, shortName, time, yesNo } from "./schema-values.ts";
import { subscriber } from "./schema-subscriber.ts";
import { MAX_LIFETIME_S } from "../values/units.ts";

const wireguard = z
  .strictObject({
    endpoint: scalar(endpoint, {
      description: "Where the far side listens: IPv4, [IPv6] or a name, with the port.",
      examples: ["192.0.2.42:51820", "[2001:db8::1]:51820", "vpn.example.net:51820"],
    }).optional(),
    peer: scalar(publicKey, {
      description: "The far side's public key, as `wg pubkey` prints it.",
      examples: ["xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="],
      pattern: "[A-Za-z0-9+/]{43}=",
    }).optional(),
    address: scalar(tunnelAddress, {
      description: "This side's address inside the tunnel; without a length, /128.",
      examples: ["2001:db8:0:a::2/64"],
    }).optional(),
    mtu: number(1280, 9000, {
      description: "MTU of the tunnel; 1440 to an IPv4 endpoint, else 1420 by default.",
      examples: [1420],
    }).optional(),
    keepalive: time(0, 65_535, {
      description: "Interval of WireGuard's keepalives; 0s turns them off.",
      default: "25s",
    }).optional(),
    probe: scalar(address, {
      description: "Address whose round trip through the tunnel is measured.",
      examples: ["2001:db8:0:a::1"],
    }).optional(),
    "preshared-key": yesNo({
      description: "Whether mhlab makes a pre-shared key, which both sides add to their handshake.",
      default: false,
    }).optional(),
    "clamp-mss": yesNo({
      description: "Whether the BNG lowers TCP's segment size to what the tunnel carries, both ways.",
      default: false,
    }).optional(),
  })
  .meta({
    description:
      "The tunnel to a real far side. With `internet: bundled` only mtu, keepalive, preshared-key and clamp-mss.",
  });

const delegation = z
  .strictObject({
    length: number(48, 64, {
      description: "Length of each delegated prefix.",
      examples: [56, 60, 62],
    }).optional(),
    prefix: scalar(prefix(33, 64), {
      description: "The pool to delegate from; the upper half of the provider's prefix by default.",
      examples: ["2001:db8:a:8000::/49"],
    }).optional(),
    preferred: time(1, MAX_LIFETIME_S, { description: "Preferred lifetime.", default: "30m" }).optional(),
    valid: time(1, MAX_LIFETIME_S, { description: "Valid lifetime.", default: "4h" }).optional(),
    renew: time(1, MAX_LIFETIME_S, {
      description: "When a CPE asks this provider again (T1); half of preferred by default.",
      examples: ["15m"],
    }).optional(),
    rebind: time(1, MAX_LIFETIME_S, {
      description: "When a CPE asks any provider (T2); four fifths of preferred by default.",
      examples: ["24m"],
    }).optional(),
  })
  .meta({ description: "DHCPv6 prefix delegation (RFC 8415)." });

const routerAdvertisement = z
  .strictObject({
    managed: yesNo({ description: "M flag: addresses by DHCPv6.", default: true }).optional(),
    other: yesNo({ description: "O flag: other configuration by DHCPv6.", default: true }).optional(),
    preference: scalar(choice(RA_PREFERENCE), {
      description: "Default router preference (RFC 4191).",
      enum: RA_PREFERENCE,
      default: "medium",
    }).optional(),
    lifetime: time(0, 9000, {
      description: "How long this is a default router; 0s: it is none.",
      default: "30m",
    }).optional(),
    interval: time(4, 1800, {
      description: "Longest time between two advertisements.",
      default: "1m",
    }).optional(),
    mtu: number(1280, 65_535, {
      description: "MTU that CPEs are told; the tunnel's by default.",
      examples: [1420],
    }).optional(),
  })
  .meta({ description: "Router advertisements (RFC 4861)." });

const provider = z
  .strictObject({
    name: shortName(
      "Unique name of the provider.",
      "alpha",
      "its tunnel is called wg-<name>, and Linux allows 15 characters",
    ),
    prefix: scalar(prefix(32, 64), {
      description: "The provider's prefix, /32 to /64. Its first /64 connects BNG and CPEs.",
      examples: ["2001:db8:a::/48"],
    }),
    wireguard: wireguard.optional(),
    delegation: delegation.optional(),
    subscriber: subscriber.optional(),
    dns: z
      .array(scalar(address, { description: "Address of a DNS server.", examples: ["2001:db8:a::53"] }))
      .meta({ description: "DNS servers that CPEs are told." })
      .optional(),
    "dns-search": z
      .array(scalar(domain, { description: "A domain.", examples: ["alpha.example"] }))
      .meta({ description: "Search domains that CPEs are told." })
      .optional(),
    "source-validation": scalar(choice(SOURCE_VALIDATION), {
      description: "What happens to packets with a source that was not delegated to their sender (BCP 38).",
      enum: SOURCE_VALIDATION,
      default: "reject",
    }).optional(),
    capture: yesNo({
      description:
        "Whether it records its packets from before its links are there; see mhlab capture --recorded.",
      default: false,
    }).optional(),
    "router-advertisement": routerAdvertisement.optional(),
  })
  .meta({ description: "One emulated internet provider." });

const cpe = z
  .strictObject({
    name: cpeName("Unique name of the CPE."),
    hosts: number(0, 20, {
      description: "Hosts on its LAN, called <cpe>-host1 and so on.",
      default: 1,
    }).optional(),
  })
  .meta({ description: "A bundled virtual CPE, with one WAN for each provider that names it." });

const lanHost = z
  .strictObject({
    name: scalar(name(30, "it becomes part of a container name"), {
      description: "Unique name of the host.",
      examples: ["pc"],
      pattern: NAME_PATTERN,
      maxLength: 30,
    }),
    lan: lanName("The segment it is on: a `lan` that providers name as their subscriber."),
  })
  .meta({ description: "A bundled host on a segment that several providers share (RFC 8028)." });

/** The structure of lab.yaml, as the parser reads it: every scalar is text. */
export const labSchema = z
  .strictObject({
    name: scalar(name(30, "it becomes part of container names"), {
      description: "Name of the lab, unique on the machine.",
      examples: ["two-isps"],
      pattern: NAME_PATTERN,
      maxLength: 30,
    }),
    internet: scalar(
      choice(["bundled"] as const, "; leave the key out when every provider has a real far side"),
      {
        description:
          "`bundled`: the far side of every tunnel is a container of the lab, no outside connection is needed.",
        enum: ["bundled"],
      },
    ).optional(),
    providers: z.array(provider).min(1).meta({ description: "The providers, at least one." }),
    cpes: z.array(cpe).meta({ description: "Bundled virtual CPEs." }).optional(),
    hosts: z.array(lanHost).meta({ description: "Bundled hosts on shared segments." }).optional(),
  })
  .meta({ title: "mhlab lab file", description: "Several IPv6 internet providers on one desk." });

/** A lab file whose structure and single values are right. */
export type LabFile = z.output<typeof labSchema>;
/** One provider of the file. */
export type ProviderEntry = LabFile["providers"][number];
/** One CPE of the file. */
export type CpeEntry = NonNullable<LabFile["cpes"]>[number];
