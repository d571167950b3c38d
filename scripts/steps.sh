# Sourced by the other scripts: one line per step, with its seconds; nothing is shown of what worked.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  tick=$'\e[32m✔\e[0m' cross=$'\e[31m✖\e[0m' dim=$'\e[2m' plain=$'\e[0m' again=$'\r\e[K'
else
  tick='ok  ' cross='FAIL' dim='' plain='' again=''
fi

now_ms() { date +%s%3N; }

seconds_since() { # <ms>
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# Runs a command quietly; shows what it said only when it fails, and then ends the script.
step() { # <what it does> <command…>
  local what=$1 start log code=0
  shift
  start=$(now_ms)
  log=$(mktemp)
  [ -z "$again" ] || printf '  … %s' "$what"
  "$@" > "$log" 2>&1 < /dev/null || code=$?
  if [ "$code" = 0 ]; then
    printf '%s%s %s %s(%s)%s\n' "$again" "$tick" "$what" "$dim" "$(seconds_since "$start")" "$plain"
    rm -f "$log"
    return 0
  fi
  printf '%s%s %s %s(%s)%s\n' "$again" "$cross" "$what" "$dim" "$(seconds_since "$start")" "$plain"
  tail -n 40 "$log" | sed 's/^/    /' >&2
  rm -f "$log"
  return "$code"
}

# Says that there was nothing to do.
fine() { # <what>
  printf '%s %s\n' "$tick" "$1"
}
