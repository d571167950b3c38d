#!/bin/sh
# Starts the lab real, written by `mhlab export docker-run`. The keys are in the folder keys.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

image() { # <name> <folder>
  docker image inspect "$1" > /dev/null 2>&1 || docker build --network host -t "$1" "$here/images/$2"
}
image mhlab/bng:1 bng

docker run --detach --name real-alpha --hostname alpha \
  --network none --userns host --restart always --stop-timeout 3 \
  --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN --cap-add SETPCAP --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add CHOWN --cap-add DAC_OVERRIDE \
  --security-opt no-new-privileges --security-opt seccomp="$here"/seccomp.json \
  --read-only --pids-limit 1024 --memory 768m --ulimit core=0 --log-driver json-file --log-opt max-size=10m \
  --sysctl net.ipv6.conf.all.disable_ipv6=0 \
  --sysctl net.ipv6.conf.default.disable_ipv6=0 \
  --sysctl net.ipv6.conf.all.forwarding=1 \
  --sysctl net.ipv6.conf.default.forwarding=1 \
  --sysctl net.ipv6.conf.all.accept_ra=0 \
  --sysctl net.ipv6.conf.default.accept_ra=0 \
  --sysctl net.ipv6.conf.default.keep_addr_on_down=1 \
  --sysctl net.ipv6.icmp.ratelimit=0 \
  --sysctl net.ipv6.fwmark_reflect=1 \
  --device /dev/net/tun \
  --tmpfs /run:rw,size=16m \
  --tmpfs /tmp:rw,size=64m \
  --volume /etc/mhlab \
  --volume /var/lib/mhlab \
  --volume /proc/1/ns/net:/var/run/netns/host \
  --volume "$here"/keys/alpha/private.key:/etc/mhlab/keys/private.key:ro \
  --env WIREGUARD_INTERFACE_SUFFIX=alpha \
  --env ASSIGNED_PREFIX=2001:db8:a::/48 \
  --env WIREGUARD_PRIVATE_KEY_FILE=/etc/mhlab/keys/private.key \
  --env WIREGUARD_ENDPOINT=192.0.2.42:51820 \
  --env WIREGUARD_PEER=xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg= \
  --env WIREGUARD_ADDRESS=2001:db8:0:a::2/64 \
  --env WIREGUARD_MTU=1440 \
  --env WIREGUARD_KEEPALIVE=25 \
  --env DELEGATED_LENGTH=56 \
  --env DELEGATED_PREFIX=2001:db8:a:8000::/49 \
  --env PREFERRED_LIFETIME=1800 \
  --env VALID_LIFETIME=14400 \
  --env RENEW_TIMER=900 \
  --env REBIND_TIMER=1440 \
  --env RA_MANAGED=yes \
  --env RA_OTHER=yes \
  --env RA_PREFERENCE=medium \
  --env RA_LIFETIME=1800 \
  --env RA_INTERVAL=60 \
  --env SUBSCRIBER_INTERFACE=enp2s0 \
  --env SUBSCRIBER_LINK=claim \
  --env LINK_LOCAL=fe80::1:5d8b:6dab \
  --env SOURCE_VALIDATION=reject \
  mhlab/bng:1

docker run --detach --name real-keeper --hostname keeper \
  --network none --userns host --restart always --stop-timeout 3 \
  --cap-drop ALL --cap-add NET_ADMIN --cap-add SYS_ADMIN --cap-add SETPCAP --cap-add SETUID --cap-add SETGID --cap-add KILL \
  --security-opt no-new-privileges --security-opt seccomp="$here"/seccomp.json \
  --read-only --pids-limit 256 --memory 256m --ulimit core=0 --log-driver json-file --log-opt max-size=10m \
  --tmpfs /run:rw,size=16m \
  --tmpfs /tmp:rw,size=64m \
  --volume /proc/1/ns/net:/var/run/netns/host \
  --env LENT_INTERFACES=alpha/enp2s0/claim \
  mhlab/bng:1 keeper
