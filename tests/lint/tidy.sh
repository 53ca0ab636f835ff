#!/bin/sh
# clang-tidy with the checks of .clang-tidy over the library and the program.
find src -name '*.c' | sort | xargs -P 2 -n 1 sh -c 'clang-tidy --quiet "$0" -- '"$LINT_FLAGS"' 2>/dev/null'
