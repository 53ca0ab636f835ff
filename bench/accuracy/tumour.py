#!/usr/bin/env python3
"""tumour.py LEXICONS REPORTS.jsonl ANSWERS.jsonl: primary site, lesion size and metastasis sites of Chinese oncology reports, one JSON
object a line, from the engine's findings: which are cancers, metastases and masses, where they lie, what was measured. The values are
strings of the report, because the gold standard is."""
import json
import re
import sys
import answers

lexicon = answers.Lexicon(sys.argv[1])
METASTASIS = {lexicon.id('metastasis'), lexicon.id('lymph node metastasis')}
CANCER = {lexicon.id('malignancy')}
NUMBER = r'(?<![\d.])\d{1,2}[.、](?!\d)'  # of a list item
CLAUSE = re.compile(r'[,，;；。:：?？\n\t]|\s{2,}|' + NUMBER)
LEAD = re.compile(r'^(全身多处|全身|结合|所示|残|恶性伴|变化不著|远端|邻近|右侧?多个|临床|病史|考虑为|考虑|首先|原|其旁?|不除外|不排除|除外|疑似|疑|可疑|可能为|可能|并累及|累及|并|伴有|伴|复发伴|侵犯|及其|及|和|合并|多发性?|广泛|散在|部分|少许|多个|作出|请结合骨扫描除外|'
                  r'余|以上|另|较前|新发|新增|术后|治疗后|占位|癌|上述征象|倾向|提示|符合|为|均|有|示|见|可见|而|致|[-—.。、\s])+')
TAIL = re.compile(r'(转移性?|较前|新增|新|伴|硬化|弥漫|粟粒状?|成骨性|溶骨性|多个|圆形|粟粒状|点状|致密|骨质|两枚|所示|低密度|代谢|多发|广泛|散在|单发|数个|数枚|结节状?|占位|肿大|考虑|可能|略|稍|为|内|处|示|见|可见|新发|及其|及|并|[、\s])+$')
LESION = re.compile(r'((多发|肿大)(?!.*淋巴结)|散在|数个|数枚|少许|微小|小|增大|类?结节|肿块|占位|病变|病灶|粟粒|弥漫|软组织|低密度|高密度|异常|局部|骨质|密度|信号|强化|(?<=淋巴结)肿大|增厚|增粗|肿物|破坏|影|灶|可见|见|示).*$')
STRONG, WEAK = re.compile('软组织|肿块|占位|肿物|团块|团片'), re.compile('结节|病灶|病变|密度影|密度灶|密度增高|密度结节|信号|回声|片影|摄取|代谢')
OTHER = re.compile('癌|积液|治疗|术后|炎')  # what stands before the word is another disease, no place
NO_PLACE = re.compile('([一两二三]枚|改变|不均匀|略[高低大]|不除外|不能|代谢|病理性|受侵).*$')
ORGANS = '肺乳肝胃肠胰肾卵宫咽喉管腺脾脑骨膀列胆膜'
PLACE = re.compile('[肺肝骨脑脾肾椎膜门隔颈腋锁胸腹盆淋肌皮壁肋乳卵肠胃胰区叶裂腺管肢]')


def is_kind(finding, kinds):
    return bool(lexicon.up(finding['concept'], False) & kinds)


def clause_start(text, at):
    start = 0
    for m in CLAUSE.finditer(text, max(0, at - 80), at):
        start = m.end()
    return start


def sites(phrase):
    """右肺门、纵隔淋巴结 -> its places; places joined by 及 that share their lymph nodes stay together."""
    out = []
    for part in re.split(r'、|并|与|，|,', re.sub('(增大|小)+的?(?=淋巴结)', '', phrase)):
        part = TAIL.sub('', LEAD.sub('', part))
        nodes = all(re.search('[门隔窝锁颈腹颌旁乳]|淋巴', p) for p in re.split('及|和', part))
        pieces = [part] if nodes else re.split('及|和', part)
        pieces = [re.sub('(?<=椎)骨$|^一(?=[上下]位)', '', TAIL.sub('', NO_PLACE.sub('', LEAD.sub('', p)))) for p in pieces if not OTHER.search(p)]
        out += [piece for piece in pieces if PLACE.search(piece)]
    return out


def metastases(text, findings):
    out = []
    for i, f in enumerate(findings):
        if not is_kind(f, METASTASIS) or f['presence'] not in ('present', 'possible') and f['change'] != 'resolved':
            continue
        start = max([clause_start(text, f['b'])] + [g['e'] for g in findings[:i] if is_kind(g, CANCER | METASTASIS) and g['e'] <= f['b']])
        word = re.search('转移', text[f['b']:f['e']])
        found = sites(text[start:f['b'] + (word.start() if word else f['e'] - f['b'])])
        out += found or explained(text, findings, i)
    return list(dict.fromkeys(out))


def explained(text, findings, i):
    """左肺结节灶,考虑转移: the place of the lesion."""
    f = findings[i]
    before = [g for g in findings[:i] if f['b'] - g['e'] < 30 and not re.search(r'[。;；\n\t]|' + NUMBER, text[g['e']:f['b']])]
    for g in reversed(before):
        start = clause_start(text, g['b'])
        found = sites(LESION.sub('', re.sub('(增大|小)+的?(?=淋巴结)', '', text[start:g['e']])))
        if found:
            return found
    start = clause_start(text, max(clause_start(text, f['b']) - 1, 0))  # a lesion that the engine does not know
    clause = text[start:f['b']]
    return [] if re.search(r'[。;；\n\t]', clause) else sites(LESION.sub('', clause))


def cut_site(phrase):
    """右肺上叶后段支气管开口处 -> 右肺上叶, 右肺上叶后段 stays; what stands before the last side belongs to another sentence."""
    if not re.search('(尖|背|基底|舌)段$', phrase):
        phrase = re.split('(?<=叶)[前后内外上下尖背舌基底]*段', phrase)[0]
    phrase = re.split('支气管|组织|病变|巨块|新生物|近|旁|纵隔旁|靠|内|区|处|开口|周围|可|野|胸膜|外[上下侧]|内[上下侧]|上象限|象限|多发|实质|腺体|不规则|[(（ ]', phrase)[0]
    side = re.search('[左右双两][^左右双两]*$', phrase)
    return (side[0] if side else phrase).replace('残', '')


def site_of_mass(text, finding):
    """The place in front of the verb (右肺下叶|支气管开口处示一不规则肿块), else the place that the engine found."""
    phrase = cut_site(LEAD.sub('', re.split('可?见|示|显示|有|呈', text[clause_start(text, finding['b']):finding['b']])[0]))
    if set(phrase) & set(ORGANS):
        return phrase
    for b, e in sorted(map(tuple, finding['anatomy_spans'] or [])):
        if set(text[b:e]) & set(ORGANS):
            return cut_site(text[b:e])
    return phrase


def size_of(text, finding, dimensions):
    for m in finding['measurements'] or []:
        if m['unit'] == 'mm' and not m['prior'] and len(m['values']) in dimensions:
            number = re.search(r'\d.*', text[m['b']:m['e']])
            if number:
                return number[0]
    return None


def size_behind(text, findings, mass):
    """The size of the mass, or the first with two dimensions that follows in its sentence."""
    for dimensions in ((2, 3), (1,)):
        for f in findings:
            if f is mass or (dimensions[0] == 2 and f['b'] > mass['b'] and not re.search('[。;；\\n\\t]', text[mass['b']:f['b']])):
                size = size_of(text, f, dimensions)
                if size:
                    return size
    return None


def site_of_cancer(text, cancer):
    """右乳癌 -> 右乳; 右肺下叶肺癌 -> 右肺下叶."""
    phrase = LEAD.sub('', text[clause_start(text, cancer['b']):cancer['e']])
    site = re.sub('(中心型|中央型|周围型|原发性?|恶性)*(肺癌|癌|恶性肿瘤|ca|CA|MT).*$', '', phrase)
    site = LEAD.sub('', re.split('并|伴', site)[-1])
    return site + ('肺' if '肺癌' in phrase and '肺' not in site else '')


def attributes(text, answer):
    findings = [f for f in answer.get('findings', ()) if f['method'] != 'derived' and f['experiencer'] == 'patient']
    cancers = [f for f in findings if is_kind(f, CANCER) and not is_kind(f, METASTASIS) and f['presence'] in ('present', 'possible')]
    named = list(dict.fromkeys(s for s in (cut_site(site_of_cancer(text, f)) for f in cancers) if s and PLACE.search(s)))
    row = {'id': answer['id'], 'primary_site': named[:1], 'lesion_size': [], 'metastasis': metastases(text, findings)}
    organs = {c for s in named[:1] for c in s if c in ORGANS}
    sides = {f['laterality'] for f in cancers[:1]} - {None}
    ranked = []
    for f in findings:
        site = site_of_mass(text, f)
        fits = f['presence'] == 'present' and PLACE.search(site) and (not organs or organs & set(site)) and (not sides or f['laterality'] in sides)
        if not fits or f['type'] != 'finding':
            continue
        size = size_behind(text, findings, f)
        before = text[max(0, f['b'] - 6):f['e']]
        if STRONG.search(f['text']):
            ranked.append((0 if size else 2, site, size))
        elif set(site) & organs and size and WEAK.search(f['text']) and re.search('多发|数[个枚]', before) and not re.search('小|类结', before):
            ranked.append((1.5, named[0], size))  # the largest of several
        elif organs and size and WEAK.search(f['text']) and not re.search('多发|数[个枚]|散在|小|类结', before):
            ranked.append((1, site, size))
    _, site, size = min(ranked, key=lambda r: r[0], default=(3, '', None))
    site = named[0] if named and site == named[0] + '脏' else site
    if site and (cancers or size):
        row['primary_site'] = named[:1] if named and '叶' in named[0] and '叶' not in site else [site]
        row['primary_site'] += [n for n in named if not set(n) & set(''.join(row['primary_site'])) & set(ORGANS)]  # two cancers
        row['lesion_size'] = [size] if size else []
    return row


for report, answer in zip(answers.answers(sys.argv[2]), answers.answers(sys.argv[3]), strict=True):
    print(json.dumps(attributes(report['text'], answer), ensure_ascii=False))
