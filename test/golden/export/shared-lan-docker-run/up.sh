#!/bin/sh
# Starts the lab shared-lan, written by `mhlab export docker-run`. The keys are in the folder keys.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

image() { # <name> <folder>
  docker image inspect "$1" > /dev/null 2>&1 || docker build --network host -t "$1" "$here/images/$2"
}
image mhlab/internet:1 internet
image mhlab/bng:1 bng
image mhlab/cpe:1 cpe

docker run --detach --name shared-lan-internet --hostname internet \
  --network none --userns host --restart always --stop-timeout 3 \
  --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN --cap-add SETPCAP --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add CHOWN --cap-add DAC_OVERRIDE \
  --security-opt no-new-privileges --security-opt seccomp="$here"/seccomp.json \
  --read-only --pids-limit 8192 --memory 4096m --ulimit core=0 --log-driver json-file --log-opt max-size=10m \
  --sysctl net.ipv6.conf.all.disable_ipv6=0 \
  --sysctl net.ipv6.conf.default.disable_ipv6=0 \
  --sysctl net.ipv6.conf.all.forwarding=1 \
  --sysctl net.ipv6.conf.default.forwarding=1 \
  --sysctl net.ipv6.conf.all.accept_ra=0 \
  --sysctl net.ipv6.conf.default.accept_ra=0 \
  --sysctl net.ipv6.conf.default.keep_addr_on_down=1 \
  --sysctl net.ipv6.icmp.ratelimit=0 \
  --device /dev/net/tun \
  --tmpfs /run:rw,size=16m \
  --tmpfs /tmp:rw,size=64m \
  --volume /etc/mhlab \
  --volume /proc/1/ns/net:/var/run/netns/host \
  --volume "$here"/config/internet/internet.json:/etc/mhlab/internet.json:ro \
  --volume "$here"/keys/internet/alpha.key:/etc/mhlab/keys/alpha.key:ro \
  --volume "$here"/keys/internet/beta.key:/etc/mhlab/keys/beta.key:ro \
  mhlab/internet:1

docker run --detach --name shared-lan-alpha --hostname alpha \
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
  --env WIREGUARD_ENDPOINT=127.0.0.1:23309 \
  --env WIREGUARD_PEER=98d51a537d55f5835bc8ff6fdc0bb2af456494d241A= \
  --env WIREGUARD_ADDRESS=2001:db8:0:a8de::2/64 \
  --env WIREGUARD_MTU=1420 \
  --env WIREGUARD_KEEPALIVE=25 \
  --env PROBE_TARGET=2001:db8::1 \
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
  --env DNS_SERVERS=2001:db8::1 \
  --env SUBSCRIBER_INTERFACE=sub0 \
  --env SUBSCRIBER_LINK=lan:mh-street:shared-lan \
  --env LINK_LOCAL=fe80::1:5d8b:6dab \
  --env SOURCE_VALIDATION=reject \
  mhlab/bng:1

docker run --detach --name shared-lan-beta --hostname beta \
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
  --volume "$here"/keys/beta/private.key:/etc/mhlab/keys/private.key:ro \
  --env WIREGUARD_INTERFACE_SUFFIX=beta \
  --env ASSIGNED_PREFIX=2001:db8:b::/48 \
  --env WIREGUARD_PRIVATE_KEY_FILE=/etc/mhlab/keys/private.key \
  --env WIREGUARD_ENDPOINT=127.0.0.1:26513 \
  --env WIREGUARD_PEER=9af185abc06dd937254723a3b86a65308aa226afc0A= \
  --env WIREGUARD_ADDRESS=2001:db8:0:e9b6::2/64 \
  --env WIREGUARD_MTU=1420 \
  --env WIREGUARD_KEEPALIVE=25 \
  --env PROBE_TARGET=2001:db8::1 \
  --env DELEGATED_LENGTH=56 \
  --env DELEGATED_PREFIX=2001:db8:b:8000::/49 \
  --env PREFERRED_LIFETIME=1800 \
  --env VALID_LIFETIME=14400 \
  --env RENEW_TIMER=900 \
  --env REBIND_TIMER=1440 \
  --env RA_MANAGED=yes \
  --env RA_OTHER=yes \
  --env RA_PREFERENCE=medium \
  --env RA_LIFETIME=1800 \
  --env RA_INTERVAL=60 \
  --env DNS_SERVERS=2001:db8::1 \
  --env SUBSCRIBER_INTERFACE=sub0 \
  --env SUBSCRIBER_LINK=lan:mh-street:shared-lan \
  --env LINK_LOCAL=fe80::1:af81:e4c7 \
  --env SOURCE_VALIDATION=reject \
  mhlab/bng:1

docker run --detach --name shared-lan-pc --hostname pc \
  --network none --userns host --restart always --stop-timeout 3 \
  --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN --cap-add SETPCAP --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add CHOWN --cap-add DAC_OVERRIDE \
  --security-opt no-new-privileges --security-opt seccomp="$here"/seccomp.json \
  --pids-limit 1024 --memory 1024m --ulimit core=0 --log-driver json-file --log-opt max-size=10m \
  --sysctl net.ipv6.conf.all.disable_ipv6=0 \
  --sysctl net.ipv6.conf.default.disable_ipv6=0 \
  --sysctl net.ipv6.conf.all.forwarding=0 \
  --sysctl net.ipv6.conf.default.forwarding=0 \
  --sysctl net.ipv6.conf.all.accept_ra=1 \
  --sysctl net.ipv6.conf.default.accept_ra=1 \
  --sysctl net.ipv6.conf.default.keep_addr_on_down=1 \
  --sysctl net.ipv6.icmp.ratelimit=0 \
  --sysctl net.ipv6.conf.default.router_solicitation_delay=0 \
  --device /dev/net/tun \
  --tmpfs /run:rw,size=16m \
  --tmpfs /tmp:rw,size=64m \
  --volume /etc/mhlab \
  --volume /proc/1/ns/net:/var/run/netns/host \
  --env HOST_NAME=pc \
  --env HOST_LINK=lan:mh-street:shared-lan \
  --env HOST_ROUTERS=alpha=fe80::1:5d8b:6dab,beta=fe80::1:af81:e4c7 \
  --env HOST_PREFIXES=alpha=2001:db8:a::/64,beta=2001:db8:b::/64 \
  --env PROBE_TARGET=2001:db8::1 \
  mhlab/cpe:1 host
