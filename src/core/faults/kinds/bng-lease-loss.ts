import { deed } from "../record.ts";

export const bngLeaseLoss = deed({
  summary: "the BNG forgets all its leases, as one whose disk is gone",
  provider: "Its DHCPv6 server loses every lease, and with them go the routes to its customers.",
  customer:
    "The prefix is still in use and its lifetimes run on, but nothing comes back to it; what it sends has a wrong source. At its next Renew it hears NoBinding.",
  normal: "Router advertisements, the tunnel, and whoever asks anew.",
  advice:
    "Answer NoBinding with a Request (RFC 8415 section 18.2.10.1); a CPE that gets another prefix tells its LAN that the old one is stale (RFC 9096 L-13).",
  explains: [],
});
