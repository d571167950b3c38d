import type { ForeignSoftware, HomeLines } from "./foreign.ts";

const FOLDER = "/run/systemd/network";

/** systemd.network(5): a delegated prefix of any uplink goes to the LAN, which is advertised. */
export const networkd: ForeignSoftware = {
  title: "systemd-networkd",
  image: "cpe-others",
  acceptRa: "0",
  followsLinks: true,
  daemons: () => [
    { name: "systemd-networkd", argv: ["/usr/lib/systemd/systemd-networkd"], confinement: "networkd" },
  ],
  files: (lines) => [
    ...lines.wans.map((name) => ({ path: `${FOLDER}/10-${name}.network`, text: wan(name) })),
    { path: `${FOLDER}/20-${lines.lan}.network`, text: lan(lines) },
  ],
};

// `WithoutRA=solicit`: else it waits for an advertisement that asks for DHCPv6.
function wan(name: string): string {
  return `[Match]
Name=${name}

[Network]
IPv6AcceptRA=yes
DHCP=ipv6
IPv6Forwarding=yes
LinkLocalAddressing=ipv6

[IPv6AcceptRA]
DHCPv6Client=always

[DHCPv6]
PrefixDelegationHint=::/56
WithoutRA=solicit
DUIDType=link-layer
`;
}

function lan({ lan: name }: HomeLines): string {
  return `[Match]
Name=${name}

[Network]
ConfigureWithoutCarrier=yes
IPv6AcceptRA=no
IPv6SendRA=yes
IPv6Forwarding=yes
DHCPPrefixDelegation=yes

[DHCPPrefixDelegation]
UplinkInterface=:auto
SubnetId=1
Token=::1

[IPv6SendRA]
EmitDNS=yes
UplinkInterface=:auto
`;
}
