"""facts.py FORMAT OURS ORACLE ...: pairs of documents, one of the program, one that a style sheet made of the native report;
FORMAT is fhir, dsr, cda or wst500. Do they state the same facts? Each document becomes a list of facts, in order; where the
program says more than the style sheet (comparators in DICOM, qualifiers in CDA), that is left out of the comparison."""
import re, sys
import xml.etree.ElementTree as ET


def strip(node):
    for n in node.iter():
        if isinstance(n.tag, str):
            n.tag = n.tag.split('}')[-1]
    return node


def squeeze(text):
    return re.sub(r'[\s\u3000\xa0]+', ' ', text or '').strip()


def value(node, path):
    found = node.find(path)
    return None if found is None else squeeze(found.get('value'))


def number(text):
    return None if text is None else float(text)


def fhir_component(c):
    q, r = c.find('valueQuantity'), c.find('valueRange')
    if q is not None:
        said = (number(value(q, 'value')), value(q, 'comparator'), value(q, 'code'))
    elif r is not None:
        said = (number(value(r, 'low/value')), number(value(r, 'high/value')), value(r, 'low/code'))
    else:
        said = value(c, 'valueInteger') or value(c, 'valueCodeableConcept/text')
    return value(c, 'code/text'), said


def fhir_field(item):
    state = next(e.find('valueCode').get('value') for e in item.findall('extension') if e.get('url') == 'urn:roentext:fhir:state')
    return ('field', value(item, 'linkId'), value(item, 'text'), state, value(item, 'answer/valueCoding/code'),
            number(value(item, 'answer/valueQuantity/value')), value(item, 'answer/valueString'))


def fhir(root):
    form = root.find('.//QuestionnaireResponse')
    if form is not None:
        yield 'form', value(form, 'questionnaire'), sorted(value(i, 'linkId') for i in form.iter('item') if i.find('item') is not None)
        yield from sorted(map(str, (fhir_field(i) for i in form.iter('item') if i.find('item') is None)))
    for issue in root.iter('DetectedIssue'):
        yield 'issue', value(issue, 'code/coding/code'), value(issue, 'severity'), value(issue, 'detail')
    report = root.find('.//DiagnosticReport')
    yield ('report', value(report, 'status'), value(report, 'subject/identifier/value'), value(report, 'effectiveDateTime'),
           value(report, 'code/text') or None, len(report.findall('result')))
    yield 'narrative', squeeze(' '.join(report.find('text/div').itertext()))
    for o in root.iter('Observation'):
        if o.find('valueString') is not None:  # a stated category
            yield 'grade', value(o, 'code/coding/code'), value(o, 'valueString'), value(o, 'note/text')
            continue
        presence = value(o, 'valueCodeableConcept/text')
        yield ('finding', value(o, 'code/coding/system'), value(o, 'code/coding/code'), value(o, 'code/text'), presence,
               value(o, 'valueCodeableConcept/coding/code') if presence in ('present', 'absent') else None,
               value(o, 'interpretation/coding/code'), value(o, 'note/text'), value(o, 'bodySite/coding/code'),
               sorted(map(str, (fhir_component(c) for c in o.findall('component')))))


def dsr_item(c, kind):
    return [(i.findtext('concept/value'), i.findtext('value'), i) for i in c.findall(kind)]


def grade(item):  # of the style sheet, texts have codes of LOINC and DICOM alone
    return item.findtext('concept/scheme/designator') == 'RADLEX' or item.findtext('concept/value').startswith('RX')


def dsr_own(section, kind):
    """fields, issues and unmapped sentences; fields in no order: the native report puts them under their sections"""
    if kind == 'unmapped':
        yield kind, [squeeze(v) for _, v, _ in dsr_item(section, 'text')]
    elif kind == 'issues':
        yield kind, [(c, squeeze(v)) for c, v, _ in dsr_item(section, 'text')]
    else:
        yield kind, sorted((what, squeeze(i.findtext('concept/meaning'))[:12], [m[1] for m in dsr_item(i, 'code') if m[0] == 'state'],
                            number(v) if what == 'num' else squeeze(v) if what == 'text' else v[:9])
                           for what in ('code', 'num', 'text') for _, v, i in dsr_item(section, what))


def dsr(root):
    yield ('header', root.findtext('patient/id') or None, root.findtext('patient/sex') or None,
           root.findtext('study/date') or None, root.findtext('study/time') or None, root.findtext('study/accession/number') or None)
    for section in root.findall('document/content/container/container'):
        if section.findtext('concept/value') == '18783-1' and any(v == '121075' for v, _, i in dsr_item(section, 'text')):
            continue  # recommendations, which the style sheet does not write
        if section.findtext('concept/value') in ('fields', 'issues', 'unmapped'):
            yield from dsr_own(section, section.findtext('concept/value'))
            continue
        yield 'section', section.findtext('concept/value'), [squeeze(v) for _, v, i in dsr_item(section, 'text') if not grade(i)]
        for _, code, f in dsr_item(section, 'code'):
            mods = dsr_item(f, 'code')
            numbers = [(c, float(v), i.findtext('unit/value')) for c, v, i in dsr_item(f, 'num')
                       if c != 'count' and all(m != 'upper' for _, m, _ in dsr_item(i, 'code'))]
            yield ('finding', code, f.findtext('scheme/designator'), (f.findtext('meaning') or '')[:12],
                   ('408729009', '410516002') in [m[:2] for m in mods], [v for c, v, _ in mods if c == '363698007'], numbers,
                   [squeeze(v) for _, v, _ in dsr_item(f, 'text')])


def cda_number(o):
    v = o.find('value')
    low, high = v.find('low'), v.find('high')
    v = low if low is not None else high if high is not None else v
    return float(v.get('value')), v.get('unit')


def cda_own(section):
    """fields, issues and unmapped sentences; fields in no order: the native report puts them under their sections"""
    said = []
    for o in section.findall('entry/observation'):
        code, v = o.find('code'), o.find('value')
        states = [q.find('value').get('code') for q in code.findall('qualifier') if q.find('name').get('code') == 'state']
        said.append((code.get('code') if not states else code.get('displayName'), states, '' if v is None else
                     v.get('code') or number(v.get('value')) or squeeze(v.text)))
    yield section.find('code').get('code'), sorted(map(str, said)), [squeeze(p.text) for p in section.findall('text/paragraph')]


def cda_own_sections(root):
    return [s for s in root.iter('section') if s.find('code') is not None and s.find('code').get('code') in ('fields', 'issues', 'unmapped')]


def cda(root):
    role = root.find('recordTarget/patientRole')
    ident = role.find('id').get('extension') or None
    gender, birth = role.find('patient/administrativeGenderCode'), role.find('patient/birthTime')
    yield ('header', ident, squeeze(role.findtext('patient/name')), gender.get('code'), birth.get('value'),
           root.find('languageCode').get('code'))
    own = cda_own_sections(root)
    for section in root.iter('section'):
        if section in own:
            yield from cda_own(section)
            continue
        code, marks = section.find('code'), {}
        for c in section.iter('content'):
            if c.get('ID'):
                marks[c.get('ID')] = squeeze(c.text)
        yield 'section', None if code is None else code.get('code') or None, squeeze(section.findtext('title'))
        for o in section.findall('entry/observation'):
            if o.find('code').get('code') != 'ASSERTION':
                continue
            v = o.find('value')
            yield ('finding', o.get('negationInd'), v.get('code'), v.get('codeSystem'), v.get('displayName'),
                   [t.get('code') for t in o.findall('targetSiteCode')],
                   [cda_number(m) for m in o.findall('entryRelationship/observation')
                    if m.find('templateId') is not None], marks[o.find('text/reference').get('value')[1:]])


def wst500(root):
    role = root.find('recordTarget/patientRole')
    yield ('header', role.find('id').get('extension') or None, squeeze(role.findtext('patient/name')),
           role.find('patient/administrativeGenderCode').get('code'), role.find('patient/birthTime').get('value'))
    for section in cda_own_sections(root):
        yield from cda_own(section)
    for o in root.iter('observation'):
        code = o.find('code').get('code')
        if not (code or '').startswith('DE'):
            continue
        if code != 'DE06.00.179.00':  # remarks, which the style sheet does not write
            yield code, squeeze(o.findtext('value'))


def same(fact, other):
    # what was seen, under another heading or none: the style sheet looks for that of findings alone
    return fact == other or (other == ('DE04.50.131.00', '') and fact[0] == other[0])


facts = {'fhir': fhir, 'dsr': dsr, 'cda': cda, 'wst500': wst500}[sys.argv[1]]
bad = total = 0
for ours, oracle in zip(sys.argv[2::2], sys.argv[3::2]):
    a, b = (list(facts(strip(ET.parse(p).getroot()))) for p in (ours, oracle))
    total += len(a)
    if len(a) == len(b) and all(map(same, a, b)):
        continue
    bad += 1
    print(ours, 'states', len(a), 'facts, the style sheet', len(b))
    print(next(('\n  %s\n  %s' % pair for pair in zip(a, b) if not same(*pair)), ''))
print(total, 'facts compared,', bad, 'documents differ')
sys.exit(bad > 0 or total < 10)
