/* The WS/T 500.6 writer. What the report says goes to three data elements: what was seen
 * (客观所见), what is concluded (主观提示), and the rest, with its headings, to the remarks (备注):
 * nothing is lost. The words of the standard are Chinese whatever the language of the report. What
 * was derived (template fields, quality checks, unmapped text) follows in sections of our own. */
#include "output/wst500.h"

#include "output/cda_parts.h"

/* Identifiers of the standard. */
#define DOCUMENT_ROOT "2.16.156.10011.1.1"
#define OUTPATIENT_ROOT "2.16.156.10011.1.12"
#define APPLICATION_ROOT "2.16.156.10011.1.32"
#define STAFF_ROOT "2.16.156.10011.1.7"
#define ORGANIZATION_ROOT "2.16.156.10011.1.5"

/* ---- header */

static void coded(rt_cda *c, const char *element, const char *code, const char *system,
                  const char *system_name, const char *display)
{
    rt_tag(&c->m, element);
    rt_attr(&c->m, "code", code);
    rt_attr(&c->m, "codeSystem", system);
    rt_attr(&c->m, "codeSystemName", system_name);
    rt_attr(&c->m, "displayName", display);
    rt_tag_end(&c->m);
}

/* GB/T 2261.1: 1 male, 2 female, 9 not stated. */
static void gender(rt_cda *c)
{
    char sex = 0;
    bool given = rt_fact_sex(c->d->record, &sex) == RT_GIVEN_GOOD;
    coded(c, "administrativeGenderCode",
          given && sex == 'M'   ? "1"
          : given && sex == 'F' ? "2"
                                : "9",
          "2.16.156.10011.2.3.3.4", "生理性别代码表(GB/T 2261.1)", NULL);
}

static void patient(rt_cda *c)
{
    const rt_record *r = c->d->record;
    rt_tag(&c->m, "recordTarget");
    rt_attr(&c->m, "typeCode", "RCT");
    rt_attr(&c->m, "contextControlCode", "OP");
    rt_tag(&c->m, "patientRole");
    rt_attr(&c->m, "classCode", "PAT");
    rt_cda_id(c, OUTPATIENT_ROOT, rt_fact(r, RT_FIELD_PATIENT_ID));
    rt_cda_id(c, APPLICATION_ROOT, rt_fact(r, RT_FIELD_ACCESSION));
    rt_tag(&c->m, "patient");
    rt_attr(&c->m, "classCode", "PSN");
    rt_attr(&c->m, "determinerCode", "INSTANCE");
    rt_cda_name(c, rt_fact(r, RT_FIELD_PATIENT_NAME));
    gender(c);
    rt_cda_birth_time(c);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void unknown_id(rt_cda *c, const char *root)
{
    rt_tag(&c->m, "id");
    rt_attr(&c->m, "root", root);
    rt_attr(&c->m, "nullFlavor", "UNK");
    rt_tag_end(&c->m);
}

static void author(rt_cda *c)
{
    rt_tag(&c->m, "author");
    rt_attr(&c->m, "typeCode", "AUT");
    rt_attr(&c->m, "contextControlCode", "OP");
    rt_cda_time(c, "time", RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    rt_tag(&c->m, "assignedAuthor");
    rt_attr(&c->m, "classCode", "ASSIGNED");
    unknown_id(c, STAFF_ROOT);
    rt_tag(&c->m, "assignedPerson");
    rt_cda_name(c, rt_fact(c->d->record, RT_FIELD_AUTHOR));
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void custodian(rt_cda *c)
{
    rt_tag(&c->m, "custodian");
    rt_attr(&c->m, "typeCode", "CST");
    rt_tag(&c->m, "assignedCustodian");
    rt_attr(&c->m, "classCode", "ASSIGNED");
    rt_tag(&c->m, "representedCustodianOrganization");
    rt_attr(&c->m, "classCode", "ORG");
    rt_attr(&c->m, "determinerCode", "INSTANCE");
    unknown_id(c, ORGANIZATION_ROOT);
    rt_cda_null(c, "name", "UNK");
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void header(rt_cda *c)
{
    rt_tag(&c->m, "realmCode");
    rt_attr(&c->m, "code", "CN");
    rt_tag_end(&c->m);
    rt_tag(&c->m, "typeId");
    rt_attr(&c->m, "root", "2.16.840.1.113883.1.3");
    rt_attr(&c->m, "extension", "POCD_MT000040");
    rt_tag_end(&c->m);
    rt_cda_root(c, "templateId", "2.16.156.10011.2.1.1.26");
    rt_cda_id(c, DOCUMENT_ROOT, rt_fact(c->d->record, RT_FIELD_ID));
    coded(c, "code", "C0006", "2.16.156.10011.2.4", "卫生信息共享文档规范编码体系", NULL);
    rt_tag_text(&c->m, "title", RT_STR("检查报告"));
    rt_cda_time(c, "effectiveTime", RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    coded(c, "confidentialityCode", "N", "2.16.840.1.113883.5.25", "Confidentiality",
          "正常访问保密级别");
    rt_tag(&c->m, "languageCode");
    rt_attr(&c->m, "code", "zh-CN");
    rt_tag_end(&c->m);
    rt_cda_null(c, "setId", "NI");
    rt_cda_null(c, "versionNumber", "NI");
    patient(c);
    author(c);
    custodian(c);
}

/* ---- data elements of WS 363: an observation with a code and a string */

static void open_element(rt_cda *c, const char *code, const char *name)
{
    rt_tag(&c->m, "entry");
    rt_tag(&c->m, "observation");
    rt_attr(&c->m, "classCode", "OBS");
    rt_attr(&c->m, "moodCode", "EVN");
    coded(c, "code", code, "2.16.156.10011.2.2.1", "卫生信息数据元目录", name);
    rt_tag(&c->m, "value");
    rt_attr(&c->m, "xsi:type", "ST");
}

static void close_element(rt_cda *c)
{
    if (c->m.open) /* nothing was said */
        rt_attr(&c->m, "nullFlavor", "UNK");
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void record_element(rt_cda *c, const char *code, const char *name, rt_field_id field)
{
    rt_str value = rt_fact(c->d->record, field);
    open_element(c, code, name);
    if (value.len > 0)
        rt_chars_outside(&c->m, value);
    close_element(c);
}

/* ---- the report */

typedef enum part { SEEN, CONCLUDED, REMARKS } part;

static part part_of(unsigned section)
{
    return section == RT_SECTION_FINDINGS     ? SEEN
           : section == RT_SECTION_IMPRESSION ? CONCLUDED
                                              : REMARKS;
}

static bool has_findings(const rt_doc *d)
{
    for (uint32_t i = 0; i < d->sections.len; i++)
        if (d->sections.at[i].type == RT_SECTION_FINDINGS)
            return true;
    return false;
}

/* A section on lines of its own, with its heading where the data element does not say it. */
static void put_section(rt_cda *c, const rt_section *s, bool with_heading)
{
    rt_str text = rt_str_trim(rt_text_slice(&c->d->text, rt_doc_span(c->d, s->at)));
    rt_str heading = rt_str_trim(rt_text_slice(&c->d->text, rt_doc_span(c->d, s->heading)));
    if (text.len + (with_heading ? heading.len : 0) == 0)
        return;
    if (c->m.text)
        rt_chars(&c->m, RT_STR("\n"));
    if (with_heading && heading.len > 0) {
        rt_chars(&c->m, heading);
        rt_chars(&c->m, RT_STR(": "));
    }
    rt_chars(&c->m, text);
}

/* A report without a heading for what was seen says it under other headings, or under none. */
static void report_element(rt_cda *c, const char *code, const char *name, part which)
{
    const rt_doc *d = c->d;
    bool found = has_findings(d);
    open_element(c, code, name);
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        part p = part_of(s->type);
        if (!found && s->type == RT_SECTION_OTHER)
            p = SEEN;
        if (p == which)
            put_section(c, s, p == REMARKS || s->type == RT_SECTION_OTHER);
    }
    if (d->sections.len == 0 && which == SEEN && d->text.doc.len > 0)
        rt_chars(&c->m, d->text.doc);
    close_element(c);
}

static void open_section(rt_cda *c)
{
    rt_tag(&c->m, "component");
    rt_tag(&c->m, "section");
}

static void close_section(rt_cda *c)
{
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void empty_text(rt_cda *c)
{
    rt_tag(&c->m, "text");
    rt_tag_end(&c->m);
}

static void body(rt_cda *c)
{
    open_section(c);
    coded(c, "code", "29545-1", "2.16.840.1.113883.6.1", "LOINC", "PHYSICAL EXAMINATION");
    empty_text(c);
    record_element(c, "DE04.30.018.00", "检查类别", RT_FIELD_MODALITY);
    record_element(c, "DE02.10.027.00", "检查方法名称", RT_FIELD_EXAM);
    close_section(c);
    open_section(c);
    coded(c, "code", NULL, NULL, NULL, "检查报告");
    empty_text(c);
    report_element(c, "DE04.50.131.00", "检查报告结果-客观所见", SEEN);
    report_element(c, "DE04.50.132.00", "检查报告结果-主观提示", CONCLUDED);
    report_element(c, "DE06.00.179.00", "检查报告备注", REMARKS);
    open_element(c, "DE08.10.026.00", "检查报告科室");
    close_element(c);
    close_section(c);
}

rt_code rt_write_wst500(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    rt_cda c;
    rt_cda_begin(&c, d, k, out);
    header(&c);
    rt_tag(&c.m, "component");
    rt_tag(&c.m, "structuredBody");
    body(&c);
    rt_cda_own_sections(&c);
    rt_markup_end(&c.m);
    return rt_buf_check(out, err);
}
