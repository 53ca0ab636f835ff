/* The DICOM SR writer. TID 2000 is a tree of content items:
 *
 *   document -> section (container) -> its text
 *                                   -> finding (code) -> what is said of it (codes, numbers)
 *            -> fields, issues, unmapped (containers of ours): the templates, the quality checks
 *
 * A bare code asserts that the finding is there; so absence, doubt, history and another person are
 * concept modifiers of it. Codes of DICOM and SNOMED CT are those that DICOM itself prescribes. */
#include "output/dsr.h"

#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "output/dsr_parts.h"

typedef struct place_in { /* what no section has taken yet */
    uint32_t finding, grade;
} place_in;

const rt_code_ref rt_dsr_finding_code = {"DCM", "121071", "Finding"};

/* ---- values */

/* The value; a failure to make it is one of the result. */
static rt_str made(rt_dsr *w)
{
    if (w->text.code != RT_OK && w->m.out->code == RT_OK)
        w->m.out->code = w->text.code;
    return rt_buf_str(&w->text);
}

/* At most max bytes of whole characters, on one line, without what separates values in DICOM. */
static rt_str cut(rt_dsr *w, rt_str s, size_t max)
{
    rt_buf_clear(&w->text);
    for (size_t i = 0, end = 0; i < s.len; i = end) {
        for (end = i + 1; end < s.len && rt_utf8_cont(s.ptr[end]);)
            end++;
        if (end > max)
            break;
        char c = s.ptr[i];
        if ((c >= 0 && c < ' ') || c == 0x7F || c == '\\')
            rt_buf_addc(&w->text, ' ');
        else
            rt_buf_add(&w->text, rt_str_slice(s, i, end));
    }
    return rt_str_trim(made(w));
}

/* Text of any length: line ends are its only control characters. */
void rt_dsr_free_text(rt_dsr *w, rt_str s)
{
    rt_buf_clear(&w->text);
    for (size_t i = 0; i < s.len; i++)
        rt_buf_addc(&w->text, s.ptr[i] == '\t' || s.ptr[i] == 0x7F ? ' ' : s.ptr[i]);
    rt_tag_text(&w->m, "value", made(w));
}

/* Nothing if the value is empty. */
static void element(rt_dsr *w, const char *name, rt_str value, size_t max)
{
    rt_str s = cut(w, value, max);
    if (s.len == 0)
        return;
    rt_tag(&w->m, name);
    rt_chars_outside(&w->m, s);
    rt_tag_end(&w->m);
}

static void identifier(rt_dsr *w, const char *name, rt_str value, size_t max)
{
    if (value.len <= max)
        element(w, name, value, max);
}

static void date(rt_dsr *w, rt_date d)
{
    char s[16];
    snprintf(s, sizeof s, "%04u-%02u-%02u", d.year % 10000, d.month % 100, d.day % 100);
    rt_tag_text(&w->m, "date", rt_str_from(s));
}

static void clock_time(rt_dsr *w, rt_clock t)
{
    char s[16];
    snprintf(s, sizeof s, "%02u:%02u:%02u", t.hour % 100, t.minute % 100, t.second % 100);
    rt_tag_text(&w->m, "time", rt_str_from(s));
}

/* What is left of `room` behind a part of a name and its '^'. */
static size_t room_after(rt_str part, size_t room)
{
    return part.len + 1 < room ? room - part.len - 1 : 0;
}

/* Family name ^ given name ^ middle name, as in DICOM and HL7; all of it in one value. */
static void person(rt_dsr *w, const char *name, rt_str value)
{
    rt_cut family = rt_str_cut(rt_str_cut(value, '=').head, '^');
    rt_cut given = rt_str_cut(family.tail, '^');
    size_t room = room_after(family.head, LONG_STRING);
    rt_tag(&w->m, name);
    element(w, "first", given.head, room);
    element(w, "middle", rt_str_cut(given.tail, '^').head, room_after(given.head, room));
    element(w, "last", family.head, LONG_STRING);
    rt_tag_end(&w->m);
}

/* ---- codes and content items */

void rt_dsr_triple(rt_dsr *w, rt_code_ref c)
{
    rt_tag_text(&w->m, "value", rt_str_from(c.code));
    rt_tag(&w->m, "scheme");
    rt_tag_text(&w->m, "designator", rt_str_from(rt_system_of(c.system)->designator));
    rt_tag_end(&w->m);
    element(w, "meaning", rt_str_from(c.display), LONG_STRING);
}

void rt_dsr_open_item(rt_dsr *w, const char *kind, const char *relationship, rt_code_ref concept)
{
    rt_tag(&w->m, kind);
    rt_tag_text(&w->m, "relationship", rt_str_from(relationship));
    rt_tag(&w->m, "concept");
    rt_dsr_triple(w, concept);
    rt_tag_end(&w->m);
}

void rt_dsr_code_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_code_ref value)
{
    rt_dsr_open_item(w, "code", relationship, concept);
    rt_dsr_triple(w, value);
    rt_tag_end(&w->m);
}

void rt_dsr_text_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_span at)
{
    rt_str text = rt_str_trim(rt_text_slice(&w->d->text, at));
    if (text.len == 0)
        return;
    rt_dsr_open_item(w, "text", relationship, concept);
    rt_dsr_free_text(w, text);
    rt_tag_end(&w->m);
}

static rt_code_ref in_language(const rt_dsr *w, uint32_t concept)
{
    rt_code_ref c = rt_concept_code(w->k->lexicon, concept);
    c.display = rt_concept_name(w->k, w->d, concept);
    return c;
}

/* ---- a finding: modifiers */

static void presence(rt_dsr *w, unsigned value)
{
    static const rt_code_ref context = {"SCT", "408729009", "Finding context"};
    static const rt_code_ref absent = {"SCT", "410516002", "Known absent"};
    if (value != RT_PRESENCE_PRESENT)
        rt_dsr_code_item(w, MOD, context,
                         value == RT_PRESENCE_ABSENT ? absent : rt_presence_code(value));
}

/* A vocabulary's first value is what goes without saying. */
static void word(rt_dsr *w, const char *name, unsigned value, rt_code_ref code)
{
    if (value != 0)
        rt_dsr_code_item(w, MOD, rt_own_code(name), code);
}

static void place(rt_dsr *w, const rt_place *p)
{
    static const rt_code_ref site = {"SCT", "363698007", "Finding Site"};
    rt_dsr_open_item(w, "code", MOD, site);
    word(w, "laterality", p->side, rt_side_code(p->side));
    rt_dsr_triple(w, in_language(w, p->concept));
    rt_tag_end(&w->m);
}

static void modifiers(rt_dsr *w, const rt_finding *f)
{
    const rt_doc *d = w->d;
    presence(w, f->presence);
    word(w, "temporality", f->temporality, rt_own_code(rt_temporality_name(f->temporality)));
    word(w, "experiencer", f->experiencer, rt_own_code(rt_experiencer_name(f->experiencer)));
    word(w, "change", f->change, rt_change_code(f->change));
    word(w, "severity", f->severity, rt_severity_code(f->severity));
    word(w, "laterality", f->side, rt_side_code(f->side));
    for (uint32_t i = 0; i < f->anatomy.count; i++)
        place(w, &d->places.at[f->anatomy.first + i]);
    for (uint32_t i = 0; i < f->modifiers.count; i++) {
        uint32_t concept = d->modifiers.at[f->modifiers.first + i].concept;
        const char *kind = rt_type_name(w->k->lexicon->concepts[concept].type);
        rt_dsr_code_item(w, MOD, rt_own_code(kind), in_language(w, concept));
    }
}

/* ---- a finding: properties */

/* Of 16 characters, which every double of a report fits into well enough. */
void rt_dsr_decimal(rt_dsr *w, double v)
{
    rt_buf_clear(&w->text);
    rt_buf_number(&w->text, v);
    if (w->text.len > DECIMAL_STRING) {
        rt_buf_clear(&w->text);
        rt_buf_addf(&w->text, "%.9g", v);
    }
    rt_tag_text(&w->m, "value", made(w));
}

void rt_dsr_unit(rt_dsr *w, const char *name)
{
    const char *ucum = name != NULL ? rt_ucum_code(name) : NULL;
    rt_code_ref c = {"UCUM", ucum, name};
    if (ucum == NULL)
        c = name == NULL ? (rt_code_ref){"UCUM", "1", "no units"} : rt_own_code(name);
    rt_tag(&w->m, "unit");
    rt_dsr_triple(w, c);
    rt_tag_end(&w->m);
}

static const char *comparator_word(char c)
{
    return c == '<' ? "less than" : c == '>' ? "greater than" : "about";
}

static rt_code_ref quantity_code(const rt_measure *m)
{
    static const rt_code_ref diameter = {"SCT", "81827009", "Diameter"};
    unsigned kind = m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind;
    return kind == RT_MEASURE_LENGTH ? diameter : rt_own_code(rt_measure_name(kind));
}

static void quantity(rt_dsr *w, const rt_measure *m, double value, bool upper)
{
    static const rt_code_ref bound = {"ROENTEXT", "bound", "end of a range"};
    static const rt_code_ref upper_end = {"ROENTEXT", "upper", "upper end"};
    static const rt_code_ref lower_end = {"ROENTEXT", "lower", "lower end"};
    static const rt_code_ref exam = {"ROENTEXT", "exam", "exam of the measurement"};
    static const rt_code_ref prior = {"ROENTEXT", "prior", "prior exam"};
    rt_dsr_open_item(w, "num", PROPERTY, quantity_code(m));
    if (m->prior)
        rt_dsr_code_item(w, MOD, exam, prior);
    if (m->comparator != 0) {
        const char sign[2] = {m->comparator, '\0'};
        rt_dsr_code_item(w, MOD, rt_own_code("comparator"),
                         (rt_code_ref){"ROENTEXT", sign, comparator_word(m->comparator)});
    }
    if (!isnan(m->high))
        rt_dsr_code_item(w, MOD, bound, upper ? upper_end : lower_end);
    rt_dsr_decimal(w, value);
    rt_dsr_unit(w, m->unit);
    rt_tag_end(&w->m);
}

static void measure(rt_dsr *w, const rt_measure *m)
{
    for (unsigned i = 0; i < m->n; i++)
        quantity(w, m, m->value[i], false);
    if (!isnan(m->high))
        quantity(w, m, m->high, true);
}

static void count(rt_dsr *w, uint32_t n)
{
    if (n == 0)
        return;
    rt_dsr_open_item(w, "num", PROPERTY, rt_own_code("count"));
    rt_dsr_decimal(w, n);
    rt_dsr_unit(w, NULL);
    rt_tag_end(&w->m);
}

static void flag(rt_dsr *w, const rt_flag *f)
{
    static const rt_code_ref critical = {"ROENTEXT", "critical", "critical finding"};
    const rt_rule_info *rule = f != NULL ? rt_rules_info(w->k->rules, f->rule) : NULL;
    if (rule == NULL)
        return;
    rt_code_ref category = rt_category_code(rule->category);
    rt_dsr_open_item(w, "code", PROPERTY, critical);
    rt_dsr_code_item(w, MOD, rt_own_code("certainty"),
                     rt_own_code(f->equivocal ? "equivocal" : "definite"));
    rt_dsr_code_item(w, MOD, rt_own_code("rule"),
                     (rt_code_ref){"ROENTEXT", rule->id, w->d->zh ? rule->name_zh : rule->name_en});
    rt_dsr_code_item(w, MOD, rt_own_code("communicated"),
                     rt_own_code(f->communicated ? "yes" : "no"));
    rt_dsr_triple(w, category.code != NULL ? category : critical);
    rt_tag_end(&w->m);
}

static void properties(rt_dsr *w, uint32_t index)
{
    const rt_doc *d = w->d;
    const rt_finding *f = &d->findings.at[index];
    count(w, f->count);
    for (uint32_t i = 0; i < f->measures.count; i++)
        measure(w, &d->measures.at[d->finding_measures.at[f->measures.first + i]]);
    for (uint32_t i = 0; i < f->suggests.count; i++) {
        const rt_finding *other = &d->findings.at[d->suggests.at[f->suggests.first + i]];
        rt_dsr_code_item(w, PROPERTY, rt_own_code("suggests"), in_language(w, other->concept));
    }
    flag(w, rt_finding_flag(d, index));
}

static void finding(rt_dsr *w, uint32_t index)
{
    const rt_finding *f = &w->d->findings.at[index];
    rt_dsr_open_item(w, "code", CONTAINS, rt_dsr_finding_code);
    modifiers(w, f);
    properties(w, index);
    rt_dsr_text_item(w, "INFERRED FROM", rt_dsr_finding_code, f->at);
    rt_dsr_triple(w, in_language(w, f->concept));
    rt_tag_end(&w->m);
}

/* ---- sections: headings are of CID 7001, their text of CID 7002 */

static rt_code_ref heading_of(unsigned section)
{
    rt_code_ref c = rt_section_code(section);
    return c.code != NULL ? c : rt_own_code(rt_section_name(section));
}

static rt_code_ref text_of(unsigned section)
{
    static const rt_code_ref table[RT_SECTION_END] = {
        [RT_SECTION_CLINICAL] = {"LN", "11329-0", "History"},
        [RT_SECTION_TECHNIQUE] = {"DCM", "121065", "Procedure Description"},
        [RT_SECTION_COMPARISON] = {"DCM", "121069", "Previous Finding"},
        [RT_SECTION_FINDINGS] = {"DCM", "121071", "Finding"},
        [RT_SECTION_IMPRESSION] = {"DCM", "121073", "Impression"},
        [RT_SECTION_RECOMMENDATION] = {"DCM", "121075", "Recommendation"},
    };
    return table[section].code != NULL ? table[section] : heading_of(section);
}

static void open_section(rt_dsr *w, unsigned type)
{
    rt_tag(&w->m, "container");
    rt_attr(&w->m, "flag", "SEPARATE");
    rt_tag_text(&w->m, "relationship", RT_STR(CONTAINS));
    rt_tag(&w->m, "concept");
    rt_dsr_triple(w, heading_of(type));
    rt_tag_end(&w->m);
}

static void grade(rt_dsr *w, const rt_grade *g)
{
    rt_dsr_open_item(w, "text", CONTAINS, in_language(w, g->concept));
    word(w, "laterality", g->side, rt_side_code(g->side));
    rt_dsr_free_text(w, g->value);
    rt_tag_end(&w->m);
}

/* Findings and stated categories are in the order of the sections. */
static void section(rt_dsr *w, uint32_t index, place_in *next)
{
    const rt_section *s = &w->d->sections.at[index];
    rt_str text = rt_text_slice(&w->d->text, rt_doc_span(w->d, s->at));
    if (rt_str_trim(text).len == 0) /* a heading alone; DICOM has no empty containers */
        return;
    open_section(w, s->type);
    rt_dsr_text_item(w, CONTAINS, text_of(s->type), rt_doc_span(w->d, s->at));
    const rt_doc *d = w->d;
    for (; next->finding < d->findings.len && d->findings.at[next->finding].section <= index;)
        finding(w, next->finding++);
    for (; next->grade < d->grades.len &&
           d->sentences.at[d->grades.at[next->grade].sentence].section <= index;)
        grade(w, &d->grades.at[next->grade++]);
    rt_tag_end(&w->m);
}

static void sections(rt_dsr *w)
{
    place_in next = {0, 0};
    for (uint32_t i = 0; i < w->d->sections.len; i++)
        section(w, i, &next);
    if (w->d->sections.len > 0)
        return;
    open_section(w, RT_SECTION_OTHER);
    rt_dsr_text_item(w, CONTAINS, text_of(RT_SECTION_OTHER),
                     (rt_span){0, (uint32_t)w->d->text.doc.len});
    rt_tag_end(&w->m);
}

/* ---- recommendations, wherever they stand in the report */

static void interval(rt_dsr *w, const rt_advice *a, double value, const char *which)
{
    rt_dsr_open_item(w, "num", PROPERTY, rt_own_code(which));
    rt_dsr_decimal(w, value);
    rt_dsr_unit(w, a->unit);
    rt_tag_end(&w->m);
}

static void advice(rt_dsr *w, const rt_advice *a)
{
    rt_dsr_open_item(w, "text", CONTAINS, text_of(RT_SECTION_RECOMMENDATION));
    rt_dsr_code_item(w, MOD, rt_own_code("action"), rt_own_code(a->action));
    if (a->modality != RT_NIL)
        rt_dsr_code_item(w, MOD, rt_own_code("modality"), in_language(w, a->modality));
    if (a->anatomy != RT_NIL)
        rt_dsr_code_item(w, MOD, rt_own_code("anatomy"), in_language(w, a->anatomy));
    if (a->unit != NULL)
        interval(w, a, a->interval, "interval");
    if (a->unit != NULL && a->interval_high > 0)
        interval(w, a, a->interval_high, "interval-high");
    rt_dsr_free_text(w, rt_text_slice(&w->d->text, a->at));
    rt_tag_end(&w->m);
}

static void recommendations(rt_dsr *w)
{
    if (w->d->advice.len == 0)
        return;
    open_section(w, RT_SECTION_RECOMMENDATION);
    for (uint32_t i = 0; i < w->d->advice.len; i++)
        advice(w, &w->d->advice.at[i]);
    rt_tag_end(&w->m);
}

/* ---- header */

static void device(rt_dsr *w)
{
    const rt_template *t = rt_templates_at(w->k->templates, w->d->template_index);
    rt_tag(&w->m, "device");
    rt_tag_text(&w->m, "manufacturer", RT_STR("roentext"));
    element(w, "model", rt_str_from(t->id), LONG_STRING);
    element(w, "version", rt_str_from(rt_version()), LONG_STRING);
    rt_tag_end(&w->m);
}

static void patient(rt_dsr *w)
{
    const rt_record *r = w->d->record;
    rt_date birth;
    char sex[2] = "";
    rt_tag(&w->m, "patient");
    identifier(w, "id", rt_fact(r, RT_FIELD_PATIENT_ID), LONG_STRING);
    person(w, "name", rt_fact(r, RT_FIELD_PATIENT_NAME));
    if (rt_fact_date(r, RT_FIELD_BIRTH_DATE, &birth) == RT_GIVEN_GOOD) {
        rt_tag(&w->m, "birthday");
        date(w, birth);
        rt_tag_end(&w->m);
    }
    if (rt_fact_sex(r, sex) == RT_GIVEN_GOOD)
        rt_tag_text(&w->m, "sex", rt_str_from(sex));
    rt_tag_end(&w->m);
}

static void study(rt_dsr *w)
{
    const rt_record *r = w->d->record;
    rt_date day;
    rt_clock hour;
    char uid[65];
    rt_identity_uid(w->id.study, uid);
    rt_tag(&w->m, "study");
    rt_attr(&w->m, "uid", uid);
    if (rt_fact_date(r, RT_FIELD_DATE, &day) == RT_GIVEN_GOOD)
        date(w, day);
    if (rt_fact_clock(r, RT_FIELD_TIME, &hour) == RT_GIVEN_GOOD)
        clock_time(w, hour);
    rt_tag(&w->m, "accession");
    identifier(w, "number", rt_fact(r, RT_FIELD_ACCESSION), SHORT_STRING);
    rt_tag_end(&w->m);
    element(w, "description", rt_fact(r, RT_FIELD_EXAM), LONG_STRING);
    rt_tag_end(&w->m);
}

/* The series and the instance: the second and first identifier of the report. */
static void numbered(rt_dsr *w, const char *name, const char uuid[37])
{
    char uid[65];
    rt_identity_uid(uuid, uid);
    rt_tag(&w->m, name);
    rt_attr(&w->m, "uid", uid);
    rt_tag_text(&w->m, "number", RT_STR("1"));
    rt_tag_end(&w->m);
}

static void scheme(rt_dsr *w, const char *name)
{
    const rt_system *s = rt_system_of(name);
    rt_tag(&w->m, "scheme");
    rt_attr(&w->m, "designator", s->designator);
    rt_tag_text(&w->m, "uid", rt_str_from(s->oid));
    rt_tag_text(&w->m, "name", rt_str_from(s->title));
    rt_tag_end(&w->m);
}

static void header(rt_dsr *w)
{
    char series[37];
    rt_identity_nth(&w->id, 0, series);
    rt_tag(&w->m, "sopclass");
    rt_attr(&w->m, "uid", "1.2.840.10008.5.1.4.1.1.88.22");
    rt_chars(&w->m, RT_STR("EnhancedSRStorage"));
    rt_tag_end(&w->m);
    rt_tag_text(&w->m, "charset", RT_STR("ISO_IR 192"));
    rt_tag_text(&w->m, "modality", RT_STR("SR"));
    device(w);
    patient(w);
    study(w);
    numbered(w, "series", series);
    numbered(w, "instance", w->id.report);
    rt_tag(&w->m, "coding");
    scheme(w, "RADLEX");
    scheme(w, "ROENTEXT");
    rt_tag_end(&w->m);
}

/* ---- document */

/* DICOM wants a date: of the report, else of the exam, else one that nobody takes for real. */
static void content_date(rt_dsr *w)
{
    const rt_record *r = w->d->record;
    rt_date day = {1900, 1, 1};
    rt_clock hour = {0, 0, 0};
    bool issued = rt_fact_date(r, RT_FIELD_REPORT_DATE, &day) == RT_GIVEN_GOOD;
    if (!issued && rt_fact_date(r, RT_FIELD_DATE, &day) != RT_GIVEN_GOOD)
        day = (rt_date){1900, 1, 1};
    if (rt_fact_clock(r, issued ? RT_FIELD_REPORT_TIME : RT_FIELD_TIME, &hour) != RT_GIVEN_GOOD)
        hour = (rt_clock){0, 0, 0};
    date(w, day);
    clock_time(w, hour);
}

static bool names_somebody(rt_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '=')
            return false;
        else if (name.ptr[i] != '^' && name.ptr[i] != '\\' && (unsigned char)name.ptr[i] > ' ' &&
                 name.ptr[i] != 0x7F)
            return true;
    return false;
}

/* Who says it: the author, else this program. */
static void observer(rt_dsr *w)
{
    static const rt_code_ref kind = {"DCM", "121005", "Observer Type"};
    static const rt_code_ref human = {"DCM", "121006", "Person"};
    static const rt_code_ref machine = {"DCM", "121007", "Device"};
    static const rt_code_ref person_name = {"DCM", "121008", "Person Observer Name"};
    static const rt_code_ref device_uid = {"DCM", "121012", "Device Observer UID"};
    rt_str author = rt_fact(w->d->record, RT_FIELD_AUTHOR);
    bool known = names_somebody(author);
    rt_dsr_code_item(w, "HAS OBS CONTEXT", kind, known ? human : machine);
    rt_dsr_open_item(w, known ? "pname" : "uidref", "HAS OBS CONTEXT",
                     known ? person_name : device_uid);
    if (known)
        person(w, "value", author);
    else
        rt_tag_text(&w->m, "value", rt_str_from(rt_system_of("ROENTEXT")->oid));
    rt_tag_end(&w->m);
}

static void root(rt_dsr *w)
{
    static const rt_code_ref title = {"LN", "18748-4", "Diagnostic imaging study"};
    static const rt_code_ref language = {"DCM", "121049",
                                         "Language of Content Item and Descendants"};
    rt_code_ref spoken = {"RFC5646", w->d->zh ? "zh" : "en", w->d->zh ? "Chinese" : "English"};
    rt_tag(&w->m, "container");
    rt_attr(&w->m, "flag", "SEPARATE");
    rt_tag(&w->m, "template");
    rt_tag(&w->m, "resource");
    rt_attr(&w->m, "uid", "1.2.840.10008.8.1.1");
    rt_chars(&w->m, RT_STR("DCMR"));
    rt_tag_end(&w->m);
    rt_tag_text(&w->m, "id", RT_STR("2000"));
    rt_tag_end(&w->m);
    rt_tag(&w->m, "concept");
    rt_dsr_triple(w, title);
    rt_tag_end(&w->m);
    rt_dsr_code_item(w, MOD, language, spoken);
    observer(w);
    sections(w);
    recommendations(w);
    rt_dsr_fields(w);
    rt_dsr_issues(w);
    rt_dsr_unmapped(w);
    rt_tag_end(&w->m);
}

static void document(rt_dsr *w)
{
    const char *status = NULL;
    rt_tag(&w->m, "document");
    if (rt_fact_status(w->d->record, &status) == RT_GIVEN_GOOD) {
        rt_tag(&w->m, "preliminary");
        rt_attr(&w->m, "flag", strcmp(status, "preliminary") == 0 ? "PRELIMINARY" : "FINAL");
        rt_tag_end(&w->m);
    }
    rt_tag(&w->m, "completion");
    rt_attr(&w->m, "flag", "COMPLETE");
    rt_tag_end(&w->m);
    rt_tag(&w->m, "verification");
    rt_attr(&w->m, "flag", "UNVERIFIED");
    rt_tag_end(&w->m);
    rt_tag(&w->m, "content");
    content_date(w);
    root(w);
    rt_tag_end(&w->m);
    rt_tag_end(&w->m);
}

rt_code rt_write_dsr(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    rt_dsr w = {.d = d, .k = k};
    rt_buf_init(&w.text, SIZE_MAX);
    rt_identify(d->record, &w.id);
    rt_markup_begin(&w.m, out, "report", "http://dicom.offis.de/dcmsr");
    rt_attr(&w.m, "type", "Enhanced SR");
    header(&w);
    document(&w);
    rt_markup_end(&w.m);
    rt_buf_free(&w.text);
    return rt_buf_check(out, err);
}
