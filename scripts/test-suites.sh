# Sourced by test.sh: runs the projects of vitest, and adds what they count to `passed` and `failed`.

unit_suite() {
  printf '\nunit tests\n'
  nice=5 vitest unit --project unit
  count unit
}

# As many system tests at once as the machine bears, each on a lab host of its own: they mostly wait. The few files in which
# something failed are run once more alone; what passes then is unsteady, which test/unsteady.yaml must explain.
#   MHLAB_TEST_SANDBOXES   how many at once; left out: as the machine is
#   MHLAB_TEST_DURATIONS   1: a run in which nothing failed writes test/durations.json
system_suite() {
  local failing again='' idle start
  printf '\nsystem tests, %s at once\n' "$MHLAB_TEST_SANDBOXES"
  idle=$(idle_ms) start=$(now_ms)
  vitest system --project system
  printf 'the processors were idle %s of the time\n' "$(idle_since "$idle" "$start")"
  mapfile -t failing < <(node scripts/test-report.mjs files "$reports/system.json" | grep .)
  if [ "${#failing[@]}" -gt 0 ] && [ "${#failing[@]}" -le "$most_again" ]; then
    printf '\nonce more, alone: %s\n' "${failing[*]}"
    MHLAB_TEST_SANDBOXES=1 vitest again --project system "${failing[@]}"
    again=again
  fi
  count system $again
  [ "${MHLAB_TEST_DURATIONS:-}" != 1 ] || [ "$failed" != 0 ] || node scripts/test-report.mjs durations "$reports/system.json"
}

# Whether more at once would help.
idle_ms() { awk '/^cpu / { print $5 * 10 }' /proc/stat; }
idle_since() { # <idle ms> <ms>
  printf '%d %%' $((100 * ($(idle_ms) - $1) / ($(now_ms) - $2) / $(nproc)))
}

# More than that is no bad luck.
most_again=6

sandboxes() {
  local by_memory
  by_memory=$(awk '/^MemTotal/ { print int($2 / 1048576 / 4) }' /proc/meminfo)
  [ "$(nproc)" -ge 2 ] && [ "$by_memory" -ge 3 ] && echo 3 && return
  [ "$(nproc)" -ge 2 ] && [ "$by_memory" -ge 2 ] && echo 2 && return
  echo 1
}

# The images are built once: the other sandboxes begin as copies of the first.
prepare_sandboxes() {
  local number other
  export MHLAB_TEST_SANDBOXES=${MHLAB_TEST_SANDBOXES:-$(sandboxes)}
  MHLAB_SANDBOX_DIR=$MHLAB_TEST_SANDBOX_DIR node bin/mhlab.js image build --sandbox &&
    node dist/sandbox/privileged.js stop "$MHLAB_TEST_SANDBOX_DIR" || return
  for number in $(seq 2 "$MHLAB_TEST_SANDBOXES"); do
    other=$MHLAB_TEST_SANDBOX_DIR-$number
    [ -d "$other/data" ] || { rm -rf "$other" && cp -a "$MHLAB_TEST_SANDBOX_DIR" "$other"; } || return
  done
}

vitest() { # <name of its report> <option…>
  local name=$1
  shift
  nice -n "${nice:-0}" npx --no-install vitest run "$@" --reporter=default --reporter=json --outputFile.json="$reports/$name.json" < /dev/null
  echo $? > "$reports/$name.code"
}

count() { # <name of a report> [<that of the second time>]
  local counts code
  code=$(cat "$reports/${2:-$1}.code" 2> /dev/null)
  counts=$(node scripts/test-report.mjs count "$code" "$reports/$1.json" ${2:+"$reports/$2.json"}) || counts='0 1'
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
}
