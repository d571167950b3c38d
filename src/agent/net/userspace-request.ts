import { formatPrefix6, parsePrefix6 } from "../../core/model/ip6.ts";
import { randomHex } from "../random.ts";
import type { WireguardPeer, WireguardSettings } from "./wireguard-model.ts";

const NO_KEY = "0".repeat(64);

/**
 * What to ask of a userspace device (wireguard.com/xplatform) that says `now` of itself, so that it becomes as the settings are.
 * What stays is not touched: `replace_allowed_ips` empties the list before it is filled again, `listen_port` closes the socket and
 * opens another one even for the same port, and a packet that comes in between is lost.
 */
export function configurationRequest(now: readonly string[], settings: WireguardSettings): string[] {
  const port = settings.listenPort === undefined ? [] : [`listen_port=${settings.listenPort}`];
  const present = allowedIpsByPeer(now);
  const wanted = new Map(settings.peers.map((peer) => [hex(peer.publicKey), peer]));
  const all = new Set(settings.peers.flatMap(({ allowedIps }) => allowedIps.map(canonical)));
  const withdrawn = [...wanted.keys()].flatMap((key) =>
    [...(present.get(key) ?? [])].filter((ip) => !all.has(ip)),
  );
  return [
    "set=1",
    `private_key=${hex(settings.privateKey)}`,
    ...port.filter((line) => !now.includes(line)),
    ...[...present.keys()].filter((key) => !wanted.has(key)).flatMap(removal),
    ...[...wanted].flatMap(([key, peer]) => [
      `public_key=${key}`,
      ...peerLines(peer),
      ...peer.allowedIps
        .map(canonical)
        .filter((ip) => !present.get(key)?.has(ip))
        .map((ip) => `allowed_ip=${ip}`),
    ]),
    ...withdrawal(withdrawn),
  ];
}

function peerLines(peer: WireguardPeer): string[] {
  return [
    `preshared_key=${peer.presharedKey === undefined ? NO_KEY : hex(peer.presharedKey)}`,
    ...(peer.endpoint === undefined ? [] : [`endpoint=${peer.endpoint}`]),
    `persistent_keepalive_interval=${peer.keepaliveS ?? 0}`,
  ];
}

/** A prefix that is given to another peer leaves the first; these go to one that nobody is, and away with it. */
function withdrawal(ips: readonly string[]): string[] {
  if (ips.length === 0) return [];
  const nobody = randomHex(32);
  return [`public_key=${nobody}`, ...ips.map((ip) => `allowed_ip=${ip}`), ...removal(nobody)];
}

function removal(key: string): string[] {
  return [`public_key=${key}`, "remove=true"];
}

function allowedIpsByPeer(lines: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  let ips = new Set<string>();
  for (const line of lines) {
    const [key = "", value = ""] = line.split("=", 2);
    if (key === "public_key") found.set(value, (ips = new Set()));
    else if (key === "allowed_ip") ips.add(canonical(value));
  }
  return found;
}

function canonical(prefix: string): string {
  const parsed = parsePrefix6(prefix);
  return parsed === undefined ? prefix : formatPrefix6(parsed);
}

function hex(key: string): string {
  return Buffer.from(key, "base64").toString("hex");
}
