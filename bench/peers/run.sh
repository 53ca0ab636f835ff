#!/bin/bash
# What others do with the same texts on the same machine in the same run: run.sh [SHARED] (default ../shared, the folder that
# holds data/ and tools/). By hand, not in CI: it fetches the pinned packages of requirements.txt into build/peers, which takes
# minutes. Every task is a process of its own, so that memory is its own too. Python engines read the first 300 reports and say so.
set -eu
shared=${1:-${SHARED:-../shared}}
roentext=${ROENTEXT:-build/release/roentext}
export ROENTEXT ROENTEXT_HOME=${ROENTEXT_HOME:-.}
[ -d "$shared/data" ] || { echo "$shared/data is missing: name the folder that holds data/ and tools/" >&2; exit 2; }
venv=build/peers
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
[ -x $venv/bin/python ] || { python3 -m venv $venv && $venv/bin/pip install --quiet -r bench/peers/requirements.txt; }
[ -d $venv/lucene ] || mvn -q -B -f bench/peers/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/$venv/lucene"
if ! $venv/bin/python -c 'import pkuseg' 2>"$tmp/err"; then # its C++ was generated for an older Python: made anew from the Cython
    $venv/bin/pip download --quiet --no-deps --no-build-isolation --no-binary :all: -d "$tmp" pkuseg==0.0.25
    tar -xzf "$tmp"/pkuseg-*.tar.gz -C "$tmp" && find "$tmp"/pkuseg-* -name '*.cpp' -delete
    $venv/bin/pip install --quiet --no-build-isolation "$tmp"/pkuseg-*/
fi
export PEERS_TABLE=$tmp/table.tsv
peer() { ${python:-$venv/bin/python} bench/peers/peers.py "$@" 2>"$tmp/err" || { echo "$* failed: $(tail -n 1 "$tmp/err")"; }; }
search() { # Debian's own Python has a sqlite3 that loads extensions, and python3-xapian
    case $1 in *-roentext | *-xapian) python=/usr/bin/python3 ;; *) python= ;; esac
    peer "$1" "$2" "$tmp/$1"
}
score_assert() { python3 "$shared/tools/score_assert.py" "$gold" "$1" | sed -n 's/^negated  */    negated /p'; }
score_mentions() { python3 "$shared/tools/score_mentions.py" "$shared/data/gold/en_gold.jsonl" "$1" | sed -n '1,2s/^/    /p'; }

echo "== negation of a given target: the NegEx kit"
gold=$shared/data/en/negex_byreport_dev.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "concept") $i = "target" } { print }' "$gold" >"$tmp/in.tsv"
for name in roentext medspacy negspacy; do
    peer assert-$name "$tmp/in.tsv" "$tmp/$name.tsv" && score_assert "$tmp/$name.tsv"
done

echo "== extraction with negation: all English forms of our lexicon as targets"
for name in roentext medspacy negspacy; do
    peer mentions-$name "$shared/data/gold/en_docs.jsonl" "$tmp/$name.jsonl" && score_mentions "$tmp/$name.jsonl"
done
for name in roentext medspacy negspacy radreport; do peer extract-$name "$shared/data/en/openi_dev.jsonl" "$tmp/$name.jsonl"; done

echo "== Chinese words"
for name in icu rjieba jieba pkuseg; do peer words-$name "$shared/data/zh/ccks_chip_tumour_dev.jsonl" -; done

echo "== index and search, English"
for name in roentext fts5 tantivy lucene_icu xapian; do search search-$name "$shared/data/en/openi_dev.jsonl"; done

echo "== index and search, Chinese (the others of above do not split Chinese words)"
for name in roentext lucene_icu lucene_smartcn; do search search_zh-$name "$shared/data/zh/ccks_chip_tumour_dev.jsonl"; done

gnuplot -e "table='$tmp/table.tsv'" bench/peers/plot.gp >bench/peers/peers.svg && echo "drawn: bench/peers/peers.svg"
