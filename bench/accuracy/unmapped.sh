#!/bin/bash
# Share of the characters of findings and impression whose sentences no template field has evidence in, on the development
# data, which is not part of the repository: unmapped.sh [SHARED]. Prints it for chest CT in English, and for CT in Chinese.
set -u
shared=${1:-${SHARED:-../shared}}
roentext=${ROENTEXT:-${OUT:-build/release}/roentext}
export ROENTEXT_HOME=${ROENTEXT_HOME:-.}
[ -d "$shared/data" ] || { echo "$shared/data is missing: name the folder that holds data/" >&2; exit 2; }

share() { # share NAME REPORTS
    "$roentext" convert --from jsonl --to xml -o - - <"$2" | awk -v name="$1" '
        match($0, /<template id="[^"]*"/) { template[substr($0, RSTART + 14, RLENGTH - 15)]++ }
        match($0, /<coverage mapped="[0-9]+" total="[0-9]+"/) {
            split(substr($0, RSTART, RLENGTH), part, "\""); mapped += part[2]; total += part[4]; reports++ }
        END { printf "%s: unmapped %.1f %% of %d characters, %d reports (aim: under 15 %%)\n", name, total ? 100 * (total - mapped) / total : 100, total, reports
              for (t in template) printf "    %-14s %5d\n", t, template[t] }'
}

tmp=$(mktemp); trap 'rm -f "$tmp"' EXIT
share 'ctclip_dev' "$shared/data/en/ctclip_dev.jsonl"
grep '"modality_guess": "CT"' "$shared/data/zh/ccks_chip_tumour_dev.jsonl" >"$tmp"
share 'ccks_chip_tumour_dev, CT' "$tmp"
