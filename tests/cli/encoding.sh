#!/bin/bash
# Encodings of Chinese reports: what the detection decides, and that the text is what Python decodes. The real files are in
# SHARED/data/zh/encoding (GBK and Big5), which is not part of the repository.
. "$(dirname "$0")/cli.inc"
shared=${SHARED:-../shared}

# decoded FILE CODEC CHARSET: the document text is the file decoded, and the charset is named so
decoded() {
    "$roentext" convert --from text --dump text "$1" >"$tmp/dump" || return 1
    python3 - "$1" "$2" "$3" "$tmp/dump" <<'END'
import sys
path, codec, charset, dump = sys.argv[1:]
said, _, text, _ = open(dump, encoding='utf-8').read().split('\n')[1].split('\t')
assert said == charset, said
want = open(path, 'rb').read().decode(codec).lstrip('\ufeff').replace('\r\n', '\n')
text = text.replace('\\n', '\n').replace('\\t', '\t')
assert text == want, [(a, b) for a, b in zip(text, want) if a != b][:3]
END
}

# ---- our own sentences, in every encoding that they can be written in
report='检查所见：右侧腘窝囊肿，大小约3.2㎝×1.5㎝；CT: no fracture. 未见骨折。'
traditional='檢查所見：右側胸腔積液，未見氣胸。左肺下葉結節，建議追蹤。'
for as in utf-8:UTF-8 utf-8-sig:UTF-8 gb18030:GB18030 utf-16:UTF-16LE; do
    python3 -c "import sys; open(sys.argv[1], 'wb').write(sys.argv[2].encode(sys.argv[3]))" "$tmp/report.txt" "$report" "${as%%:*}"
    holds "a report in ${as%%:*}" decoded "$tmp/report.txt" "${as%%:*}" "${as##*:}"
    run 0 "$roentext" convert --to jsonl "$tmp/report.txt"
    says out '"name_zh":"腘窝囊肿".*"values":\[32,15\]'
done
python3 -c "import sys; open(sys.argv[1], 'wb').write(sys.argv[2].encode('big5'))" "$tmp/big5.txt" "$traditional"
holds 'a report in Big5' decoded "$tmp/big5.txt" big5 Big5
run 0 "$roentext" convert --to jsonl "$tmp/big5.txt"
says out '"name_zh":"胸腔积液"'

# ---- real files
if [ -d "$shared/data/zh/encoding" ]; then
    for file in "$shared"/data/zh/encoding/*; do
        case $file in
        *big5*) holds "$file" decoded "$file" cp950 Big5 ;;
        *gbk*) holds "$file" decoded "$file" gb18030 GB18030 ;;
        *) fail "$file: say here what it is" ;;
        esac
    done
    # cut in the middle of a character: all but that one is there, and the answer says so
    head -c 1001 "$shared/data/zh/encoding/toyhom_sample_gbk.csv" >"$tmp/cut.txt"
    run 0 "$roentext" convert --from text --dump text "$tmp/cut.txt"
    says out '^GB18030	zh	department'
else skip 'no data/zh/encoding in SHARED'; fi
finish
