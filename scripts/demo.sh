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

Two providers run, all in $(seconds_since "$begin"). mhlab is \`node bin/mhlab.js\` here; \`npm link\` puts it on your PATH.
They live in a lab host of its own, which this machine's network knows nothing of:

  mhlab --sandbox dashboard             a live page of it: open the address that this prints
  mhlab sandbox exec -- ip -br link     what that host has
  mhlab --sandbox down                  remove the lab
  mhlab sandbox stop                    stop the lab host; --purge removes its images as well
END
