#!/bin/bash
# Accuracy on the development data, which is not part of the repository: run.sh [SHARED], the folder that holds data/ and tools/
# (default ../shared). Prints what the scorers say of the engine's answers and a table at the end; that table is put into
# bench/RESULTS.md. KEEP=FOLDER keeps the answers.
# What a class of a gold standard is in our concepts stands in openi95.tsv, openi14.tsv, ctclip18.tsv and openi_location.tsv.
set -u
shared=${1:-${SHARED:-../shared}}
roentext=${ROENTEXT:-${OUT:-build/release}/roentext}
here=$(dirname "$0")
export ROENTEXT_HOME=${ROENTEXT_HOME:-.} PYTHONDONTWRITEBYTECODE=1
[ -d "$shared/data" ] || { echo "$shared/data is missing: name the folder that holds data/ and tools/" >&2; exit 2; }
data=$shared/data tools=$shared/tools lexicons=$ROENTEXT_HOME/lexicons
if [ -n "${KEEP-}" ]; then tmp=$KEEP; mkdir -p "$tmp"; else tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT; fi
: >"$tmp/table"

# A heading, the output of a scorer, and from it the figure for the table: report NAME TARGET PATTERN COLUMN < OUTPUT
part() { printf '\n== %s\n' "$1"; }
figure() { printf '%-52s %8s  %s\n' "$1" "$(sed -n "s/$3/\1/p" "$tmp/said" | head -n 1)" "$2" >>"$tmp/table"; }
answer() { "$roentext" convert --from jsonl --to jsonl -o "$2" "$1"; } # answer REPORTS ANSWERS
f1='.* F1 \([0-9.]*\).*'

for lang in en zh; do
    part "mentions, $lang"
    answer "$data/gold/${lang}_docs.jsonl" "$tmp/$lang.jsonl"
    python3 "$tools/score_mentions.py" "$data/gold/${lang}_gold.jsonl" "$tmp/$lang.jsonl" | tee "$tmp/said"
    figure "mentions, $lang: mention F1" '>= .90' "^mentions P$f1"
    figure "mentions, $lang: mention and presence F1" '>= .86 en, .87 zh' '^mention and presence F1 \([0-9.]*\).*'
    for what in side size severity change; do
        figure "mentions, $lang: $what of found" "$([ $what = severity ] || { [ $what = change ] && echo '>= .90' || echo '>= .95'; })" "^$what *right on found mentions \([0-9.]*\).*"
    done
done

part 'assertions, NegEx kit'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "concept") $i = "target" } { print }' \
    "$data/en/negex_byreport_dev.tsv" >"$tmp/in.tsv"
"$roentext" assert "$tmp/in.tsv" >"$tmp/negex.tsv"
python3 "$tools/score_assert.py" "$data/en/negex_byreport_dev.tsv" "$tmp/negex.tsv" | tee "$tmp/said"
figure 'NegEx kit: negated F1' '>= .985' "^negated  $f1"
figure 'NegEx kit: historical F1' '>= .72' "^historical $f1"

part 'context cases'
python3 "$here/context.py" rows "$data/en/context_cases.tsv" >"$tmp/in.tsv"
"$roentext" assert "$tmp/in.tsv" >"$tmp/context.tsv"
python3 "$here/context.py" score "$data/en/context_cases.tsv" "$tmp/context.tsv" | tee "$tmp/said"
figure 'context cases right' '>= .95' '^cases right.* = \([0-9.]*\)'

answer "$data/en/openi_dev.jsonl" "$tmp/openi.jsonl"
for field in cat95 std14; do
    part "OpenI, $field"
    python3 "$here/openi.py" "$lexicons" "$here/openi${field#???}.tsv" "$tmp/openi.jsonl" >"$tmp/$field.tsv"
    python3 "$tools/score_openi.py" dev "$tmp/$field.tsv" --field $field --boot 200 | tee "$tmp/said"
    figure "OpenI $field: micro F1" "$([ $field = cat95 ] && echo '>= .88' || echo '>= .92')" "^micro *P$f1"
    [ $field = cat95 ] || continue
    figure 'OpenI: normal reports F1' '>= .96' "^normal report$f1"
    figure 'OpenI: side pairs F1' '>= .80' "^side *pairs$f1"
    figure 'OpenI: severity pairs F1' '>= .75' "^severity *pairs$f1"
    figure 'OpenI: location pairs F1' '>= .70' "^location *pairs$f1"
done

part 'chest CT, 18 labels'
answer "$data/en/ctclip_dev.jsonl" "$tmp/ctclip.jsonl"
python3 "$here/labels.py" "$lexicons" "$here/ctclip18.tsv" "$data/en/ctclip_dev.jsonl" "$tmp/ctclip.jsonl" | tee "$tmp/said"
figure 'chest CT: 18 labels, micro F1' '>= .92' "^micro$f1"

python3 "$here/pairs.py" split "$data/zh/openi_zh_en_mt_dev.jsonl" "$tmp/mt"
for lang in zh en; do
    part "OpenI rewritten by machine, $lang"
    answer "$tmp/mt.$lang.jsonl" "$tmp/mt_$lang.jsonl"
    python3 "$here/openi.py" "$lexicons" "$here/openi95.tsv" "$tmp/mt_$lang.jsonl" "$tmp/mt.uid" >"$tmp/mt_$lang.tsv"
    python3 "$tools/score_openi.py" dev "$tmp/mt_$lang.tsv" --only-uids "$tmp/mt.uids" --boot 200 --min 1000 | sed -n 1,3p | tee "$tmp/said"
    figure "OpenI pairs, $lang: micro F1" 'zh within .05 of en' "^micro *P$f1"
done
python3 "$here/pairs.py" score "$tmp/mt_zh.jsonl" "$tmp/mt_en.jsonl" | tee "$tmp/said"
figure 'OpenI pairs: same concept sets' '>= .80' '^pairs.* sets .* = \([0-9.]*\),.*'

part 'tumour attributes, zh'
answer "$data/zh/ccks_chip_tumour_dev.jsonl" "$tmp/tumour.jsonl"
if [ -f "$here/tumour.py" ]; then
    python3 "$here/tumour.py" "$lexicons" "$data/zh/ccks_chip_tumour_dev.jsonl" "$tmp/tumour.jsonl" >"$tmp/tumour_rows.jsonl"
    python3 "$tools/score_tumour.py" "$data/zh/ccks_chip_tumour_dev.jsonl" "$tmp/tumour_rows.jsonl" | tee "$tmp/said"
    figure 'tumour attributes, together F1' '>= .78' "^together$f1"
else
    echo 'not derived: bench/accuracy/tumour.py is missing'
fi

part 'hard sentences, zh'
if [ -f "$here/hard.py" ]; then
    python3 "$here/hard.py" "$here/hard_zh.tsv" "$data/zh/cues/hard_sentences_zh.jsonl" "$roentext" | tee "$tmp/said"
    figure 'hard sentences right' '>= .95' '^right.* = \([0-9.]*\)'
else
    echo 'not labelled: bench/accuracy/hard.py is missing'
fi

part 'every report answered, every span proved, every document valid'
for name in openi:en/openi_dev tumour:zh/ccks_chip_tumour_dev; do
    file=$data/${name#*:}.jsonl
    "$roentext" convert --from jsonl --dump text -o "$tmp/text.tsv" "$file"
    python3 "$here/prove.py" "$tmp/text.tsv" "$tmp/${name%%:*}.jsonl"
    "$roentext" convert --from jsonl --to xml --validate -o "$tmp/out.xml" "$file" && echo "$(grep -c '<report ' "$tmp/out.xml") valid documents"
done

part 'table'
cat "$tmp/table"
# the table in RESULTS.md, from its title to the end of its block, becomes this one
awk -v table="$tmp/table" '/^== table$/ { print; while ((getline line <table) > 0) print line; skip = 1; next }
    /^```$/ { skip = 0 } !skip' "$here/../RESULTS.md" >"$tmp/results" && cp "$tmp/results" "$here/../RESULTS.md"
