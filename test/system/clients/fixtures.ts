import type { Cell } from "./cell.ts";

/** A DHCPv6 client that nobody here wrote, as a CPE on `wan0` with `lan0` behind it. */
export interface ClientFixture {
  readonly name: string;
  readonly package: string;
  readonly files: readonly { readonly path: string; readonly text: string; readonly mode?: string }[];
  /** Shell lines that make the folders which its package would have made. */
  readonly prepare?: string;
  /** Runs in the foreground until its cell ends. */
  readonly start: readonly string[];
  /** Asks it to give its delegation back, in the way that its manual names. */
  readonly release: readonly string[];
  /** How that is called in the table. */
  readonly releasedBy: string;
  /** What it first sends when its cable is plugged in again; `nothing` within four seconds. */
  readonly onCable: readonly string[];
}

const TERMINATE = ["sh", "-c", "kill -TERM $(cat /run/client/started)"];

const dhcpcd: ClientFixture = {
  name: "dhcpcd",
  package: "dhcpcd-base",
  // Without udev `nodev` is needed, or it waits for the interface to be initialised.
  files: [
    {
      path: "/run/client/dhcpcd.conf",
      text: `nodev
duid ll
ipv6only
nohook resolv.conf, hostname, ntp
allowinterfaces wan0 lan0
option rapid_commit
noipv6rs
interface wan0
  ipv6rs
  iaid 1
  ia_na 1
  ia_pd 1/::/56 lan0/1/64
`,
    },
  ],
  prepare: "mkdir -p /run/dhcpcd /var/lib/dhcpcd",
  start: ["dhcpcd", "-B", "-f", "/run/client/dhcpcd.conf"],
  release: ["dhcpcd", "-f", "/run/client/dhcpcd.conf", "-k", "wan0"],
  releasedBy: "`dhcpcd -k`",
  onCable: ["rebind"],
};

const networkd: ClientFixture = {
  name: "systemd-networkd",
  package: "systemd",
  files: [
    {
      path: "/run/systemd/network/10-wan.network",
      // `DHCP=ipv6` and `WithoutRA=solicit`: else no solicit is sent before an advertisement asks for it.
      text: `[Match]
Name=wan0
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
`,
    },
    {
      path: "/run/systemd/network/20-lan.network",
      text: `[Match]
Name=lan0
[Network]
ConfigureWithoutCarrier=yes
IPv6AcceptRA=no
IPv6SendRA=yes
IPv6Forwarding=yes
DHCPPrefixDelegation=yes
[DHCPPrefixDelegation]
UplinkInterface=wan0
SubnetId=1
Token=::1
`,
    },
  ],
  prepare: `mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /var/lib/systemd/network
    chown -R systemd-network: /run/systemd/netif /var/lib/systemd/network`,
  start: ["/usr/lib/systemd/systemd-networkd"],
  release: TERMINATE,
  releasedBy: "`systemctl stop` (SIGTERM)",
  onCable: ["solicit"],
};

const wide: ClientFixture = {
  name: "wide-dhcpv6-client",
  package: "wide-dhcpv6-client",
  files: [
    {
      path: "/run/client/dhcp6c.conf",
      text: `interface wan0 {
  send ia-pd 1; send rapid-commit;
  request domain-name-servers;
  script "/bin/true";
};
id-assoc pd 1 {
  prefix ::/56 infinity;
  prefix-interface lan0 { sla-id 1; sla-len 8; ifid 1; };
};
`,
    },
  ],
  prepare: "mkdir -p /var/lib/dhcpv6",
  start: ["dhcp6c", "-f", "-c", "/run/client/dhcp6c.conf", "-p", "/run/client/pid", "wan0"],
  release: TERMINATE,
  releasedBy: "SIGTERM",
  onCable: ["nothing"],
};

// With `ia` besides, it asks for both by messages of their own, and was seen never to repeat a renew of the prefix that a
// restarting BNG had missed.
const dibbler: ClientFixture = {
  name: "dibbler-client",
  package: "dibbler-client",
  files: [
    {
      path: "/etc/dibbler/client.conf",
      text: `log-level 7
duid-type duid-ll
inactive-mode
downlink-prefix-ifaces "lan0"
iface wan0 {
  pd
}
`,
    },
  ],
  prepare: "mkdir -p /run/dibbler /var/lib/dibbler /var/log/dibbler",
  start: ["dibbler-client", "run"],
  release: ["dibbler-client", "stop"],
  releasedBy: "`dibbler-client stop`",
  onCable: ["nothing", "confirm"],
};

const SCRIPT = `#!/bin/sh
lan=$(echo "$new_ip6_prefix" | sed 's|00::/56$|01::1/64|')
case $reason in
BOUND6|RENEW6|REBIND6)
  [ -z "$new_ip6_address" ] || ip -6 addr replace "$new_ip6_address/128" dev "$interface" valid_lft "$new_max_life" preferred_lft "$new_preferred_life"
  [ -z "$new_ip6_prefix" ] || { ip -6 route replace unreachable "$new_ip6_prefix"; ip -6 addr replace "$lan" dev lan0; } ;;
EXPIRE6|RELEASE6|STOP6)
  ip -6 addr flush dev lan0 scope global ;;
esac
exit 0
`;
/** It ends at once when its link-local address is still tentative. */
const AFTER_DAD =
  'until ip -6 -br addr show dev wan0 scope link -tentative | grep -q fe80; do sleep 0.1; done; exec "$@"';
const dhclientFiles = ["-cf", "/run/client/conf", "-sf", "/run/client/script", "-lf", "/run/client/leases"];
const dhclientWords = ["dhclient", "-6", "-N", "-P", ...dhclientFiles, "-pf", "/run/client/pid"];

const dhclient: ClientFixture = {
  name: "ISC dhclient",
  package: "isc-dhcp-client",
  files: [
    {
      path: "/run/client/conf",
      text: "send dhcp6.client-id = concat(00:03:00, hardware);\nalso request dhcp6.name-servers;\n",
    },
    { path: "/run/client/script", text: SCRIPT, mode: "755" },
  ],
  start: ["sh", "-c", AFTER_DAD, "sh", ...dhclientWords, "-d", "wan0"],
  release: [...dhclientWords, "-r", "wan0"],
  releasedBy: "`dhclient -r`",
  onCable: ["nothing"],
};

/** The clients that the BNG is tested with, in the order of the table. */
export const CLIENTS: readonly ClientFixture[] = [networkd, dhcpcd, wide, dibbler, dhclient];

/** Puts the client's files into its cell and starts it. */
export async function startClient(cell: Cell, fixture: ClientFixture): Promise<{ said(): string }> {
  await cell.run(["sh", "-ec", `mkdir -p /run/client\n${fixture.prepare ?? ""}`]);
  for (const { path, text, mode } of fixture.files) await cell.write(path, text, mode);
  return await cell.start(["sh", "-c", 'echo $$ > /run/client/started; exec "$@"', "sh", ...fixture.start]);
}
