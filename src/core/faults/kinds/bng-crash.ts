import { deed } from "../record.ts";

export const bngCrash = deed({
  summary: "the BNG dies at once, as in a power cut, and starts anew",
  provider:
    "Every process of it ends at once; nobody is told. It assembles itself again and knows its leases.",
  customer:
    "A few seconds without a router, without DHCPv6 and without the internet; the link may lose its carrier.",
  normal:
    "Afterwards everything: leases, routes, and other faults, which go on for the time that is left of them.",
  advice:
    "Keep the lease and the addresses (RFC 8415 section 18.2.12: Rebind when the link was lost); a router lifetime has not run out yet.",
  explains: [],
});
