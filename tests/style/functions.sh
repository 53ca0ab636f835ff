#!/bin/sh
# A function has at most 60 lines and 6 parameters. A flat switch or table that is longer says so with the comment
# NOLINTNEXTLINE(readability-function-size) above it, which clang-tidy obeys too.
set -eu
find src -name '*.c' | sort | xargs awk -f tests/style/strip.awk -f /dev/fd/3 3<<'AWK'
    FNR == 1 { in_comment = 0; depth = 0; head = ""; allowed = 0 }
    /NOLINT.*readability-function-size/ { allowed = 1 }
    /^#/ { next }
    { code = strip($0); n = length(code)
      for (i = 1; i <= n; i++) {
          c = substr(code, i, 1)
          if (depth == 0) head = c == ";" ? "" : head c
          if (c == "{" && depth++ == 0) { start = FNR; signature = head; is_function = head ~ /\)[^()=]*\{$/ }
          if (c == "}" && --depth == 0) { if (is_function) judge(); head = ""; is_function = 0 }
      } }
    function judge(    lines, name, list, inner, k, commas) {
        lines = FNR - start + 1
        name = signature; sub(/\(.*/, "", name); sub(/.*[ *}]/, "", name)
        list = signature; sub(/^[^(]*\(/, "", list); sub(/, *\.\.\./, "", list)
        for (k = 1; k <= length(list); k++) {
            c = substr(list, k, 1)
            if (c == "(") inner++
            if (c == ")") inner--
            if (c == "," && inner == 0) commas++
        }
        if (lines > 60 && !allowed) { print FILENAME ":" start ": " name " has " lines " lines (60)"; bad = 1 }
        if (commas + 1 > 6 && !allowed) { print FILENAME ":" start ": " name " has " commas + 1 " parameters (6)"; bad = 1 }
        allowed = 0
    }
    END { exit bad }
AWK
