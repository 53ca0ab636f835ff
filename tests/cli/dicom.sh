#!/bin/bash
# DICOM SR from outside: every report of corpus/ against the schema of DCMTK, made into a DICOM file by xml2dsr, and that file
# read by dsrdump and checked by dciodvfy. Each of the four sees what the others miss.
. "$(dirname "$0")/cli.inc"

for tool in xmllint xml2dsr dsrdump dsr2xml dciodvfy; do
    command -v $tool >/dev/null || { skip "no $tool"; finish; }
done
xsd=/usr/share/dcmtk/dsr2xml.xsd
set -- corpus/*/*.txt

# One document into the DICOM file $tmp/r.dcm, through all validators; says nothing when it is good.
check() {
    xmllint --noout --nonet --schema "$xsd" "$1" 2>"$tmp/lint" || { cat "$tmp/lint"; return 1; }
    xml2dsr -q +Vs +Vn "$1" "$tmp/r.dcm" || { echo "$1: xml2dsr"; return 1; }
    dsrdump -q "$tmp/r.dcm" >"$tmp/dump" || { echo "$1: dsrdump"; return 1; }
    ! dciodvfy "$tmp/r.dcm" 2>&1 | grep '^Error' | sed "s|^|$1: |" | grep .
}
check_all() { local bad=0; for f in "$@"; do check "$f" || bad=1; done; return $bad; }

run 0 "$roentext" convert --to dicom-sr -o "$tmp/x/" "$@"
holds 'one document a report' [ "$(ls "$tmp/x" | wc -l)" -eq $# ]
holds 'the schema, xml2dsr, dsrdump and dciodvfy' check_all "$tmp"/x/*.dsr.xml

# ---- what a record says of itself, in DICOM's words; what does not fit is left out or cut
cat >"$tmp/one.jsonl" <<'END'
{"id":"R1","text":"影像所见:\n右肺上叶见一磨玻璃结节,直径约8mm,前片约5mm。双侧胸腔未见积液。\n印象:\n1.右肺上叶磨玻璃结节,建议复查CT。\n2.主动脉夹层可能。","exam":"胸部CT平扫\\增强","patient_id":"P0001","patient_name":"Zhang^San","sex":"M","birth_date":"19600501","date":"2024-06-01","time":"0930","accession":"ACC123","author":"王五","status":"preliminary","report_date":"2024-06-01","report_time":"10:00:05"}
{"id":"R2","text":"FINDINGS: Family history of breast cancer. History of pneumonia. No\t pneumothorax.\u007f Possible effusion. Rule out fracture. Recommend follow-up CT in 6-12 months.","accession":"12345678901234567","patient_id":"a\\b\u0001c","sex":"unknown","status":"final","author":"^","exam":"胸部高分辨率CT平扫加增强三维重建检查及腹部盆腔联合扫描血管成像"}
END
run 0 "$roentext" convert --to dicom-sr -o "$tmp/y/" "$tmp/one.jsonl"
holds 'R1 is valid' check "$tmp/y/R1.dsr.xml"
says "$tmp/dump" 'Zhang\^San'
says "$tmp/dump" 'Content Date/Time.*2024-06-01 10:00:05'
says "$tmp/dump" '"Finding Site".*RADLEX'
says "$tmp/dump" '"Diameter"\)="8" \(mm,UCUM,"mm"\)'
says "$tmp/dump" 'prior exam'
says "$tmp/dump" 'Finding context"\)=\(410516002,SCT,"Known absent"\)'
says "$tmp/dump" 'category 1 actionable finding'
says "$tmp/dump" '"fields"'
says "$tmp/dump" '"state"\)=\(negated,'
says "$tmp/dump" '"group"\)=\(nodule@1,'
says "$tmp/y/R1.dsr.xml" 'flag="PRELIMINARY"'
says "$tmp/y/R1.dsr.xml" '<description>胸部CT平扫 增强</description>'
holds 'R2 is valid' check "$tmp/y/R2.dsr.xml"
says "$tmp/dump" '"experiencer"\)=\(family,'
says "$tmp/dump" '"temporality"\)=\(historical,'
says "$tmp/dump" '"Finding context"\)=\(RID34,RADLEX,"possibly"\)'
says "$tmp/dump" '"Finding context"\)=\(queried,'
says "$tmp/dump" 'Content Date/Time.*1900-01-01 00:00:00'
says "$tmp/y/R2.dsr.xml" '<id>a b c</id>'
says "$tmp/y/R2.dsr.xml" '<description>胸部高分辨率CT平扫加增强三维重建检查及腹部</description>'
says_not "$tmp/y/R2.dsr.xml" '1234567890|<sex>'

# ---- deterministic, and nothing is lost on the way there and back
run 0 "$roentext" convert --to dicom-sr -j 2 -o "$tmp/z/" "$@"
holds 'the same bytes again' diff -r "$tmp/x" "$tmp/z"
holds 'and back by dsr2xml' bash -c "xml2dsr -q $tmp/y/R1.dsr.xml $tmp/r.dcm && dsr2xml -q +Xn +Wt $tmp/r.dcm >$tmp/back.xml && grep -q 右肺上叶磨玻璃结节,建议复查CT $tmp/back.xml"

# ---- an error keeps its place
printf '{"id":"a","text":"No fracture."}\n{"id":"b"}\n{"id":"c","text":"No effusion."}\n' >"$tmp/bad.jsonl"
run 1 "$roentext" convert --to dicom-sr "$tmp/bad.jsonl"
holds 'three documents in order' bash -c "grep -E '^<(report|error)' $tmp/out | cut -c1-6 | tr -d '\n' | grep -x '<repor<error<repor'"
finish
