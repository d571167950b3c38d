import { eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const dhcpv6Mute = lasting({
  summary: "the DHCPv6 server does not hear and does not answer",
  provider: "Whatever a customer sends to its DHCPv6 server is lost before it.",
  customer:
    "A new CPE gets no prefix; one that has a lease cannot renew it, and loses it when its valid lifetime ends.",
  normal: "Router advertisements, forwarding, and leases as long as they run.",
  advice:
    "Renew at T1, Rebind at T2 (RFC 8415 sections 18.2.4 and 18.2.5), keep the prefix until its valid lifetime ends, then ask anew with growing pauses (sections 15 and 18.2.1), and withdraw it from the LAN (RFC 9096 L-13).",
  directions: ["up"],
  options: {},
  explains: ["no-delegation", "unreachable", "no-address"],
  effects: (_, scene) => ({
    packets: eachWay(scene, () => ({
      // Kea reads the frames themselves, which pass no chain of `input`.
      place: "port-in",
      match: "udp dport 547",
      verdict: "drop",
    })),
  }),
});
