/** The status of a provider's BNG. */
import { DIRECTIONS } from "../faults/fault.ts";
import { FAULT_KINDS } from "../faults/kinds.ts";
import type { RuntimeOverride } from "../intent/runtime-override.ts";
import type { LinkKindName } from "../links/registry.ts";
import { PREFIX_STATES } from "../renumbering/phases.ts";
import {
  flag,
  list,
  number,
  oneOf,
  openWord,
  optional,
  orNull,
  record,
  struct,
  text,
  type Shape,
} from "../values/shape.ts";
import {
  backend,
  carrier,
  handshakeAt,
  inside,
  lossPct,
  name,
  present,
  problems,
  ready,
  restarts,
  rttMs,
  rxBytes,
  state,
  txBytes,
} from "./common.ts";

const uplink = struct({
  state: oneOf("down", "up", "waiting", "stale").describe(
    "`up` with a fresh handshake, `waiting` before the first, `stale` when the last is too old, `down` without an interface.",
  ),
  backend,
  interface: inside,
  endpoint: text.describe("The peer's endpoint: address and port as the lab file or the lab says."),
  publicKey: orNull(text).describe("WireGuard public key of the provider; null while it is not known."),
  handshakeAt,
  answeredAt: orNull(text)
    .counting()
    .describe(
      "When anything last came from the peer, UTC; null before it first answered, and after its key changed.",
    ),
  rxBytes,
  txBytes,
  rttMs,
  lossPct,
});

const neighbour = struct({
  mac: text.describe("MAC address of the neighbour."),
  administered: oneOf("universal", "local").describe(
    "`local`: its MAC was made up, as of a virtual machine; `universal`: it is a manufacturer's.",
  ),
  linkLocal: orNull(text).describe("Its link-local address; null when none was heard."),
  lastSeenAt: text.counting().describe("When it was heard last, UTC."),
  sent: list(oneOf("router-solicitation", "router-advertisement", "dhcpv6")).describe(
    "What it sent that tells what it is: a customer solicits and asks by DHCPv6, a router advertises.",
  ),
  addresses: list(text).describe("Addresses of the provider that it was seen to use."),
});

const subscriber = struct({
  kind: oneOf<LinkKindName>("claim", "vlan", "macvlan", "veth", "bridge", "lan", "vxlan", "cpe").describe(
    "How the link is made, as `subscriber` of the lab file says.",
  ),
  interface: text.describe("Its name in the host network namespace, or inside where it is made there."),
  place: text.describe(
    "What the user calls the interface: the card, bridge or interface that the lab file names.",
  ),
  present,
  carrier,
  mac: orNull(text).describe("MAC address; null while there is no interface."),
  neighbours: list(neighbour, "mac").describe(
    "Who was heard on the link within the last hour, by MAC address.",
  ),
});

const raFields = list(
  struct({
    name: text.describe("Name of the field, such as `Router lifetime` or `Prefix 2001:db8:a::/64`."),
    value: text.describe("Its value as text."),
  }),
);

const advertisement = struct({
  sentAt: orNull(text).counting().describe("When that was, UTC; null before the first."),
  fields: raFields.describe("What it said, in the words and the order of this program."),
  before: orNull(raFields).describe(
    "The same of the last one that said something else; null when there was none.",
  ),
});

const lease = {
  duid: text.describe("DUID of the client, in hexadecimal."),
  iaid: number.describe("IAID of the client."),
  mac: orNull(text).describe(
    "MAC address of the customer that the lease is bound to; null until a message of it was seen.",
  ),
  preferredS: number.describe("Preferred lifetime as it was given, in seconds."),
  validS: number.describe("Valid lifetime as it was given, in seconds."),
  expiresAt: text.describe("When the lease ends, UTC."),
};

const delegation = struct({
  prefix: text.describe("The delegated prefix."),
  via: orNull(text).describe(
    "Link-local address of the CPE, the next hop; null until a message of it was seen.",
  ),
  ...lease,
  routed: flag.describe("Whether the kernel has the route."),
});

const addressLease = struct({ address: text.describe("An IPv6 address."), ...lease });

const fault = {
  id: text.describe("`<provider>-<number>`; no two faults of a lab share one."),
  kind: openWord<string>(...FAULT_KINDS).describe(
    "A word of the catalogue (`mhlab fault kinds`, docs/fault-catalogue.md).",
  ),
  since: text.describe("Since when it is in force, UTC."),
  direction: oneOf(...DIRECTIONS).describe(
    "Which packets it is about: `up` is from the customers to the internet.",
  ),
  options: record(text).describe("The options of its kind, with their defaults."),
};

const faultStatus = struct({
  ...fault,
  endsAt: orNull(text).describe("When it ends by itself, UTC; null when it lasts until it is cleared."),
  keepaliveS: orNull(number).describe(
    "Seconds after which it ends when the run that injected it does not ask to keep it alive; null when nobody has to.",
  ),
  hits: struct({
    up: number.describe("On their way from the customers."),
    down: number.describe("On their way to the customers."),
  })
    .counting()
    .describe("Packets that it met, since it began or the provider was last started."),
});

const heldLease = struct({
  prefix: text.describe("A prefix whose lease is gone, and whose route stays."),
  via: text.describe("Its next hop."),
  mac: text.describe("MAC address of its customer."),
  duid: lease.duid,
  iaid: lease.iaid,
  preferredS: lease.preferredS,
  validS: lease.validS,
  expiresAt: lease.expiresAt,
});

const keptFault = struct({
  ...fault,
  endsAt: optional(text).describe("When it ends by itself, UTC; left out when it lasts until it is cleared."),
  keepaliveMs: optional(number).describe(
    "Milliseconds after which it ends when nobody asks to keep it alive; left out when nobody has to.",
  ),
  held: optional(list(heldLease)).describe("What it took out of the leases, to give it back when it ends."),
});

const prefix = text.describe("The prefix.");
const prefixState = oneOf(...PREFIX_STATES).describe(
  "`current`: announced and delegated; `deprecated`: routed and allowed, given to nobody anew; `withdrawn`: dead, and everybody is told so.",
);

const override = struct({
  settings: record(text).describe(
    "Values in the place of those of the document, by their places (`delegation.valid`).",
  ),
  faults: list(keptFault).describe("Faults as they are kept, so that no restart ends them."),
  prefixes: optional(
    list(
      struct({
        prefix,
        state: prefixState,
        endsAt: optional(text).describe("When it goes, UTC; left out when it stays as it is."),
      }),
    ),
  ).describe("Its prefixes in the place of that of the lab file; left out when that holds."),
}) as unknown as Shape<RuntimeOverride>;

const validation = oneOf("reject", "reject-routed", "drop", "off");

const leaks = struct({
  since: orNull(text).describe(
    "Since when they are counted, UTC; null while nothing counts them. A BNG that was started again has another time.",
  ),
  up: number.describe("From customers, with a source that the provider has not delegated to who sent them."),
  down: number.describe("To customers, for a destination that the provider does not have."),
  addresses: list(
    struct({
      direction: oneOf("up", "down").describe(
        "`up`: from customers, by source; `down`: to customers, by destination.",
      ),
      address: text.describe("An IPv6 address."),
      packets: number.describe("How many packets had it."),
      provider: orNull(text).describe(
        "The provider whose prefix it is of; null when it is none of the lab's.",
      ),
    }),
  ).describe("Their addresses, the busiest first, at most 1024 in each direction."),
});

/** What a BNG's agent answers to `status`. */
export const provider = struct({
  role: oneOf("bng").describe("What kind of node it is."),
  name,
  state,
  ready: ready.describe("Whether it has a handshake, has sent a router advertisement, and Kea serves."),
  uplink: uplink.describe("The tunnel to the internet."),
  subscriber: subscriber.describe("The link to the CPEs."),
  advertisement: advertisement.describe("The router advertisement that it sent last (RFC 4861)."),
  linkLocal: text.describe("The provider's link-local address on the link: the CPEs' default router."),
  prefix: text.describe(
    "The provider's prefix: while it is renumbered the current one; empty when that was withdrawn and none came in its place.",
  ),
  prefixes: list(
    struct({
      prefix,
      state: prefixState,
      endsAt: orNull(text).describe("When it goes, UTC; null when it stays as it is."),
    }),
    "prefix",
  ).describe("All that it has, the current one first (`mhlab renumber`)."),
  transfer: text.describe("The WAN prefix: the /64 of the link itself, which is advertised on it."),
  pool: orNull(text).describe("From where prefixes are delegated; null when nothing is."),
  capacity: struct({
    delegations: number.describe("Prefixes, from the pool."),
    addresses: number.describe("Addresses by DHCPv6, from the WAN prefix."),
  }).describe("How much it can lease at once; nothing is left when as much is leased."),
  dhcp: struct({
    delegationLength: orNull(number).describe(
      "Length of a prefix that it delegates; null when it delegates none.",
    ),
    renewS: number.describe("T1, in seconds: when a client renews its lease (RFC 8415)."),
    rebindS: number.describe("T2, in seconds: when a client asks any server."),
  }).describe("What leases are given with now."),
  delegations: list(delegation, "prefix").describe(
    "Prefixes that are delegated now, as Kea's database has them (RFC 8415).",
  ),
  addresses: list(addressLease, "address").describe("Addresses that were given by DHCPv6."),
  restarts,
  faults: list(faultStatus, "id").describe(
    "Faults that are injected now, in the order in which they were (`mhlab fault`).",
  ),
  settings: record(text).describe(
    "The settings that are in force, by their places in the document (`delegation.valid`), as lab.yaml writes them.",
  ),
  override: override.describe("What stands above the lab file until it is taken away (`mhlab up --reset`)."),
  sourceValidation: orNull(
    struct({
      wanted: validation.describe("As configured."),
      effective: orNull(validation).describe(
        "What the host's kernel and the container's rights allow of it; null before there was an interface.",
      ),
    }),
  ).describe("What happens to packets with a wrong source (BCP 38); null when nobody answers who knows."),
  leaks: leaks
    .counting()
    .describe(
      "Packets at the provider's port that do not belong there, whatever source validation does with them.",
    ),
  flooded: struct({
    packets: number.describe("How many packets there were."),
    senders: list(
      struct({
        mac: text.describe("The MAC."),
        packets: number.describe("How many of its packets were dropped."),
      }),
    ).describe("The MACs that sent most of what `flooded` and `dropped` count."),
  })
    .counting()
    .describe("Neighbour discovery and DHCPv6 beyond the limits on the subscriber port."),
  dropped: struct({
    wrapped: number.describe("DHCPv6 to the BNG that was relayed, fragmented or behind an extension header."),
    unassigned: number.describe(
      "Packets to addresses of the WAN prefix that nobody was assigned or used (RFC 6583).",
    ),
    unsent: number.describe("DHCPv6 replies that the access link did not take at once."),
    foreign: number.describe("Releases and Declines of leases that another MAC holds."),
  })
    .counting()
    .describe("Other packets that the BNG drops."),
  problems,
});
