/** The statuses of what customers have: CPEs and hosts. */
import { flag, list, number, oneOf, optional, orNull, struct, text } from "../values/shape.ts";
import {
  carrier,
  inside,
  lossPct,
  name,
  preferredUntil,
  present,
  problems,
  ready,
  restarts,
  rttMs,
  state,
  validUntil,
} from "./common.ts";

const provider = orNull(text).describe("Name of the provider; null when it is none of the lab's.");

const wan = struct({
  provider: text.describe("Name of the provider."),
  interface: inside,
  present,
  carrier,
  defaultRouter: orNull(text).describe(
    "Link-local address of the provider's router; null while none is known.",
  ),
  addresses: list(text).describe("Addresses of the WAN itself."),
  delegatedPrefix: orNull(text).describe("The prefix that the CPE was delegated; null while there is none."),
  formerPrefixes: list(
    struct({
      prefix: text.describe("A prefix that the CPE was delegated before."),
      usable: flag.describe(
        "Whether its provider still lets packets with its sources pass, as far as the CPE was told.",
      ),
      validUntil: text.describe("When the valid lifetime ends, UTC."),
    }),
  ).describe("Beside it: what hosts still have, and are told to use for nothing new (RFC 9096)."),
  validUntil,
  preferredUntil,
  reach: oneOf("no-answer", "yes", "not-measured").describe(
    "Whether the probe target answers a ping whose source is of this WAN's delegated prefix; `not-measured` when nobody named a target (`probe` of the provider's tunnel).",
  ),
  rttMs,
  lossPct,
});

const hostAddress = struct({
  address: text.describe("An IPv6 address."),
  provider,
  router: orNull(text).describe(
    "Link-local address of the router that packets with this source go to (RFC 8028); null when that is gone and they are refused.",
  ),
  state: oneOf("tentative", "preferred", "deprecated").describe(
    "`preferred`: new connections may use it; `deprecated`: old connections only; `tentative`: not checked for duplicates yet (RFC 4862).",
  ),
  preferredUntil,
  validUntil,
  rttMs: orNull(number)
    .counting()
    .describe(
      "Round trip to the probe target from this address, in milliseconds, while somebody follows (`status --watch`, `events`, `dashboard`); null when it does not answer, or nobody looks.",
    ),
  lossPct: orNull(number)
    .counting()
    .describe(
      "Percent of the last 20 echoes from this address that were lost, while somebody follows; null before the first answer. 100 when ten were lost and none was answered.",
    ),
});

/** What the agent of a host answers to `status`, behind a CPE, on a LAN that providers share or on a link of the machine. */
export const host = struct({
  role: oneOf("host").describe("What kind of node it is."),
  name,
  state,
  ready: ready.describe(
    "Whether it has a router, and of each provider that it can have one of a preferred address.",
  ),
  interface: inside,
  place: oneOf("cpe", "lan").describe(
    "Whether it is behind a CPE, or on a LAN of its own: one that providers share, or a link of the machine.",
  ),
  addresses: list(hostAddress, "address").describe(
    "Every address, also those that are deprecated or tentative.",
  ),
  defaultRouters: list(
    struct({
      address: text.describe("Link-local address of the router."),
      provider: orNull(text).describe("Whose router it is; null when it is none of a provider's, as a CPE."),
      preference: oneOf("medium", "high", "low").describe("The router's preference (RFC 4191)."),
    }),
  ).describe("The default routers, the preferred first."),
  problems,
});

/** What a CPE's agent answers to `status`. */
export const cpe = struct({
  role: oneOf("cpe").describe("What kind of node it is."),
  name,
  state,
  ready: ready.describe("Whether every WAN has a delegated prefix and reaches the probe target."),
  software: optional(text).describe(
    "Third-party software that it runs, by its word in the lab file; left out for mhlab's own.",
  ),
  wans: list(wan, "provider").describe("A WAN per provider that names the CPE."),
  lan: struct({
    interface: inside,
    addresses: list(text).describe("The CPE's addresses there, with lengths."),
    hosts: optional(list(text)).describe("The hosts that it has a port for."),
  }).describe("The network behind the CPE."),
  restarts,
  problems,
});
