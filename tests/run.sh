#!/bin/bash
# Runs each argument as a command and adds up what it counted. A command counts by its last line "N passed, N failed,
# N skipped", by the summary of Check, or, when it prints neither, as one test that its exit status decides. What failed
# is shown in full; -v shows everything as it comes. RUN_PREFIX stands before each command (valgrind). After RUN_BUDGET
# seconds no further command is begun: each of those left counts as skipped.
# Closes with one line "N passed, N failed, N skipped" over all; exit status 1 when anything failed.
set -u
budget=${RUN_BUDGET:-}; unset RUN_BUDGET
verbose=; if [ "${1-}" = -v ]; then verbose=1; shift; fi
log=$(mktemp); trap 'rm -f "$log"' EXIT

# Prints "passed failed skipped" of the log of a command that ended with status $1.
count() {
    awk -v status="$1" '
        /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p = $1; f = $3; s = $5; seen = 1 }
        /^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
            gsub(/,/, ""); cf += $5 + $7; cp += $3 - $5 - $7; check = 1 }
        END { if (!seen && check) { p = cp; f = cf }
              if (!seen && !check) { p = status == 0; f = 0 }
              if (status != 0 && f + 0 == 0) f = 1
              print p + 0, f + 0, s + 0 }' "$log"
}

passed=0 failed=0 skipped=0
for command in "$@"; do
    if [ -n "$budget" ] && [ "$SECONDS" -ge "$budget" ]; then
        echo "no time left for $command"; skipped=$((skipped + 1)); continue
    fi
    start=$(date +%s%N)
    if [ -n "$verbose" ]; then
        echo "==== $command"
        bash -c "${RUN_PREFIX-} $command" 2>&1 | tee "$log"; status=${PIPESTATUS[0]}
    else
        bash -c "${RUN_PREFIX-} $command" >"$log" 2>&1; status=$?
    fi
    read -r p f s <<<"$(count "$status")"
    [ "$f" -gt 0 ] && [ -z "$verbose" ] && { echo "---- $command"; cat "$log"; }
    ms=$((($(date +%s%N) - start) / 1000000))
    printf '%-6s %s: %d passed, %d failed, %d skipped (%d.%d s)\n' "$([ "$f" -gt 0 ] && echo FAILED || echo ok)" \
        "$command" "$p" "$f" "$s" $((ms / 1000)) $((ms % 1000 / 100))
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
