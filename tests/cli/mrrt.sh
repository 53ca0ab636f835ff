#!/bin/bash
# MRRT: templates out (valid for the schema of OpenMRS and the W3C), filled, read back; templates of others in.
. "$(dirname "$0")/cli.inc"
shared=${SHARED:-../shared}/data/sr npm=${NPM:-build/npm}
schema=$shared/mrrt/openmrs/MrrtReportTemplateSchema.xsd

# ---- out: every template, empty and filled
mkdir "$tmp/blank" "$tmp/filled"
"$roentext" template list | tail -n +2 | while IFS=$'\t' read -r id lang _; do echo "$id $lang"; done >"$tmp/ids"
while read -r id lang; do
    run 0 "$roentext" template export-mrrt "$id" --lang "$lang" --date 2026-01-31 -o "$tmp/blank/$id.$lang.html"
    run 0 "$roentext" template import-mrrt --strict -q "$tmp/blank/$id.$lang.html"
done <"$tmp/ids"
run 0 "$roentext" convert --to mrrt -o "$tmp/filled/" corpus/*/*.txt
holds 'all of it is well-formed' xmllint --noout --nonet "$tmp"/blank/*.html "$tmp"/filled/*.html
if [ -f "$schema" ]; then
    holds 'the schema of OpenMRS' xmllint --noout --nonet --schema "$schema" "$tmp"/blank/*.html "$tmp"/filled/*.html
else skip 'the schema of OpenMRS is not here'; fi
vnu=$npm/node_modules/vnu-jar/build/dist/vnu.jar
if [ -f "$vnu" ] && command -v java >/dev/null; then
    holds 'the validator of the W3C' java -jar "$vnu" --errors-only "$tmp"/blank/*.html "$tmp"/filled/*.html
else skip "no validator of the W3C in $npm (tests/setup.sh tests installs it where npm and java are)"; fi
run 2 "$roentext" template export-mrrt no.such
says err "no template is called 'no.such'"
run 2 "$roentext" template export-mrrt ct.chest --date today
says err "'today' is no date"

# ---- what the report says is what is chosen, and nothing else
printf 'FINDINGS: Large left pneumothorax. No pleural effusion. "A" < 5 & more.\nIMPRESSION: Pneumothorax.\n' >"$tmp/r.txt"
run 0 "$roentext" convert --to mrrt -o "$tmp/r.html" "$tmp/r.txt"
holds 'fields agree with the JSON' python3 - "$roentext" "$tmp" <<'EOF'
import json, subprocess, sys, xml.etree.ElementTree as E
program, folder = sys.argv[1:]
def fields(path):
    root, found = E.parse(path).getroot(), {}
    for n in root.iter():
        if n.tag == "select":
            chosen = [o.get("value") for o in n.findall("option") if o.get("selected")]
            assert len(chosen) <= 1 and n.find("option").get("value") == ""
            found[n.get("id")] = (n.get("data-state"), chosen[0] if chosen else None)
        elif n.tag == "input":
            found[n.get("id")] = (n.get("data-state"), n.get("value") or None)
    return root, found
def want(path):
    out = json.loads(subprocess.run([program, "convert", "--to", "jsonl", path], capture_output=True, text=True, check=True).stdout)
    said = {}
    for f in out["fields"]:
        n = f.get("group", "").rpartition("@")[2]
        answered = f["state"] in ("filled", "negated", "uncertain")
        said[f["id"] + ("." + n if n else "")] = (f["state"], f["value"].replace("\n", " ") if answered else None)
    return said
root, found = fields(folder + "/r.html")
said = want(folder + "/r.txt")
assert {k: v for k, v in found.items() if v[0]} == said, (found, said)
assert found["pneumothorax"] == ("filled", "present") and found["pleural_effusion"] == ("negated", "absent")
texts = {n.get("id"): n.text for n in root.iter("textarea")}
assert '"A" < 5 & more.' in texts["findings_text"] and texts["impression_text"] == "Pneumothorax.", texts
import glob, os
n = 0
for path in sorted(glob.glob("corpus/*/*.txt")):
    name = path.replace("/", "_")[:-4] + ".mrrt.html"
    found = {k: v for k, v in fields(f"{folder}/filled/{name}")[1].items() if v[0]}
    assert found == want(path), path
    n += 1
assert n > 50
EOF
"$roentext" template export-mrrt ct.chest -o "$tmp/empty.html"
says_not "$tmp/empty.html" 'selected|checked|data-state'

# ---- in: mapping, defaults, what is reported
cat >"$tmp/in.html" <<'EOF'
<!DOCTYPE html>
<html><head><title>CT &amp; chest</title><meta charset="UTF-8"><meta name="dcterms.title" content="CT &amp; chest">
<meta name="dcterms.identifier" content="http://example.org/template/42"><meta name="dcterms.language" content="en">
<script type="text/xml"><!-- <template_attributes><coded_content>
<entry ORIGTXT="a"><term><code meaning="pleural effusion" value="RID34539" scheme="RadLex"></term></entry>
</coded_content></template_attributes> --></script></head><body>
<section data-section-name="History"><textarea id="h">Cough.</textarea></section>
<section data-section-name="Findings">
<p><label for="a">Fluid</label><select id="a"><option selected>yes</option><option>no</option><option>who knows</option></select></p>
<p>Pneumothorax <input type="checkbox" id="b" checked></p>
<p><label for="c">Nodule size (cm)</label><input type="number" id="c" value="4"></p>
<p><label for="d">Pneumonia</label><select id="d"><option>left</option><option>right</option></select></p>
<p><label for="e">Frobnication</label><select id="e"><option>yes</option><option>no</option></select></p>
<p><label for="f">Pneumothorax</label><select id="f"><option>present</option><option>absent</option></select></p>
<p>Date <input type="date" id="g"></p>
</section></body></html>
EOF
run 0 "$roentext" template import-mrrt -o "$tmp/in.xml" "$tmp/in.html"
says err "in.html:9: field 'Fluid': its preset answer is not taken"
says err "in.html:9: field 'Fluid': the option 'who knows' is left out"
says err "field 'Nodule size \(cm\)': in mm now"
says err "field 'Frobnication': left out: the lexicon does not know"
says err "in.html:14: field 'Pneumothorax': left out: asks what another field asks"
says err "field 'Date': left out: reports have nothing"
says err '4 of 8 fields can be filled'
says_not "$tmp/in.xml" 'who knows|selected|checked|Cough'
holds 'the schema of templates' xmllint --noout --nonet --schema templates/schema/roentext-template.xsd "$tmp/in.xml"
cp -r lexicons templates "$tmp/"
cp "$tmp/in.xml" "$tmp/templates/in.xml"
ROENTEXT_HOME=$tmp run 0 "$roentext" template check
ROENTEXT_HOME=$tmp run 0 "$roentext" convert --dump field "$tmp/r.txt"
says_not out 'mrrt\.'
ROENTEXT_HOME=$tmp run 0 "$roentext" convert --template mrrt.t42 --dump field "$tmp/r.txt"
says out $'mrrt.t42\ta\tnegated\tabsent'
says out $'mrrt.t42\tb\tfilled\tpresent'
says out $'mrrt.t42\tc\tnot-mentioned'
ROENTEXT_HOME=$tmp run 0 "$roentext" convert --template mrrt.t42 --to mrrt "$tmp/r.txt"
says out '<option id="a.absent" value="absent" selected="selected">no</option>'

# ---- labels of another language have names in lexicons/mrrt.tsv; what has none is told of
printf '<!DOCTYPE html><html lang="de"><body><section><header>Befunde</header><label for="a">Pleuraerguss</label><select id="a"><option>ja</option><option>nein</option></select><label for="b">Quatsch</label><select id="b"><option>ja</option><option>nein</option></select></section></body></html>' >"$tmp/de.html"
run 0 "$roentext" template import-mrrt "$tmp/de.html"
says out '<trigger concepts="RID34539"/>'
says err "field 'Quatsch': left out: the lexicon does not know what it asks about"

# ---- what is no template
run 2 "$roentext" template import-mrrt "$tmp/none.html"
run 2 "$roentext" template import-mrrt "$tmp/in.html" "$tmp/in.html"
says err 'several files need a folder'
python3 -c 'print("<div>" * 5000)' >"$tmp/deep.html"
run 1 timeout $((20 * patience)) "$roentext" template import-mrrt -o "$tmp/deep.xml" "$tmp/deep.html"
says err 'nested too deep'
holds 'nothing is half written' test ! -e "$tmp/deep.xml"
printf '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Pneumothorax &x; <input type="checkbox"></body></html>' >"$tmp/entity.html"
run 0 "$roentext" template import-mrrt -q "$tmp/entity.html"
says_not out 'root:'

# ---- the templates of others
if [ -d "$shared/radreport_txt" ]; then
    run 0 "$roentext" template import-mrrt -q -o "$tmp/all/" "$shared"/radreport_txt/*.txt "$shared"/mrrt/*/*.html
    holds 'every file gives a template' bash -c "[ \"\$(ls '$tmp/all' | wc -l)\" -eq \"\$(ls '$shared'/radreport_txt/*.txt '$shared'/mrrt/*/*.html | wc -l)\" ]"
    holds 'all hold to the schema' xmllint --noout --nonet --schema templates/schema/roentext-template.xsd "$tmp"/all/*.xml
    holds 'all can be loaded' python3 - "$roentext" "$tmp" <<'EOF'
import glob, os, re, shutil, subprocess, sys
program, home = sys.argv[1:]
files = sorted(glob.glob(home + "/all/*.xml"))
for i in range(0, len(files), 150):
    for old in glob.glob(home + "/templates/import-*"): os.unlink(old)
    ids = set()
    for k, f in enumerate(files[i:i + 150]):
        name = re.search(r'<template [^>]*? id="([^"]*)"', open(f, encoding="utf-8").read()).group(1)
        if name not in ids: shutil.copy(f, f"{home}/templates/import-{k}.xml")
        ids.add(name)
    subprocess.run([program, "template", "check"], env=dict(os.environ, ROENTEXT_HOME=home), check=True)
EOF
    for file in "$shared"/mrrt/openmrs/invalid*.html; do
        run 1 "$roentext" template import-mrrt --strict -q "$file"
        says err 'MRRT: '
    done
    for file in "$shared"/mrrt/openmrs/CTChest*.html; do run 0 "$roentext" template import-mrrt --strict -q "$file"; done
else skip 'the templates of others are not here'; fi
finish
