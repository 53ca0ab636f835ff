#!/bin/bash
# CDA R2 and WS/T 500.6 from outside: every report of corpus/ against CDA.xsd and SDA.xsd, shown by HL7's style sheet; what a
# record says arrives, what it does not say has a nullFlavor and never an empty attribute.
. "$(dirname "$0")/cli.inc"
shared=${SHARED:-../shared}
cda=$shared/data/sr/cda/normative/infrastructure/cda/CDA.xsd sda=$shared/data/sr/wst500/sdschemas/SDA.xsd
style=$shared/data/sr/cda/xsl/CDA.xsl
set -- corpus/*/*.txt

cat >"$tmp/one.jsonl" <<'END'
{"id":"R1","text":"检查技术:平扫。\n影像所见:\n右肺上叶见一磨玻璃结节,直径约8mm,前片约5mm。双侧胸腔未见积液。结节3~6mm。\n印象:\n1.右肺上叶磨玻璃结节,建议复查CT。\n2.主动脉夹层可能 <&>。","exam":"胸部CT平扫","patient_id":"P0001","patient_name":"张三","sex":"M","birth_date":"19600501","date":"2024-06-01","time":"0930","accession":"ACC123","author":"Wang^Wu","report_date":"2024-06-01","report_time":"10:00:05","modality":"CT"}
{"id":"R2","text":"FINDINGS: Family history of breast cancer. History of pneumonia. No pneumothorax. Opacity suggestive of pneumonia. Rule out fracture. Nodule less than 5 mm.","sex":"unknown","birth_date":"May"}
{"id":"R3","text":"   \u0001 x"}
{"id":"R4"}
END
for to in cda wst500; do
    run 0 "$roentext" convert --to $to -o "$tmp/x/" "$@"
    run 1 "$roentext" convert --to $to -o "$tmp/y/" "$tmp/one.jsonl"
    holds "$to: a document a report" [ "$(ls "$tmp"/x/*.$to.xml | wc -l)" -eq $# ]
    holds "$to: no attribute is empty" bash -c "! grep -lE '=\"\"' $tmp/x/*.$to.xml $tmp/y/*.$to.xml"
    says "$tmp/y/R4.$to.xml" '<error xmlns="urn:roentext:report:1" id="R4"'
    run 0 "$roentext" convert --to $to -j 2 -o "$tmp/z/" "$@"
done
holds 'the same bytes again' diff -r "$tmp/x" "$tmp/z"
rm "$tmp"/y/R4.*

for fact in '<id root="2.25.178367586909245812250643803684978842324" extension="P0001"/>' '<name>张三</name>' '<family>Wang</family>' \
    '<birthTime value="19600501"/>' '<low value="20240601093000"/>' '<effectiveTime value="20240601100005"/>' 'extension="ACC123"' \
    '<observation classCode="OBS" moodCode="EVN" negationInd="true">' '<value xsi:type="PQ" value="8" unit="mm"/>' \
    'code="prior" .*displayName="prior exam"' '<low value="3" unit="mm"/>' '<interpretationCode code="AA"' '<act classCode="ACT" moodCode="PRP">' \
    '<value code="RID34" codeSystem="2.16.840.1.113883.6.256"' '<paragraph>2.主动脉夹层可能 &lt;&amp;&gt;。</paragraph>'; do
    says "$tmp/y/R1.cda.xml" "$fact"
done
for to in cda wst500; do # what was derived: fields with their state, checks, text that no field took
    for fact in '<title>模板字段</title>' 'displayName="state"' 'code="nodule@1.nodule_size"' '<value xsi:type="PQ" value="8" unit="mm"/>' \
        '<title>质量检查</title>' 'code="Q33"' '<value xsi:type="ST">“右肺上叶磨玻璃结节,建议复查CT。”未注明' '<title>未入字段的文字</title>'; do
        says "$tmp/y/R1.$to.xml" "$fact"
    done
done
for fact in '<relatedSubject classCode="PRS">' 'displayName="historical"' 'inversionInd="true"' 'displayName="queried"' \
    '<administrativeGenderCode nullFlavor="UNK"/>' '<birthTime nullFlavor="UNK"/>' '<name nullFlavor="UNK"/>' '<high value="5" unit="mm"/>'; do
    says "$tmp/y/R2.cda.xml" "$fact"
done
for fact in 'code="C0006"' 'extension="P0001"' 'administrativeGenderCode code="1"' '<value xsi:type="ST">胸部CT平扫</value>' '>平扫。</value>|: 平扫。' \
    '<value xsi:type="ST">右肺上叶见一磨玻璃结节' '<value xsi:type="ST">1.右肺上叶'; do
    says "$tmp/y/R1.wst500.xml" "$fact"
done
says "$tmp/y/R2.wst500.xml" 'administrativeGenderCode code="9"'
says "$tmp/y/R2.wst500.xml" '<value xsi:type="ST" nullFlavor="UNK"/>'

# ---- validators
command -v xmllint >/dev/null || { skip 'no xmllint'; finish; }
if [ -r "$cda" ] && [ -r "$sda" ]; then
    holds 'CDA.xsd' xmllint --noout --nonet --schema "$cda" "$tmp"/x/*.cda.xml "$tmp"/y/*.cda.xml
    holds 'SDA.xsd' xmllint --noout --nonet --schema "$sda" "$tmp"/x/*.wst500.xml "$tmp"/y/*.wst500.xml
else skip 'no CDA.xsd and SDA.xsd in SHARED'; fi
if [ -r "$style" ] && command -v xsltproc >/dev/null; then
    run 0 xsltproc --nonet "$style" "$tmp/y/R2.cda.xml"
    for shown in '\[absent\]' '\[family history\]' '\[history\]' '\[queried\]'; do says out "$shown"; done
    run 0 xsltproc --nonet "$style" "$tmp/y/R1.cda.xml"
    for shown in 胸部CT平扫 张三 P0001 影像所见 '\[无\]' '\[可能\]' '2.主动脉夹层可能 &lt;&amp;&gt;。'; do says out "$shown"; done
else skip 'no CDA.xsl in SHARED (or no xsltproc)'; fi
finish
