import type { WireguardPeerState } from "../net/wireguard-model.ts";

/** Reads `wg show all dump`: the first peer of each interface. Its lines of five fields hold a private key and are skipped. */
export function parseDump(text: string): Map<string, WireguardPeerState> {
  const found = new Map<string, WireguardPeerState>();
  for (const line of text.split("\n")) {
    const fields = line.split("\t");
    if (fields.length < 9) continue;
    const [name = "", publicKey = "", , endpoint = "", , handshake = "0", rx = "0", tx = "0"] = fields;
    found.set(name, {
      publicKey,
      endpoint: endpoint === "(none)" ? undefined : endpoint,
      handshakeAt: Number(handshake) || undefined,
      rxBytes: Number(rx),
      txBytes: Number(tx),
    });
  }
  return found;
}
