#!/bin/sh
# The look of files: C without tabs, trailing blanks or // comments; every module (its .h, else its .c) begins by saying what
# it is for; text files have LF alone; and no Chinese in the code of the engine: that is knowledge and belongs in lexicons/.
set -eu
export LC_ALL=C
bad=0
c_files=$(find src tests bench -name '*.[ch]' 2>/dev/null | sort)
complain() { if [ -n "$2" ]; then echo "$1:"; echo "$2" | head -n 20; bad=1; fi; }

complain 'tab or trailing blank' "$(grep -nP '\t| $' $c_files)"
complain '// comment' "$(grep -nP '(^|[;{}])\s*//' $c_files)"
complain 'no first comment that says what the file is for' "$(for f in $c_files; do
    cat "${f%.c}.h" "$f" 2>/dev/null | head -n 1 | grep -q '^/\*' || echo "$f"; done)"
complain 'no newline at the end' "$(for f in $c_files; do [ -z "$(tail -c 1 "$f")" ] || echo "$f"; done)"
complain 'carriage return' "$(find src lexicons templates corpus tests -type f \( -name '*.[ch]' -o -name '*.tsv' -o -name '*.sh' \
    -o -name '*.xml' -o -name '*.findings' \) -exec grep -lP '\r$' {} + 2>/dev/null)"
complain 'Chinese in code (comments may)' "$(awk 'FNR == 1 { open = 0 }
    { line = $0
      while (match(line, /\/\*[^*]*\*+([^\/*][^*]*\*+)*\//)) line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
      if (open) { if (!sub(/^.*\*\//, "", line)) next; open = 0 }
      if (sub(/\/\*.*$/, "", line)) open = 1
      if (line ~ /[\344-\351][\200-\277][\200-\277]/) print FILENAME ":" FNR ": " $0 }' \
    $(find src -name '*.[ch]' | grep -E '^src/(stage|text|knowledge|engine|index|input)/') /dev/null)"
exit $bad
