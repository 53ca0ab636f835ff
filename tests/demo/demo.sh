#!/bin/bash
# The tour that `make demo` prints: every report of corpus/ converted, validated, indexed, searched and watched for critical
# findings. Each number is counted from what the program wrote; the tour ends with status 1 if anything failed.
set -uo pipefail
export LC_ALL=C.UTF-8 ROENTEXT_HOME=.
roentext=${ROENTEXT:-build/release/roentext}
out=build/demo
schema=templates/schema/roentext-report
example=corpus/chest-xr/en-02-tension-pneumothorax
db=$out/corpus.db
trouble=0

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { printf '\033[2m$ %s\033[0m\n' "$*"; }
check() { "$@" || { trouble=1; echo "FAILED: $(printf "%.90s" "$*")"; }; }

[ -t 1 ] || { title() { printf '\n%s\n' "$*"; }; show() { printf '$ %s\n' "$*"; }; }
rm -rf "$out"; mkdir -p "$out"

title "1. Reports in, structured reports out"
reports=(corpus/*/*.txt)
show "roentext convert --to xml -o $out/xml/ corpus/*/*.txt"
start=$(date +%s%N)
check "$roentext" convert --to xml -o "$out/xml/" "${reports[@]}"
ms=$((($(date +%s%N) - start) / 1000000))
documents=("$out"/xml/*.xml)
echo "${#reports[@]} reports, ${#documents[@]} documents, $ms ms"
[ "${#reports[@]}" -eq "${#documents[@]}" ] || { trouble=1; echo "FAILED: not every report has its document"; }

title "2. Every document is checked against the schema and its rules"
for with in "--schema $schema.xsd" "--schematron $schema.sch"; do
    show "xmllint --noout $with $out/xml/*.xml"
    xmllint --noout $with "${documents[@]}" >"$out/xmllint.log" 2>&1 || trouble=1
    echo "$(grep -c ' validates$' "$out/xmllint.log") of ${#documents[@]} valid"
    grep -v ' validates$' "$out/xmllint.log" | sed -n 1,5p
done

title "3. Into an index"
show "roentext index $db corpus/*/*.txt"
check "$roentext" index "$db" "${reports[@]}"
ls -sh "$db" | awk '{ print "index of " $1 }'

title "4. Searches"
search() {
    show "roentext search $db '$1' --limit 3"
    check "$roentext" search "$db" "$1" --limit 3
    hits=$("$roentext" search "$db" "$1" --count) || trouble=1
    echo "$hits reports"; echo
    [ "${hits:-0}" -gt 0 ] || { trouble=1; echo "FAILED: found nothing"; }
}
search 'pleural effusion'
search '肺 结节'
search '"no acute"'
search 'finding:pneumothorax presence:present'; english=$hits
search 'finding:气胸 presence:present'; chinese=$hits
search 'critical:1'
[ "$english" = "$chinese" ] || { trouble=1; echo "FAILED: the two languages of a concept differ"; }

title "5. One report, and what was understood of it"
cat "$example.txt"
show "roentext explain $example.txt"
"$roentext" explain --colour never "$example.txt" | sed -n '/^Findings/,$p' | sed -n 1,40p || trouble=1
show "roentext convert --to xml $example.txt   (a field of it)"
"$roentext" convert --to xml "$example.txt" | xmllint --xpath '//*[local-name() = "field"][@id = "pneumothorax"]' - || trouble=1
echo

title "6. What must be told to somebody now"
show "roentext critical $db"
"$roentext" critical --limit 12 "$db" || trouble=1
echo "$("$roentext" critical --count "$db") critical findings in all"

title "Where things are"
cat <<END
  $roentext      the program; --help, and \`man src/roentext.1\`
  $out/xml/      the structured reports
  $db            the index: roentext search $db QUERY
  lexicons/      terms, cues and critical rules: tables to read and edit
  corpus/        the reports, with the findings a person expects beside them
END
if [ "$trouble" -ne 0 ]; then echo "Something FAILED, see above."; fi
exit $trouble
