/* The header and the source of a report in XML. What a sender says of patient and exam is taken
 * over when the schema allows its value; else it is left out and becomes an issue: a wrong date
 * must not cost the report. */
#include "output/xml_writer.h"

#include "base/hash.h"
#include "base/put.h"
#include "output/facts.h"

static rt_str field(const rt_xml *x, rt_field_id f)
{
    return rt_fact(x->d->record, f);
}

static void field_attr(rt_xml *x, const char *name, rt_field_id f)
{
    rt_attr_outside(&x->m, name, field(x, f));
}

/* Is the value to be written? One that is bad becomes an issue. */
static bool good(rt_xml *x, rt_field_id f, rt_given given)
{
    if (given == RT_GIVEN_BAD)
        x->bad_fields |= 1U << f;
    return given == RT_GIVEN_GOOD;
}

static void date_attr(rt_xml *x, const char *name, rt_field_id f)
{
    rt_date d;
    if (good(x, f, rt_fact_date(x->d->record, f, &d)))
        rt_attr_printf(&x->m, name, "%04u-%02u-%02u", d.year, d.month, d.day);
}

static void time_attr(rt_xml *x, const char *name, rt_field_id f)
{
    rt_clock t;
    if (good(x, f, rt_fact_clock(x->d->record, f, &t)))
        rt_attr_printf(&x->m, name, "%02u:%02u:%02u", t.hour, t.minute, t.second);
}

/* ---- patient, study, author */

static bool any_field(const rt_xml *x, const rt_field_id *f, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (field(x, f[i]).len > 0)
            return true;
    return false;
}

static void sex_attr(rt_xml *x)
{
    char sex = 0;
    if (good(x, RT_FIELD_SEX, rt_fact_sex(x->d->record, &sex)))
        rt_attr_printf(&x->m, "sex", "%c", sex);
}

static void age_attr(rt_xml *x)
{
    unsigned years = 0;
    if (good(x, RT_FIELD_AGE, rt_fact_age(x->d->record, &years)))
        rt_xml_attr_u(x, "age", years);
}

static void write_patient(rt_xml *x)
{
    static const rt_field_id fields[] = {RT_FIELD_PATIENT_ID, RT_FIELD_PATIENT_NAME, RT_FIELD_SEX,
                                         RT_FIELD_BIRTH_DATE, RT_FIELD_AGE};
    if (!any_field(x, fields, sizeof fields / sizeof fields[0]))
        return;
    rt_xml_open(x, "patient");
    field_attr(x, "id", RT_FIELD_PATIENT_ID);
    field_attr(x, "name", RT_FIELD_PATIENT_NAME);
    sex_attr(x);
    date_attr(x, "birthDate", RT_FIELD_BIRTH_DATE);
    age_attr(x);
    rt_xml_close(x);
}

static void write_study(rt_xml *x)
{
    rt_xml_open(x, "study");
    field_attr(x, "accession", RT_FIELD_ACCESSION);
    field_attr(x, "modality", RT_FIELD_MODALITY);
    field_attr(x, "bodyPart", RT_FIELD_BODY_PART);
    date_attr(x, "date", RT_FIELD_DATE);
    time_attr(x, "time", RT_FIELD_TIME);
    field_attr(x, "description", RT_FIELD_EXAM);
    field_attr(x, "order", RT_FIELD_ORDER);
    rt_xml_close(x);
}

static void write_author(rt_xml *x)
{
    if (field(x, RT_FIELD_AUTHOR).len == 0)
        return;
    rt_xml_open(x, "author");
    rt_xml_attr(x, "role", "author");
    field_attr(x, "name", RT_FIELD_AUTHOR);
    rt_xml_close(x);
}

static void write_issued(rt_xml *x)
{
    static const rt_field_id fields[] = {RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME};
    if (!any_field(x, fields, sizeof fields / sizeof fields[0]))
        return;
    rt_xml_open(x, "issued");
    date_attr(x, "date", RT_FIELD_REPORT_DATE);
    time_attr(x, "time", RT_FIELD_REPORT_TIME);
    rt_xml_close(x);
}

/* ---- header */

static void write_template(rt_xml *x)
{
    const rt_templates *all = x->k->templates;
    const rt_template *t = rt_templates_at(all, x->d->template_index);
    rt_xml_open(x, "template");
    rt_xml_attr(x, "id", t->id);
    rt_xml_attr(x, "version", t->version);
    rt_xml_attr(x, "title", t->title);
    char match[RT_PUT_U];
    rt_attr_str(&x->m, "match",
                (rt_str){match, (size_t)(rt_put_share(match, x->d->template_score) - match)});
    if (x->d->template_second != RT_NIL)
        rt_xml_attr(x, "runnerUp", rt_templates_at(all, x->d->template_second)->id);
    if (x->d->template_also != RT_NIL)
        rt_xml_attr(x, "also", rt_templates_at(all, x->d->template_also)->id);
    rt_xml_close(x);
}

static void write_engine(rt_xml *x)
{
    const char *checksum = x->k->lexicon->checksum;
    rt_xml_open(x, "engine");
    rt_xml_attr(x, "name", "roentext");
    rt_xml_attr(x, "version", rt_version());
    rt_xml_attr(x, "lexicon", *checksum != '\0' ? checksum : NULL);
    rt_xml_close(x);
}

void rt_xml_header(rt_xml *x)
{
    rt_xml_open(x, "header");
    write_template(x);
    write_engine(x);
    write_patient(x);
    write_study(x);
    write_author(x);
    write_issued(x);
    rt_xml_close(x);
}

/* ---- source */

static const char *format_name(rt_format f)
{
    switch (f) {
    case RT_FORMAT_AUTO:
    case RT_FORMAT_TEXT:
        return "text";
    case RT_FORMAT_JSONL:
        return "jsonl";
    case RT_FORMAT_CSV:
        return "csv";
    case RT_FORMAT_HL7:
        return "hl7v2";
    }
    return "text";
}

void rt_xml_source(rt_xml *x)
{
    char hash[65];
    rt_str raw = x->d->record->field[RT_FIELD_TEXT];
    rt_sha256_hex(raw, hash);
    rt_xml_open(x, "source");
    rt_xml_attr(x, "format", format_name(x->d->record->format));
    rt_xml_attr(x, "charset", x->d->charset != NULL ? x->d->charset : "UTF-8");
    rt_xml_attr(x, "rawSha256", hash);
    rt_xml_attr_u(x, "rawBytes", raw.len);
    rt_xml_attr(x, "unit", "codepoint");
    rt_xml_attr_u(x, "length", x->cp->total);
    rt_xml_open(x, "text");
    rt_xml_attr(x, "xml:space", "preserve");
    rt_xml_chars(x, x->d->text.doc);
    rt_xml_close(x);
    rt_xml_close(x);
}
