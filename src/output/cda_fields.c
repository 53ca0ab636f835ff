/* What CDA and WS/T 500.6 say of templates and quality checks: sections of our own behind the
 * narrative, with the fields that say something, the inconsistencies, and the sentences that no
 * field took. People read the text of a section; an entry refers to its line, t1, q1 ... */
#include "output/cda_parts.h"

#include <stdio.h>

static const char *in_language(const rt_cda *c, const char *en, const char *zh)
{
    return c->d->zh ? zh : en;
}

static void open_own(rt_cda *c, const char *word, const char *title)
{
    rt_tag(&c->m, "component");
    rt_tag(&c->m, "section");
    rt_cda_code(c, "code", rt_own_code(word));
    rt_tag_text(&c->m, "title", rt_str_from(title));
    rt_tag(&c->m, "text");
}

static void close_own(rt_cda *c)
{
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void open_line(rt_cda *c, char letter, uint32_t index)
{
    rt_tag(&c->m, "item");
    rt_tag(&c->m, "content");
    rt_attr_printf(&c->m, "ID", "%c%u", letter, index + 1U);
}

static void close_line(rt_cda *c)
{
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void words(rt_cda *c, const char *z)
{
    rt_chars(&c->m, rt_str_from(z));
}

/* ---- fields of the templates that say something */

static const rt_template_option *chosen(const rt_template_field *f, const rt_slot *s)
{
    return s->option != RT_NIL ? &f->options[s->option] : NULL;
}

/* "Left breast, " or "Nodule 1, ": which repetition of its group the field stands in. */
static void repetition(rt_cda *c, const rt_slot *s)
{
    if (s->instance == RT_NIL)
        return;
    const rt_instance *in = &c->d->instances.at[s->instance];
    const rt_template_group *g =
        &rt_templates_at(c->k->templates, in->template_index)->groups[in->group];
    if (in->item != RT_NIL) {
        words(c, g->items[in->item].label);
    } else {
        char number[16];
        snprintf(number, sizeof number, " %u", in->n);
        words(c, g->label);
        words(c, number);
    }
    words(c, ", ");
}

/* "Nodule 1, Lung nodule: largest diameter: 8 mm (uncertain)" */
static void field_line(rt_cda *c, uint32_t index)
{
    const rt_slot *s = &c->d->slots.at[index];
    const rt_template_field *f = rt_slot_field(c->k->templates, s);
    const rt_template_option *option = chosen(f, s);
    open_line(c, 't', index);
    repetition(c, s);
    words(c, f->label);
    if (s->value.len > 0) {
        words(c, ": ");
        rt_chars(&c->m, option != NULL ? rt_str_from(option->label) : s->value);
        words(c, s->unit != NULL ? " " : "");
        words(c, s->unit != NULL ? s->unit : "");
    }
    if (s->state != RT_STATE_FILLED) {
        words(c, " (");
        words(c, rt_state_name(s->state));
        words(c, ")");
    }
    close_line(c);
}

static rt_code_ref or_own(rt_code_ref code, const char *id, const char *label)
{
    return (rt_code_ref){code.code != NULL ? code.system : "ROENTEXT",
                         code.code != NULL ? code.code : id, label};
}

/* The code of the field; which one of a template it is, and how sure it is, qualify it. */
static void field_code(rt_cda *c, const rt_slot *s, const rt_template_field *f)
{
    rt_slot_name name = rt_slot_name_of(c->k->templates, c->d, s);
    char id[RT_SLOT_ID];
    rt_slot_id(&name, id);
    rt_cda_open_code(c, "code", NULL, or_own(f->code, f->id, f->label));
    rt_cda_qualifier(c, "state", rt_own_code(rt_state_name(s->state)));
    rt_tag(&c->m, "qualifier");
    rt_cda_code(c, "name", rt_own_code("field"));
    rt_tag(&c->m, "value");
    rt_attr(&c->m, "code", id);
    rt_attr(&c->m, "codeSystem", rt_system_of("ROENTEXT")->oid);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

static void field_value(rt_cda *c, const rt_slot *s, const rt_template_field *f)
{
    const rt_template_option *o = chosen(f, s);
    double number = 0;
    if (o != NULL) {
        rt_cda_open_code(c, "value", "CD", or_own(o->code, o->value, o->label));
        rt_tag_end(&c->m);
    } else if (f->type == RT_FIELD_TYPE_NUMBER && rt_str_number(s->value, &number)) {
        rt_cda_quantity(c, "value", "PQ", number, s->unit);
    } else if (s->value.len > 0) {
        rt_cda_string(c, s->value);
    }
}

static void field_entry(rt_cda *c, uint32_t index)
{
    const rt_slot *s = &c->d->slots.at[index];
    const rt_template_field *f = rt_slot_field(c->k->templates, s);
    rt_cda_open_entry(c);
    field_code(c, s, f);
    rt_cda_reference(c, 't', index);
    rt_cda_status(c, "completed");
    field_value(c, s, f);
    for (uint32_t i = 0; c->cites && i < s->findings.count; i++)
        rt_cda_support(c, c->d->slot_findings.at[s->findings.first + i], false);
    rt_cda_close_entry(c);
}

static void fields(rt_cda *c)
{
    const rt_doc *d = c->d;
    uint32_t first = 0;
    while (first < d->slots.len && !rt_slot_says(&d->slots.at[first]))
        first++;
    if (first == d->slots.len)
        return;
    open_own(c, "fields", in_language(c, "Fields of the template", "模板字段"));
    rt_tag(&c->m, "list");
    for (uint32_t i = first; i < d->slots.len; i++)
        if (rt_slot_says(&d->slots.at[i]))
            field_line(c, i);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    for (uint32_t i = first; i < d->slots.len; i++)
        if (rt_slot_says(&d->slots.at[i]))
            field_entry(c, i);
    close_own(c);
}

/* ---- what the quality checks found */

/* The message, then the one or two places that it speaks of, in their words. */
static void issue_line(rt_cda *c, uint32_t index)
{
    const rt_qa_issue *q = &c->d->qa.at[index];
    open_line(c, 'q', index);
    rt_chars(&c->m, q->message);
    rt_tag_end(&c->m);
    for (unsigned i = 0; i < 2; i++)
        if (q->at[i].beg < q->at[i].end)
            rt_tag_text(&c->m, "content", rt_text_slice(&c->d->text, q->at[i]));
    rt_tag_end(&c->m);
}

static void issue_entry(rt_cda *c, uint32_t index)
{
    const rt_qa_issue *q = &c->d->qa.at[index];
    const rt_check_info *check = rt_checks_info(c->k->checks, q->check);
    rt_cda_open_entry(c);
    rt_cda_open_code(
        c, "code", NULL,
        (rt_code_ref){"ROENTEXT", check->id, in_language(c, check->name_en, check->name_zh)});
    rt_cda_qualifier(c, "severity", rt_own_code(rt_qa_level_name(check->severity)));
    rt_tag_end(&c->m);
    rt_cda_reference(c, 'q', index);
    rt_cda_status(c, "completed");
    rt_cda_string(c, q->message);
    rt_cda_close_entry(c);
}

static void issues(rt_cda *c)
{
    if (c->d->qa.len == 0)
        return;
    open_own(c, "issues", in_language(c, "Quality checks", "质量检查"));
    rt_tag(&c->m, "list");
    for (uint32_t i = 0; i < c->d->qa.len; i++)
        issue_line(c, i);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
    for (uint32_t i = 0; i < c->d->qa.len; i++)
        issue_entry(c, i);
    close_own(c);
}

/* ---- what no field took */

static void unmapped(rt_cda *c)
{
    const rt_doc *d = c->d;
    bool open = false;
    for (uint32_t i = 0; i < d->unmapped.len; i++) {
        rt_str text = rt_str_trim(rt_text_slice(&d->text, d->unmapped.at[i]));
        if (text.len == 0)
            continue;
        if (!open)
            open_own(c, "unmapped", in_language(c, "In no field", "未入字段的文字"));
        open = true;
        rt_tag_text(&c->m, "paragraph", text);
    }
    if (!open)
        return;
    rt_tag_end(&c->m);
    close_own(c);
}

void rt_cda_own_sections(rt_cda *c)
{
    fields(c);
    issues(c);
    unmapped(c);
}
