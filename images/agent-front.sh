#!/bin/sh
# Asks the agent of this container: `bng status`, `bng events`, `bng resync`. A shell around nc, because starting Node
# for a question costs twice as long. Ends with 2 when the request is wrong, with 1 when it failed.
sock=/run/mhlab/agent.sock
tries=0
until [ -S "$sock" ]; do
  tries=$((tries + 1))
  [ "$tries" -gt 200 ] && { echo '{"error":"the agent does not listen","code":"not-listening","exitCode":1}'; exit 1; }
  sleep 0.05
done
question=$*
# Who asks for a status does not wait for ever: an agent that hangs must not gather those who asked.
case "$question" in
  *status) set -- -w 5 ;;
  *) set -- ;;
esac
# An attached stream lasts as long as this script's input; everything else has asked all with its first line.
{
  printf '%s\n' "$question"
  case "$question" in *'events attached'* | 'probe '* | 'flow '* | arrivals) cat ;; esac
} | nc -NU "$@" "$sock" | mawk -W interactive '
  { print }
  /^{"error":/ { code = /"exitCode":2}$/ ? 2 : 1 }
  END { exit code }'
