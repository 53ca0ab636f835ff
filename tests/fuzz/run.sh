#!/bin/sh
# One fuzz target for some seconds: run.sh OUT TARGET SECONDS. New inputs stay in OUT/fuzz/corpus, so that the next run
# starts from them; a crash is kept as OUT/fuzz/NAME-crash-*: once mended, move it to tests/fuzz/seeds/NAME/.
set -eu
out=$1 target=$2 seconds=$3
name=${target#fuzz_}
found=$out/fuzz/corpus/$name
mkdir -p "$found"
dict=tests/fuzz/$name.dict
seeds=tests/fuzz/seeds/$name
exec "$out/fuzz/$target" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="$out/fuzz/$name-" $([ -f "$dict" ] && echo "-dict=$dict") "$found" $([ -d "$seeds" ] && echo "$seeds")
