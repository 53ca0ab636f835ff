/* The XML writer: what is common to all parts, and the lists that follow from the findings. Header
 * and sections are in xml_header.c, fields and findings in xml_body.c. */
#include "output/xml.h"

#include <math.h>

#include "output/facts.h"
#include "output/xml_put.h"

#define NAMESPACE "urn:roentext:report:1"

/* ---- attributes */

void rt_xml_attr_str(rt_xml *x, const char *name, rt_str value)
{
    if (value.len > 0)
        rt_attr_outside(&x->m, name, value);
    else
        rt_attr(&x->m, name, "");
}

/* "f1": identifiers are ours, and go past the escapes */
static void put_finding(rt_xml *x, uint32_t finding)
{
    rt_buf_addc(x->m.out, 'f');
    rt_buf_addu(x->m.out, finding + 1U);
}

void rt_xml_attr_finding(rt_xml *x, const char *name, uint32_t finding)
{
    rt_attr_begin(&x->m, rt_str_from(name));
    put_finding(x, finding);
    rt_attr_end(&x->m);
}

void rt_xml_attr_findings(rt_xml *x, const char *name, const uint32_t *at, rt_range r)
{
    if (r.count == 0)
        return;
    rt_attr_begin(&x->m, rt_str_from(name));
    for (uint32_t i = 0; i < r.count; i++) {
        if (i > 0)
            rt_buf_addc(x->m.out, ' ');
        put_finding(x, at != NULL ? at[r.first + i] : r.first + i);
    }
    rt_attr_end(&x->m);
}
/* ---- building blocks */

void rt_xml_chars(rt_xml *x, rt_str text)
{
    if (x->plain)
        rt_chars_known(&x->m, text);
    else
        rt_chars(&x->m, text);
}

void rt_xml_span_named(rt_xml *x, rt_str element, rt_span at)
{
    enum { NAMES = 128 }; /* bytes around the text */
    if (at.beg >= at.end)
        return;
    rt_tag_inside(&x->m);
    char *p = rt_buf_room(x->m.out, NAMES);
    if (p == NULL)
        return;
    p = rt_put_short(rt_put(rt_put_indent(p, x->m.depth), RT_STR("<")), element);
    p = rt_put_u(rt_put(p, RT_STR(" b=\"")), rt_cp_of(x->cp, at.beg));
    p = rt_put_u(rt_put(p, RT_STR("\" e=\"")), rt_cp_of(x->cp, at.end));
    rt_buf_wrote(x->m.out, rt_put(p, RT_STR("\">")));
    rt_xml_chars(x, rt_text_slice(&x->d->text, at));
    x->m.text = false; /* the element around holds elements */
    p = rt_buf_room(x->m.out, NAMES);
    if (p == NULL)
        return;
    p = rt_put_short(rt_put(p, RT_STR("</")), element);
    rt_buf_wrote(x->m.out, rt_put(p, RT_STR(">\n")));
}

void rt_xml_evidence(rt_xml *x, const char *method, rt_span at)
{
    if (at.beg >= at.end)
        return;
    rt_xml_open(x, "evidence");
    rt_xml_attr(x, "method", method);
    rt_xml_span(x, "span", at);
    rt_xml_close(x);
}

void rt_xml_code_ref(rt_xml *x, const rt_code_ref *code)
{
    if (code->code == NULL)
        return;
    rt_tag_inside(&x->m);
    char *p = rt_xml_put_code(x, rt_buf_room(x->m.out, 0), x->m.depth, code);
    if (p != NULL)
        rt_buf_wrote(x->m.out, p);
}

void rt_xml_concept(rt_xml *x, uint32_t concept)
{
    rt_tag_inside(&x->m);
    char *p = rt_xml_put_concept(x, rt_buf_room(x->m.out, 0), x->m.depth, concept);
    if (p != NULL)
        rt_buf_wrote(x->m.out, p);
}

const char *rt_xml_name(const rt_xml *x, uint32_t concept)
{
    return rt_concept_name(x->k, x->d, concept);
}

/* ---- impression: an item of a list with the sentences that follow it, or a sentence */

/* The least certain of what is not denied: "likely pneumonia, no effusion" is possible. */
static const char *certainty_of(const rt_doc *d, rt_range findings)
{
    unsigned least = RT_PRESENCE_PRESENT;
    for (uint32_t i = findings.first; i < findings.first + findings.count; i++) {
        unsigned presence = d->findings.at[i].presence;
        if (presence > least && presence != RT_PRESENCE_ABSENT)
            least = presence;
    }
    return least != RT_PRESENCE_PRESENT ? rt_presence_name(least) : NULL;
}

/* Those of an item or a sentence are a run. */
static rt_range findings_within(const rt_doc *d, rt_span at)
{
    uint32_t first = rt_doc_first_finding(d, at.beg);
    return (rt_range){first, rt_doc_first_finding(d, at.end) - first};
}

static void write_item(rt_xml *x, uint32_t n, rt_span at)
{
    rt_xml_open(x, "item");
    rt_xml_attr_u(x, "n", n);
    rt_range findings = findings_within(x->d, at);
    rt_xml_attr_findings(x, "findings", NULL, findings);
    rt_xml_attr(x, "certainty", certainty_of(x->d, findings));
    rt_xml_span(x, "span", at);
    rt_xml_close(x);
}

/* End of the item that begins with sentence i: its last sentence. */
static uint32_t last_of_item(const rt_doc *d, uint32_t i)
{
    if (!d->sentences.at[i].item)
        return i;
    while (i + 1 < d->sentences.len && !d->sentences.at[i + 1].item &&
           d->sentences.at[i + 1].section == d->sentences.at[i].section)
        i++;
    return i;
}

static void write_impression(rt_xml *x)
{
    const rt_doc *d = x->d;
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        const rt_sentence *s = &d->sentences.at[i];
        if (d->sections.at[s->section].type != RT_SECTION_IMPRESSION)
            continue;
        i = last_of_item(d, i);
        rt_span at = rt_doc_span(d, (rt_fspan){s->at.beg, d->sentences.at[i].at.end});
        if (at.beg >= at.end)
            continue;
        if (n++ == 0)
            rt_xml_open(x, "impression");
        write_item(x, n, at);
    }
    if (n > 0)
        rt_xml_close(x);
}

/* ---- lists of one kind of element; an empty list is not written */

typedef void write_one(rt_xml *x, uint32_t index);

static void write_list(rt_xml *x, const char *name, uint32_t n, write_one *one)
{
    if (n == 0)
        return;
    rt_xml_open(x, name);
    for (uint32_t i = 0; i < n; i++)
        one(x, i);
    rt_xml_close(x);
}

static void write_advice(rt_xml *x, uint32_t index)
{
    const rt_advice *a = &x->d->advice.at[index];
    rt_xml_open(x, "recommendation");
    rt_xml_attr(x, "action", a->action);
    if (a->modality != RT_NIL)
        rt_xml_attr(x, "modality", rt_xml_name(x, a->modality));
    if (a->anatomy != RT_NIL)
        rt_xml_attr(x, "anatomy", rt_xml_name(x, a->anatomy));
    rt_xml_attr_findings(x, "findings", NULL, findings_within(x->d, a->at));
    if (a->unit != NULL)
        rt_xml_quantity(x, "interval", a->interval,
                        a->interval_high > 0 ? a->interval_high : (double)NAN, NULL, a->unit);
    rt_xml_evidence(x, "pattern", a->at);
    rt_xml_close(x);
}

static void write_grade(rt_xml *x, uint32_t index)
{
    const rt_grade *g = &x->d->grades.at[index];
    rt_xml_open(x, "grade");
    rt_xml_attr(x, "name", rt_xml_name(x, g->concept));
    rt_xml_attr_str(x, "value", g->value);
    rt_xml_attr(x, "laterality", g->side != RT_SIDE_NONE ? rt_side_name(g->side) : NULL);
    rt_xml_concept(x, g->concept);
    rt_xml_evidence(x, "pattern", g->at);
    rt_xml_close(x);
}

static void write_communication(rt_xml *x, uint32_t index)
{
    const rt_communication *c = &x->d->communications.at[index];
    rt_xml_open(x, "communication");
    rt_attr_outside(&x->m, "to", rt_text_slice(&x->d->text, c->to));
    rt_attr_outside(&x->m, "at", rt_text_slice(&x->d->text, c->when));
    rt_xml_attr_bool(x, "readBack", c->read_back);
    if (c->from_exam != RT_NIL)
        rt_xml_attr_u(x, "minutesFromExam", c->from_exam);
    if (c->from_report != RT_NIL)
        rt_xml_attr_u(x, "minutesFromReport", c->from_report);
    rt_xml_evidence(x, "pattern", c->at);
    rt_xml_close(x);
}

static void write_flag(rt_xml *x, uint32_t index)
{
    const rt_flag *f = &x->d->flags.at[index];
    const rt_rule_info *rule = rt_rules_info(x->k->rules, f->rule);
    rt_code_ref code = rt_category_code(rule->category);
    rt_xml_open(x, "flag");
    rt_xml_attr(x, "rule", rule->id);
    rt_xml_attr(x, "name", x->d->zh ? rule->name_zh : rule->name_en);
    rt_xml_attr_u(x, "category", rule->category);
    rt_xml_attr_u(x, "minutes", rule->minutes);
    rt_xml_attr(x, "certainty", f->equivocal ? "equivocal" : "definite");
    rt_xml_attr_bool(x, "communicated", f->communicated);
    rt_xml_attr_finding(x, "finding", f->finding);
    rt_xml_code_ref(x, &code);
    rt_xml_evidence(x, "dict", f->at);
    rt_xml_close(x);
}

static void write_qa(rt_xml *x, uint32_t index)
{
    const rt_qa_issue *q = &x->d->qa.at[index];
    const rt_check_info *check = rt_checks_info(x->k->checks, q->check);
    rt_xml_open(x, "inconsistency");
    rt_xml_attr(x, "check", check->id);
    rt_xml_attr(x, "severity", rt_qa_level_name(check->severity));
    rt_xml_attr_str(x, "message", q->message);
    rt_xml_span(x, "span", q->at[0]);
    rt_xml_span(x, "span", q->at[1]);
    rt_xml_close(x);
}

static void write_unmapped(rt_xml *x, uint32_t index)
{
    rt_xml_span(x, "span", x->d->unmapped.at[index]);
}

/* ---- issues */

static void open_issue(rt_xml *x, rt_issue_type type)
{
    rt_xml_open(x, "issue");
    rt_xml_attr(x, "severity", rt_level_name(rt_issue_level(type)));
    rt_xml_attr(x, "code", rt_issue_code(type));
    rt_xml_attr(x, "message", rt_issue_message(type));
}

static const char *const field_names[] = {
#define X(upper, lower) #lower,
    RT_FIELDS(X)
#undef X
};

static void write_issues(rt_xml *x)
{
    if (x->d->issues.len == 0 && x->bad_fields == 0)
        return;
    rt_xml_open(x, "issues");
    for (uint32_t i = 0; i < x->d->issues.len; i++) {
        const rt_issue *issue = &x->d->issues.at[i];
        open_issue(x, (rt_issue_type)issue->type);
        rt_attr_outside(&x->m, "detail", issue->detail);
        rt_xml_span(x, "span", issue->at);
        rt_xml_close(x);
    }
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++) {
        if ((x->bad_fields >> f & 1U) == 0)
            continue;
        open_issue(x, RT_ISSUE_BAD_FIELD);
        rt_xml_attr_str(x, "detail", x->d->record->field[f]);
        rt_xml_attr(x, "field", field_names[f]);
        rt_xml_close(x);
    }
    rt_xml_close(x);
}

/* ---- coverage */

static bool speaks(const rt_slot *s)
{
    return s->state <= RT_STATE_CONFLICT; /* filled negated uncertain conflict */
}

static uint32_t points(const rt_xml *x, rt_span at)
{
    return rt_cp_of(x->cp, at.end) - rt_cp_of(x->cp, at.beg);
}

static void write_coverage(rt_xml *x)
{
    const rt_doc *d = x->d;
    uint32_t total = 0, unmapped = 0, filled = 0;
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        unsigned type = d->sections.at[d->sentences.at[i].section].type;
        if (type == RT_SECTION_FINDINGS || type == RT_SECTION_IMPRESSION)
            total += points(x, rt_doc_span(d, d->sentences.at[i].at));
    }
    for (uint32_t i = 0; i < d->unmapped.len; i++)
        unmapped += points(x, d->unmapped.at[i]);
    for (uint32_t i = 0; i < d->slots.len; i++)
        filled += speaks(&d->slots.at[i]);
    rt_xml_open(x, "coverage");
    rt_xml_attr_u(x, "mapped", total - unmapped);
    rt_xml_attr_u(x, "total", total);
    rt_xml_attr_u(x, "fieldsFilled", filled);
    rt_xml_attr_u(x, "fieldsTotal", d->slots.len);
    rt_xml_close(x);
}

/* ---- documents */

static void begin(rt_xml *x, rt_buf *out, const char *root)
{
    rt_markup_begin(&x->m, out, root, NAMESPACE);
}

static rt_code end(rt_xml *x, rt_err *err)
{
    rt_markup_end(&x->m);
    return rt_buf_check(x->m.out, err);
}

static void status_attr(rt_xml *x)
{
    const char *status = NULL;
    if (rt_fact_status(x->d->record, &status) == RT_GIVEN_BAD)
        x->bad_fields |= 1U << RT_FIELD_STATUS;
    rt_xml_attr(x, "status", status);
}

rt_code rt_write_xml(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    rt_cp cp;
    rt_cp_init(&cp, &d->text);
    rt_xml x = {.d = d, .k = k, .cp = &cp, .plain = rt_chars_plain(d->text.doc)};
    begin(&x, out, "report");
    rt_xml_attr(&x, "xml:lang", rt_lang_name(d->zh ? RT_LANG_ZH : RT_LANG_EN));
    rt_xml_attr_str(&x, "id", d->record->field[RT_FIELD_ID]);
    rt_xml_attr(&x, "version", "1");
    status_attr(&x);
    rt_xml_header(&x);
    rt_xml_source(&x);
    rt_xml_sections(&x);
    rt_xml_findings(&x);
    write_list(&x, "grades", d->grades.len, write_grade);
    write_impression(&x);
    write_list(&x, "recommendations", d->advice.len, write_advice);
    write_list(&x, "communications", d->communications.len, write_communication);
    write_list(&x, "critical", d->flags.len, write_flag);
    write_list(&x, "qa", d->qa.len, write_qa);
    write_list(&x, "unmapped", d->unmapped.len, write_unmapped);
    write_issues(&x);
    write_coverage(&x);
    return end(&x, err);
}

/* ---- errors */

rt_code rt_write_xml_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err)
{
    rt_xml x = {.d = NULL};
    begin(&x, out, "error");
    rt_xml_attr_str(&x, "id", record->field[RT_FIELD_ID]);
    rt_xml_attr(&x, "version", "1");
    rt_xml_attr(&x, "code", rt_error_word(why->code));
    rt_xml_attr_str(&x, "message", rt_str_from(why->msg));
    rt_attr_outside(&x.m, "source", rt_str_from(why->where));
    if (record->line > 0)
        rt_xml_attr_u(&x, "line", record->line);
    if (why->col > 0)
        rt_xml_attr_u(&x, "column", why->col);
    return end(&x, err);
}
