#!/bin/bash
# Accuracy on the development data, which is not part of the repository: accuracy.sh [FOLDER], the folder that holds data/ and
# tools/ (default ../shared). Prints what the scorers say, and whether every report was answered, validated and proved its spans.
set -u
shared=${1:-${SHARED:-../shared}}
roentext=${ROENTEXT:-${OUT:-build/release}/roentext}
export ROENTEXT_HOME=${ROENTEXT_HOME:-.}
[ -d "$shared/data" ] || { echo "$shared/data is missing: name the folder that holds data/ and tools/" >&2; exit 2; }
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT

for lang in en zh; do
    echo "== mentions, $lang"
    "$roentext" convert --from jsonl --to jsonl -o "$tmp/$lang.jsonl" "$shared/data/gold/${lang}_docs.jsonl"
    python3 "$shared/tools/score_mentions.py" "$shared/data/gold/${lang}_gold.jsonl" "$tmp/$lang.jsonl"
done

echo "== assertions"
gold=$shared/data/en/negex_byreport_dev.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "concept") $i = "target" } { print }' "$gold" >"$tmp/in.tsv"
"$roentext" assert "$tmp/in.tsv" >"$tmp/out.tsv"
python3 "$shared/tools/score_assert.py" "$gold" "$tmp/out.tsv"

cat >"$tmp/prove.py" <<'END'
# prove.py DUMP ANSWERS: lines in = lines out, errors, and spans whose text is not what the document text holds there.
import json, re, sys
rows = [l for l in open(sys.argv[1], encoding='utf-8').read().split('\n')[2::3]]
unescape = lambda s: re.sub(r'\\(.)', lambda m: {'t': '\t', 'n': '\n'}.get(m[1], m[1]), s)
n = errors = findings = wrong = 0
for row, answer in zip(rows, open(sys.argv[2], encoding='utf-8'), strict=True):
    text, a = unescape(row.split('\t')[2]), json.loads(answer)
    n += 1
    errors += 'error' in a
    for f in a.get('findings', ()):
        findings += 1
        wrong += text[f['b']:f['e']] != f['text']
print(f'{n} reports, {errors} errors, {findings} findings, {wrong} spans that do not prove themselves')
END
for file in en/openi_dev zh/ccks_chip_tumour_dev; do
    echo "== $file"
    "$roentext" convert --from jsonl --to jsonl -o "$tmp/out.jsonl" "$shared/data/$file.jsonl"
    "$roentext" convert --from jsonl --dump text -o "$tmp/text.tsv" "$shared/data/$file.jsonl"
    python3 "$tmp/prove.py" "$tmp/text.tsv" "$tmp/out.jsonl"
    "$roentext" convert --from jsonl --to xml --validate -o "$tmp/out.xml" "$shared/data/$file.jsonl" &&
        echo "$(grep -c '<report ' "$tmp/out.xml") valid documents"
done
