import type { FarSide } from "./model.ts";

/** How long the far side waits for the new key before it forgets it. */
const PATIENCE_S = 900;

/**
 * What the far side runs before a BNG changes its key. Allowed IPs belong to one peer at a time, so the new key is first
 * known without any, and gets them at its first handshake; without one in time it is forgotten. Undefined for an unknown provider.
 */
export function renderRotation(farSide: FarSide, provider: string, next: string): string | undefined {
  const peer = farSide.listeners.flatMap(({ peers }) => peers).find((one) => one.provider === provider);
  if (peer === undefined) return undefined;
  const shared = peer.presharedKeyFile === undefined ? "" : ` preshared-key ${peer.presharedKeyFile}`;
  return `#!/bin/sh
# For the far side of '${farSide.lab}' on ${farSide.server}, as root: lets it know the key that ${provider} is going to have.
# Allowed IPs belong to one peer at a time: they move to the new key at its first handshake, and the old key goes.
set -eu
old='${peer.publicKey}'
new='${next}'
for interface in $(wg show interfaces) none; do
  [ "$interface" != none ] || { echo "no WireGuard interface here has the peer $old" >&2; exit 1; }
  ! wg show "$interface" peers | grep -qxF "$old" || break
done
wg set "$interface" peer "$new"${shared} persistent-keepalive ${peer.keepaliveS}
echo "$interface knows the new key of ${provider}; waiting ${PATIENCE_S / 60} minutes for it in the background"
(
  tries=${PATIENCE_S}
  until [ "$(wg show "$interface" latest-handshakes | awk -v key="$new" '$1 == key { print $2 }')" -gt 0 ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { wg set "$interface" peer "$new" remove; exit 1; }
    sleep 1
  done
  wg set "$interface" peer "$new" allowed-ips '${peer.allowedIps.join(",")}'
  wg set "$interface" peer "$old" remove
) > /dev/null 2>&1 < /dev/null &
`;
}
