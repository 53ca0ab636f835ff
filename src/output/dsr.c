/* The DICOM SR writer. TID 2000 is a tree of content items:
 *
 *   document -> section (container) -> its text
 *                                   -> finding (code) -> what is said of it (codes, numbers)
 *            -> fields, issues, unmapped (containers of ours): the templates, the quality checks
 *
 * Codes of DICOM and SNOMED CT are those that DICOM itself prescribes. */
#include "output/dsr.h"

#include <stdio.h>

#include "output/dsr_parts.h"

typedef struct place_in { /* what no section has taken yet */
    uint32_t finding, grade;
} place_in;

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
    rt_dsr_open_item(w, "text", CONTAINS, rt_dsr_in_language(w, g->concept));
    rt_dsr_word(w, "laterality", g->side, rt_side_code(g->side));
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
        rt_dsr_finding(w, next->finding++);
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
        rt_dsr_code_item(w, MOD, rt_own_code("modality"), rt_dsr_in_language(w, a->modality));
    if (a->anatomy != RT_NIL)
        rt_dsr_code_item(w, MOD, rt_own_code("anatomy"), rt_dsr_in_language(w, a->anatomy));
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

static void identifier(rt_dsr *w, const char *name, rt_str value, size_t max)
{
    if (value.len <= max)
        rt_dsr_element(w, name, value, max);
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
    rt_dsr_element(w, "first", given.head, room);
    rt_dsr_element(w, "middle", rt_str_cut(given.tail, '^').head, room_after(given.head, room));
    rt_dsr_element(w, "last", family.head, LONG_STRING);
    rt_tag_end(&w->m);
}

static void device(rt_dsr *w)
{
    const rt_template *t = rt_templates_at(w->k->templates, w->d->template_index);
    rt_tag(&w->m, "device");
    rt_tag_text(&w->m, "manufacturer", RT_STR("roentext"));
    rt_dsr_element(w, "model", rt_str_from(t->id), LONG_STRING);
    rt_dsr_element(w, "version", rt_str_from(rt_version()), LONG_STRING);
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
    rt_dsr_element(w, "description", rt_fact(r, RT_FIELD_EXAM), LONG_STRING);
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
