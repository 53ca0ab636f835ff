/* The HL7 v2 writer.
 *
 *   MSH PID OBR
 *   OBX|1|FT|59776-5^Procedure findings^LN||...    a section of the narrative
 *   OBX|3|CWE|pneumothorax^Pneumothorax^99ROENTEXT|...   a field: OBX-4 tells repeated ones apart
 *   OBX|4|CWE|critical^Critical finding^99ROENTEXT|...   a critical finding: rule and concept
 *   OBX|5|CWE|issue^Quality check^99ROENTEXT|1|...       an inconsistency, its severity in an NTE
 *   OBX|6|FT|unmapped^Text in no field^99ROENTEXT|1|...  a sentence that no field took
 *
 * OBX-8 is AA where a critical finding is stated (A: an actionable one of the third category),
 * OBX-17 is then its category. All that is not the narrative has the coding system 99ROENTEXT in
 * OBX-3.3, so that readers (ours is one) can tell what was dictated from what was derived. */
#include "output/hl7.h"

#include <stdio.h>

#include "base/utf8.h"
#include "output/codes.h"
#include "output/facts.h"

#define OURS "99ROENTEXT"
#define UNKNOWN "\"\"" /* in a required field: nobody said it */

typedef struct writer {
    rt_buf *out;
    const rt_doc *d;
    const rt_knowledge *k;
    const rt_record *record;
    uint32_t obx; /* set id */
    const char *status;
} writer;

/* ---- text */

static const char *escape_of(char c) /* NULL: none is needed */
{
    switch (c) {
    case '|':
        return "\\F\\";
    case '^':
        return "\\S\\";
    case '&':
        return "\\T\\";
    case '~':
        return "\\R\\";
    case '\\':
        return "\\E\\";
    case '\n':
        return "\\.br\\";
    default:
        return NULL;
    }
}

/* Line ends become \.br\; other controls, blanks. */
static void put(writer *w, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        const char *escape = escape_of(c);
        if (escape != NULL)
            rt_buf_addz(w->out, escape);
        else
            rt_buf_addc(w->out, ((unsigned char)c < 0x20 || c == 0x7F) ? ' ' : c);
    }
}

static void putz(writer *w, const char *z)
{
    put(w, rt_str_from(z));
}

static void mark(writer *w, const char *separators) /* as they are */
{
    rt_buf_addz(w->out, separators);
}

static void fact(writer *w, rt_field_id f)
{
    put(w, rt_fact(w->record, f));
}

/* code^display^system */
static void coded(writer *w, const char *code, const char *display, const char *system)
{
    putz(w, code);
    mark(w, "^");
    putz(w, display);
    mark(w, "^");
    putz(w, system);
}

static void code_ref(writer *w, rt_code_ref c)
{
    coded(w, c.code, c.display, rt_system_of(c.system)->designator);
}

/* YYYYMMDD[HHMMSS]; false: there is no such date. */
static bool timestamp(writer *w, rt_field_id date, rt_field_id time)
{
    rt_date d;
    rt_clock t;
    if (rt_fact_date(w->record, date, &d) != RT_GIVEN_GOOD)
        return false;
    rt_buf_addf(w->out, "%04u%02u%02u", d.year, d.month, d.day);
    if (time != RT_FIELD_COUNT && rt_fact_clock(w->record, time, &t) == RT_GIVEN_GOOD)
        rt_buf_addf(w->out, "%02u%02u%02u", t.hour, t.minute, t.second);
    return true;
}

/* The parts of a name, family first, with another separator between them. */
static void person(writer *w, rt_field_id f, const char *separator)
{
    rt_cut part = {.tail = rt_fact(w->record, f), .found = true};
    for (unsigned i = 0; i < 3 && part.found; i++) {
        part = rt_str_cut(part.tail, '^');
        if (i > 0)
            mark(w, separator);
        put(w, part.head);
    }
}

/* ---- the head of a message */

static void header(writer *w, const char *type)
{
    rt_identity id;
    rt_identify(w->record, &id);
    mark(w, "MSH|^~\\&|ROENTEXT||||");
    if (!timestamp(w, RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME) &&
        !timestamp(w, RT_FIELD_DATE, RT_FIELD_TIME))
        mark(w, UNKNOWN);
    rt_buf_addf(w->out, "||%s|%.8s%.4s%.4s%.4s|P|2.5.1|||AL|NE||UNICODE UTF-8\r", type, id.report,
                id.report + 9, id.report + 14, id.report + 19);
}

static void patient(writer *w)
{
    char sex = '\0';
    mark(w, "PID|1||");
    fact(w, RT_FIELD_PATIENT_ID);
    mark(w, rt_fact(w->record, RT_FIELD_PATIENT_ID).len > 0 ? "||" : UNKNOWN "||");
    person(w, RT_FIELD_PATIENT_NAME, "^");
    mark(w, rt_fact(w->record, RT_FIELD_PATIENT_NAME).len > 0 ? "||" : UNKNOWN "||");
    (void)timestamp(w, RT_FIELD_BIRTH_DATE, RT_FIELD_COUNT);
    mark(w, "|");
    if (rt_fact_sex(w->record, &sex) == RT_GIVEN_GOOD)
        rt_buf_addc(w->out, sex);
    mark(w, "\r");
}

/* Tables 0123 and 0085: OBR-25 and OBX-11. Without a word of the sender: not verified. */
static const struct {
    const char *name, *result, *observation;
} statuses[] = {
    {"preliminary", "P", "P"}, {"final", "F", "F"},     {"corrected", "C", "C"},
    {"addendum", "C", "C"},    {"cancelled", "X", "F"},
};

static void order(writer *w)
{
    const char *name = NULL, *result = "R";
    w->status = "R";
    if (rt_fact_status(w->record, &name) == RT_GIVEN_GOOD) {
        for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
            if (strcmp(statuses[i].name, name) != 0)
                continue;
            result = statuses[i].result;
            w->status = statuses[i].observation;
        }
    }
    mark(w, "OBR|1||");
    fact(w, RT_FIELD_ID);
    mark(w, "|");
    if (rt_fact(w->record, RT_FIELD_EXAM).len > 0) {
        mark(w, "EXAM^");
        fact(w, RT_FIELD_EXAM);
        mark(w, "^" OURS);
    } else {
        mark(w, "18748-4^Diagnostic imaging study^LN");
    }
    mark(w, "|||");
    (void)timestamp(w, RT_FIELD_DATE, RT_FIELD_TIME);
    mark(w, "|||||||||||");
    fact(w, RT_FIELD_ACCESSION);
    mark(w, "||||");
    (void)timestamp(w, RT_FIELD_REPORT_DATE, RT_FIELD_REPORT_TIME);
    mark(w, "||");
    fact(w, RT_FIELD_MODALITY);
    rt_buf_addf(w->out, "|%s|||||||", result);
    if (rt_fact(w->record, RT_FIELD_AUTHOR).len > 0) {
        mark(w, "&");
        person(w, RT_FIELD_AUTHOR, "&");
    }
    mark(w, "\r");
}

/* ---- observations */

static void open_obx(writer *w, const char *type)
{
    rt_buf_addf(w->out, "OBX|%u|%s|", (unsigned)++w->obx, type);
}

/* Table 0078: the third category of actionable findings is abnormal, but not critical. */
static const char *const abnormal[] = {
    "",
    "AA^Critical abnormal^HL70078",
    "AA^Critical abnormal^HL70078",
    "A^Abnormal^HL70078",
};

/* From behind OBX-5 on. category: the most urgent one stated, 0: none. */
static void close_obx(writer *w, const char *unit, uint32_t category)
{
    mark(w, "|");
    if (unit != NULL) {
        const char *ucum = rt_ucum_code(unit);
        coded(w, ucum != NULL ? ucum : unit, unit, ucum != NULL ? "UCUM" : OURS);
    }
    rt_buf_addf(w->out, "||%s|||%s", abnormal[category < 4 ? category : 3], w->status);
    rt_code_ref code = rt_category_code(category);
    if (category > 0 && code.code != NULL) {
        mark(w, "||||||");
        code_ref(w, code);
    }
    mark(w, "\r");
}

static void note(writer *w, const char *what)
{
    rt_buf_addf(w->out, "NTE|1||%s\r", what);
}

static uint32_t category_of(const writer *w, const rt_flag *f)
{
    return rt_rules_info(w->k->rules, f->rule)->category;
}

static uint32_t more_urgent(uint32_t a, uint32_t b)
{
    return a == 0 || (b > 0 && b < a) ? b : a;
}

/* ---- the narrative */

/* Where the section begins in the document: its heading, with the marks in front of it. */
static uint32_t section_start(const rt_doc *d, uint32_t section)
{
    const rt_section *s = &d->sections.at[section];
    bool headed = s->heading.beg < s->heading.end;
    uint32_t beg = rt_doc_span(d, headed ? s->heading : s->at).beg, line = beg;
    if (section == 0)
        return 0;
    if (!headed)
        return beg;
    while (line > 0 && d->text.doc.ptr[line - 1] != '\n' &&
           !rt_is_word(d->text.doc.ptr[line - 1]) && beg - line < 8)
        line--;
    bool at_start = line == 0 || d->text.doc.ptr[line - 1] == '\n';
    return at_start ? line : beg;
}

/* A part without a heading (a title, a report of one paragraph) is the study as such: a section
 * code would put a heading into the reader's mouth. */
static void narrative(writer *w, const rt_section *section, rt_span at)
{
    static const rt_code_ref whole = {"LN", "18748-4", "Diagnostic imaging study"};
    rt_str text = rt_text_slice(&w->d->text, at);
    uint32_t category = 0;
    if (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    if (rt_str_trim(text).len == 0)
        return;
    for (uint32_t i = 0; i < w->d->flags.len; i++)
        if (w->d->flags.at[i].at.beg >= at.beg && w->d->flags.at[i].at.beg < at.end)
            category = more_urgent(category, category_of(w, &w->d->flags.at[i]));
    bool headed = section->heading.beg < section->heading.end;
    rt_code_ref code = headed ? rt_section_code(section->type) : whole;
    open_obx(w, "FT");
    code_ref(w, code.code != NULL ? code : whole);
    mark(w, "||");
    put(w, text);
    close_obx(w, NULL, category);
}

static void narratives(writer *w)
{
    const rt_doc *d = w->d;
    for (uint32_t i = 0; i < d->sections.len; i++) {
        uint32_t end =
            i + 1 < d->sections.len ? section_start(d, i + 1) : (uint32_t)d->text.doc.len;
        rt_span at = {section_start(d, i), end};
        if (at.beg < at.end)
            narrative(w, &d->sections.at[i], at);
    }
}

/* ---- fields */

static const rt_template_option *chosen(const rt_template_field *f, const rt_slot *s)
{
    return s->option < f->n_options ? &f->options[s->option] : NULL;
}

static void field_id(writer *w, const rt_template_field *f, const rt_slot_name *name)
{
    rt_buf_addf(w->out, "%s%s%s^", name->prefix, name->dot, name->id);
    if (name->label != NULL) {
        putz(w, name->label);
        mark(w, ": ");
    }
    putz(w, f->label);
    mark(w, "^" OURS);
    if (f->code.code != NULL) {
        mark(w, "^");
        code_ref(w, f->code);
    }
    mark(w, "|");
    if (name->value != NULL)
        putz(w, name->value);
    else if (name->group != NULL)
        rt_buf_addu(w->out, name->n);
    mark(w, "|");
}

static void field_value(writer *w, const rt_template_field *f, const rt_slot *s)
{
    const rt_template_option *o = chosen(f, s);
    put(w, s->value);
    if (o == NULL)
        return;
    mark(w, "^");
    putz(w, o->label);
    mark(w, "^" OURS);
    if (o->code.code != NULL) {
        mark(w, "^");
        code_ref(w, o->code);
    }
}

static void field(writer *w, const rt_slot *s)
{
    const rt_template_field *f = rt_slot_field(w->k->templates, s);
    rt_slot_name name = rt_slot_name_of(w->k->templates, w->d, s);
    double number = 0;
    uint32_t category = 0;
    if (!rt_slot_says(s) || s->value.len == 0)
        return;
    for (uint32_t i = 0; i < s->findings.count; i++) {
        const rt_flag *flag = rt_finding_flag(w->d, w->d->slot_findings.at[s->findings.first + i]);
        if (flag != NULL)
            category = more_urgent(category, category_of(w, flag));
    }
    bool numeric = f->type == RT_FIELD_TYPE_NUMBER && rt_str_number(s->value, &number);
    open_obx(w, f->type == RT_FIELD_TYPE_CHOICE ? "CWE" : numeric ? "NM" : "ST");
    field_id(w, f, &name);
    field_value(w, f, s);
    close_obx(w, s->unit, category);
    if (s->state == RT_STATE_CONFLICT)
        note(w, "conflict: the report says both");
}

/* ---- critical findings */

static void critical(writer *w, const rt_flag *flag)
{
    const rt_rule_info *rule = rt_rules_info(w->k->rules, flag->rule);
    uint32_t concept = w->d->findings.at[flag->finding].concept;
    rt_code_ref code = rt_concept_code_named(w->k, w->d, concept);
    open_obx(w, "CWE");
    mark(w, "critical^Critical finding^" OURS "||");
    coded(w, rule->id, w->d->zh ? rule->name_zh : rule->name_en, OURS);
    mark(w, "^");
    code_ref(w, code);
    close_obx(w, NULL, rule->category);
    if (flag->equivocal)
        note(w, "equivocal: the report says possible");
}

/* ---- quality checks, and what no field took; OBX-4 counts them */

static void issue(writer *w, uint32_t index)
{
    const rt_qa_issue *q = &w->d->qa.at[index];
    const rt_check_info *check = rt_checks_info(w->k->checks, q->check);
    open_obx(w, "CWE");
    rt_buf_addf(w->out, "issue^Quality check^" OURS "|%u|", (unsigned)index + 1U);
    putz(w, check->id);
    mark(w, "^");
    put(w, q->message);
    mark(w, "^" OURS);
    close_obx(w, NULL, 0);
    note(w, rt_qa_level_name(check->severity));
}

static void unmapped(writer *w)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < w->d->unmapped.len; i++) {
        rt_str text = rt_str_trim(rt_text_slice(&w->d->text, w->d->unmapped.at[i]));
        if (text.len == 0)
            continue;
        open_obx(w, "FT");
        rt_buf_addf(w->out, "unmapped^Text in no field^" OURS "|%u|", ++n);
        put(w, text);
        close_obx(w, NULL, 0);
    }
}

rt_code rt_write_hl7(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    writer w = {.out = out, .d = d, .k = k, .record = d->record};
    header(&w, "ORU^R01^ORU_R01");
    patient(&w);
    order(&w);
    narratives(&w);
    for (uint32_t i = 0; i < d->slots.len; i++)
        field(&w, &d->slots.at[i]);
    for (uint32_t i = 0; i < d->flags.len; i++)
        critical(&w, &d->flags.at[i]);
    for (uint32_t i = 0; i < d->qa.len; i++)
        issue(&w, i);
    unmapped(&w);
    return rt_buf_check(out, err);
}

rt_code rt_write_hl7_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err)
{
    writer w = {.out = out, .record = record};
    header(&w, "ACK^R01^ACK");
    mark(&w, "MSA|AE|");
    fact(&w, RT_FIELD_ID);
    mark(&w, "|");
    putz(&w, why->msg);
    mark(&w, "\r");
    return rt_buf_check(out, err);
}
