/* The header and the source of a report in XML. What a sender says of patient and exam is taken
 * over when the schema allows its value; else it is left out and becomes an issue: a wrong date
 * must not cost the report. */
#include "output/xml_writer.h"

#include "base/hash.h"
#include "base/utf8.h"

static rt_str field(const rt_xml *x, rt_field_id f)
{
    return rt_str_trim(x->d->record->field[f]);
}

static void field_attr(rt_xml *x, const char *name, rt_field_id f)
{
    rt_xml_attr_given(x, name, field(x, f));
}

/* ---- dates and times: with separators or without, as HL7 has them */

/* The digits of s, at most max; false if anything but digits and the separators stands there. */
static bool digits(rt_str s, const char *separators, char *out, size_t max, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!rt_is_digit(s.ptr[i]) && (s.ptr[i] == '\0' || strchr(separators, s.ptr[i]) == NULL))
            return false;
        if (rt_is_digit(s.ptr[i]) && *n == max)
            return false;
        if (rt_is_digit(s.ptr[i]))
            out[(*n)++] = s.ptr[i];
    }
    return true;
}

static unsigned number(const char *p, size_t n)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (unsigned)(p[i] - '0');
    return v;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static void date_attr(rt_xml *x, const char *name, rt_field_id f)
{
    char d[8];
    size_t n = 0;
    rt_str s = field(x, f);
    if (s.len == 0)
        return;
    bool plain = s.len == 8 || (s.len == 10 && s.ptr[4] == s.ptr[7]);
    if (plain && digits(s, "-/.", d, sizeof d, &n) && n == 8) {
        unsigned year = number(d, 4), month = number(d + 4, 2), day = number(d + 6, 2);
        if (year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month)) {
            rt_xml_attr_printf(x, name, "%04u-%02u-%02u", year, month, day);
            return;
        }
    }
    x->bad_fields |= 1U << f;
}

static void time_attr(rt_xml *x, const char *name, rt_field_id f)
{
    char t[6] = "000000";
    size_t n = 0;
    rt_str s = rt_str_cut(field(x, f), '.').head; /* without fractions of a second */
    if (field(x, f).len == 0)
        return;
    if (digits(s, ":", t, sizeof t, &n) && (n == 4 || n == 6)) {
        unsigned hour = number(t, 2), minute = number(t + 2, 2),
                 second = n == 6 ? number(t + 4, 2) : 0;
        if (hour < 24 && minute < 60 && second < 60) {
            rt_xml_attr_printf(x, name, "%02u:%02u:%02u", hour, minute, second);
            return;
        }
    }
    x->bad_fields |= 1U << f;
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
    rt_str s = field(x, RT_FIELD_SEX);
    if (s.len == 1 && strchr("MFOmfo", s.ptr[0]) != NULL)
        rt_xml_attr_printf(x, "sex", "%c", s.ptr[0] & ~0x20);
    else if (s.len > 0)
        x->bad_fields |= 1U << RT_FIELD_SEX;
}

static void age_attr(rt_xml *x)
{
    double age = 0;
    rt_str s = field(x, RT_FIELD_AGE);
    if (s.len == 0)
        return;
    if (rt_str_number(s, &age) && age >= 0 && age < 200)
        rt_xml_attr_u(x, "age", (uint64_t)age);
    else
        x->bad_fields |= 1U << RT_FIELD_AGE;
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
    rt_xml_attr_printf(x, "match", "%.3f", x->d->template_score);
    if (x->d->template_second != RT_NIL)
        rt_xml_attr(x, "runnerUp", rt_templates_at(all, x->d->template_second)->id);
    rt_xml_close(x);
}

static void write_engine(rt_xml *x)
{
    rt_xml_open(x, "engine");
    rt_xml_attr(x, "name", "roentext");
    rt_xml_attr(x, "version", rt_version());
    rt_xml_attr_given(x, "lexicon", rt_str_from(x->k->lexicon->checksum));
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
    rt_xml_attr_u(x, "length", x->cp.total);
    rt_xml_open(x, "text");
    rt_xml_attr(x, "xml:space", "preserve");
    rt_xml_string(x, x->d->text.doc);
    rt_xml_close(x);
    rt_xml_close(x);
}
