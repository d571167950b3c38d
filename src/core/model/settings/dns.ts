import { INTERNET_ADDRESS } from "../internet/config.ts";
import { formatIp6 } from "../ip6.ts";
import { BadValue } from "../values/scalars.ts";
import { address, domain } from "../values/scalars-network.ts";
import { texts } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** What customers are told of DNS, in router advertisements (RFC 8106) and DHCPv6 (RFC 3646). */
export const dns = {
  dns: setting({
    path: "dns",
    codec: texts((given) => {
      const server = address(given);
      return server instanceof BadValue ? server : formatIp6(server);
    }),
    default: {
      from: ({ internet, resolver }): readonly string[] =>
        internet === "bundled" ? [resolver ?? INTERNET_ADDRESS] : [],
      says: `with \`internet: bundled\`, the [resolver](#resolver) that the provider has for itself, or \`[${INTERNET_ADDRESS}]\`; else none`,
    },
    group: "dns",
    live: true,
    text: {
      schema: "DNS servers that CPEs are told.",
      lab: "list of IPv6 addresses of DNS servers that customers are told",
    },
    ask: {
      flag: "dns",
      message: "DNS servers",
      explain: "Addresses with blanks between; `none` for the usual.",
    },
    item: "Address of a DNS server.",
    examples: ["2001:db8:a::53"],
  }),
  dnsSearch: setting({
    path: "dns-search",
    codec: texts(domain),
    default: { value: [] },
    group: "dns",
    live: true,
    text: {
      schema: "Search domains that CPEs are told.",
      lab: "list of domains",
    },
    item: "A domain.",
    examples: ["alpha.example"],
  }),
} satisfies Section;
