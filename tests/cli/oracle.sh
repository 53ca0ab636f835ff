#!/bin/bash
# A second opinion: style sheets (tests/oracle) make FHIR, DICOM SR, CDA and WS/T 500 of the native report; the writers in C
# must state the same facts, for every report of corpus/ and for records that say much of themselves.
. "$(dirname "$0")/cli.inc"
command -v xsltproc >/dev/null || { skip 'no xsltproc'; finish; }
oracle=$(dirname "$0")/../oracle

cat >"$tmp/records.jsonl" <<'END'
{"id":"R1","text":"影像所见:\n右肺上叶见一磨玻璃结节,直径约8mm,前片约5mm。双侧胸腔未见积液。肝右叶囊肿,大小约12mm×9mm。\n印象:\n1.右肺上叶磨玻璃结节。\n2.主动脉夹层可能。","exam":"胸部CT平扫","patient_id":"P0001","patient_name":"张三","sex":"M","birth_date":"1960-05-01","date":"2024-06-01","time":"09:30:00","accession":"ACC123","author":"王五","status":"preliminary","report_date":"2024-06-01","report_time":"10:00:00","modality":"CT","body_part":"CHEST"}
{"id":"R2","text":"FINDINGS: Three nodules, the largest 8 mm, previously 5 mm. Mild bilateral effusion. No pneumothorax.\nIMPRESSION: Possible pneumonia.","patient_id":"P2","sex":"F","status":"final","date":"20240601"}
{"id":"R3","text":"No acute disease.","status":"addendum"}
{"id":"R4","text":"xyz"}
END
run 0 "$roentext" convert --to xml -o "$tmp/native/" corpus/*/*.txt "$tmp/records.jsonl"
for pair in fhir:fhir-xml dsr:dicom-sr cda:cda wst500:wst500; do
    sheet=${pair%:*} to=${pair#*:} pairs=()
    run 0 "$roentext" convert --to "$to" -o "$tmp/ours/" corpus/*/*.txt "$tmp/records.jsonl"
    for native in "$tmp"/native/*.xml; do
        name=$(basename "$native" .xml)
        xsltproc --nonet "$oracle/to_$sheet.xsl" "$native" >"$tmp/$sheet-$name.xml" 2>>"$tmp/complaints"
        pairs+=("$tmp/ours/$name.$sheet.xml" "$tmp/$sheet-$name.xml")
    done
    holds "$to and the style sheet state the same facts" python3 "$oracle/facts.py" $sheet "${pairs[@]}"
    # what is not the same is seen: another report, another presence
    run 1 python3 "$oracle/facts.py" $sheet "$tmp/ours/R1.$sheet.xml" "$tmp/$sheet-R2.xml"
done
sed 's/presence="absent"/presence="present"/' "$tmp/native/R1.xml" >"$tmp/lie.xml"
for sheet in fhir dsr cda; do
    xsltproc --nonet "$oracle/to_$sheet.xsl" "$tmp/lie.xml" >"$tmp/lie-$sheet.xml"
    run 1 python3 "$oracle/facts.py" $sheet "$tmp/ours/R1.$sheet.xml" "$tmp/lie-$sheet.xml"
done
holds 'the style sheets do not complain' [ ! -s "$tmp/complaints" ]
finish
