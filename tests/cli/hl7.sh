#!/bin/bash
# HL7 v2 in: messages plain and in frames, charset, sections, errors. With the shared data: every message is answered.
. "$(dirname "$0")/cli.inc"
convert() { "$roentext" convert --to jsonl "$@"; }
shared=${SHARED:-../shared}/data

cat >"$tmp/a.hl7" <<'EOF'
MSH|^~\&|RIS|H|X|Y|20240601100000||ORU^R01|M1|P|2.5.1||||||UNICODE UTF-8
PID|1||P1^^^H||测试^患者||19600501|M
OBR|1|O1|F1|C1^胸部CT平扫^L|||20240601093000|||||||||||||||20240601095800||CT|P
OBX|1|FT|59776-5^检查所见^LN||右侧气胸，肺压缩约40%。\.br\双侧胸腔未见积液。||||||P
OBX|2|FT|&IMP||右侧气胸。||||||P
MSH|^~\&|RIS|H|X|Y|20240601100000||ORU^R01|M2|P|2.5.1
OBR|1|O2|F2|71046^XR Chest 2 Views|||20240601||||||||||||||||||CR|C
OBX|1|TX|71046&GDT||LUNGS: Clear.~HEART: Normal size.||||||C
MSH|^~\&|RIS|H|X|Y|20240601100000||ADT^A08|M3|P|2.5.1
MSH|^~\&|RIS|H|X|Y|20240601100000||ORU^R01|M4|P|2.5.1
OBR|1|O4
OBX|1|ED|PDF||^AP^PDF^Base64^AA==
EOF
run 1 convert "$tmp/a.hl7"
holds 'an answer a message' lines out 4
says err 'a\.hl7:9: HL7: MSH-9: ADT is no report'
says err 'a\.hl7:12: HL7: OBX\[1\]-5: no report text'
says out '"id":"O4","error":\{"code":"bad-record"'
holds 'sections, findings and fields arrive' python3 - "$tmp/out" <<'EOF'
import json, sys
a, b = (json.loads(l) for l in open(sys.argv[1], encoding="utf-8").readlines()[:2])
assert a["id"] == "F1" and a["lang"] == "zh" and a["template"]["id"] == "ct.chest", a
assert [s["type"] for s in a["sections"]] == ["findings", "impression"], a
assert a["findings"][0]["name"] == "pneumothorax" and a["critical"], a
assert b["id"] == "F2" and b["lang"] == "en" and b["template"]["id"] == "xr.chest", b
EOF
cp "$tmp/out" "$tmp/want"
run 1 bash -c "iconv -f UTF-8 -t GB18030 '$tmp/a.hl7' | sed 's/UNICODE UTF-8/GB 18030-2000/; s/\$/\r/' | tr -d '\n' | '$roentext' convert --to jsonl -"
holds 'GB18030 with CR gives the same' cmp "$tmp/out" "$tmp/want"
run 0 bash -c "sed 's/^MSH/\x1c\n\x0bMSH/' '$tmp/a.hl7' | '$roentext' convert --to jsonl --from hl7 - | sed 's/\"line\":[0-9]*//' "
sed 's/"line":[0-9]*//' "$tmp/want" >"$tmp/want.nolines"
holds 'MLLP frames give the same' cmp "$tmp/out" "$tmp/want.nolines"
run 0 "$roentext" convert --to xml --validate -o "$tmp/x.xml" - < <(head -n 8 "$tmp/a.hl7")
says "$tmp/x.xml" 'status="preliminary"'
says "$tmp/x.xml" '<patient id="P1" name="测试\^患者" sex="M" birthDate="1960-05-01"/>'
says "$tmp/x.xml" 'format="hl7v2"'
says "$tmp/x.xml" 'status="corrected"'

# ---- the messages of others
if [ -f "$shared/hl7/oru_messages.jsonl" ]; then
    python3 - "$shared/hl7/oru_messages.jsonl" "$tmp" <<'EOF'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1], encoding="utf-8")]
open(sys.argv[2] + "/all.hl7", "wb").write(b"".join(r["message"].encode() + b"\r" for r in rows))
json.dump([bool(r["text"].strip()) for r in rows], open(sys.argv[2] + "/has_text", "w"))
EOF
    run 1 convert "$tmp/all.hl7"
    holds 'every message is answered; those with a text are reports' python3 - "$tmp/out" "$tmp/has_text" <<'EOF'
import json, sys
answers = [json.loads(l) for l in open(sys.argv[1], encoding="utf-8")]
assert ["findings" in a for a in answers] == json.load(open(sys.argv[2]))
assert all(a["id"] and ("findings" in a or "OBX" in a["error"]["message"]) for a in answers)
EOF
    for file in "$shared"/sr/hl7v2/*.hl7; do
        case $file in *CDA.hl7 | *PDF.hl7) want=1 ;; *) want=0 ;; esac
        run $want convert "$file"
        holds "$file is answered" lines out 1
    done
else skip 'the shared messages are not here'; fi
finish
