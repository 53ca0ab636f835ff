#!/bin/bash
# Text that repeats one thing for a mebibyte must neither hang nor cost more than its length: 20 s is fifty times what a
# release build needs for most of these, and far below what a quadratic loop takes.
. "$(dirname "$0")/cli.inc"
limit=$((20 * patience))

for piece in a 'no ' 1 肺 '[' 'no, ' 'nodule, ' 'no nodule, ' '未见结节，' 'nodule 8 mm, ' 'left ' 'stable, ' $'LUNGS:\n' 'nodule? '; do
    python3 -c 'import sys; n = len(sys.argv[1].encode()); sys.stdout.write(sys.argv[1] * ((1 << 20) // n))' "$piece" >"$tmp/long.txt"
    run 0 timeout $limit "$roentext" convert --to jsonl "$tmp/long.txt"
    holds "one answer to a mebibyte of '$piece'" lines out 1
done

# ---- every format writes a long report in time
python3 -c 'print("FINDINGS: " + "Left nodule 8 mm. No effusion. Pneumothorax. " * 20000)' >"$tmp/long.txt"
for to in xml fhir fhir-xml dicom-sr cda wst500; do run 0 timeout $limit "$roentext" convert --to $to -o /dev/null "$tmp/long.txt"; done

# ---- a sentence above the ceiling is cut, and the report says so
python3 -c 'print("nodule, " * 4000)' >"$tmp/long.txt"
run 0 "$roentext" convert --dump issue "$tmp/long.txt"
says out 'sentence-cut'
run 0 "$roentext" convert --dump finding "$tmp/long.txt"
holds 'each of the 4,000 is still found' lines out 4001
finish
