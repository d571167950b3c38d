#!/bin/sh
# Starts the agent in a role: `agent-start bng`. A snapshot of the loaded program halves the work of that; `agent-start snapshot`
# makes it, when the image is built. It fits only the kind of CPU that it was made on, and images travel.
folder=/usr/local/lib/mhlab
flags='--max-old-space-size=64 --single-threaded-gc --v8-pool-size=1 --no-verify-snapshot-checksum'
while read -r cpu; do
  case $cpu in flags* | Features*) break ;; esac
done < /proc/cpuinfo
if [ "$1" = snapshot ]; then
  printf '%s\n' "$cpu" > $folder/agent.cpu
  # shellcheck disable=SC2086 # one word per flag
  exec node $flags --no-warnings --snapshot-blob $folder/agent.blob --build-snapshot $folder/agent.js
fi
made=
[ -r $folder/agent.cpu ] && read -r made < $folder/agent.cpu
[ -n "$cpu" ] && [ "$cpu" = "$made" ] && flags="$flags --snapshot-blob $folder/agent.blob"
# shellcheck disable=SC2086
exec node $flags $folder/agent.js "$@"
