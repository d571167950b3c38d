#!/usr/bin/env bash
# Measures what mhlab promises, on a sandbox of its own; installs what only that needs. `soak` looks for what grows, `compare`
# measures several builds in turn.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
[ "$(id -u)" = 0 ] || {
  echo 'the bench needs root for its sandbox: sudo npm run bench' >&2
  exit 3
}
programs='docker-compose:docker-compose python3:python3'
program=main
case ${1:-} in
  soak | compare)
    program=$1
    shift
    ;;
esac
[ "$program" != soak ] || programs+=' chromium:chromium'
# shellcheck disable=SC2086 # one word per program
bash scripts/setup.sh $programs
exec node "bench/$program.mjs" "$@"
