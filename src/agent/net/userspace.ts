import { run } from "../programs/command.ts";
import { uapiRequest, uapiSocket } from "./uapi.ts";
import { configurationRequest } from "./userspace-request.ts";
import type { WireguardPeerState, WireguardSettings, WireguardState } from "./wireguard-model.ts";

/** A device that is slow because all of them start is no broken one. */
const CONFIGURE_MS = 20_000;

/** The same as `wg show <name> dump`, asked of the process behind a device; undefined when it does not answer. */
export async function readUserspace(name: string): Promise<WireguardState | undefined> {
  const answer = await uapiRequest(uapiSocket(name), ["get=1"]);
  if (answer === undefined || answer.at(-1) !== "errno=0") return undefined;
  let privateKey = "";
  const state = {
    // Deriving it costs more than all else here, and who looks at a hundred devices each two seconds wants none.
    publicKey: () => publicKeyOf(privateKey),
    listenPort: 0,
    peers: [] as WireguardPeerState[],
  };
  let peer: WireguardPeerState | undefined;
  for (const line of answer) {
    const [key = "", value = ""] = line.split("=", 2);
    if (key === "private_key") privateKey = value;
    else if (key === "listen_port") state.listenPort = Number(value);
    else if (key === "public_key") {
      const publicKey = Buffer.from(value, "hex").toString("base64");
      peer = { publicKey, endpoint: undefined, handshakeAt: undefined, rxBytes: 0, txBytes: 0 };
      state.peers.push(peer);
    } else if (peer !== undefined) note(peer, key, value);
  }
  return state;
}

function note(peer: WireguardPeerState, key: string, value: string): void {
  if (key === "endpoint") peer.endpoint = value;
  else if (key === "last_handshake_time_sec") peer.handshakeAt = Number(value) || undefined;
  else if (key === "rx_bytes") peer.rxBytes = Number(value);
  else if (key === "tx_bytes") peer.txBytes = Number(value);
}

/** The same as `wg syncconf`: what is not in the settings goes, what is keeps its sessions. Throws when it is refused. */
export async function syncUserspace(name: string, settings: WireguardSettings): Promise<void> {
  const path = uapiSocket(name);
  const now = (await uapiRequest(path, ["get=1"], CONFIGURE_MS)) ?? [];
  const answer = await uapiRequest(path, configurationRequest(now, settings), CONFIGURE_MS);
  if (answer?.at(-1) !== "errno=0")
    throw new Error(`${name}: wireguard-go refused its configuration (${answer?.at(-1) ?? "no answer"})`);
}

let lastDerived = { privateKey: "", publicKey: "" };

/** By `wg`: Node's own crypto takes five times as long, of each agent that starts. */
async function publicKeyOf(privateKey: string): Promise<string> {
  if (/^0*$/.test(privateKey)) return "(none)";
  if (lastDerived.privateKey !== privateKey) {
    const input = `${Buffer.from(privateKey, "hex").toString("base64")}\n`;
    lastDerived = { privateKey, publicKey: (await run(["wg", "pubkey"], { input })).trim() };
  }
  return lastDerived.publicKey;
}
