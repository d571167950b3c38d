#!/usr/bin/env bash
# From a fresh clone to two running IPv6 providers with a CPE behind them, on this machine alone, in its own lab host:
# the machine's network and its Docker engine, if any, are not touched. The second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
begin=$(now_ms)

bash scripts/setup.sh
mhlab() { node bin/mhlab.js "$@"; }

printf '\n%s\n' 'mhlab sandbox start'
start=$(now_ms)
mhlab sandbox start
printf '%s(%s)%s\n' "$dim" "$(seconds_since "$start")" "$plain"

printf '\n%s\n' 'mhlab --sandbox up examples/two-isps/lab.yaml'
start=$(now_ms)
mhlab --sandbox up examples/two-isps/lab.yaml > /dev/null
printf '%s(%s)%s\n' "$dim" "$(seconds_since "$start")" "$plain"

printf '\n%s\n' 'mhlab --sandbox status'
mhlab --sandbox status

cat << END

Two providers run, all in $(seconds_since "$begin").
They run in the sandbox, which has a network namespace of its own.
To use them from this shell:

  npm link                  puts mhlab on your PATH; or: node bin/mhlab.js
  export MHLAB_SANDBOX=1    makes its commands use the sandbox

  mhlab dashboard           the lab in a browser: open the address it prints
  mhlab exec home-host1 -- ping -c 3 2001:db8::1
  mhlab down                remove the lab
  mhlab sandbox exec -- ip -br link
                            the interfaces of the sandbox
  mhlab sandbox stop        stop the sandbox; --purge removes its images, too
END
