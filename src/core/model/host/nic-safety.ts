import { parseNicMark } from "./nic-record.ts";
import { globalAddresses, type HostNetwork } from "./network.ts";

/**
 * Why an interface must not be taken away from the host: one reason per line of thought, empty when it may be. One that
 * bears mhlab's mark was taken before and may be again; one that is absent is nobody's.
 */
export function reasonsAgainstClaim(name: string, host: HostNetwork): string[] {
  const link = host.links.find(({ ifname }) => ifname === name);
  if (link === undefined || parseNicMark(link.ifalias) !== undefined) return [];
  const own = new Set((link.addr_info ?? []).map(({ local }) => local));
  const ssh = host.sshSessions.some(({ address, interface: scope }) =>
    scope === undefined ? own.has(address) : scope === name,
  );
  const addresses = globalAddresses(link);
  return [
    ...(ssh ? ["an SSH session comes in by it"] : []),
    ...(host.defaultDevices.includes(name) ? ["it carries the host's default route"] : []),
    ...(link.master === undefined ? [] : [`it is a port of ${link.master}`]),
    ...(addresses.length === 0 ? [] : [`the host has ${addresses.join(", ")} on it`]),
    ...(link.flags.includes("LOOPBACK") ? ["it is the loopback interface"] : []),
  ];
}

/** The refusal in one sentence; undefined when the interface may be taken. */
export function refuseClaim(name: string, host: HostNetwork): string | undefined {
  const reasons = reasonsAgainstClaim(name, host);
  return reasons.length === 0 ? undefined : `${name} is not taken from the host: ${reasons.join(", and ")}`;
}
