/** The status of a router of the user's own: what its providers and the hosts on its LAN see of it. */
import { flag, list, number, oneOf, orNull, struct, text } from "../values/shape.ts";
import { carrier, name, present, problems } from "./common.ts";

const wan = struct({
  provider: text.describe("Name of the provider."),
  place: text.describe("The interface of the machine that its WAN is connected to, as `lab.yaml` names it."),
  present,
  carrier,
  macs: list(text).describe("MAC addresses that were heard there within the last hour."),
  sent: list(oneOf("router-solicitation", "router-advertisement", "dhcpv6")).describe(
    "What the BNG heard of it: a router that asks for a prefix sends a router solicitation and DHCPv6.",
  ),
  addresses: list(text).describe("Addresses of the provider that its WAN was seen to use, or was leased."),
  delegatedPrefixes: list(text).describe("Prefixes that the BNG delegated there."),
  rejected: number
    .counting()
    .describe("Packets from there whose source the provider has not delegated, since the BNG counts them."),
});

const router = struct({
  address: text.describe("Link-local address of the router."),
  hosts: list(text).describe("The hosts that have it as a default router."),
});

/** A router of the user's own, in the status of a lab. */
export const device = struct({
  name,
  ready: flag.describe(
    "Whether every provider has delegated it a prefix, and every host on its LAN has a router and an address.",
  ),
  wans: list(wan, "provider").describe("A WAN per provider that it is connected to."),
  lan: orNull(
    struct({
      place: text.describe("The interface of the machine that its LAN is connected to."),
      routers: list(router, "address").describe("Routers that hosts have heard advertise there."),
      hosts: list(text).describe("Names of the hosts there; each is in `hosts`."),
    }),
  ).describe("Its LAN; null when the lab has no hosts there."),
  problems,
});
