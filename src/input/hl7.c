/* An HL7 v2 message (ORU, or MDM) to a record. It is decoded before it is split: in GB18030 the
 * second byte of a character may look like any of the separators.
 *
 *   MSH  charset, type, control id         PID  patient
 *   OBR  id, exam, dates, modality, status, author     OBX  the text (hl7_text.c)
 *
 * One message is one record: several OBR are exams that were reported together. */
#include "input/hl7_text.h"

#include "base/utf8.h"
#include "input/format.h"
#include "text/charset.h"
#include "text/decode.h"

typedef struct message {
    rt_arena *a;
    const rt_raw *raw;
    const rt_knowledge *know;
    rt_hl7 m;
    rt_record *out;
    rt_hl7_text text;
    rt_str control_id, fallback_id, text_status, text_author;
} message;

static rt_code fail_at(const message *x, uint32_t line, rt_err *err)
{
    rt_raw_place(x->raw, RT_EINPUT, err);
    if (err != NULL)
        err->line = line;
    return RT_EINPUT;
}

/* ---- fields of the record */

static rt_str clean(message *x, rt_str s)
{
    s = rt_str_trim(rt_hl7_plain(x->a, &x->m, s));
    return rt_str_eq(s, RT_STR("\"\"")) ? (rt_str){"", 0}
                                        : rt_field_clean(x->a, s, &x->out->replaced);
}

static rt_str get(message *x, const rt_hl7_segment *s, unsigned field, unsigned component)
{
    return clean(x, rt_hl7_get(&x->m, s, field, component));
}

/* The first that is given stays. */
static void set(message *x, rt_field_id f, rt_str value)
{
    if (x->out->field[f].len == 0)
        x->out->field[f] = value;
}

static size_t count_digits(rt_str s)
{
    size_t n = 0;
    while (n < s.len && rt_is_digit(s.ptr[n]))
        n++;
    return n;
}

/* 20240601093000+0800 becomes 2024-06-01 and 09:30:00; as much of it as is there. */
static void set_date(message *x, rt_str s, rt_field_id date, rt_field_id time)
{
    size_t n = count_digits(s);
    const char *p = s.ptr;
    if (n < 4 || x->out->field[date].len > 0)
        return;
    if (n >= 8)
        set(x, date, rt_arena_printf(x->a, "%.4s-%.2s-%.2s", p, p + 4, p + 6));
    else if (n >= 6)
        set(x, date, rt_arena_printf(x->a, "%.4s-%.2s", p, p + 4));
    else
        set(x, date, rt_arena_printf(x->a, "%.4s", p));
    if (time != RT_FIELD_COUNT && n >= 12)
        set(x, time,
            rt_arena_printf(x->a, "%.2s:%.2s:%.2s", p + 8, p + 10, n >= 14 ? p + 12 : "00"));
}

/* As the record has it, and DICOM: DOE^JANE^ANN, without what is empty at the end. */
static rt_str join_name(message *x, rt_str family, rt_str given, rt_str middle)
{
    rt_str part[] = {clean(x, family), clean(x, given), clean(x, middle)};
    if (part[1].len == 0 && part[2].len == 0)
        return part[0];
    return rt_arena_printf(x->a, "%.*s^%.*s%s%.*s", (int)part[0].len, part[0].ptr, (int)part[1].len,
                           part[1].ptr, part[2].len > 0 ? "^" : "", (int)part[2].len, part[2].ptr);
}

/* A person as the standard has it (id^family^given^middle), with sub-components in the first
 * component (id&family&given), or as a plain name. */
static rt_str person(message *x, rt_str field)
{
    const rt_hl7 *m = &x->m;
    rt_str first = rt_hl7_part(field, m->repetition, 1);
    rt_str one = rt_hl7_part(first, m->component, 1);
    char separator = m->component;
    if (m->sub != '\0' && rt_hl7_part(one, m->sub, 2).len > 0) {
        first = one;
        separator = m->sub;
    }
    rt_str name = join_name(x, rt_hl7_part(first, separator, 2), rt_hl7_part(first, separator, 3),
                            rt_hl7_part(first, separator, 4));
    rt_str plain = clean(x, rt_hl7_part(first, separator, 1));
    return name.len > 0 || count_digits(plain) > 0 ? name : plain;
}

/* A coded element as people read it: its text, and its other text if that says more. */
static rt_str coded(message *x, const rt_hl7_segment *s, unsigned field)
{
    rt_str code = get(x, s, field, 1), text = get(x, s, field, 2), other = get(x, s, field, 5);
    if (text.len > 0 && other.len > 0 && !rt_str_find(text, other, NULL))
        return rt_arena_printf(x->a, "%.*s; %.*s", (int)text.len, text.ptr, (int)other.len,
                               other.ptr);
    return text.len > 0 ? text : other.len > 0 ? other : code;
}

static rt_str meaning(const message *x, rt_hl7_kind kind, rt_str key)
{
    const rt_table_word *w = x->know != NULL ? rt_word_find(x->know->hl7, kind, key) : NULL;
    return w != NULL ? w->value : (rt_str){"", 0};
}

/* ---- segments */

static void read_pid(message *x, const rt_hl7_segment *s)
{
    rt_str name = rt_hl7_part(rt_hl7_field(&x->m, s, 5), x->m.repetition, 1);
    rt_str sex = get(x, s, 8, 1);
    set(x, RT_FIELD_PATIENT_ID, get(x, s, 3, 1));
    set(x, RT_FIELD_PATIENT_ID, get(x, s, 2, 1));
    set(x, RT_FIELD_PATIENT_NAME,
        join_name(x, rt_hl7_part(rt_hl7_part(name, x->m.component, 1), x->m.sub, 1),
                  rt_hl7_part(name, x->m.component, 2), rt_hl7_part(name, x->m.component, 3)));
    set_date(x, get(x, s, 7, 1), RT_FIELD_BIRTH_DATE, RT_FIELD_COUNT);
    if (sex.len == 1 && strchr("MFO", sex.ptr[0]) != NULL)
        set(x, RT_FIELD_SEX, sex);
}

/* Exams that are reported together are named together. */
static void add_exam(message *x, const rt_hl7_segment *s)
{
    rt_str ordered = coded(x, s, 4), done = coded(x, s, 44);
    rt_str exam = done.len > 0 ? done : ordered, *all = &x->out->field[RT_FIELD_EXAM];
    if (done.len > 0 && !rt_str_eq(done, ordered))
        set(x, RT_FIELD_ORDER, ordered);
    if (all->len == 0)
        *all = exam;
    else if (exam.len > 0 && !rt_str_find(*all, exam, NULL))
        *all =
            rt_arena_printf(x->a, "%.*s; %.*s", (int)all->len, all->ptr, (int)exam.len, exam.ptr);
}

/* The accession number is OBR-18 by IHE; others put other things there, words mostly. */
static rt_str accession(message *x, const rt_hl7_segment *s)
{
    rt_str field = get(x, s, 18, 1);
    for (size_t i = 0; i < field.len; i++)
        if (rt_is_digit(field.ptr[i]))
            return field;
    return get(x, s, 3, 1);
}

static void read_obr(message *x, const rt_hl7_segment *s)
{
    rt_str filler = get(x, s, 3, 1), placer = get(x, s, 2, 1);
    if (x->fallback_id.len == 0)
        x->fallback_id = filler.len > 0 ? filler : placer;
    add_exam(x, s);
    set(x, RT_FIELD_ACCESSION, accession(x, s));
    set(x, RT_FIELD_MODALITY, meaning(x, RT_HL7_SERVICE, get(x, s, 24, 1)));
    set(x, RT_FIELD_STATUS, meaning(x, RT_HL7_STATUS, get(x, s, 25, 1)));
    set_date(x, get(x, s, 7, 1), RT_FIELD_DATE, RT_FIELD_TIME);
    set_date(x, get(x, s, 22, 1), RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    set(x, RT_FIELD_AUTHOR, person(x, rt_hl7_field(&x->m, s, 32)));
}

/* The status of the first value stands for a report that has none, unless one was corrected. */
static void read_obx(message *x, const rt_hl7_segment *s)
{
    rt_str status = meaning(x, RT_HL7_STATUS, get(x, s, 11, 1));
    if (x->text_status.len == 0 || rt_str_eq(status, RT_STR("corrected")))
        x->text_status = status;
    if (x->text_author.len == 0)
        x->text_author = person(x, rt_hl7_field(&x->m, s, 16));
    rt_hl7_add(&x->text, &x->m, s);
}

static void read_segments(message *x)
{
    rt_hl7_segment s;
    while (rt_hl7_next(&x->m, &s)) {
        if (rt_hl7_is(&s, "PID"))
            read_pid(x, &s);
        else if (rt_hl7_is(&s, "OBR"))
            read_obr(x, &s);
        else if (rt_hl7_is(&s, "OBX"))
            read_obx(x, &s);
    }
    set(x, RT_FIELD_STATUS, x->text_status);
    set(x, RT_FIELD_AUTHOR, x->text_author);
    if (x->fallback_id.len > 0)
        x->out->field[RT_FIELD_ID] = x->fallback_id;
}

/* ---- the message */

/* The charset that MSH-18 names, or a field before it: senders miscount. */
static rt_str find_charset(const rt_raw *raw)
{
    rt_hl7 m;
    rt_hl7_segment msh = {raw->bytes, raw->line};
    if (!rt_hl7_open(&m, raw->bytes, raw->line))
        return (rt_str){"", 0};
    for (size_t i = 0; i < msh.bytes.len; i++)
        if (msh.bytes.ptr[i] == '\r' || msh.bytes.ptr[i] == '\n')
            msh.bytes.len = i;
    for (unsigned field = 18; field >= 16; field--) {
        rt_str label = rt_hl7_get(&m, &msh, field, 1);
        if (rt_charset_known(label))
            return label;
    }
    return (rt_str){"", 0};
}

static rt_code decode(message *x, rt_str *text, rt_err *err)
{
    rt_str charset = find_charset(x->raw);
    rt_decoded d;
    rt_code code = rt_decode(x->a, x->raw->bytes, charset, &d, err);
    if (code != RT_OK)
        return rt_raw_place(x->raw, code, err);
    x->out->replaced += d.replaced;
    x->m.charset = rt_str_from(d.charset);
    *text = d.text;
    return RT_OK;
}

static rt_code read_msh(message *x, rt_str text, rt_err *err)
{
    rt_str charset = x->m.charset;
    if (!rt_hl7_open(&x->m, text, x->raw->line)) {
        rt_fail(err, RT_EINPUT,
                "HL7: MSH-1: the message does not begin with MSH and its separators");
        return fail_at(x, x->raw->line, err);
    }
    x->m.charset = charset;
    rt_hl7 look = x->m;
    rt_hl7_segment msh;
    (void)rt_hl7_next(&look, &msh);
    rt_str type = rt_hl7_get(&x->m, &msh, 9, 1), control_id = get(x, &msh, 10, 1);
    if (control_id.len > 0)
        x->out->field[RT_FIELD_ID] = control_id;
    if (type.len == 0 || rt_str_eq(type, RT_STR("ORU")) || rt_str_eq(type, RT_STR("MDM")))
        return RT_OK;
    rt_fail(err, RT_EINPUT, "HL7: MSH-9: %.*s is no report: ORU or MDM is",
            type.len < 40 ? (int)type.len : 40, type.ptr);
    return fail_at(x, msh.line, err);
}

static rt_code check_text(const message *x, rt_err *err)
{
    const rt_hl7_text *t = &x->text;
    if (t->has_text)
        return RT_OK;
    if (t->segments == 0)
        rt_fail(err, RT_EINPUT, "HL7: OBX: the message has no OBX segment, so no report text");
    else if (t->withdrawn > 0)
        rt_fail(err, RT_EINPUT, "HL7: OBX[%u]-11: the report text was withdrawn", t->segments);
    else if (t->type.len > 0)
        rt_fail(err, RT_EINPUT, "HL7: OBX[%u]-5: no report text, only values of type %.*s",
                t->segments, t->type.len < 8 ? (int)t->type.len : 8, t->type.ptr);
    else
        rt_fail(err, RT_EINPUT, "HL7: OBX[%u]-5: the report text is empty", t->segments);
    return fail_at(x, t->segments > 0 ? t->line : x->raw->line, err);
}

rt_code rt_parse_hl7(rt_arena *a, const rt_raw *raw, rt_parse_env *env, rt_record *out, rt_err *err)
{
    if (raw->oversize)
        return rt_raw_oversize(raw, err);
    message x = {.a = a, .raw = raw, .know = env->know, .out = out};
    x.text = (rt_hl7_text){.a = a, .know = env->know};
    rt_str text = RT_STR("");
    rt_code code = decode(&x, &text, err);
    if (code == RT_OK)
        code = read_msh(&x, text, err);
    if (code != RT_OK)
        return code;
    read_segments(&x);
    out->charset = RT_STR("UTF-8");
    out->field[RT_FIELD_TEXT] = (rt_str){x.text.ptr, x.text.len};
    while (out->field[RT_FIELD_TEXT].len > 0 &&
           rt_is_blank(x.text.ptr[out->field[RT_FIELD_TEXT].len - 1]))
        out->field[RT_FIELD_TEXT].len--;
    return check_text(&x, err);
}
