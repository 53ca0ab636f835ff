/* The view of html.c on a terminal: the narrative in colour, then what was found and why. */
#include "output/html.h"
#include "output/paint.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define UNDERLINE "\033[4m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

typedef struct screen {
    rt_buf *out;
    const rt_doc *d;
    const rt_knowledge *k;
} screen;

static const char *const colours[] = {
    [RT_PRESENCE_PRESENT] = "\033[1;31m",  [RT_PRESENCE_ABSENT] = "\033[32m",
    [RT_PRESENCE_POSSIBLE] = "\033[1;33m", [RT_PRESENCE_UNLIKELY] = "\033[33m",
    [RT_PRESENCE_QUERIED] = "\033[35m",
};

static const char *colour_of(const rt_finding *f)
{
    return f->temporality == RT_TEMPORALITY_HISTORICAL ? "\033[34m" : colours[f->presence];
}

static void raw(screen *s, const char *z)
{
    rt_buf_addz(s->out, z);
}

/* The text of a report must not speak to the terminal: it has no control characters but tab and
 * line end (C0 is removed by the decoder); C1 and DEL become '?'. */
static void put(screen *s, rt_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xA0;
        bool control = c == 0x7F || (c < 0x20 && c != '\t' && c != '\n');
        rt_buf_addc(s->out, c1 || control ? '?' : text.ptr[i]);
        i += c1;
    }
}

static void putz(screen *s, const char *z)
{
    put(s, rt_str_from(z));
}

/* ---- narrative */

static void write_run(screen *s, const rt_run *run)
{
    rt_str text = rt_text_slice(&s->d->text, run->at);
    if (run->finding == RT_NIL) {
        put(s, text);
        return;
    }
    const rt_finding *f = &s->d->findings.at[run->finding];
    raw(s, run->cue ? UNDERLINE : colour_of(f));
    put(s, text);
    raw(s, PLAIN);
}

static rt_code write_narrative(screen *s, rt_err *err)
{
    rt_paint paint;
    rt_run run;
    rt_code code = rt_paint_init(&paint, s->d, err);
    if (code != RT_OK)
        return code;
    for (uint32_t pos = 0; rt_paint_next(&paint, &pos, &run);)
        write_run(s, &run);
    rt_paint_done(&paint);
    raw(s, "\n\n");
    for (unsigned i = 0; i < RT_PRESENCE_END; i++)
        rt_buf_addf(s->out, "%s%s" PLAIN "  ", colours[i], rt_presence_name(i));
    raw(s, "\033[34mhistorical" PLAIN "  " UNDERLINE "cue" PLAIN "\n");
    return RT_OK;
}

/* ---- findings */

static void put_names(screen *s, uint32_t concept)
{
    const rt_lexicon *x = s->k->lexicon;
    putz(s, rt_lexicon_text(x, x->concepts[concept].pref_en));
    raw(s, " ");
    putz(s, rt_lexicon_text(x, x->concepts[concept].pref_zh));
}

static void put_word(screen *s, unsigned value, const char *name) /* nothing for "none" */
{
    if (value != 0)
        rt_buf_addf(s->out, ", %s", name);
}

static void put_how(screen *s, const rt_finding *f)
{
    put_word(s, f->temporality, rt_temporality_name(f->temporality));
    put_word(s, f->experiencer, rt_experiencer_name(f->experiencer));
    put_word(s, f->side, rt_side_name(f->side));
    put_word(s, f->severity, rt_severity_name(f->severity));
    put_word(s, f->change, rt_change_name(f->change));
    if (f->measures.count > 0)
        raw(s, ", ");
    rt_paint_sizes(s->out, s->d, f);
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        raw(s, i == 0 ? "; in " : ", ");
        put_names(s, s->d->places.at[f->anatomy.first + i].concept);
    }
    for (uint32_t i = 0; i < f->modifiers.count; i++) {
        raw(s, i == 0 ? "; " : ", ");
        put_names(s, s->d->modifiers.at[f->modifiers.first + i].concept);
    }
}

/* Why: the words that stand for it, and the cue that decided. */
static void put_why(screen *s, const rt_finding *f)
{
    raw(s, DIM "\n       because of \"");
    put(s, rt_text_slice(&s->d->text, f->at));
    raw(s, f->derived ? "\" (a normal statement)" : "\"");
    if (f->cue.beg < f->cue.end) {
        raw(s, " and the cue \"");
        put(s, rt_text_slice(&s->d->text, f->cue));
        raw(s, "\"");
    }
    rt_buf_addf(s->out, ", in %s" PLAIN "\n", rt_section_name(s->d->sections.at[f->section].type));
}

static void write_findings(screen *s)
{
    if (s->d->findings.len > 0)
        raw(s, BOLD "\nFindings\n" PLAIN);
    for (uint32_t i = 0; i < s->d->findings.len; i++) {
        const rt_finding *f = &s->d->findings.at[i];
        rt_buf_addf(s->out, "  f%-3u %s%-8s" PLAIN " ", i + 1U, colour_of(f),
                    rt_presence_name(f->presence));
        put_names(s, f->concept);
        put_how(s, f);
        put_why(s, f);
    }
}

/* ---- flags and fields */

static void write_flags(screen *s)
{
    for (uint32_t i = 0; i < s->d->flags.len; i++) {
        const rt_flag *f = &s->d->flags.at[i];
        const rt_rule_info *rule = rt_rules_info(s->k->rules, f->rule);
        raw(s, BOLD RED "\nCritical: " PLAIN BOLD);
        putz(s, rule->name_en);
        raw(s, " ");
        putz(s, rule->name_zh);
        rt_buf_addf(s->out, PLAIN " (f%u, rule %s): category %u, within %u minutes, %s, %s\n",
                    f->finding + 1U, rule->id, rule->category, rule->minutes,
                    f->equivocal ? "equivocal" : "definite",
                    f->communicated ? "communicated" : "no communication recorded");
    }
}

static void write_qa(screen *s)
{
    for (uint32_t i = 0; i < s->d->qa.len; i++) {
        const rt_qa_issue *q = &s->d->qa.at[i];
        const rt_check_info *check = rt_checks_info(s->k->checks, q->check);
        raw(s, BOLD "\nQuality: " PLAIN BOLD);
        putz(s, s->d->zh ? check->name_zh : check->name_en);
        rt_buf_addf(s->out, PLAIN " (%s, %s)\n  ", check->id, rt_qa_level_name(check->severity));
        put(s, q->message);
        raw(s, "\n");
    }
}

static void write_slot(screen *s, const rt_slot *slot, const rt_template_field *f)
{
    rt_slot_name name = rt_slot_name_of(s->k->templates, s->d, slot);
    raw(s, "  ");
    if (name.group != NULL && name.label == NULL)
        rt_buf_addf(s->out, "%s %u, ", name.group, name.n);
    else if (name.group != NULL)
        rt_buf_addf(s->out, "%s, ", name.label);
    putz(s, f->label);
    raw(s, ": " BOLD);
    if (slot->option != RT_NIL)
        putz(s, f->options[slot->option].label);
    else
        put(s, slot->value);
    rt_buf_addf(s->out, PLAIN "%s%s " DIM "(%s:", slot->unit != NULL ? " " : "",
                slot->unit != NULL ? slot->unit : "", rt_state_name(slot->state));
    for (uint32_t i = 0; i < slot->findings.count; i++)
        rt_buf_addf(s->out, " f%u", s->d->slot_findings.at[slot->findings.first + i] + 1U);
    raw(s, ")" PLAIN "\n");
}

/* Fields that the report is silent about are not listed here. */
static void write_fields(screen *s)
{
    const rt_template *t = rt_templates_at(s->k->templates, s->d->template_index);
    const char *also = s->d->template_also != RT_NIL
                           ? rt_templates_at(s->k->templates, s->d->template_also)->id
                           : NULL;
    rt_buf_addf(s->out, BOLD "\nTemplate %s%s%s" PLAIN " (match %.2f)\n", t->id,
                also != NULL ? " + " : "", also != NULL ? also : "", s->d->template_score);
    for (uint32_t i = 0; i < s->d->slots.len; i++)
        if (s->d->slots.at[i].state <= RT_STATE_CONFLICT)
            write_slot(s, &s->d->slots.at[i], rt_slot_field(s->k->templates, &s->d->slots.at[i]));
}

rt_code rt_write_terminal(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    screen s = {.out = out, .d = d, .k = k};
    rt_code code = write_narrative(&s, err);
    if (code != RT_OK)
        return code;
    write_findings(&s);
    write_fields(&s);
    write_flags(&s);
    write_qa(&s);
    return rt_buf_check(out, err);
}
