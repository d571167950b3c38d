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
  --volume "$here"/config/alpha/provider.yaml:/etc/mhlab/provider.yaml:ro \
  --volume "$here"/keys/alpha/private.key:/etc/mhlab/keys/private.key:ro \
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
  --volume "$here"/config/beta/provider.yaml:/etc/mhlab/provider.yaml:ro \
  --volume "$here"/keys/beta/private.key:/etc/mhlab/keys/private.key:ro \
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
  --tmpfs /opt:rw,exec,mode=755,size=256m \
  --volume /etc/mhlab \
  --volume /proc/1/ns/net:/var/run/netns/host \
  --volume "$here"/config/pc/host.yaml:/etc/mhlab/host.yaml:ro \
  mhlab/cpe:1 host
