/** The statuses of the bundled internet and of the keeper. */
import { flag, list, number, oneOf, orNull, struct, text } from "../values/shape.ts";
import {
  backend,
  handshakeAt,
  inside,
  name,
  problems,
  ready,
  restarts,
  rxBytes,
  state,
  txBytes,
} from "./common.ts";

const provider = text.describe("Name of the provider.");

const peer = struct({
  provider,
  interface: inside,
  backend,
  listenPort: number.describe("UDP port of the tunnel in the host network namespace."),
  prefixes: list(text).describe(
    "What is routed into the tunnel, and the only sources that are taken from it.",
  ),
  handshakeAt,
  rxBytes,
  txBytes,
});

const service = struct({
  provider,
  resolver: orNull(text).describe("Address of the provider's own resolver; null when it has none."),
  dns64: orNull(text).describe(
    "Prefix of the addresses that the resolver makes of IPv4 ones (RFC 6147); null when it makes none.",
  ),
  nat64: orNull(text).describe(
    "Prefix that is translated to IPv4 for the provider's customers (RFC 6146); null when none is.",
  ),
  pvd: orNull(text).describe(
    "Where the provisioning domain tells of itself (RFC 8801); null when it does not.",
  ),
});

/** What the agent of the bundled internet answers to `status`. */
export const internet = struct({
  role: oneOf("internet").describe("What kind of node it is."),
  name,
  state,
  ready: ready.describe("Whether all its tunnels are made."),
  address: text.describe("The address that answers pings, DNS, HTTP and iperf3."),
  peers: list(peer, "provider").describe("A tunnel per provider."),
  services: list(service).describe(
    "What it does for single providers; those for whom it does nothing are left out.",
  ),
  certificateAuthority: orNull(text).describe(
    "Certificate, as PEM, of the lab's own authority, by which whatever is served by HTTPS is trusted; null before anything is.",
  ),
  restarts,
  problems,
});

/** What a keeper's agent answers to `status`; it is no part of a lab's status. */
export const keeper = struct({
  role: oneOf("keeper"),
  name,
  state,
  ready,
  /** The interfaces that it brings home, and whether each is in the host's namespace and still marked as lent. */
  lent: list(struct({ provider: text, interface: text, left: flag }), "provider", "interface"),
});
