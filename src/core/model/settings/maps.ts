/** The maps of a provider in lab.yaml that hold settings, or say in their own words where its customers are. */
interface LabMap {
  /** For editors. */
  readonly schema: string;
  /** For the table of the docs. */
  readonly default: string;
  readonly lab: string;
}

export const maps = {
  wireguard: {
    schema:
      "The tunnel to a real far side. With `internet: bundled` only mtu, keepalive, preshared-key and clamp-mss.",
    default: "",
    lab: "[the tunnel](#wireguard); required without `internet: bundled`",
  },
  delegation: {
    schema: "DHCPv6 prefix delegation (RFC 8415).",
    default: "see below",
    lab: "[DHCPv6 prefix delegation](#delegation)",
  },
  subscriber: {
    schema: "Where CPEs are connected: exactly one of these (`force` belongs to `interface`).",
    default: "the CPE, when the lab has exactly one",
    lab: "[where customers are connected](#subscriber)",
  },
  "router-advertisement": {
    schema: "Router advertisements (RFC 4861).",
    default: "see below",
    lab: "[router advertisements](#router-advertisement)",
  },
  pvd: {
    schema: "The provisioning domain that the provider is (RFC 8801).",
    default: "none",
    lab: "[the provisioning domain](#pvd) (RFC 8801)",
  },
  resolver: {
    schema: "A resolver for this provider alone, with `internet: bundled`.",
    default: "see below",
    lab: "[a resolver for this provider alone](#resolver)",
  },
  line: {
    schema: "The line between provider and customers as it always is; faults come on top.",
    default: "a perfect one",
    lab: "[what the line to the customers is like](#line)",
  },
} as const satisfies Readonly<Record<string, LabMap>>;
