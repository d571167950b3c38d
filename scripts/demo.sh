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
mhlab --sandbox up examples/two-isps/lab.yaml
printf '%s(%s)%s\n' "$dim" "$(seconds_since "$start")" "$plain"

printf '\n%s\n' 'mhlab --sandbox status'
mhlab --sandbox status

cat << END

Two providers run, all in $(seconds_since "$begin"). What to try next:

  export MHLAB_SANDBOX=1                       # instead of --sandbox in every command
  node bin/mhlab.js status --watch             # what every provider does, live
  node bin/mhlab.js fault --help               # let one of them fail
  node bin/mhlab.js sandbox exec -- ip -br link  # look at the lab host from inside
  node bin/mhlab.js down                       # stop the lab
  node bin/mhlab.js sandbox stop               # stop the lab host; --purge also removes its images
END
