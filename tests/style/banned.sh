#!/bin/sh
# Words that no C file of ours uses: unbounded, not thread-safe, locale-bound or able to start programs. And memory is asked
# for in the files named below only, so that the path of a report never calls malloc. Comments and strings may say what they like.
set -eu
allocators='^src/(base/(arena|buf|file|pool)|knowledge/|engine/|index/|input/|cli/|text/segment|output/xml)'
find src tests bench -name '*.[ch]' 2>/dev/null | sort | xargs awk -v allocators="$allocators" -f tests/style/strip.awk -f /dev/fd/3 3<<'AWK'
    BEGIN { n = split("strcpy strcat sprintf vsprintf gets strtok atoi atol atof strerror localtime gmtime setlocale system popen rand srand alloca", w, " ")
            for (i = 1; i <= n; i++) banned[w[i]] = 1
            n = split("malloc calloc realloc free strdup strndup", w, " ")
            for (i = 1; i <= n; i++) memory[w[i]] = 1 }
    FNR == 1 { in_comment = 0 }
    { code = strip($0)
      while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ ]*\(/)) {
          before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
          word = substr(code, RSTART, RLENGTH - 1); sub(/ +$/, "", word)
          code = substr(code, RSTART + RLENGTH)
          if (before == "." || before == ">") continue
          if (word in banned) { print FILENAME ":" FNR ": " word " is banned"; bad = 1 }
          if (word in memory && FILENAME ~ /^src\// && FILENAME !~ allocators) {
              print FILENAME ":" FNR ": " word " outside the files that own memory"; bad = 1 } } }
    END { exit bad }
AWK
