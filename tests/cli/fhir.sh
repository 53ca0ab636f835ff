#!/bin/bash
# FHIR from outside: every report of corpus/ as JSON and as XML, against the schemas of FHIR R4 and two validators of npm; the
# two forms say the same; what a record says arrives; errors keep their place.
. "$(dirname "$0")/cli.inc"
here=$(dirname "$0") shared=${SHARED:-../shared} npm=${NPM:-build/npm}
set -- corpus/*/*.txt

run 0 "$roentext" convert --to fhir -o "$tmp/x/" "$@"
run 0 "$roentext" convert --to fhir-xml -o "$tmp/x/" "$@"
holds 'two documents a report' [ "$(ls "$tmp/x" | wc -l)" -eq $((2 * $#)) ]
holds 'both say the same' python3 "$here/fhir.py" "$tmp"/x/*

cat >"$tmp/one.jsonl" <<'END'
{"id":"R1","text":"影像所见:\n右肺上叶　见一磨玻璃结节,直径约8mm,前片约5mm。双侧胸腔未见积液。结节3~6mm。\n印象:\n1.右肺上叶磨玻璃结节,建议复查CT。\n2.主动脉夹层可能 <&>。","exam":"胸部CT平扫","patient_id":"P0001","patient_name":"Zhang^San","sex":"M","birth_date":"19600501","date":"2024-06-01","time":"0930","accession":"ACC123","author":"王五","status":"addendum","report_date":"2024-06-01","report_time":"10:00:05","modality":"CT","body_part":"CHEST"}
{"id":"R2\u0001\"<","text":"FINDINGS: Family history of breast cancer. History of pneumonia. No pneumothorax. Opacity suggestive of pneumonia. Rule out fracture.\nCRITICAL RESULT: Called Dr. Smith at 10:05.","sex":"unknown"}
{"id":"R3"}
END
run 1 "$roentext" convert --to fhir "$tmp/one.jsonl"
cp "$tmp/out" "$tmp/one.json"
holds 'a resource a line' lines out 3
says "$tmp/one.json" '^\{"resourceType":"OperationOutcome".*"valueString":"R3".*"severity":"error","code":"invalid"'
head -n 1 "$tmp/one.json" >"$tmp/R1.json"; sed -n 2p "$tmp/one.json" >"$tmp/R2.json"
for fact in '"status":"appended"' '"value":"P0001"' '"family":"Zhang","given":\["San"\]' '"gender":"male"' '"birthDate":"1960-05-01"' \
    '"effectiveDateTime":"2024-06-01"' '"valueTime":"09:30:00"' '"code":"ACSN"\}\]\},"value":"ACC123"' '"display":"王五"' \
    '"text":"胸部CT平扫"' '"valueString":"CT"' '"conclusion":"1.右肺上叶磨玻璃结节' '"text":"absent"' '"code":"RID28473"' \
    '"urn:roentext:fhir:prior","valueBoolean":true' '"urn:roentext:fhir:about","valueBoolean":true' \
    '"valueQuantity":\{[^}]*\}\],"value":8,"unit":"mm","system":"http://unitsofmeasure.org","code":"mm"' \
    '"resourceType":"QuestionnaireResponse"' '"questionnaire":"urn:roentext:template:ct.chest"' '"linkId":"nodule@1.nodule_size"' \
    '"valueCode":"negated"' '"valueCode":"not-mentioned"' '"resourceType":"DetectedIssue","extension"' \
    '"valueRange":\{"low":\{"value":3,.*"high":\{"value":6' '"code":"AA"' '"resourceType":"ServiceRequest","status":"active","intent":"proposal"'; do
    says "$tmp/R1.json" "$fact"
done
for fact in '"focus":\[\{"display":"family"' 'fhir:temporality","valueCode":"historical"' '"text":"queried"' '"derivedFrom":\[\{"reference":"urn:uuid' \
    '"resourceType":"Communication"' '"status":"unknown"'; do
    says "$tmp/R2.json" "$fact"
done
says_not "$tmp/R2.json" '"gender"|"Patient"'
run 1 "$roentext" convert --to fhir-xml -o "$tmp/y/" "$tmp/one.jsonl"
holds 'R1 in both forms' python3 "$here/fhir.py" "$tmp/R1.json" "$tmp/y/R1.fhir.xml"
holds 'R2 in both forms' python3 "$here/fhir.py" "$tmp/R2.json" "$tmp/y/R2___.fhir.xml"
says "$tmp/y/R3.fhir.xml" '<OperationOutcome xmlns="http://hl7.org/fhir">'
holds 'references have their target' python3 - "$tmp"/x/*.json <<'END'
import json, sys
for path in sys.argv[1:]:
    bundle = json.load(open(path, encoding='utf-8'))
    urls = [e['fullUrl'] for e in bundle['entry']]
    assert len(urls) == len(set(urls)), path
    text = json.dumps(bundle)
    for part in text.split('"reference": "')[1:]:
        assert part.split('"')[0] in urls, path
END

# ---- deterministic
run 0 "$roentext" convert --to fhir -j 2 -o "$tmp/z/" "$@"
run 0 "$roentext" convert --to fhir-xml -j 1 -o "$tmp/z/" "$@"
holds 'the same bytes again' diff -r "$tmp/x" "$tmp/z"

# ---- validators
if [ -r "$shared/data/sr/fhir/fhir-single.xsd" ] && command -v xmllint >/dev/null; then
    holds 'the schema of FHIR R4' xmllint --noout --nonet --schema "$shared/data/sr/fhir/fhir-single.xsd" "$tmp"/x/*.xml "$tmp"/y/*.xml
else skip 'no fhir-single.xsd in SHARED (or no xmllint)'; fi
if [ -d "$npm/node_modules/fhir" ]; then
    cp "$here/fhir.js" "$npm/"
    holds 'the validators of npm' node "$npm/fhir.js" "$tmp"/x/*.json "$tmp/one.json"
else skip "no validators of npm in $npm (tests/setup.sh tests installs them where npm is)"; fi
finish
