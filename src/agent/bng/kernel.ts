import { readFileSync, writeFileSync } from "node:fs";

/** Settings that a BNG's namespace needs, and what breaks without each. */
const REQUIRED: readonly (readonly [string, string, string])[] = [
  ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
  ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
  ["net/ipv6/conf/all/forwarding", "1", "nothing would be routed"],
  ["net/ipv6/conf/default/accept_ra", "0", "the BNG would follow its own subscribers' advertisements"],
];
const WELCOME: readonly (readonly [string, string])[] = [
  ["net/ipv6/conf/default/keep_addr_on_down", "1"],
  ["net/ipv6/icmp/ratelimit", "0"],
];

/** Sets what can be set; throws an Error that names the `--sysctl` options when a required one is wrong and read-only. */
export function prepareKernel(): void {
  const missing = REQUIRED.filter(([path, value]) => !ensure(path, value));
  for (const [path, value] of WELCOME) ensure(path, value);
  if (missing.length === 0) return;
  const options = missing.map(([path, value]) => `--sysctl ${path.replaceAll("/", ".")}=${value}`);
  const why = missing.map(([, , reason]) => reason).join("; ");
  throw new Error(`${why}: /proc/sys is read-only here, so start the container with ${options.join(" ")}`);
}

function ensure(path: string, value: string): boolean {
  const file = `/proc/sys/${path}`;
  try {
    if (readFileSync(file, "utf8").trim() === value) return true;
    writeFileSync(file, value);
    return true;
  } catch {
    return false;
  }
}
