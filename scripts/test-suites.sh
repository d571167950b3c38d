# Sourced by test.sh: runs the projects of vitest, and adds what they count to `passed` and `failed`.

suite() { # <project>
  printf '\n%s\n' "$1 tests"
  vitest "$1" --project "$1"
  count "$1"
}

# The system tests, by halves side by side, each on a lab host of its own, where the machine is large enough: they mostly wait.
#   MHLAB_TEST_HALVES   1 or 2; left out: as the machine is
system_suites() {
  local halves=${MHLAB_TEST_HALVES:-}
  [ -n "$halves" ] || { [ "$(nproc)" -ge 2 ] && [ "$(memory_gib)" -ge 8 ] && halves=2; } || halves=1
  [ "$halves" = 2 ] || {
    suite system
    return
  }
  printf '\nsystem tests, in two halves\n'
  step 'building the images of the tests' prepare_sandboxes || {
    failed=$((failed + 1))
    return
  }
  MHLAB_TEST_SANDBOX_DIR=$second_sandbox vitest second --project system --shard=2/2 > "$reports/second.log" 2>&1 &
  side=$!
  vitest first --project system --shard=1/2
  wait "$side"
  side=''
  cat "$reports/second.log"
  count first
  count second
}

# The images are built once: the second sandbox begins as a copy of the first.
prepare_sandboxes() {
  MHLAB_SANDBOX_DIR=$MHLAB_TEST_SANDBOX_DIR node bin/mhlab.js image build --sandbox &&
    node dist/sandbox/privileged.js stop "$MHLAB_TEST_SANDBOX_DIR" || return
  [ -d "$second_sandbox/data" ] || { rm -rf "$second_sandbox" && cp -a "$MHLAB_TEST_SANDBOX_DIR" "$second_sandbox"; }
}

memory_gib() { awk '/^MemTotal/ { print int($2 / 1048576) }' /proc/meminfo; }

vitest() { # <name of its report> <option…>
  local name=$1
  shift
  npx --no-install vitest run "$@" --reporter=default --reporter=json --outputFile.json="$reports/$name.json" < /dev/null
  echo $? > "$reports/$name.code"
}

# A file that crashed before its tests, or vitest itself, is one failure.
count() { # <name of a report>
  local counts
  counts=$(node -e '
    const { readFileSync } = require("node:fs");
    const [file, code] = process.argv.slice(1);
    let passed = 0, failed = 0, skipped = [];
    try {
      const report = JSON.parse(readFileSync(file, "utf8"));
      passed = report.numPassedTests;
      failed = report.numFailedTests;
      for (const { status, assertionResults } of report.testResults) {
        if (status === "failed" && !assertionResults.some((one) => one.status === "failed")) failed++;
        for (const one of assertionResults) {
          if (!["passed", "failed"].includes(one.status)) skipped.push(one.fullName);
        }
      }
    } catch (error) {
      console.error(`no report: ${error.message}`);
    }
    for (const name of skipped) console.error(`skipped: ${name}`);
    if (code !== "0" && failed === 0) failed = 1;
    console.log(passed, failed);
  ' "$reports/$1.json" "$(cat "$reports/$1.code" 2> /dev/null)") || counts='0 1'
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
}
