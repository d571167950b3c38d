import { ensureSysctl, requireSysctls, type RequiredSysctl } from "../net/sysctl.ts";

/** Settings that a BNG's namespace needs, and what breaks without each. */
const REQUIRED: readonly RequiredSysctl[] = [
  ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
  ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
  ["net/ipv6/conf/all/forwarding", "1", "nothing would be routed"],
  ["net/ipv6/conf/default/accept_ra", "0", "the BNG would follow its own subscribers' advertisements"],
];

/** Sets what can be set; throws an Error that names the `--sysctl` options when a required one is wrong and read-only. */
export function prepareKernel(): void {
  requireSysctls(REQUIRED);
  ensureSysctl("net/ipv6/conf/default/keep_addr_on_down", "1");
  ensureSysctl("net/ipv6/icmp/ratelimit", "0");
}
