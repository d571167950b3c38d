/**
 * The configuration of dhcpcd as a WAN's DHCPv6 client: it asks for an address and a /56 (RFC 7084 WAA-4, WPD-1), in two
 * messages where the server can (rapid commit), and leaves addresses and routes to the agent.
 */
export function renderDhcpcd(name: string, iaid: number, duid: string): string {
  return [
    "nodev",
    "nodelay",
    "noconfigure",
    "ipv6only",
    // The kernel follows the router advertisements.
    "noipv6rs",
    `duid ${duid}`,
    "option rapid_commit",
    "option domain_name_servers, domain_search",
    `allowinterfaces ${name}`,
    `interface ${name}`,
    `  iaid ${iaid}`,
    `  ia_na ${iaid}`,
    `  ia_pd ${iaid}/::/56`,
    "",
  ].join("\n");
}
