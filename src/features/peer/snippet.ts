import { formatIp6, formatPrefix6 } from "../../core/model/ip6.ts";
import type { Provider } from "../../core/model/lab/model.ts";

/** The [Peer] section for a provider: public data only; without the lab file, its allowed IPs are not known. */
export function peerSnippet(publicKey: string, name: string, provider: Provider | undefined): string {
  const allowed =
    provider?.wireguard.kind === "real"
      ? [`${formatIp6(provider.wireguard.address.address)}/128`, formatPrefix6(provider.prefix)]
      : provider === undefined
        ? []
        : [formatPrefix6(provider.prefix)];
  return [
    "[Peer]",
    `# provider ${name}`,
    `PublicKey = ${publicKey}`,
    ...(allowed.length > 0 ? [`AllowedIPs = ${allowed.join(", ")}`] : []),
    "PersistentKeepalive = 25",
    "",
  ].join("\n");
}
