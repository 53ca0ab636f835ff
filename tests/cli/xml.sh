#!/bin/bash
# Structured XML from outside: every report of corpus/ against the XSD and the Schematron, and both refuse what is wrong.
. "$(dirname "$0")/cli.inc"

command -v xmllint >/dev/null || { skip 'no xmllint'; finish; }
xsd=(xmllint --noout --nonet --schema templates/schema/roentext-report.xsd)
sch=(xmllint --noout --nonet --schematron templates/schema/roentext-report.sch)
set -- corpus/*/*.txt

run 0 "$roentext" convert --to xml --validate -o "$tmp/x/" "$@"
holds 'one document a report' [ "$(ls "$tmp/x" | wc -l)" -eq $# ]
holds 'the schema' "${xsd[@]}" "$tmp"/x/*.xml
holds 'the Schematron' "${sch[@]}" "$tmp"/x/*.xml
for lang in en zh; do for id in xr.chest ct.chest generic; do
    holds "some report of corpus/ fits $id in $lang" \
        bash -c "grep -l '<template id=\"$id\"' $tmp/x/*.xml | xargs grep -l 'xml:lang=\"$lang\"'"
done; done

# ---- an error record is a document, too
printf '{"id":"bad"}\n' >"$tmp/bad.jsonl"
run 1 "$roentext" convert --to xml "$tmp/bad.jsonl"
cp "$tmp/out" "$tmp/bad.xml"
holds 'an error record is valid' "${xsd[@]}" "$tmp/bad.xml"
says "$tmp/bad.xml" '<error .*id="bad".*code="bad-record"'

# ---- the word lists of the schema are those of the program
holds 'the schema knows every word, and no other' python3 - src/model/vocab.h templates/schema/roentext-report.xsd <<'END'
import re, sys
header, schema = (open(p, encoding='utf-8').read() for p in sys.argv[1:])
lists = {name: re.findall(r'X\(P, \w+,\s*"([^"]+)"', body) for name, body in
         re.findall(r'#define (RT_\w+)\(X, P\)(.*?)(?=#define|$)', re.sub(r'\\\n\s*', ' ', header), re.S)}
types = {name: re.findall('enumeration value="([^"]+)"', body)
         for name, body in re.findall(r'<xs:simpleType name="(\w+)">(.*?)</xs:simpleType>', schema, re.S)}
unsaid = {'none', 'conditional'}
for vocab, kind in [('RT_SECTIONS', 'sectionType'), ('RT_PRESENCES', 'presence'), ('RT_TEMPORALITIES', 'temporality'),
                    ('RT_EXPERIENCERS', 'experiencer'), ('RT_CHANGES', 'change'), ('RT_SEVERITIES', 'severity'),
                    ('RT_SIDES', 'laterality'), ('RT_MEASURE_KINDS', 'measureKind'), ('RT_FIELD_STATES', 'fieldState'),
                    ('RT_ISSUE_SEVERITIES', 'level')]:
    assert lists[vocab] and set(lists[vocab]) - unsaid == set(types[kind]), (vocab, lists[vocab], types[kind])
END

# ---- --validate and --schema, for every format that is XML
for to in xml fhir fhir-xml dicom-sr; do run 0 "$roentext" convert --to $to --validate -o "$tmp/v/" "$@"; done
for to in jsonl html; do run 2 "$roentext" convert --to $to --validate "$1"; says err 'are for XML'; done
for to in cda wst500; do run 2 "$roentext" convert --to $to --validate "$1"; says err 'name yours with --schema'; done
run 2 "$roentext" convert --validate --dump finding "$1"
run 2 "$roentext" convert --schema LICENSE "$1"
says err 'LICENSE:1:'
run 2 "$roentext" convert --schema "$tmp/nowhere.xsd" "$1"
run 1 "$roentext" convert --to fhir --schema templates/schema/dsr2xml.xsd "$1"
says err "$1:1: line 2 of the document: "
holds 'what is not valid leaves an error in its place' bash -c "grep -q OperationOutcome $tmp/out && [ \$(wc -l <$tmp/out) -eq 1 ]"

# ---- what is broken is refused: a wrong word, a wrong place, a field without its evidence
printf 'FINDINGS: Chest radiograph. Left pneumothorax. No effusion.\n' >"$tmp/one.txt"
run 0 "$roentext" convert --to xml "$tmp/one.txt"
cp "$tmp/out" "$tmp/one.xml"
run 0 "${sch[@]}" "$tmp/one.xml"
breaks() { # VALIDATOR NAME SED-SCRIPT
    sed "$3" "$tmp/one.xml" >"$tmp/broken.xml"
    holds "$2: the script changed something" bash -c "! cmp -s $tmp/one.xml $tmp/broken.xml"
    case $1 in xsd) run 3 "${xsd[@]}" "$tmp/broken.xml" ;; sch) run 3 "${sch[@]}" "$tmp/broken.xml" ;; esac
}
breaks xsd 'a word outside the list' 's/presence="absent"/presence="gone"/'
breaks xsd 'a finding in no section' 's/section="findings"/section="nowhere"/'
breaks xsd 'a flag for nothing' 's/communicated="false" finding="f1"/communicated="false" finding="f99"/'
breaks sch 'a span that lies' 's/>pneumothorax<\/span>/>Pneumothorax<\/span>/'
breaks sch 'a wrong length' 's/ length="\([0-9]*\)"/ length="1\1"/'
breaks sch 'a heading that lies' 's/<heading b="0"/<heading b="1"/'
breaks sch 'a field without evidence' 's/state="not-mentioned"/state="filled"/'
breaks sch 'a code of another system' 's/system="RADLEX" code="RID5352"/system="ROENTEXT" code="RID5352"/'
breaks sch 'wrong coverage' 's/fieldsTotal="/fieldsTotal="9/'
finish
