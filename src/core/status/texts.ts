/**
 * The meaning of the fields of `mhlab status --json`. A key is the end of a field's place: `delegations[].via`, or `name`
 * where it means the same everywhere; the longest that fits counts.
 */
export const FIELD_TEXTS: Readonly<Record<string, string>> = {
  at: "When it was so: a time, UTC (RFC 3339).",
  lab: "Name of the lab.",
  healthy: "Whether every member does all that it should; the exit code is 5 when not.",
  providers: "The providers, in the order of the lab file where that is known.",
  cpes: "The bundled CPEs, with their hosts.",
  hosts: "The hosts on LANs that providers share.",
  internet: "The bundled internet; left out where the far sides are real.",

  role: "What kind of member it is.",
  name: "Name of the member.",
  state:
    "Of its container and agent: `degraded` when the agent does not answer or has a problem, `missing` when there is no container.",
  problems: "What is not fine, in words for people and for scripts; empty when all is.",
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
  "providers[].linkLocal": "The provider's link-local address on the link: the CPEs' default router.",
  "providers[].prefix": "All that the provider has.",
  "providers[].transfer": "The /64 of the link itself, which is advertised on it.",
  "providers[].pool": "From where prefixes are delegated; null when nothing is.",
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
  "providers[].faults": "Faults that are injected now.",
  "providers[].settings":
    "Settings that can change while it runs, as they are in force, by environment variable; unset ones are left out.",
  "providers[].overlay": "What stands above the lab file until it is taken away (`mhlab up --reset`).",
  "overlay.settings": "Values in the place of those of the lab file, by environment variable.",
  "providers[].sourceValidation":
    "What happens to packets with a wrong source (BCP 38); null when nobody answers who knows.",
  "sourceValidation.wanted": "As configured.",
  "sourceValidation.effective":
    "What the host's kernel and the container's rights allow of it; null before there was an interface.",
  "providers[].spoofed": "Packets with a wrong source.",
  "providers[].flooded": "Neighbour discovery and DHCPv6 beyond the limits on the subscriber port.",
  "flooded.packets": "How many packets there were.",
  "spoofed.packets": "How many there were.",
  "spoofed.sources": "The sources of the most of them.",
  "sources[].address": "The wrong source.",
  "sources[].packets": "How many packets had it.",

  "cpes[].ready": "Whether every WAN has a delegated prefix and reaches the probe target.",
  "cpes[].wans": "A WAN per provider that names the CPE.",
  "wans[].provider": "Name of the provider.",
  "wans[].defaultRouter": "Link-local address of the provider's router; null while none is known.",
  "wans[].addresses": "Addresses of the WAN itself.",
  "wans[].delegatedPrefix": "The prefix that the CPE was delegated; null while there is none.",
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
};
