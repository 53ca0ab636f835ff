#!/bin/sh
# clang-tidy with the checks of .clang-tidy over the library and the program; not over generators of tables (tools/), whose
# measures are those of the ICU macros in them.
find src -name '*.c' -not -path '*/tools/*' | sort | xargs -P 2 -n 1 sh -c 'clang-tidy --quiet "$0" -- '"$LINT_FLAGS"' 2>/dev/null'
