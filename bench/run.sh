#!/bin/bash
# Speed and memory: run.sh [FILE.jsonl...] (default: the reports of corpus/). First part by part inside one process, then the
# program from outside, from JSONL on disk to what it writes, with 1 and 2 threads, and into an index. The machine is shared
# and noisy: compare ratios, not seconds. bench/RESULTS.md keeps what was measured.
set -eu
out=${OUT:-build/release}
roentext=${ROENTEXT:-$out/roentext}
export ROENTEXT_HOME=${ROENTEXT_HOME:-.}
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT

if [ $# -eq 0 ]; then
    python3 - "$tmp/corpus.jsonl" <<'END'
import glob, json, sys
with open(sys.argv[1], 'w', encoding='utf-8') as out:
    for path in sorted(glob.glob('corpus/*/*.txt')):
        out.write(json.dumps({'id': path, 'text': open(path, encoding='utf-8').read()}, ensure_ascii=False) + '\n')
END
    set -- "$tmp/corpus.jsonl"
fi

cat >"$tmp/time.py" <<'END'
# time.py FILE COMMAND...: wall and CPU seconds, reports/s, MB/s of source, peak memory of one run.
import os, resource, subprocess, sys, time
begun = time.monotonic()
status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
wall = time.monotonic() - begun
use = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], 'rb') as f: reports = sum(1 for line in f if line.strip())
size = os.path.getsize(sys.argv[1])
print('%8.2f s wall %8.2f s CPU %8.0f reports/s %7.1f MB/s %7.1f MiB%s' % (wall, use.ru_utime + use.ru_stime, reports / wall,
      size / wall / 1e6, use.ru_maxrss / 1024, '' if status == 0 else '  exit status %d' % status))
END

for file in "$@"; do
    echo "== $file"
    "$out/bench/bench" "$ROENTEXT_HOME" "$file" "$out/lexicon.rtl"
    for jobs in 1 2; do
        for to in jsonl xml; do
            printf 'convert --to %-5s -j %d ' $to $jobs
            python3 "$tmp/time.py" "$file" "$roentext" convert --from jsonl --to $to -j $jobs -o "$tmp/out" "$file"
        done
    done
    if "$roentext" index --help >/dev/null 2>&1; then
        rm -f "$tmp"/db*
        printf 'index                      '
        python3 "$tmp/time.py" "$file" "$roentext" index "$tmp/db" --from jsonl "$file"
        ls -l "$tmp/db" | awk '{ printf "index of %.2f MB\n", $5 / 1e6 }'
    fi
done
