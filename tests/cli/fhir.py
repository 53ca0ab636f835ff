"""fhir.py FILE.json FILE.xml ...: pairs of one Bundle in both forms; do they say the same?

Both become a list of (path, value) in order; what JSON writes as a list and XML as repetition is one path. XHTML counts by
its text."""
import json, re, sys
import xml.etree.ElementTree as ET

F, H = '{http://hl7.org/fhir}', '{http://www.w3.org/1999/xhtml}'


def squeeze(text):
    return ' '.join(text.split())


def of_json(node, path, out):
    if isinstance(node, dict):
        if 'resourceType' in node:
            path += '/' + node['resourceType']
        for name, value in node.items():
            if name == 'div':
                out.append((path + '/div', squeeze(re.sub('<[^>]*>', ' ', value))))
            elif name != 'resourceType':
                of_json(value, path + '/' + name, out)
    elif isinstance(node, list):
        for item in node:
            of_json(item, path, out)
    else:
        out.append((path, {True: 'true', False: 'false'}[node] if isinstance(node, bool) else str(node)))


def of_xml(node, path, out):
    for name in ('url', 'value'):
        if name in node.attrib:
            out.append((path + ('/url' if name == 'url' else ''), node.get(name)))
    for child in node:
        if child.tag == H + 'div':
            words = re.sub('&(lt|gt|amp|quot);', r'&\1;', squeeze(' '.join(child.itertext())))
            out.append((path + '/div', words))
        else:
            of_xml(child, path + '/' + child.tag.replace(F, ''), out)


bad = 0
for json_path, xml_path in zip(sys.argv[1::2], sys.argv[2::2]):
    a, b = [], []
    of_json(json.load(open(json_path, encoding='utf-8')), '', a)
    root = ET.parse(xml_path).getroot()
    of_xml(root, '/' + root.tag.replace(F, ''), b)
    a = [(p, v if not p.endswith('/div') else squeeze(v.replace('&lt;', '<').replace('&gt;', '>').replace('&quot;', '"').replace('&amp;', '&'))) for p, v in a]
    if a != b or len(a) < 8:
        bad = 1
        print(json_path, 'and', xml_path, 'differ:', next((x for x in zip(a, b) if x[0] != x[1]), (len(a), len(b))))
sys.exit(bad)
