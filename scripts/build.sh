#!/usr/bin/env bash
# npm packages and the build, from nothing to a mhlab that runs from this folder or can be packed. Does only what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

node_is_good() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# A stamp holds what a folder was made from; equal means nothing to do.
stamp_of() { # <file…>
  cat "$@" | sha256sum | cut -d' ' -f1
}

sources_stamp() {
  { git rev-parse HEAD && git status --porcelain --untracked-files=no; } 2> /dev/null | sha256sum
  find src images bin scripts/*.mjs tsconfig.json package-lock.json -type f ! -name agent.js ! -name program.js ! -path 'images/*/agent-front.sh' ! -path 'images/*/agent-start.sh' ! -path 'images/*/probe/*' ! -path 'images/*/runner/*' ! -path 'images/*/tally/*' -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

node_is_good || {
  echo "mhlab needs Node 20.19 or newer, this is $(node --version)" >&2
  exit 3
}

stamp=$(stamp_of package-lock.json .npmrc)
if [ "$(cat node_modules/.mhlab-stamp 2> /dev/null)" = "$stamp" ]; then
  fine 'npm packages are current'
else
  # Packages that somebody else installed are as good, if they are the right ones.
  if npm ls --all > /dev/null 2>&1; then
    fine 'npm packages are current'
  else
    step 'installing npm packages' npm ci --ignore-scripts --include=dev --no-audit --no-fund
  fi
  echo "$stamp" > node_modules/.mhlab-stamp
fi

stamp=$(sources_stamp)
if [ "$(cat dist/.mhlab-stamp 2> /dev/null)" = "$stamp" ] && [ -e images/bng/agent.js ]; then
  fine 'the build is current'
else
  step 'building mhlab and its agent' npm run --silent build
  echo "$stamp" > dist/.mhlab-stamp
fi
