#!/usr/bin/env bash
# Brings this machine to where mhlab runs from this folder: programs, npm packages, build. Does only what is missing.
# Further programs are named as `program:package` words.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

# Programs that are looked for, each with its Debian package.
programs="
  node:nodejs npm:npm dockerd:docker.io docker:docker-cli mmdebstrap:mmdebstrap tini:tini ip:iproute2 tc:iproute2
  wg:wireguard-tools nsenter:util-linux flock:util-linux ps:procps jq:jq tcpdump:tcpdump ping:iputils-ping
  $*
"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing_packages() {
  local entry
  for entry in $programs; do
    command -v "${entry%%:*}" > /dev/null || echo "${entry#*:}"
  done | sort -u | tr '\n' ' '
}

# Becomes root for one command, asking by name where a person can answer.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

install_packages() {
  # Debian starts a service once it is installed; mhlab brings its own engine and wants none on the machine.
  as_root sh -euc '
    guard=/usr/sbin/policy-rc.d
    if [ ! -e $guard ]; then
      trap "rm -f $guard" EXIT
      printf "#!/bin/sh\nexit 101\n" > $guard
      chmod 755 $guard
    fi
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install -y -q --no-install-recommends"
    $install "$@" || { apt-get update -q && $install "$@"; }
  ' sh "$@"
}

packages=$(missing_packages)
if [ -z "$packages" ]; then
  fine 'all programs are there'
elif ! command -v apt-get > /dev/null; then
  echo "mhlab needs programs that are missing; Debian's packages are called: $packages" >&2
  exit 3
else
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || {
      echo "as root: apt-get install --no-install-recommends $packages" >&2
      exit 3
    }
    sudo -p '[mhlab] password for %p, to install packages: ' true
  fi
  # shellcheck disable=SC2086 # one word per package
  step "installing ${packages% }" install_packages $packages
fi

bash scripts/build.sh
