/* What DICOM SR says of templates and quality checks: containers of our own behind the sections,
 * with the fields that say something, the inconsistencies, and the sentences that no field took. */
#include "output/dsr_parts.h"

#include <stdio.h>

#include "base/hash.h"

/* ---- fields of the templates that say something, by the side of what proves them */

/* The code of a vocabulary, else one of ours: the id, or what is left of it within 16 bytes with a
 * fingerprint of all of it. */
static rt_code_ref field_code(rt_code_ref code, const char *id, const char *label, char own[32])
{
    rt_str s = rt_str_from(id);
    if (code.code != NULL)
        return (rt_code_ref){code.system, code.code, label};
    if (s.len <= SHORT_STRING)
        snprintf(own, 32, "%s", id);
    else
        snprintf(own, 32, "%.9s~%06x", id, (unsigned)(rt_hash64(s, 0) & 0xFFFFFF));
    return (rt_code_ref){"ROENTEXT", own, label};
}

/* "nodule@1", "level@4": which repetition of its group, which item; and whether it is certain. */
static void field_modifiers(rt_dsr *w, const rt_slot *s, const rt_template_field *f)
{
    rt_slot_name name = rt_slot_name_of(w->k->templates, w->d, s);
    char own[32], nth[32];
    rt_dsr_code_item(w, MOD, rt_own_code("state"), rt_own_code(rt_state_name(s->state)));
    rt_dsr_code_item(w, MOD, rt_own_code("field"),
                     field_code((rt_code_ref){NULL, NULL, NULL}, f->id, f->label, own));
    if (name.prefix[0] != '\0')
        rt_dsr_code_item(w, MOD, rt_own_code("template"),
                         (rt_code_ref){"ROENTEXT", name.prefix, name.prefix});
    if (name.group == NULL)
        return;
    snprintf(nth, sizeof nth, "%.9s@%u", name.group, name.n % 100000);
    rt_dsr_code_item(
        w, MOD, rt_own_code("group"),
        (rt_code_ref){"ROENTEXT", nth, name.label != NULL ? name.label : rt_str_from(nth).ptr});
}

static void field_evidence(rt_dsr *w, const rt_slot *s)
{
    rt_dsr_text_item(w, "INFERRED FROM", rt_dsr_finding_code, s->at);
    for (uint32_t i = 0; i < s->findings.count; i++)
        rt_dsr_text_item(w, "INFERRED FROM", rt_dsr_finding_code,
                         w->d->findings.at[w->d->slot_findings.at[s->findings.first + i]].at);
}

static void field(rt_dsr *w, const rt_slot *s)
{
    const rt_template_field *f = rt_slot_field(w->k->templates, s);
    const rt_template_option *o = s->option != RT_NIL ? &f->options[s->option] : NULL;
    double number = 0;
    char own[32], value[32];
    bool numeric = o == NULL && f->type == RT_FIELD_TYPE_NUMBER && rt_str_number(s->value, &number);
    rt_dsr_open_item(w,
                     numeric     ? "num"
                     : o != NULL ? "code"
                                 : "text",
                     CONTAINS, field_code(f->code, f->id, f->label, own));
    field_modifiers(w, s, f);
    field_evidence(w, s);
    if (numeric) {
        rt_dsr_decimal(w, number);
        rt_dsr_unit(w, s->unit);
    } else if (o != NULL) {
        rt_dsr_triple(w, field_code(o->code, o->value, o->label, value));
    } else {
        rt_dsr_free_text(w, s->value.len > 0 ? s->value : rt_str_from(rt_state_name(s->state)));
    }
    rt_tag_end(&w->m);
}

/* A container of our own: its code is the word. */
static void open_own(rt_dsr *w, const char *word)
{
    rt_tag(&w->m, "container");
    rt_attr(&w->m, "flag", "SEPARATE");
    rt_tag_text(&w->m, "relationship", RT_STR(CONTAINS));
    rt_tag(&w->m, "concept");
    rt_dsr_triple(w, rt_own_code(word));
    rt_tag_end(&w->m);
}

void rt_dsr_fields(rt_dsr *w)
{
    bool open = false;
    for (uint32_t i = 0; i < w->d->slots.len; i++) {
        if (!rt_slot_says(&w->d->slots.at[i]))
            continue;
        if (!open)
            open_own(w, "fields");
        open = true;
        field(w, &w->d->slots.at[i]);
    }
    if (open)
        rt_tag_end(&w->m);
}

/* ---- what the quality checks found, and what no field took */

void rt_dsr_issues(rt_dsr *w)
{
    if (w->d->qa.len == 0)
        return;
    open_own(w, "issues");
    for (uint32_t i = 0; i < w->d->qa.len; i++) {
        const rt_qa_issue *q = &w->d->qa.at[i];
        const rt_check_info *check = rt_checks_info(w->k->checks, q->check);
        rt_dsr_open_item(w, "text", CONTAINS,
                         (rt_code_ref){"ROENTEXT", check->id, "quality check"});
        rt_dsr_code_item(w, MOD, rt_own_code("severity"),
                         rt_own_code(rt_qa_level_name(check->severity)));
        rt_dsr_free_text(w, q->message);
        rt_tag_end(&w->m);
    }
    rt_tag_end(&w->m);
}

void rt_dsr_unmapped(rt_dsr *w)
{
    bool open = false;
    for (uint32_t i = 0; i < w->d->unmapped.len; i++) {
        if (rt_str_trim(rt_text_slice(&w->d->text, w->d->unmapped.at[i])).len == 0)
            continue;
        if (!open)
            open_own(w, "unmapped");
        open = true;
        rt_dsr_text_item(w, CONTAINS, rt_own_code("unmapped"), w->d->unmapped.at[i]);
    }
    if (open)
        rt_tag_end(&w->m);
}
