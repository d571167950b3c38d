#!/usr/bin/env bash
# Runs everything that this machine can run; the last line is `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/test-suites.sh
export MHLAB_TEST_RUN=$$ # names the folders of the sandbox's own tests
export MHLAB_TEST_SANDBOX_DIR=${MHLAB_TEST_SANDBOX_DIR:-/var/lib/mhlab/test-sandbox}
reports=$(mktemp -d)
passed=0 failed=0 machine=''

# Whatever ended the run: no test's sandbox is left.
clean_up() {
  local privileged=dist/sandbox/privileged.js folder owner
  [ -z "$machine" ] || { kill "$machine" && wait "$machine"; } 2> /dev/null
  rm -rf "$reports"
  [ "$(id -u)" = 0 ] && [ -e "$privileged" ] || return 0
  # The lock is held while another run uses the shared sandbox.
  for folder in "$MHLAB_TEST_SANDBOX_DIR" "$MHLAB_TEST_SANDBOX_DIR"-[0-9]; do
    [ ! -e "$folder/state.json" ] || flock -n "$MHLAB_TEST_SANDBOX_DIR.lock" node "$privileged" stop "$folder" > /dev/null
  done
  # Folders of this run, and of runs that were killed.
  for folder in /var/lib/mhlab/sandbox-test-*; do
    owner=${folder#*-test-}
    owner=${owner%%-*}
    [ ! -e "$folder" ] || { [ "$owner" != $$ ] && [ -e "/proc/$owner" ]; } || node "$privileged" purge "$folder" > /dev/null
    [ ! -d "$folder" ] || rmdir "$folder" 2> /dev/null
  done
}
trap clean_up EXIT
# The workers of vitest end a moment after it.
trap 'sleep 1; exit 130' INT
trap 'sleep 1; exit 143' TERM HUP

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}

# The tests in an emulated machine, which says itself why it is skipped. They mostly wait for one processor, and what they prove
# needs it: beside them go lint and unit tests, with less right to it, and nothing whose times count.
start_real_kernel() {
  bash scripts/test-vm.sh < /dev/null > "$reports/vm" 2>&1 &
  machine=$!
}

count_real_kernel() {
  local report=$reports/vm
  wait "$machine"
  machine=''
  printf '\n%s\n' 'real kernel tests'
  grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$report"
  if [[ $(tail -n 1 "$report") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    echo 'no report: scripts/test-vm.sh ended early' >&2
    failed=$((failed + 1))
  fi
}

# What only the tests need: a far side of their own, and clients that nobody here wrote.
test_programs="
  wireguard-go:wireguard-go dhclient:isc-dhcp-client dhcpcd:dhcpcd-base dhcp6c:wide-dhcpv6-client
  dibbler-client:dibbler-client radvd:radvd /usr/lib/systemd/systemd-networkd:systemd docker-compose:docker-compose nft:nftables openssl:openssl
  sshd:openssh-server ssh:openssh-client rdisc6:ndisc6 python3:python3 chromium:chromium jq:jq curl:curl
  flent:flent /usr/libexec/podman/quadlet:podman promtool:promtool xmllint:libxml2-utils prove:perl pdftotext:poppler-utils tshark:tshark
"

# shellcheck disable=SC2086 # one word per program
bash scripts/setup.sh $test_programs || {
  failed=1
  finish
}
is_root=''
[ "$(id -u)" != 0 ] || is_root=1
[ -z "$is_root" ] || start_real_kernel
step 'checking style' nice -n 5 npm run --silent lint || failed=$((failed + 1))
unit_suite
if [ -n "$is_root" ]; then
  step 'building the images of the system tests' prepare_sandboxes || system_suite() { failed=$((failed + 1)); }
  count_real_kernel
  system_suite
else
  printf '\nskipped: the system tests and those on a real kernel need root: sudo npm test\n'
fi
echo
finish
