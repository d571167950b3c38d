#!/usr/bin/env bash
# Tests mhlab on a real kernel: Debian's cloud kernel in an emulated machine with its own engine, WireGuard, VLANs and network cards.
# One line per check; the last line is `N passed, N failed`. Skipped with a reason where it cannot run.
#   MHLAB_VM_CACHE   where disks are kept (/var/cache/mhlab-vm)
#   MHLAB_VM_LIMIT   seconds that the machine may run (2100)
#   MHLAB_VM_LINE    anything: also the faults of the line that need netem
#   MHLAB_VM_KEEP    keep the console's log there
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
export PATH=$PATH:/usr/sbin:/sbin
cache=${MHLAB_VM_CACHE:-/var/cache/mhlab-vm}
limit=${MHLAB_VM_LIMIT:-2100}
passed=0 failed=0 machine='' work=''

# Whatever ends the run ends the machine.
clean_up() {
  # `timeout` hands it on.
  [ -z "$machine" ] || { kill "$machine" && wait "$machine"; } 2> /dev/null
  [ -z "$work" ] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}

skip() { # <reason>
  printf 'skipped: the tests on a real kernel: %s\n' "$1"
  finish
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" ||
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }
}

[ "$(uname -m)" = x86_64 ] || skip "the machine that is emulated is x86_64, this one is $(uname -m)"
[ "$(id -u)" = 0 ] || skip 'they need root: sudo npm run test:vm'
missing=''
for entry in qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap mke2fs:e2fsprogs docker:docker-cli dockerd:docker.io; do
  command -v "${entry%%:*}" > /dev/null || missing+=" ${entry#*:}"
done
if [ -n "$missing" ]; then
  command -v apt-get > /dev/null || skip "missing here:$missing"
  # shellcheck disable=SC2086 # one word per package
  step "installing$missing" install_packages $missing || skip "cannot be installed here:$missing"
fi
bash scripts/build.sh || {
  failed=1
  finish
}

mkdir -p "$cache"
work=$(mktemp -d "$cache/.run-XXXXXX")
mkdir "$work/project"
# The disks are made by one run at a time.
exec 9> "$cache/lock"
flock -w 900 9 || skip "another run makes the machine's disks for 15 minutes"
project_disk() { mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/project" "$work/project.img" 128M; }
# Both at once: each waits for the network while the other computes.
disks() {
  scripts/vm/root.sh "$cache" > "$work/root" 9>&- &
  local root=$! code=0
  scripts/vm/images.sh "$cache" "$work/project" > "$work/images" 9>&- || code=1
  wait "$root" || code=2
  return "$code"
}
step 'a copy of this project' scripts/vm/project.sh "$work/project" && step "the project's disk" project_disk || {
  failed=1
  finish
}
step "the machine's disks: Debian, and mhlab's images" disks || {
  [ $? != 2 ] || skip 'its root disk cannot be made, see above'
  failed=1
  finish
}

start=$(now_ms)
mkfifo "$work/report"
timeout --kill-after=5 "$limit" scripts/vm/run.sh "$(cat "$work/root")" "$(cat "$work/images")" "$work/project.img" "$work" \
  > "$work/report" 2> "$work/qemu.log" 9>&- &
machine=$!

declare -A awaited=()
settled() { # <name>
  local key=$1
  unset 'awaited[$key]'
}
ended=''
while IFS= read -r line; do
  line=${line%%$'\r'*}
  flock -u 9 # the machine has opened its disks; another run may replace them now
  case $line in
    'plan '*) awaited[${line#plan }]=1 ;;
    'ok '*)
      name=${line#ok }
      settled "${name% (*}"
      passed=$((passed + 1))
      printf '%s %s\n' "$tick" "$name"
      ;;
    'not ok '*)
      name=${line#not ok }
      for key in "${!awaited[@]}"; do
        [[ $name != "$key: "* ]] || settled "$key"
      done
      failed=$((failed + 1))
      printf '%s %s\n' "$cross" "$name"
      ;;
    'note '*) printf '%s  %s%s\n' "$dim" "${line#note }" "$plain" ;;
    end) ended=1 ;;
  esac
done < "$work/report"
wait "$machine" 2> /dev/null
machine=''

for name in "${!awaited[@]}"; do
  printf '%s %s: never ran\n' "$cross" "$name"
  failed=$((failed + 1))
done
[ -n "$ended" ] || [ "$failed" != 0 ] || failed=1
if [ "$failed" != 0 ]; then
  printf 'the end of the console, after %s:\n' "$(seconds_since "$start")" >&2
  tail -n 40 "$work/console.log" "$work/qemu.log" | sed 's/^/    /' >&2
fi
[ -z "${MHLAB_VM_KEEP:-}" ] || cp "$work/console.log" "$MHLAB_VM_KEEP"
printf 'the machine ran %s\n' "$(seconds_since "$start")"
finish
