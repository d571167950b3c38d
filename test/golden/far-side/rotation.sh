#!/bin/sh
# For the far side of 'desk' on 192.0.2.42, as root: lets it know the key that alpha is going to have.
# Allowed IPs belong to one peer at a time: they move to the new key at its first handshake, and the old key goes.
set -eu
old='8ed3f6ad685b959ead7022518e1af76cd816f8e8ecA='
new='NEXT+KEY+OF+ALPHA+IN+BASE64+WITH+43+SIGNS+AB='
for interface in $(wg show interfaces) none; do
  [ "$interface" != none ] || { echo "no WireGuard interface here has the peer $old" >&2; exit 1; }
  ! wg show "$interface" peers | grep -qxF "$old" || break
done
wg set "$interface" peer "$new" preshared-key /etc/wireguard/alpha.psk persistent-keepalive 25
echo "$interface knows the new key of alpha; waiting 15 minutes for it in the background"
(
  tries=900
  until [ "$(wg show "$interface" latest-handshakes | awk -v key="$new" '$1 == key { print $2 }')" -gt 0 ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { wg set "$interface" peer "$new" remove; exit 1; }
    sleep 1
  done
  wg set "$interface" peer "$new" allowed-ips '2001:db8:0:f::a/128,2001:db8:a::/56'
  wg set "$interface" peer "$old" remove
) > /dev/null 2>&1 < /dev/null &
