/** What of the kernel a host is asked for: what every lab uses, and what each kind of link does. */
import { IFB, NETEM, VETH, type KernelFeature } from "../../core/model/host/kernel-feature.ts";
import { ALL_KINDS } from "../../core/model/links/registry.ts";

/** In the order in which they are tried; the probe's pair comes before what is put on it. */
export const FEATURES: readonly KernelFeature[] = [
  {
    name: "wireguard",
    attempt: "ip link add mhp0 type wireguard",
    use: "WireGuard",
    module: "wireguard",
  },
  {
    name: "tun",
    attempt: "ip tuntap add dev mhp7 mode tun",
    use: "TUN, for WireGuard in userspace",
    module: "tun",
  },
  ...new Set([VETH, ...ALL_KINDS.flatMap(({ features }) => features)]),
  NETEM,
  IFB,
];
