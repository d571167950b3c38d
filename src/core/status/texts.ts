/**
 * The meaning of the fields of `mhlab status --json`. A key is the end of a field's place: `delegations[].via`, or `name`
 * where it means the same everywhere; the longest that fits counts.
 */
export const FIELD_TEXTS: Readonly<Record<string, string>> = {
  at: "When it was so: a time, UTC (RFC 3339).",
  lab: "Name of the lab.",
  healthy:
    "Whether every member does all that it should, and no fault is injected; the exit code is 5 when not.",
  asked:
    "It is not healthy, and all of that was asked for: each problem is explained by an injected fault or a renumbering. Left out otherwise.",
  providers: "The providers, in the order of the lab file where that is known.",
  cpes: "The bundled CPEs, with their hosts.",
  hosts: "The hosts on LANs that providers share.",
  internet: "The bundled internet; left out where the far sides are real.",

  role: "What kind of member it is.",
  name: "Name of the member.",
  state:
    "Of its container and agent: `degraded` when the agent does not answer or has a problem, `missing` when there is no container.",
  problems: "What is not fine, in words for people and for scripts; empty when all is.",
  "problems[].provider": "The provider that it is about, where that is not the member itself.",
  "problems[].explainedBy": "Ids of the injected faults that explain it, or `renumbering`: it was asked for.",
  "problems[].code": "A word that stays, such as `no-handshake`.",
  "problems[].message": "The same as a sentence; its wording may change.",
  restarts: "How often each daemon had to be started again.",
  backend: "Who does WireGuard: the kernel, or wireguard-go; null while there is no interface.",
  interface: "Name of the interface inside the container.",
  handshakeAgeS: "Seconds since the last handshake; null before the first.",
  handshakeAt: "When that was, UTC.",
  answeredAgeS:
    "Seconds since anything came from the far side; null before it first answered, and after its key changed.",
  answeredAt: "When that was, UTC.",
  "subscriber.place":
    "What the user calls the interface: the card, bridge or interface that the lab file names.",
  "neighbours[].addresses": "Addresses of the provider that it was seen to use.",
  "wans[].reach":
    "The same with its third answer: `not-measured` when nobody named a target (`probe` of the provider's tunnel).",
  rxBytes: "Bytes received through the tunnel.",
  txBytes: "Bytes sent through the tunnel.",
  rttMs: "Round trip to the probe target in milliseconds; null when there is none or it does not answer.",
  lossPct:
    "Percent of the last 20 echoes to the probe target that were lost; null before the first answer, and when there is no target.",
  mac: "MAC address; null while there is no interface.",
  carrier: "Whether a cable is in, or the other end is up.",
  present: "Whether the interface is there.",
  provider: "Name of the provider; null when it is none of the lab's.",
  address: "An IPv6 address.",
  preference: "The router's preference (RFC 4191).",

  "providers[].ready": "Whether it has a handshake, has sent a router advertisement, and Kea serves.",
  "providers[].uplink": "The tunnel to the internet.",
  "uplink.state":
    "`up` with a fresh handshake, `waiting` before the first, `stale` when the last is too old, `down` without an interface.",
  "uplink.endpoint": "Where the far side is: address and port as the lab file or the lab says.",
  "uplink.publicKey": "WireGuard public key of the provider; null while it is not known.",
  "providers[].subscriber": "The link to the CPEs.",
  "subscriber.kind": "How the link is made, as `subscriber` of the lab file says.",
  "subscriber.interface": "Its name in the host's namespace, or inside where it is made there.",
  "subscriber.neighbours": "Who was heard on the link within the last hour, latest first.",
  "neighbours[].mac": "MAC address of the neighbour.",
  "neighbours[].administered":
    "`local`: its MAC was made up, as of a virtual machine; `universal`: it is a manufacturer's.",
  "neighbours[].linkLocal": "Its link-local address; null when none was heard.",
  "neighbours[].lastSeenS": "Seconds since it was heard last.",
  "neighbours[].lastSeenAt": "When that was, UTC.",
  "neighbours[].sent":
    "What it sent that tells what it is: a customer solicits and asks by DHCPv6, a router advertises.",
  "providers[].advertisement": "The router advertisement that it sent last (RFC 4861).",
  "advertisement.sentAt": "When that was, UTC; null before the first.",
  "advertisement.fields": "What it said, in the words and the order of this program.",
  "advertisement.before": "The same of the last one that said something else; null when there was none.",
  "fields[].name": "Name of the field, such as `Router lifetime` or `Prefix 2001:db8:a::/64`.",
  "fields[].value": "Its value as text.",
  "before[].name": "Name of the field.",
  "before[].value": "Its value as text.",
  "providers[].linkLocal": "The provider's link-local address on the link: the CPEs' default router.",
  "providers[].prefix":
    "The provider's prefix: while it is renumbered the current one; empty when that was withdrawn and none came in its place.",
  "providers[].prefixes": "All that it has, the current one first (`mhlab renumber`).",
  "prefixes[].prefix": "The prefix.",
  "prefixes[].state":
    "`current`: announced and delegated; `deprecated`: routed and allowed, given to nobody anew; `withdrawn`: dead, and everybody is told so.",
  endsInS: "Seconds until it goes; null when it stays as it is.",
  endsAt: "When that is, UTC.",
  "providers[].transfer": "The /64 of the link itself, which is advertised on it.",
  "providers[].pool": "From where prefixes are delegated; null when nothing is.",
  "providers[].capacity": "How much it can lease at once; nothing is left when as much is leased.",
  "capacity.delegations": "Prefixes, from the pool.",
  "capacity.addresses": "Addresses by DHCPv6, from the transfer network.",
  delegations: "Prefixes that are delegated now, as Kea's database has them (RFC 8415).",
  "delegations[].prefix": "The delegated prefix.",
  "delegations[].via": "Link-local address of the CPE, the next hop; null until a message of it was seen.",
  duid: "DUID of the client, in hexadecimal.",
  iaid: "IAID of the client.",
  preferredS:
    "Preferred lifetime, in seconds: of a lease as it was given, of what a CPE or host has as it is left; null for ever.",
  validS: "Valid lifetime, in the same way.",
  expiresInS: "Seconds until the lease ends.",
  expiresAt: "When that is, UTC.",
  "delegations[].routed": "Whether the kernel has the route.",
  "providers[].addresses": "Addresses that were given by DHCPv6.",
  "providers[].faults": "Faults that are injected now, in the order in which they were (`mhlab fault`).",
  "faults[].id": "`<provider>-<number>`; no two faults of a lab share one.",
  "faults[].kind": "A word of the catalogue (`mhlab fault kinds`, docs/faults).",
  "faults[].since": "Since when it is in force, UTC.",
  "faults[].endsAt": "When it ends by itself, UTC; null when it lasts until it is healed.",
  "faults[].remainingS": "Seconds until then; null when it lasts until it is healed.",
  "faults[].keepaliveS":
    "Seconds after which it ends when the run that injected it does not ask to keep it alive; null when nobody has to.",
  "faults[].keepaliveMs": "The same in milliseconds; left out when nobody has to.",
  "faults[].direction": "Which packets it is about: `up` is from the customers to the internet.",
  "faults[].options": "The options of its kind, with their defaults.",
  "faults[].hits": "Packets that it met, since it began or the provider was last started.",
  "hits.up": "On their way from the customers.",
  "hits.down": "On their way to the customers.",
  "providers[].settings":
    "Settings that can change while it runs, as they are in force, by environment variable; unset ones are left out.",
  "providers[].overlay": "What stands above the lab file until it is taken away (`mhlab up --reset`).",
  "overlay.faults": "Faults as they are kept, so that no restart ends them.",
  "faults[].held": "What it took out of the leases, to give it back when it ends.",
  "held[].prefix": "A prefix whose lease is gone, and whose route stays.",
  "held[].via": "Its next hop.",
  "overlay.settings": "Values in the place of those of the lab file, by environment variable.",
  "overlay.prefixes": "Its prefixes in the place of that of the lab file; left out when that holds.",
  "providers[].sourceValidation":
    "What happens to packets with a wrong source (BCP 38); null when nobody answers who knows.",
  "sourceValidation.wanted": "As configured.",
  "sourceValidation.effective":
    "What the host's kernel and the container's rights allow of it; null before there was an interface.",
  "providers[].leaks":
    "Packets at the provider's port that do not belong there, whatever source validation does with them.",
  "leaks.since":
    "Since when they are counted, UTC; null while nothing counts them. A BNG that was started again has another time.",
  "leaks.up": "From customers, with a source that the provider has not delegated to who sent them.",
  "leaks.down": "To customers, for a destination that the provider does not have.",
  "leaks.addresses": "Their addresses, the busiest first, at most 1024 in each direction.",
  "addresses[].direction": "`up`: from customers, by source; `down`: to customers, by destination.",
  "addresses[].packets": "How many packets had it.",
  "providers[].flooded": "Neighbour discovery and DHCPv6 beyond the limits on the subscriber port.",
  "flooded.packets": "How many packets there were.",
  "flooded.senders": "The MACs that sent most of what `flooded` and `dropped` count.",
  "senders[].mac": "The MAC.",
  "senders[].packets": "How many of its packets were dropped.",
  "providers[].dropped": "Other packets that the BNG drops.",
  "dropped.wrapped": "DHCPv6 to the BNG that was relayed, fragmented or behind an extension header.",
  "dropped.unassigned": "Packets to addresses of the WAN prefix that nobody was assigned or used (RFC 6583).",
  "dropped.unsent": "DHCPv6 replies that the access link did not take at once.",
  "dropped.foreign": "Releases and Declines of leases that another MAC holds.",

  "cpes[].ready": "Whether every WAN has a delegated prefix and reaches the probe target.",
  "cpes[].software": "Software that is not mhlab's own, by its word in the lab file; left out for that.",
  "cpes[].wans": "A WAN per provider that names the CPE.",
  "wans[].provider": "Name of the provider.",
  "addressDetails[].rttMs":
    "Round trip to the probe target from this address, in milliseconds, while somebody follows (`status --watch`, `events`, `dashboard`); null when it does not answer, or nobody looks.",
  "addressDetails[].lossPct":
    "Percent of the last 20 echoes from this address that were lost, while somebody follows; null before the first answer. 100 when ten were lost and none was answered.",
  "wans[].defaultRouter": "Link-local address of the provider's router; null while none is known.",
  "wans[].addresses": "Addresses of the WAN itself.",
  "wans[].delegatedPrefix": "The prefix that the CPE was delegated; null while there is none.",
  "wans[].formerPrefixes":
    "Beside it: what hosts still have, and are told to use for nothing new (RFC 9096).",
  "formerPrefixes[].prefix": "A prefix that the CPE was delegated before.",
  "formerPrefixes[].usable":
    "Whether its provider still lets packets with its sources pass, as far as the CPE was told.",
  validUntil: "When the valid lifetime ends, UTC; null for ever.",
  preferredUntil: "When the preferred lifetime ends, UTC; null for ever.",
  "wans[].reachable":
    "Whether the probe target answers a ping whose source is of this WAN's delegated prefix.",
  "cpes[].lan": "The network behind the CPE.",
  "lan.addresses": "The CPE's addresses there, with lengths.",
  "cpes[].hosts": "The hosts behind the CPE.",

  "hosts[].ready":
    "Whether it has a router, and of each provider that it can have one of a preferred address.",
  "cpes[].hosts[].addresses": "Addresses that new connections may use.",
  addressDetails: "Every address with its lifetimes, also those that are deprecated or tentative.",
  "addressDetails[].state":
    "`deprecated`: old connections only; `tentative`: not checked for duplicates yet (RFC 4862).",
  "hosts[].defaultRouter": "Link-local address of the first default router; null without one.",
  defaultRouters: "The default routers, the preferred first.",
  "defaultRouters[].address": "Link-local address of the router.",
  "defaultRouters[].provider": "Whose router it is; null when it is none of a provider's, as a CPE.",
  "hosts[].onLan": "Of a host on a shared LAN: the same as in `hosts`.",
  "onLan.addresses": "Addresses that new connections may use, with the way of each.",
  router:
    "Link-local address of the router that packets with this source go to (RFC 8028); null when that is gone and they are refused.",
  "hosts[].lan": "Name of the LAN.",
  "hosts[].addresses": "Addresses that new connections may use, with the way of each.",

  "internet.ready": "Whether all its tunnels are made.",
  "internet.address": "The address that answers pings, DNS, HTTP and iperf3.",
  "internet.peers": "A tunnel per provider.",
  "peers[].provider": "Name of the provider.",
  "peers[].listenPort": "UDP port of the tunnel in the host's namespace.",
  "internet.services": "What it does for single providers; those for whom it does nothing are left out.",
  "services[].provider": "Name of the provider.",
  "services[].resolver": "Address of the provider's own resolver; null when it has none.",
  "services[].dns64":
    "Prefix of the addresses that the resolver makes of IPv4 ones (RFC 6147); null when it makes none.",
  "services[].nat64":
    "Prefix that is translated to IPv4 for the provider's customers (RFC 6146); null when none is.",
  "services[].pvd": "Where the provisioning domain tells of itself (RFC 8801); null when it does not.",
  "internet.certificateAuthority":
    "Certificate, as PEM, of the lab's own authority, by which whatever is served by HTTPS is trusted; null before anything is.",
  "peers[].prefixes": "What is routed into the tunnel, and the only sources that are taken from it.",
};
