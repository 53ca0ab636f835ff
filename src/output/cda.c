/* The CDA writer: header and sections; their entries are in cda_finding.c. Each section shows its
 * text as it stands, then a list of its findings, stated categories and recommendations in their
 * words, to which the entries refer by identifiers f1, g1, r1 ... Template fields, quality checks
 * and unmapped text follow in sections of our own (cda_fields.c). */
#include "output/cda.h"

#include "output/cda_parts.h"

/* Who gives out the numbers: nobody told us, so these roots are ours. */
#define REPORT_ROOT "2.25.1891735411315627987084077158766906603"
#define PATIENT_ROOT "2.25.178367586909245812250643803684978842324"
#define ORDER_ROOT "2.25.275513893811119163995809851345321253697"

/* ---- header */

static void gender(rt_cda *c)
{
    char sex = 0;
    if (rt_fact_sex(c->d->record, &sex) != RT_GIVEN_GOOD) {
        rt_cda_null(c, "administrativeGenderCode", "UNK");
        return;
    }
    rt_tag(&c->m, "administrativeGenderCode");
    rt_attr(&c->m, "code", sex == 'M' ? "M" : sex == 'F' ? "F" : "UN");
    rt_attr(&c->m, "codeSystem", "2.16.840.1.113883.5.1");
    rt_tag_end(&c->m);
}

static void patient(rt_cda *c)
{
    rt_tag(&c->m, "recordTarget");
    rt_tag(&c->m, "patientRole");
    rt_cda_id(c, PATIENT_ROOT, rt_fact(c->d->record, RT_FIELD_PATIENT_ID));
    rt_cda_null(c, "addr", "NI");
    rt_cda_null(c, "telecom", "NI");
    rt_tag(&c->m, "patient");
    rt_cda_name(c, rt_fact(c->d->record, RT_FIELD_PATIENT_NAME));
    gender(c);
    rt_cda_birth_time(c);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void author(rt_cda *c)
{
    rt_tag(&c->m, "author");
    rt_cda_time(c, "time", RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    rt_tag(&c->m, "assignedAuthor");
    rt_cda_null(c, "id", "NI");
    rt_cda_null(c, "addr", "NI");
    rt_cda_null(c, "telecom", "NI");
    rt_tag(&c->m, "assignedPerson");
    rt_cda_name(c, rt_fact(c->d->record, RT_FIELD_AUTHOR));
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void custodian(rt_cda *c)
{
    rt_tag(&c->m, "custodian");
    rt_tag(&c->m, "assignedCustodian");
    rt_tag(&c->m, "representedCustodianOrganization");
    rt_cda_null(c, "id", "NI");
    rt_cda_null(c, "name", "UNK");
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void order(rt_cda *c)
{
    rt_str accession = rt_fact(c->d->record, RT_FIELD_ACCESSION);
    if (accession.len == 0)
        return;
    rt_tag(&c->m, "inFulfillmentOf");
    rt_tag(&c->m, "order");
    rt_cda_id(c, ORDER_ROOT, accession);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void exam(rt_cda *c)
{
    rt_str modality = rt_fact(c->d->record, RT_FIELD_MODALITY);
    char uid[65];
    rt_identity_uid(c->id.study, uid);
    rt_tag(&c->m, "documentationOf");
    rt_tag(&c->m, "serviceEvent");
    rt_attr(&c->m, "classCode", "ACT");
    rt_cda_root(c, "id", uid);
    rt_tag(&c->m, "code");
    rt_attr(&c->m, "nullFlavor", "UNK");
    if (modality.len > 0) {
        rt_tag(&c->m, "originalText");
        rt_chars_outside(&c->m, modality);
        rt_tag_end(&c->m);
    }
    rt_tag_end(&c->m);
    rt_tag(&c->m, "effectiveTime");
    rt_cda_time(c, "low", RT_FIELD_DATE, RT_FIELD_TIME);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void title(rt_cda *c)
{
    rt_str name = rt_fact(c->d->record, RT_FIELD_EXAM);
    if (name.len == 0)
        name = rt_str_from(rt_templates_at(c->k->templates, c->d->template_index)->title);
    rt_tag(&c->m, "title");
    rt_chars_outside(&c->m, name);
    rt_tag_end(&c->m);
}

static void attribute_element(rt_cda *c, const char *element, const char *name, const char *value)
{
    rt_tag(&c->m, element);
    rt_attr(&c->m, name, value);
    rt_tag_end(&c->m);
}

static void header(rt_cda *c)
{
    static const rt_code_ref kind = {"LN", "18748-4", "Diagnostic imaging study"};
    attribute_element(c, "realmCode", "code", "UV");
    rt_tag(&c->m, "typeId");
    rt_attr(&c->m, "root", "2.16.840.1.113883.1.3");
    rt_attr(&c->m, "extension", "POCD_HD000040");
    rt_tag_end(&c->m);
    rt_cda_root(c, "templateId", "1.2.840.10008.9.1");
    rt_cda_root(c, "templateId", "1.2.840.10008.9.20");
    rt_cda_root(c, "templateId", "1.2.840.10008.9.21");
    rt_cda_id(c, REPORT_ROOT, rt_fact(c->d->record, RT_FIELD_ID));
    rt_cda_code(c, "code", kind);
    title(c);
    rt_cda_time(c, "effectiveTime", RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    rt_tag(&c->m, "confidentialityCode");
    rt_attr(&c->m, "code", "N");
    rt_attr(&c->m, "codeSystem", "2.16.840.1.113883.5.25");
    rt_tag_end(&c->m);
    attribute_element(c, "languageCode", "code", rt_lang_name(c->d->zh ? RT_LANG_ZH : RT_LANG_EN));
    patient(c);
    author(c);
    custodian(c);
    order(c);
    exam(c);
}

/* ---- sections */

/* Section templates of DICOM PS3.20. */
static const char *template_of(unsigned section)
{
    static const char *const table[RT_SECTION_END] = {
        [RT_SECTION_REQUEST] = "1.2.840.10008.9.7",
        [RT_SECTION_CLINICAL] = "1.2.840.10008.9.2",
        [RT_SECTION_TECHNIQUE] = "1.2.840.10008.9.3",
        [RT_SECTION_COMPARISON] = "1.2.840.10008.9.4",
        [RT_SECTION_FINDINGS] = "2.16.840.1.113883.10.20.6.1.2",
        [RT_SECTION_IMPRESSION] = "1.2.840.10008.9.5",
        [RT_SECTION_RECOMMENDATION] = "1.2.840.10008.9.12",
        [RT_SECTION_COMMUNICATION] = "1.2.840.10008.9.11",
        [RT_SECTION_ADDENDUM] = "1.2.840.10008.9.6",
    };
    return table[section];
}

/* A paragraph a line. */
static void paragraphs(rt_cda *c, rt_str text)
{
    for (rt_cut line = rt_str_cut(text, '\n');; line = rt_str_cut(line.tail, '\n')) {
        if (rt_str_trim(line.head).len > 0)
            rt_tag_text(&c->m, "paragraph", rt_str_trim(line.head));
        if (!line.found)
            return;
    }
}

/* Words of a finding alone would read as if it were there. */
static const char *verdict(const rt_cda *c, const rt_finding *f)
{
    static const char *const words[RT_PRESENCE_END][2] = {
        [RT_PRESENCE_PRESENT] = {"present", "有"},
        [RT_PRESENCE_ABSENT] = {"absent", "无"},
        [RT_PRESENCE_POSSIBLE] = {"possible", "可能"},
        [RT_PRESENCE_UNLIKELY] = {"unlikely", "可能性小"},
        [RT_PRESENCE_QUERIED] = {"queried", "待查"},
    };
    return words[f->presence][c->d->zh];
}

static const char *restriction(const rt_cda *c, const rt_finding *f)
{
    bool zh = c->d->zh;
    if (f->experiencer == RT_EXPERIENCER_FAMILY)
        return zh ? "家族史" : "family history";
    if (f->experiencer == RT_EXPERIENCER_OTHER)
        return zh ? "他人" : "another person";
    if (f->temporality == RT_TEMPORALITY_HISTORICAL)
        return zh ? "既往" : "history";
    return NULL;
}

static void open_mark(rt_cda *c, char letter, uint32_t index, rt_span at)
{
    rt_tag(&c->m, "item");
    rt_tag(&c->m, "content");
    rt_attr_printf(&c->m, "ID", "%c%u", letter, index + 1U);
    rt_chars(&c->m, rt_text_slice(&c->d->text, at));
    rt_tag_end(&c->m);
}

static void plain_mark(rt_cda *c, char letter, uint32_t index, rt_span at)
{
    open_mark(c, letter, index, at);
    rt_tag_end(&c->m);
}

static void remark(rt_cda *c, const char *words)
{
    if (words == NULL)
        return;
    rt_tag(&c->m, "content");
    rt_chars(&c->m, RT_STR("["));
    rt_chars(&c->m, rt_str_from(words));
    rt_chars(&c->m, RT_STR("]"));
    rt_tag_end(&c->m);
}

static void finding_mark(rt_cda *c, uint32_t index)
{
    const rt_finding *f = &c->d->findings.at[index];
    open_mark(c, 'f', index, f->at);
    remark(c, verdict(c, f));
    remark(c, restriction(c, f));
    rt_tag_end(&c->m);
}

/* What a section holds, as runs of the lists of the document. */
typedef struct holding {
    rt_range findings, grades, advice;
} holding;

/* The lists are in the order of the text. */
static holding holding_of(rt_cda *c, uint32_t index, uint32_t end)
{
    const rt_doc *d = c->d;
    holding h = {{c->next_finding, 0}, {c->next_grade, 0}, {c->next_advice, 0}};
    while (c->next_finding < d->findings.len && d->findings.at[c->next_finding].section <= index)
        c->next_finding++;
    while (c->next_grade < d->grades.len && d->grades.at[c->next_grade].at.beg < end)
        c->next_grade++;
    while (c->next_advice < d->advice.len && d->advice.at[c->next_advice].at.beg < end)
        c->next_advice++;
    h.findings.count = c->next_finding - h.findings.first;
    h.grades.count = c->next_grade - h.grades.first;
    h.advice.count = c->next_advice - h.advice.first;
    return h;
}

/* What stands in the text besides what was said: that which the entries refer to. */
static void list(rt_cda *c, const holding *h)
{
    if (h->findings.count + h->grades.count + h->advice.count == 0)
        return;
    rt_tag(&c->m, "list");
    rt_tag_text(&c->m, "caption", c->d->zh ? RT_STR("编码") : RT_STR("Coded"));
    for (uint32_t i = h->findings.first; i < h->findings.first + h->findings.count; i++)
        finding_mark(c, i);
    for (uint32_t i = h->grades.first; i < h->grades.first + h->grades.count; i++)
        plain_mark(c, 'g', i, c->d->grades.at[i].at);
    for (uint32_t i = h->advice.first; i < h->advice.first + h->advice.count; i++)
        plain_mark(c, 'r', i, c->d->advice.at[i].at);
    rt_tag_end(&c->m);
}

static void entries(rt_cda *c, const holding *h)
{
    for (uint32_t i = h->findings.first; i < h->findings.first + h->findings.count; i++)
        rt_cda_finding(c, i);
    for (uint32_t i = h->grades.first; i < h->grades.first + h->grades.count; i++)
        rt_cda_grade(c, i);
    for (uint32_t i = h->advice.first; i < h->advice.first + h->advice.count; i++)
        rt_cda_recommendation(c, i);
}

static void section(rt_cda *c, unsigned type, rt_span heading, rt_span at, uint32_t index)
{
    holding h = holding_of(c, index, at.end);
    rt_code_ref code = rt_section_code(type);
    rt_tag(&c->m, "component");
    rt_tag(&c->m, "section");
    if (template_of(type) != NULL)
        rt_cda_root(c, "templateId", template_of(type));
    if (code.code != NULL)
        rt_cda_code(c, "code", code);
    rt_tag_text(&c->m, "title", rt_section_title(c->k, c->d, type, heading));
    rt_tag(&c->m, "text");
    paragraphs(c, rt_text_slice(&c->d->text, at));
    list(c, &h);
    rt_tag_end(&c->m);
    entries(c, &h);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void sections(rt_cda *c)
{
    const rt_doc *d = c->d;
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        section(c, s->type, rt_doc_span(d, s->heading), rt_doc_span(d, s->at), i);
    }
    if (d->sections.len == 0)
        section(c, RT_SECTION_OTHER, (rt_span){0, 0}, (rt_span){0, (uint32_t)d->text.doc.len}, 0);
}

rt_code rt_write_cda(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    rt_cda c;
    rt_cda_begin(&c, d, k, out);
    c.cites = true;
    header(&c);
    rt_tag(&c.m, "component");
    rt_tag(&c.m, "structuredBody");
    sections(&c);
    rt_cda_own_sections(&c);
    rt_markup_end(&c.m);
    return rt_buf_check(out, err);
}
