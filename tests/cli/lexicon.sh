#!/bin/bash
# lexicon check, compile, lookup: the shipped lexicons pass, mistakes are found with their place, the
# compiled form is the same each time and means the same as the tables.
. "$(dirname "$0")/cli.inc"

run 0 "$roentext" lexicon check
says out 'no complaints'
run 0 "$roentext" lexicon check lexicons

# ---- mistakes, one at a time
mistake() { # FILE LINE PATTERN: the line is added to the file
    rm -rf "$tmp/lex"; cp -R lexicons "$tmp/lex"
    printf "$2\n" >>"$tmp/lex/$1"
    local at; at=$(wc -l <"$tmp/lex/$1")
    run 1 "$roentext" lexicon check "$tmp/lex"
    says out "$1:$at:[0-9]+: .*$3"
}
twice=$(grep -m 1 -P '^RX\d+\tfinding\t' lexicons/concepts.tsv)
mistake concepts.tsv "$twice" 'twice|duplicate|already'
mistake concepts.tsv 'RX99999\tfinding\tchest\tzorblax\t佐布\tzorblax\t佐布\tRX99998\t\t' 'RX99998'
mistake concepts.tsv 'RX99999\tnonsense\tchest\tzorblax\t佐布\tzorblax\t佐布\t\t\t' 'nonsense'
mistake cues.tsv 'zorblax without\ten\tnonsense\tforward\tlist\t\t' 'nonsense'
mistake headings.tsv 'zorblax\ten\tnonsense\t' 'nonsense'
mistake units.tsv 'zorb\ten\tmm\tlength\tmany' 'number'
run 2 "$roentext" lexicon check "$tmp/none"

# ---- compile
run 0 "$roentext" lexicon compile --lexicons lexicons -o "$tmp/a.rtl"
run 0 "$roentext" lexicon compile --lexicons lexicons -o "$tmp/b.rtl"
holds 'the same tables give the same bytes' cmp "$tmp/a.rtl" "$tmp/b.rtl"
rm -rf "$tmp/lex"; cp -R lexicons "$tmp/lex"
printf 'RX99999\tnonsense\n' >>"$tmp/lex/concepts.tsv"
run 1 "$roentext" lexicon compile --lexicons "$tmp/lex" -o "$tmp/c.rtl"
holds 'nothing is written for bad tables' test ! -e "$tmp/c.rtl"
run 2 "$roentext" lexicon compile --lexicons lexicons

# ---- a home of its own: with a compiled lexicon, without, with a stale and with a damaged one
mkdir "$tmp/home"; cp -R lexicons templates "$tmp/home/"
text='There is a zorblax in the right lung. No pneumothorax. 未见气胸。'
answer() { printf '%s' "$text" | ROENTEXT_HOME="$tmp/home" "$roentext" convert --to jsonl; }
run 0 answer; cp "$tmp/out" "$tmp/plain"
cp "$tmp/a.rtl" "$tmp/home/lexicon.rtl"
run 0 answer
holds 'compiled and tables give the same' cmp "$tmp/out" "$tmp/plain"
printf 'RX99999\tfinding\tchest\tzorblax\t佐布\tzorblax\t佐布\t\t\t\n' >>"$tmp/home/lexicons/concepts.tsv"
run 0 answer
says out '"concept":"RX99999"'
for size in 0 10 1000 100000; do
    head -c $size "$tmp/a.rtl" >"$tmp/home/lexicon.rtl"
    run 0 answer
    says out '"concept":"RX99999"'
done

# ---- what the compiled lexicon holds of the other files: a changed one is read again, with its faults
rm -rf "$tmp/home"; mkdir "$tmp/home"; cp -R lexicons templates "$tmp/home/"; cp "$tmp/a.rtl" "$tmp/home/lexicon.rtl"
run 0 answer
holds 'the same as before' cmp "$tmp/out" "$tmp/plain"
changed() { # FILE SED-SCRIPT PATTERN: what the answer says then, or (status 2) its error
    sed -i "$2" "$tmp/home/$1"
    run "${4-0}" answer
    says "${5-out}" "$3"
    cp "$1" "$tmp/home/$1"
}
text='CHEST CT. FINDINGS: There is a tension pneumothorax on the left. CT is recommended in 3 weeks.'
run 0 answer
says out '"rule":"C'
says out '"unit":"week"'
changed lexicons/critical.tsv 's/^C\([0-9]*\)\t/K\1\t/' '"rule":"K'
changed lexicons/wording.tsv 's/^week\t/month\t/' '"unit":"month"'
changed templates/ct.chest.en.xml 's/version="2[0-9.]*"/version="9.9"/' '"version":"9.9"'
changed templates/exams.tsv '/^body\tchest\t/d' 'exams.tsv has no class' 2 err
changed templates/ct.chest.en.xml 's/from="presence"/from="nonsense"/' 'ct.chest.en.xml' 2 err
changed lexicons/critical.tsv '/^C0/s/^C/\t/' 'critical.tsv:[0-9]+:[0-9]+: ' 2 err
changed lexicons/qa.tsv 's/^Q01\t/Q99\t/' 'qa.tsv:[0-9]+:[0-9]+: ' 2 err
changed lexicons/qa_sets.tsv '$a zorblax\tzorblax' 'qa_sets.tsv:[0-9]+:[0-9]+: ' 2 err
changed lexicons/mrrt.tsv '$a zorblax\tzorblax\t' 'mrrt.tsv:[0-9]+:[0-9]+: ' 2 err
changed lexicons/hl7.tsv '$a zorblax\tzorblax\t' 'hl7.tsv:[0-9]+:[0-9]+: ' 2 err
sed 's/id="ct.chest"/id="ct.zorblax"/' templates/ct.chest.en.xml >"$tmp/home/templates/zorblax.xml"
export ROENTEXT_HOME="$tmp/home"
run 0 "$roentext" template list
says out '^ct\.zorblax'
rm "$tmp/home/templates/zorblax.xml"
run 0 "$roentext" template list
holds 'a template that is gone is gone' sh -c '! grep -q zorblax "$1"' - "$tmp/out"
unset ROENTEXT_HOME

# ---- lookup
run 0 "$roentext" lexicon lookup pneumothorax
says out 'RID5352'
run 0 "$roentext" lexicon lookup 气胸
says out 'RID5352'
run 0 "$roentext" lexicon lookup 'Pleural  EFFUSIONS'
says out 'pleural effusion'
run 2 "$roentext" lexicon lookup
finish
