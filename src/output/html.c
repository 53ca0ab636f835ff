/* The HTML view. Colours say presence, an underline the cue; the tooltip of a mark says the rest.
 */
#include "output/html.h"

#include "output/paint.h"

typedef struct page {
    rt_buf *out;
    const rt_doc *d;
    const rt_knowledge *k;
} page;

static const char style[] =
    "body{font:15px/1.55 system-ui,'Noto Sans','Noto Sans CJK SC',sans-serif;max-width:72em;"
    "margin:2em auto;padding:0 1em;color:#1c2430}"
    "h1{font-size:1.3em}h2{font-size:1.05em;margin:1.6em 0 .4em}"
    ".text{white-space:pre-wrap;background:#f7f8fa;border:1px solid #dde1e7;border-radius:6px;"
    "padding:1em}"
    "mark{color:inherit;border-radius:3px;padding:0 .15em}"
    ".present{background:#ffd3cf}.absent{background:#d3efd8}.possible{background:#ffe9a8}"
    ".unlikely{background:#e4efc0}.queried{background:#e3d7fb}.historical{background:#dbe3ee}"
    ".derived{outline:1px dashed #7fbf8e;background:#eefaf0}"
    ".cue{background:none;text-decoration:underline 2px #7a8699}"
    "table{border-collapse:collapse;width:100%;font-size:.92em}"
    "th,td{text-align:left;vertical-align:top;border-bottom:1px solid #e3e6eb;padding:.3em .6em}"
    "th{color:#5b6675;font-weight:600}.flag{border-left:5px solid #c62828;background:#fdecea;"
    "padding:.5em 1em;margin:.4em 0}.flag.qa{border-color:#e69100;background:#fff6e0}.legend "
    "mark{margin-right:.8em}.quiet{color:#8a94a3}";

/* ---- text */

static void put(page *p, rt_str s) /* escaped */
{
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *entity = s.ptr[i] == '<'    ? "&lt;"
                             : s.ptr[i] == '>'  ? "&gt;"
                             : s.ptr[i] == '&'  ? "&amp;"
                             : s.ptr[i] == '"'  ? "&quot;"
                             : s.ptr[i] == '\'' ? "&#39;"
                                                : NULL;
        if (entity == NULL)
            continue;
        rt_buf_add(p->out, rt_str_slice(s, from, i));
        rt_buf_addz(p->out, entity);
        from = i + 1;
    }
    rt_buf_add(p->out, rt_str_slice(s, from, s.len));
}

static void putz(page *p, const char *z)
{
    put(p, rt_str_from(z));
}

static void raw(page *p, const char *z)
{
    rt_buf_addz(p->out, z);
}

/* ---- what is said of a finding */

static const rt_concept *concept_at(const page *p, uint32_t concept)
{
    return &p->k->lexicon->concepts[concept];
}

static const char *text_of(const page *p, rt_text_id id)
{
    return rt_lexicon_text(p->k->lexicon, id);
}

static void put_names(page *p, uint32_t concept) /* both languages */
{
    const rt_concept *c = concept_at(p, concept);
    putz(p, text_of(p, c->pref_en));
    if (*text_of(p, c->pref_zh) != '\0') {
        raw(p, " ");
        putz(p, text_of(p, c->pref_zh));
    }
}

static void put_places(page *p, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        raw(p, i > 0 ? ", " : "");
        put_names(p, p->d->places.at[f->anatomy.first + i].concept);
    }
}

static void put_modifiers(page *p, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->modifiers.count; i++) {
        raw(p, i > 0 ? ", " : "");
        put_names(p, p->d->modifiers.at[f->modifiers.first + i].concept);
    }
}

static const char *colour_class(const rt_finding *f)
{
    return f->temporality == RT_TEMPORALITY_HISTORICAL ? "historical"
                                                       : rt_presence_name(f->presence);
}

static void put_unless_none(page *p, unsigned value, const char *name)
{
    if (value != 0)
        putz(p, name);
}

static void put_part(page *p, const char *label, unsigned value, const char *name)
{
    if (value == 0)
        return;
    raw(p, "&#10;");
    raw(p, label);
    putz(p, name);
}

static void put_tooltip(page *p, const rt_finding *f)
{
    put_names(p, f->concept);
    put_part(p, "presence: ", 1, rt_presence_name(f->presence));
    put_part(p, "time: ", f->temporality, rt_temporality_name(f->temporality));
    put_part(p, "whose: ", f->experiencer, rt_experiencer_name(f->experiencer));
    put_part(p, "side: ", f->side, rt_side_name(f->side));
    put_part(p, "severity: ", f->severity, rt_severity_name(f->severity));
    put_part(p, "change: ", f->change, rt_change_name(f->change));
    if (f->measures.count > 0) {
        raw(p, "&#10;size: ");
        rt_paint_sizes(p->out, p->d, f);
    }
    if (f->anatomy.count > 0) {
        raw(p, "&#10;anatomy: ");
        put_places(p, f);
    }
    if (f->derived)
        raw(p, "&#10;implied by a normal statement");
}

/* ---- narrative */

static void write_run(page *p, const rt_run *run)
{
    if (run->finding == RT_NIL) {
        put(p, rt_text_slice(&p->d->text, run->at));
        return;
    }
    const rt_finding *f = &p->d->findings.at[run->finding];
    raw(p, "<mark class=\"");
    raw(p, run->cue ? "cue" : f->derived ? "derived" : colour_class(f));
    raw(p, "\" title=\"");
    put_tooltip(p, f);
    raw(p, "\">");
    put(p, rt_text_slice(&p->d->text, run->at));
    raw(p, "</mark>");
}

static rt_code write_narrative(page *p, rt_err *err)
{
    rt_paint paint;
    rt_run run;
    rt_code code = rt_paint_init(&paint, p->d, err);
    if (code != RT_OK)
        return code;
    raw(p, "<div class=\"text\">");
    for (uint32_t pos = 0; rt_paint_next(&paint, &pos, &run);)
        write_run(p, &run);
    raw(p, "</div>\n");
    rt_paint_done(&paint);
    return RT_OK;
}

static void write_legend(page *p)
{
    raw(p, "<p class=\"legend\">");
    for (unsigned i = 0; i < RT_PRESENCE_END; i++)
        rt_buf_addf(p->out, "<mark class=\"%s\">%s</mark>", rt_presence_name(i),
                    rt_presence_name(i));
    raw(p,
        "<mark class=\"historical\">historical</mark><mark class=\"derived\">implied absent</mark>"
        "<mark class=\"cue\">cue</mark></p>\n");
}

/* ---- tables */

static void cell(page *p, unsigned value, const char *name)
{
    raw(p, "<td>");
    put_unless_none(p, value, name);
    raw(p, "</td>");
}

static void write_finding(page *p, uint32_t index)
{
    const rt_finding *f = &p->d->findings.at[index];
    rt_buf_addf(p->out, "<tr><td>f%u</td><td>", index + 1U);
    put_names(p, f->concept);
    rt_buf_addf(p->out, "<br><span class=\"quiet\">%s", text_of(p, concept_at(p, f->concept)->id));
    raw(p, f->derived ? ", implied" : "");
    rt_buf_addf(p->out, "</span></td><td><mark class=\"%s\">", colour_class(f));
    raw(p, rt_presence_name(f->presence));
    raw(p,
        f->temporality == RT_TEMPORALITY_HISTORICAL ? ", historical</mark></td>" : "</mark></td>");
    cell(p, f->side, rt_side_name(f->side));
    cell(p, f->severity, rt_severity_name(f->severity));
    cell(p, f->change, rt_change_name(f->change));
    raw(p, "<td>");
    rt_paint_sizes(p->out, p->d, f);
    raw(p, "</td><td>");
    put_places(p, f);
    raw(p, "</td><td>");
    put_modifiers(p, f);
    raw(p, "</td><td>");
    put(p, rt_text_slice(&p->d->text, f->at));
    raw(p, "</td><td>");
    put(p, rt_text_slice(&p->d->text, f->cue));
    raw(p, "</td></tr>\n");
}

static void write_findings(page *p)
{
    if (p->d->findings.len == 0)
        return;
    raw(p, "<h2>Findings</h2>\n<table><tr><th></th><th>finding</th><th>presence</th><th>side</th>"
           "<th>severity</th><th>change</th><th>size</th><th>anatomy</th><th>modifiers</th>"
           "<th>in the text</th><th>cue</th></tr>\n");
    for (uint32_t i = 0; i < p->d->findings.len; i++)
        write_finding(p, i);
    raw(p, "</table>\n");
}

static void put_value(page *p, const rt_slot *s, const rt_template_field *f)
{
    if (s->option != RT_NIL)
        putz(p, f->options[s->option].label);
    else
        put(p, s->value);
    if (s->unit != NULL) {
        raw(p, " ");
        putz(p, s->unit);
    }
}

static void write_slot(page *p, const rt_slot *s, const rt_template_field *f)
{
    bool silent = s->state == RT_STATE_NOT_MENTIONED || s->state == RT_STATE_NOT_APPLICABLE;
    rt_slot_name name = rt_slot_name_of(p->k->templates, p->d, s);
    raw(p, silent ? "<tr class=\"quiet\"><td>" : "<tr><td>");
    if (name.group != NULL) {
        putz(p, name.label != NULL ? name.label : name.group);
        if (name.label == NULL)
            rt_buf_addf(p->out, " %u", name.n);
        raw(p, ": ");
    }
    putz(p, f->label);
    raw(p, "</td><td>");
    put_value(p, s, f);
    raw(p, "</td><td>");
    raw(p, rt_state_name(s->state));
    raw(p, "</td><td>");
    for (uint32_t i = 0; i < s->findings.count; i++)
        rt_buf_addf(p->out, "f%u ", p->d->slot_findings.at[s->findings.first + i] + 1U);
    raw(p, "</td></tr>\n");
}

static void write_fields(page *p)
{
    const rt_template *t = rt_templates_at(p->k->templates, p->d->template_index);
    if (p->d->slots.len == 0)
        return;
    raw(p, "<h2>");
    putz(p, t->title);
    if (p->d->template_also != RT_NIL) {
        raw(p, " + ");
        putz(p, rt_templates_at(p->k->templates, p->d->template_also)->title);
    }
    raw(p, "</h2>\n<table><tr><th>field</th><th>value</th><th>state</th><th>evidence</th></tr>\n");
    for (uint32_t i = 0; i < p->d->slots.len; i++)
        write_slot(p, &p->d->slots.at[i], rt_slot_field(p->k->templates, &p->d->slots.at[i]));
    raw(p, "</table>\n");
}

static void write_flags(page *p)
{
    for (uint32_t i = 0; i < p->d->flags.len; i++) {
        const rt_flag *f = &p->d->flags.at[i];
        const rt_rule_info *rule = rt_rules_info(p->k->rules, f->rule);
        raw(p, "<div class=\"flag\"><b>Critical: ");
        putz(p, rule->name_en);
        raw(p, " ");
        putz(p, rule->name_zh);
        rt_buf_addf(p->out, "</b>, category %u, within %u minutes, %s, %s: f%u \xE2\x80\x9C",
                    rule->category, rule->minutes, f->equivocal ? "equivocal" : "definite",
                    f->communicated ? "communicated" : "no communication recorded",
                    f->finding + 1U);
        put(p, rt_text_slice(&p->d->text, f->at));
        raw(p, "\xE2\x80\x9D</div>\n");
    }
}

static void write_qa(page *p)
{
    for (uint32_t i = 0; i < p->d->qa.len; i++) {
        const rt_qa_issue *q = &p->d->qa.at[i];
        const rt_check_info *check = rt_checks_info(p->k->checks, q->check);
        raw(p, "<div class=\"flag qa\"><b>");
        raw(p, check->id);
        raw(p, " ");
        putz(p, p->d->zh ? check->name_zh : check->name_en);
        rt_buf_addf(p->out, "</b>, %s: ", rt_qa_level_name(check->severity));
        put(p, q->message);
        raw(p, "</div>\n");
    }
}

static void write_head(page *p)
{
    const rt_record *r = p->d->record;
    raw(p, "<!DOCTYPE html>\n<html lang=\"");
    raw(p, rt_lang_name(p->d->zh ? RT_LANG_ZH : RT_LANG_EN));
    raw(p, "\">\n<head><meta charset=\"utf-8\"><title>");
    put(p, r->field[RT_FIELD_ID]);
    raw(p, "</title>\n<style>");
    raw(p, style);
    raw(p, "</style></head>\n<body>\n<h1>");
    put(p, r->field[RT_FIELD_ID]);
    raw(p, r->field[RT_FIELD_EXAM].len > 0 ? ": " : "");
    put(p, r->field[RT_FIELD_EXAM]);
    raw(p, "</h1>\n");
}

rt_code rt_write_html(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    page p = {.out = out, .d = d, .k = k};
    write_head(&p);
    write_flags(&p);
    write_qa(&p);
    rt_code code = write_narrative(&p, err);
    if (code != RT_OK)
        return code;
    write_legend(&p);
    write_findings(&p);
    write_fields(&p);
    raw(&p, "</body>\n</html>\n");
    return rt_buf_check(out, err);
}
