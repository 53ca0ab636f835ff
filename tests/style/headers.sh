#!/bin/sh
# Every header compiles alone, without a warning, whatever was included before it.
set -eu
flags=${LINT_FLAGS:--std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -Wall -Wextra}
find src -name '*.h' | sort | {
    bad=0
    while read -r header; do
        printf '#include "%s"\n#include "%s"\n' "${header#src/}" "${header#src/}" |
            ${CC:-cc} $flags -Werror -fsyntax-only -x c - || { echo "$header: does not compile alone"; bad=1; }
    done
    exit $bad
}
