#!/bin/bash
# HL7 v2 out: the messages hold to the rules of the standard, and what is written is what is read back.
. "$(dirname "$0")/cli.inc"
convert() { "$roentext" convert "$@"; }

cat >"$tmp/in.jsonl" <<'EOF'
{"id":"r|1","text":"FINDINGS: Large left pneumothorax ^with mediastinal shift & more \\T\\ ~5|6.\nNo pleural effusion. 8 mm nodule in the right upper lobe.\nIMPRESSION: Left tension pneumothorax.","exam":"Chest & more","modality":"CR","patient_id":"P^1","patient_name":"DOE^JANE","sex":"F","birth_date":"1970-01-02","date":"2024-06-01","time":"09:30","status":"final","author":"WANG^LI","accession":"A7"}
{"id":"r2","text":"检查所见：\n右肺上叶见一磨玻璃结节，直径约8mm。\n\n【诊断意见】\n1.右肺上叶磨玻璃结节。\n2.主动脉夹层可能。","status":"preliminary","modality":"CT","exam":"胸部CT"}
{"id":"r3","text":"Lungs are clear."}
{"id":"r4","text":" "}
EOF
run 1 convert --to hl7 -o "$tmp/out.hl7" "$tmp/in.jsonl"
run 1 convert --to jsonl -o "$tmp/first.jsonl" "$tmp/in.jsonl"
run 1 convert --to jsonl -o "$tmp/again.jsonl" "$tmp/out.hl7"
says err 'MSH-9: ACK is no report'

cat >"$tmp/check.py" <<'EOF'
import re, sys
DATE = re.compile(r'^(""|\d{8}(\d{6})?)$')
def message(text):
    assert text.endswith("\r") and "\n" not in text
    segments = [s.split("|") for s in text[:-1].split("\r")]
    names = [s[0] for s in segments]
    assert all(re.fullmatch("MSH|PID|OBR|OBX|NTE|MSA", n) for n in names), names
    for s in segments:
        for field in s[2:] if s[0] == "MSH" else s[1:]:
            bare = re.sub(r"\\([FSTRE]|\.br)\\", "", field)
            assert "\\" not in bare and "~" not in bare and not re.search(r"[\x00-\x1f]", bare), field
    msh = [None, "|"] + segments[0][1:]
    assert msh[2] == "^~\\&" and msh[12] == "2.5.1" and msh[18] == "UNICODE UTF-8" and DATE.match(msh[7])
    assert 0 < len(msh[10]) <= 20 and msh[11] == "P"
    if msh[9].startswith("ACK"):
        assert names == ["MSH", "MSA"] and segments[1][1] == "AE" and segments[1][3]
        return None
    assert msh[9] == "ORU^R01^ORU_R01" and names[:3] == ["MSH", "PID", "OBR"] and "OBX" in names
    pid, obr = segments[1], segments[2]
    assert pid[3] and pid[5] and obr[4] and obr[3] and obr[25] in "FPCXR"
    sections, fields = 0, set()
    for n, s in enumerate((s for s in segments if s[0] == "OBX"), 1):
        s += [""] * (18 - len(s))
        assert s[1] == str(n) and s[11] in "FPCR" and s[3] and s[5], s
        code = s[3].split("^")
        assert len(code) in (3, 6) and all(code), s[3]
        kinds = {"FT": 1, "ST": 1, "NM": 1, "CWE": (3, 6)}
        assert s[2] in kinds
        if s[2] == "CWE": assert len(s[5].split("^")) in kinds["CWE"], s[5]
        if s[2] == "NM": float(s[5])
        assert bool(s[8]) == bool(s[17]) and s[8].split("^")[0] in ("", "A", "AA"), s
        if s[3].startswith("critical^"): assert s[8]
        elif code[2] == "99ROENTEXT":
            assert (s[3], s[4]) not in fields, s
            fields.add((s[3], s[4]))
        else: sections += 1
    assert sections
    return segments
EOF
holds 'the messages hold to the rules' python3 - "$tmp" <<'EOF'
import re, sys
sys.path.insert(0, sys.argv[1])
from check import message
text = open(sys.argv[1] + "/out.hl7", encoding="utf-8", newline="").read()
all = [message("MSH" + m) for m in text.split("MSH")[1:]]
assert len(all) == 4 and all[3] is None
one = all[0]
assert one[2][3] == "r\\F\\1" and one[1][3] == "P\\S\\1" and one[1][5] == "DOE^JANE" and one[2][25] == "F"
obx = [s for s in one if s[0] == "OBX"]
assert any(s[8].startswith("AA^") for s in obx if s[3].startswith("pneumothorax^")), obx
assert any(s[8].startswith("AA^") and "19005-8" in s[3] for s in obx)
assert not any(s[8] for s in obx if s[3].startswith("pleural_effusion^"))
issues = [n for n, s in enumerate(one) if s[0] == "OBX" and s[3].startswith("issue^")]
assert [(one[n][5].split("^")[0], one[n + 1][3]) for n in issues] == [("Q35", "high")], one
assert not any(s[8].startswith("A") for s in all[2] if s[0] == "OBX")
EOF
python=/usr/bin/python3 # packages of the system are the system's Python's
if "$python" -c 'import hl7' 2>/dev/null; then
    holds 'the Python library reads the same values' "$python" - "$tmp/out.hl7" <<'EOF'
import hl7, sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
m = hl7.parse("MSH" + text.split("MSH")[1])
assert m.unescape(str(m.segment("PID")[3])) == "P^1"
body = m.unescape(str(m.segments("OBX")[0][5]), {".br": "\n"})
assert "^with mediastinal shift & more \\T\\ ~5|6.\nNo pleural" in body, body
EOF
else skip 'no python3-hl7'; fi

cat >"$tmp/same.py" <<'EOF'
import json, sys
facts = lambda r: [(f["concept"], f["presence"], f["laterality"], f["change"], f["severity"], f["section"], f["text"])
                   for f in r["findings"]]
fields = lambda r: [(f["id"], f["state"], f["value"]) for f in r["fields"]]
flags = lambda r: [(c["rule"], c["certainty"]) for c in r["critical"]]
n = 0
for a, b in zip(open(sys.argv[1], encoding="utf-8"), open(sys.argv[2], encoding="utf-8"), strict=True):
    a, b = json.loads(a), json.loads(b)
    if "error" in a:
        assert "error" in b
        continue
    assert a["id"] == b["id"] and a["lang"] == b["lang"], (a["id"], b["id"])
    for what in (facts, flags, fields): assert what(a) == what(b), (a["id"], what(a), what(b))
    assert a["template"]["id"] == b["template"]["id"], a["id"]
    n += 1
print(n, "reports")
EOF
holds 'what is written is what is read' python3 "$tmp/same.py" "$tmp/first.jsonl" "$tmp/again.jsonl"
ls corpus/*/*.txt >"$tmp/files"
xargs "$roentext" convert --to jsonl -o "$tmp/first.jsonl" <"$tmp/files"
xargs "$roentext" convert --to hl7 -o "$tmp/out.hl7" <"$tmp/files"
run 0 convert --to jsonl -o "$tmp/again.jsonl" "$tmp/out.hl7"
holds 'the corpus is read back with the same facts' python3 "$tmp/same.py" "$tmp/first.jsonl" "$tmp/again.jsonl"
holds 'the messages of the corpus hold to the rules' python3 - "$tmp" <<'EOF'
import sys
sys.path.insert(0, sys.argv[1])
from check import message
text = open(sys.argv[1] + "/out.hl7", encoding="utf-8", newline="").read()
assert all(message("MSH" + m) for m in text.split("MSH")[1:])
EOF
finish
