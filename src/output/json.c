/* The JSON writer. It writes as it walks the document: a tree of a JSON library would have to be
 * built first, and costs as much as the analysis.
 *
 * The writer knows one thing, whether a comma is due; so every value is one call. */
#include "output/json.h"

#include <math.h>

#include "base/utf8.h"
#include "output/facts.h"
#include "output/json_writer.h"

enum { USUAL_BYTES = 1 << 15 }; /* of a report: fewer moves while it grows */

typedef rt_json writer;

/* ---- values */

static void put_comma(writer *w)
{
    if (w->comma)
        rt_buf_addc(w->out, ',');
    w->comma = true;
}

static void open(writer *w, char bracket)
{
    put_comma(w);
    rt_buf_addc(w->out, bracket);
    w->comma = false;
}

static void close(writer *w, char bracket)
{
    rt_buf_addc(w->out, bracket);
    w->comma = true;
}

/* A name as it is written, with the comma in front, which `key` leaves out where none is due: one
 * copy a name, since names are a third of the output. They are ours and need no escapes. */
#define K(name) RT_STR(",\"" name "\":")

static inline void key(writer *w, rt_str k)
{
    if (w->comma)
        rt_buf_add(w->out, k);
    else
        rt_buf_add(w->out, (rt_str){k.ptr + 1, k.len - 1});
    w->comma = false;
}

static void put_str(writer *w, rt_str s)
{
    if (!rt_buf_reserve(w->out, s.len + 3)) /* what follows fits, escapes apart */
        return;
    put_comma(w);
    rt_buf_addc(w->out, '"');
    rt_json_text(w->out, s);
    rt_buf_addc(w->out, '"');
}

static void put_name(writer *w, const char *z) /* a word of a vocabulary: it needs no escapes */
{
    put_comma(w);
    rt_buf_addc(w->out, '"');
    rt_buf_addz(w->out, z);
    rt_buf_addc(w->out, '"');
}

static inline void put_word(writer *w, const char *word) /* true, false, null */
{
    put_comma(w);
    rt_buf_addz(w->out, word);
}

static void put_u(writer *w, uint64_t n)
{
    put_comma(w);
    rt_buf_addu(w->out, n);
}

static void put_number(writer *w, double v)
{
    put_comma(w);
    rt_buf_number(w->out, v);
}

/* ---- members */

static inline void member_str(writer *w, rt_str k, rt_str s)
{
    key(w, k);
    put_str(w, s);
}

static inline void member(writer *w, rt_str k, const char *z) /* NULL: null */
{
    key(w, k);
    if (z != NULL)
        put_str(w, rt_str_from(z));
    else
        put_word(w, "null");
}

static inline void member_name(writer *w, rt_str k, const char *z) /* NULL: null */
{
    key(w, k);
    if (z != NULL)
        put_name(w, z);
    else
        put_word(w, "null");
}

static inline void member_bool(writer *w, rt_str k, bool value)
{
    key(w, k);
    put_word(w, value ? "true" : "false");
}

static inline void member_u(writer *w, rt_str k, uint64_t n)
{
    key(w, k);
    put_u(w, n);
}

/* "f1", "f2" ...: how findings are named where something refers to them */
static void put_finding_id(writer *w, uint32_t finding)
{
    put_comma(w);
    rt_buf_add(w->out, RT_STR("\"f"));
    rt_buf_addu(w->out, finding + 1U);
    rt_buf_addc(w->out, '"');
}

static void put_span(writer *w, rt_span at) /* [b,e] */
{
    open(w, '[');
    put_u(w, rt_cp_of(w->cp, at.beg));
    put_u(w, rt_cp_of(w->cp, at.end));
    close(w, ']');
}

static void member_be(writer *w, rt_span at) /* "b":b,"e":e */
{
    member_u(w, K("b"), rt_cp_of(w->cp, at.beg));
    member_u(w, K("e"), rt_cp_of(w->cp, at.end));
}

static void member_slice(writer *w, rt_str k, rt_span at) /* null when empty */
{
    key(w, k);
    if (at.beg < at.end)
        put_str(w, rt_text_slice(&w->d->text, at));
    else
        put_word(w, "null");
}

static const rt_concept *concept_at(const writer *w, uint32_t index)
{
    return &w->k->lexicon->concepts[index];
}

static const char *text_of(const writer *w, rt_text_id id)
{
    return rt_lexicon_text(w->k->lexicon, id);
}

/* ---- the rarer lists */

#define WORD(name, constant, word) RT_PIECE_OF("{\"" name "\":\"" word "\""),
static const rt_piece section_types[] = {RT_SECTIONS(WORD, "type")};
#undef WORD

static void write_section(writer *w, uint32_t index)
{
    const rt_section *s = &w->d->sections.at[index];
    put_comma(w);
    char *p = rt_buf_room(w->out, RT_PIECE + RT_JSON_BE + 1);
    if (p == NULL)
        return;
    p = rt_json_be(w, rt_put_piece(p, &section_types[s->type]), rt_doc_span(w->d, s->at));
    *p++ = '}';
    rt_buf_wrote(w->out, p);
}

static void member_minutes(writer *w, rt_str name, uint32_t minutes)
{
    if (minutes != RT_NIL) {
        member_u(w, name, minutes);
        return;
    }
    key(w, name);
    put_word(w, "null");
}

static void write_communication(writer *w, uint32_t index)
{
    const rt_communication *c = &w->d->communications.at[index];
    open(w, '{');
    member_slice(w, K("to"), c->to);
    member_slice(w, K("at"), c->when);
    member_bool(w, K("read_back"), c->read_back);
    member_minutes(w, K("minutes_from_exam"), c->from_exam);
    member_minutes(w, K("minutes_from_report"), c->from_report);
    member_be(w, c->at);
    close(w, '}');
}

static void write_interval(writer *w, const rt_advice *a)
{
    key(w, K("interval"));
    if (a->unit == NULL) {
        put_word(w, "null");
        return;
    }
    open(w, '{');
    key(w, K("value"));
    put_number(w, a->interval);
    if (a->interval_high > 0) {
        key(w, K("high"));
        put_number(w, a->interval_high);
    }
    member(w, K("unit"), a->unit);
    close(w, '}');
}

static void write_advice(writer *w, uint32_t index)
{
    const rt_advice *a = &w->d->advice.at[index];
    const char *modality =
        a->modality == RT_NIL ? NULL : text_of(w, concept_at(w, a->modality)->pref_en);
    open(w, '{');
    member(w, K("action"), a->action);
    member(w, K("modality"), modality);
    write_interval(w, a);
    member_be(w, a->at);
    close(w, '}');
}

static void write_flag(writer *w, uint32_t index)
{
    const rt_flag *f = &w->d->flags.at[index];
    const rt_rule_info *rule = rt_rules_info(w->k->rules, f->rule);
    open(w, '{');
    member(w, K("rule"), rule->id);
    member_u(w, K("category"), rule->category);
    member(w, K("name"), rule->name_en);
    member_u(w, K("minutes"), rule->minutes);
    member_name(w, K("certainty"), f->equivocal ? "equivocal" : "definite");
    member_bool(w, K("communicated"), f->communicated);
    key(w, K("finding"));
    put_finding_id(w, f->finding);
    member_be(w, f->at);
    close(w, '}');
}

static void write_qa(writer *w, uint32_t index)
{
    const rt_qa_issue *q = &w->d->qa.at[index];
    const rt_check_info *check = rt_checks_info(w->k->checks, q->check);
    open(w, '{');
    member(w, K("check"), check->id);
    member_name(w, K("severity"), rt_qa_level_name(check->severity));
    member_str(w, K("message"), q->message);
    key(w, K("spans"));
    open(w, '[');
    for (unsigned i = 0; i < 2; i++)
        if (q->at[i].beg < q->at[i].end)
            put_span(w, q->at[i]);
    close(w, ']');
    close(w, '}');
}

static void write_issue(writer *w, uint32_t index)
{
    const rt_issue *i = &w->d->issues.at[index];
    open(w, '{');
    member(w, K("code"), rt_issue_code((rt_issue_type)i->type));
    member(w, K("severity"), rt_level_name(rt_issue_level((rt_issue_type)i->type)));
    member(w, K("message"), rt_issue_message((rt_issue_type)i->type));
    if (i->detail.len > 0)
        member_str(w, K("detail"), i->detail);
    if (i->at.beg < i->at.end)
        member_be(w, i->at);
    close(w, '}');
}

typedef void write_one(writer *w, uint32_t index);

static void write_list(writer *w, rt_str k, uint32_t n, write_one *one)
{
    key(w, k);
    open(w, '[');
    for (uint32_t i = 0; i < n; i++)
        one(w, i);
    close(w, ']');
}

/* Findings and fields have writers of their own. */
static void write_whole(writer *w, rt_str k, void (*list)(writer *w))
{
    key(w, k);
    open(w, '[');
    list(w);
    close(w, ']');
}

static void write_template(writer *w)
{
    key(w, K("template"));
    if (w->d->template_index == RT_NIL) {
        put_word(w, "null");
        return;
    }
    open(w, '{');
    const rt_templates *all = w->k->templates;
    member(w, K("id"), rt_templates_at(all, w->d->template_index)->id);
    member(w, K("version"), rt_templates_at(all, w->d->template_index)->version);
    key(w, K("score"));
    put_comma(w);
    char score[RT_PUT_U];
    rt_buf_add(w->out,
               (rt_str){score, (size_t)(rt_put_share(score, w->d->template_score) - score)});
    if (w->d->template_second != RT_NIL)
        member(w, K("runner_up"), rt_templates_at(all, w->d->template_second)->id);
    if (w->d->template_also != RT_NIL)
        member(w, K("also"), rt_templates_at(all, w->d->template_also)->id);
    close(w, '}');
}

rt_code rt_write_json(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    rt_cp cp;
    rt_cp_init(&cp, &d->text);
    writer w = {.out = out, .d = d, .k = k, .cp = &cp};
    rt_buf_reserve(out, USUAL_BYTES);
    open(&w, '{');
    member_str(&w, K("id"), d->record->field[RT_FIELD_ID]);
    member_name(&w, K("lang"), rt_lang_name(d->zh ? RT_LANG_ZH : RT_LANG_EN));
    write_template(&w);
    write_list(&w, K("sections"), d->sections.len, write_section);
    write_whole(&w, K("findings"), rt_json_findings);
    write_list(&w, K("communications"), d->communications.len, write_communication);
    write_list(&w, K("recommendations"), d->advice.len, write_advice);
    write_list(&w, K("critical"), d->flags.len, write_flag);
    write_list(&w, K("qa"), d->qa.len, write_qa);
    write_whole(&w, K("fields"), rt_json_fields);
    write_list(&w, K("issues"), d->issues.len, write_issue);
    close(&w, '}');
    rt_buf_addc(out, '\n');
    return rt_buf_check(out, err);
}

/* ---- errors */

/* A message may quote the input and be cut within a character: what is broken becomes '?'. */
static void member_message(writer *w, rt_str message)
{
    size_t bad = 0;
    key(w, K("message"));
    put_comma(w);
    rt_buf_addc(w->out, '"');
    while (!rt_utf8_valid(message, &bad)) {
        rt_json_text(w->out, rt_str_slice(message, 0, bad));
        rt_buf_addc(w->out, '?');
        message = rt_str_slice(message, bad + 1, message.len);
    }
    rt_json_text(w->out, message);
    rt_buf_addc(w->out, '"');
}

rt_code rt_write_json_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err)
{
    writer w = {.out = out};
    open(&w, '{');
    member_str(&w, K("id"), record->field[RT_FIELD_ID]);
    key(&w, K("error"));
    open(&w, '{');
    member(&w, K("code"), rt_error_word(why->code));
    member_message(&w, rt_str_from(why->msg));
    member_u(&w, K("line"), record->line);
    if (why->col > 0)
        member_u(&w, K("column"), why->col);
    close(&w, '}');
    close(&w, '}');
    rt_buf_addc(out, '\n');
    return rt_buf_check(out, err);
}
