#!/bin/sh
# No mutable static anywhere: what one thread changes behind the back of another. Read from the library that was built, where
# such an object stands in .data or .bss (constants with pointers stand in .data.rel.ro).
set -eu
lib=${OUT:-build/release}/libroentext.a
[ -f "$lib" ] || { echo "$lib is not built"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
objdump -t "$lib" | awk '
    /file format/ { file = $1; sub(/:$/, "", file) }
    / \.t(bss|data)[ \t]/ && $NF !~ /^\.t/ || / O \.(data|bss)[ \t]/ || / O \.(data|bss)\.[^r]/ || /\*COM\*/ { print file ": mutable static " $NF; bad = 1 }
    END { exit bad }'
