import { containsAddress, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { NodeStatus } from "../../model/status/model.ts";

/** The address of a host or CPE by which something new uses a provider; null when it has none. */
export function sourceOf(status: NodeStatus, provider: string): string | null {
  if (status.role === "host") {
    const fine = status.addresses.find((one) => one.provider === provider && one.state === "preferred");
    return fine?.address ?? null;
  }
  if (status.role !== "cpe") return null;
  const delegated = status.wans.find((wan) => wan.provider === provider)?.delegatedPrefix ?? null;
  const prefix = delegated === null ? undefined : parsePrefix6(delegated);
  if (prefix === undefined) return null;
  const inPrefix = (text: string): boolean => {
    const bits = parseIp6(text.replace(/\/.*$/, ""));
    return bits !== undefined && containsAddress(prefix, bits);
  };
  return status.lan.addresses.find(inPrefix)?.replace(/\/.*$/, "") ?? null;
}
