/* One table a stage. Each stage is a heading and a function that writes the rows; the table of them
 * at the end is the only place that knows the names. */
#include "output/dump.h"

#include <math.h>

#include "output/cp.h"

typedef struct dumper {
    rt_buf *out;
    const rt_doc *d;
    const rt_knowledge *k;
    rt_cp cp;
    bool tab; /* due before the next cell */
} dumper;

/* ---- cells */

static void next_cell(dumper *w)
{
    if (w->tab)
        rt_buf_addc(w->out, '\t');
    w->tab = true;
}

static void end_row(dumper *w)
{
    rt_buf_addc(w->out, '\n');
    w->tab = false;
}

static void put_escaped(rt_buf *out, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '\t':
            rt_buf_add(out, RT_STR("\\t"));
            break;
        case '\n':
            rt_buf_add(out, RT_STR("\\n"));
            break;
        case '\\':
            rt_buf_add(out, RT_STR("\\\\"));
            break;
        default:
            rt_buf_addc(out, s.ptr[i]);
        }
    }
}

static void cell_str(dumper *w, rt_str s)
{
    next_cell(w);
    put_escaped(w->out, s);
}

static void cell(dumper *w, const char *z)
{
    cell_str(w, rt_str_from(z));
}

static void cell_u(dumper *w, uint32_t n)
{
    next_cell(w);
    rt_buf_addu(w->out, n);
}

static void cell_index(dumper *w, uint32_t n) /* "-" for RT_NIL */
{
    if (n == RT_NIL)
        cell(w, "-");
    else
        cell_u(w, n);
}

static void cell_span(dumper *w, rt_span at) /* two cells */
{
    cell_u(w, rt_cp_of(&w->cp, at.beg));
    cell_u(w, rt_cp_of(&w->cp, at.end));
}

static void cell_slice(dumper *w, rt_span at) /* three cells: b, e, text */
{
    cell_span(w, at);
    cell_str(w, rt_text_slice(&w->d->text, at));
}

static void cell_fslice(dumper *w, rt_fspan at)
{
    cell_slice(w, rt_doc_span(w->d, at));
}

static void cell_or_dash(dumper *w, unsigned value, const char *name) /* "-" for "none" */
{
    cell(w, value == 0 ? "-" : name);
}

static const char *concept_name(const dumper *w, uint32_t concept)
{
    return rt_lexicon_text(w->k->lexicon, w->k->lexicon->concepts[concept].pref_en);
}

static const char *concept_id(const dumper *w, uint32_t concept)
{
    return rt_lexicon_text(w->k->lexicon, w->k->lexicon->concepts[concept].id);
}

/* ---- scan */

static void dump_text(dumper *w)
{
    cell(w, w->d->charset);
    cell(w, rt_lang_name(w->d->zh ? RT_LANG_ZH : RT_LANG_EN));
    cell_str(w, w->d->text.doc);
    cell_str(w, w->d->text.folded);
    end_row(w);
}

static const char *const entry_kinds[] = {"concept", "cue",        "heading", "normal", "blocker",
                                          "unit",    "quantifier", "mark",    "relator"};

/* the name of what a reading points to */
static const char *entry_name(const dumper *w, const rt_entry *e)
{
    const rt_lexicon *x = w->k->lexicon;
    switch ((rt_entry_kind)e->kind) {
    case RT_ENTRY_CONCEPT:
        return concept_name(w, e->target);
    case RT_ENTRY_CUE:
        return rt_cue_name(x->cues[e->target].category);
    case RT_ENTRY_HEADING:
        return rt_section_name(x->headings[e->target].section);
    case RT_ENTRY_NORMAL:
        return rt_lexicon_text(x, x->normals[e->target].form);
    case RT_ENTRY_BLOCKER:
        return rt_lexicon_text(x, x->blockers[e->target].form);
    case RT_ENTRY_RELATOR:
        return rt_relator_name(x->relators[e->target].meaning);
    case RT_ENTRY_QUANTIFIER:
        return rt_quantifier_name(x->quantifiers[e->target].meaning);
    case RT_ENTRY_MARK:
        return rt_mark_name(x->marks[e->target].mark);
    case RT_ENTRY_UNIT:
        return rt_lexicon_text(x, x->units[e->target].unit);
    }
    return "";
}

static void dump_hits(dumper *w)
{
    const rt_lexicon *x = w->k->lexicon;
    for (uint32_t i = 0; i < w->d->hits.len; i++) {
        const rt_hit *h = &w->d->hits.at[i];
        rt_range entries = x->patterns[h->pattern].entries;
        for (uint32_t j = 0; j < entries.count; j++) {
            const rt_entry *e = &x->entries[entries.first + j];
            cell_fslice(w, h->at);
            cell(w, entry_kinds[e->kind]);
            cell(w, entry_name(w, e));
            end_row(w);
        }
    }
}

/* ---- section, segment */

static void dump_sections(dumper *w)
{
    for (uint32_t i = 0; i < w->d->sections.len; i++) {
        const rt_section *s = &w->d->sections.at[i];
        cell_span(w, rt_doc_span(w->d, s->at));
        cell(w, rt_section_name(s->type));
        cell_str(w, rt_text_slice(&w->d->text, rt_doc_span(w->d, s->heading)));
        end_row(w);
    }
}

static void dump_sentences(dumper *w)
{
    for (uint32_t i = 0; i < w->d->sentences.len; i++) {
        const rt_sentence *s = &w->d->sentences.at[i];
        cell_fslice(w, s->at);
        cell_u(w, s->section);
        cell(w, rt_lang_name(s->lang));
        cell(w, s->item ? "item" : "-");
        cell_str(w, rt_text_slice(&w->d->text, rt_doc_span(w->d, s->label)));
        cell_index(w, s->heading);
        end_row(w);
    }
}

/* ---- mention, measure */

static void dump_mentions(dumper *w)
{
    for (uint32_t i = 0; i < w->d->mentions.len; i++) {
        const rt_mention *m = &w->d->mentions.at[i];
        cell_fslice(w, m->at);
        cell_u(w, m->sentence);
        cell(w, rt_type_name(m->type));
        cell(w, concept_id(w, m->concept));
        cell(w, concept_name(w, m->concept));
        cell_or_dash(w, m->side, rt_side_name(m->side));
        end_row(w);
    }
}

static void put_values(rt_buf *out, const rt_measure *m)
{
    for (unsigned i = 0; i < m->n; i++) {
        if (i > 0)
            rt_buf_addc(out, 'x');
        rt_buf_number(out, m->value[i]);
    }
    if (!isnan(m->high)) {
        rt_buf_addc(out, '-');
        rt_buf_number(out, m->high);
    }
}

static void dump_measures(dumper *w)
{
    for (uint32_t i = 0; i < w->d->measures.len; i++) {
        const rt_measure *m = &w->d->measures.at[i];
        cell_fslice(w, m->at);
        cell_u(w, m->sentence);
        cell(w, rt_measure_name(m->kind));
        next_cell(w);
        put_values(w->out, m);
        cell(w, m->unit);
        cell_str(w, m->comparator == 0 ? RT_STR("-") : (rt_str){&m->comparator, 1});
        cell(w, m->prior ? "prior" : "current");
        cell_index(w, m->mention);
        end_row(w);
    }
}

/* ---- assertion, relation */

static void cell_cue(dumper *w, uint32_t cue) /* the words that decided */
{
    if (cue == RT_NIL)
        cell(w, "-");
    else
        cell_str(w, rt_text_slice(&w->d->text, rt_doc_span(w->d, w->d->cues.at[cue].at)));
}

static void dump_assertions(dumper *w)
{
    for (uint32_t i = 0; i < w->d->assertions.len; i++) {
        const rt_assertion *a = &w->d->assertions.at[i];
        if (!rt_type_is_observation(w->d->mentions.at[i].type))
            continue;
        cell_fslice(w, w->d->mentions.at[i].at);
        cell(w, rt_presence_name(a->presence));
        cell(w, rt_temporality_name(a->temporality));
        cell(w, rt_experiencer_name(a->experiencer));
        cell_or_dash(w, a->change, rt_change_name(a->change));
        cell(w, a->advised ? "advised" : "-");
        cell_cue(w, a->cue);
        cell_or_dash(w, a->link, rt_link_name(a->link));
        cell_index(w, a->from);
        end_row(w);
    }
}

static const char *const relation_names[] = {"located-at", "side", "severity", "modified-by"};

static void dump_relations(dumper *w)
{
    for (uint32_t i = 0; i < w->d->relations.len; i++) {
        const rt_relation *r = &w->d->relations.at[i];
        cell_fslice(w, w->d->mentions.at[r->from].at);
        cell(w, relation_names[r->kind]);
        cell_fslice(w, w->d->mentions.at[r->to].at);
        end_row(w);
    }
}

/* ---- finding */

/* current lengths, all numbers joined by x: "12x8", "-" if there is none */
static void cell_sizes(dumper *w, rt_range measures)
{
    unsigned n = 0;
    next_cell(w);
    for (uint32_t i = measures.first; i < measures.first + measures.count; i++) {
        const rt_measure *m = &w->d->measures.at[w->d->finding_measures.at[i]];
        if (m->kind != RT_MEASURE_LENGTH || m->prior)
            continue;
        for (unsigned j = 0; j < m->n + (isnan(m->high) ? 0U : 1U); j++) {
            if (n++ > 0)
                rt_buf_addc(w->out, 'x');
            rt_buf_number(w->out, j < m->n ? m->value[j] : m->high);
        }
    }
    if (n == 0)
        rt_buf_addc(w->out, '-');
}

enum { PLACES_SHOWN = 2 };

/* Does another place of the same finding lie within this one, or is it the same place again? */
static bool is_covered(const dumper *w, rt_range places, uint32_t index)
{
    const rt_place *all = w->d->places.at;
    for (uint32_t i = places.first; i < places.first + places.count; i++) {
        bool same = all[i].concept == all[index].concept;
        if (same ? i < index
                 : rt_lexicon_part_of(w->k->lexicon, all[i].concept, all[index].concept))
            return true;
    }
    return false;
}

static void cell_places(dumper *w, rt_range places)
{
    unsigned n = 0;
    next_cell(w);
    for (uint32_t i = places.first; i < places.first + places.count && n < PLACES_SHOWN; i++) {
        if (is_covered(w, places, i))
            continue;
        if (n++ > 0)
            rt_buf_addc(w->out, '|');
        rt_buf_addz(w->out, concept_name(w, w->d->places.at[i].concept));
    }
    if (n == 0)
        rt_buf_addc(w->out, '-');
}

static void dump_findings(dumper *w)
{
    for (uint32_t i = 0; i < w->d->findings.len; i++) {
        const rt_finding *f = &w->d->findings.at[i];
        cell_slice(w, f->at);
        cell(w, concept_name(w, f->concept));
        cell(w, rt_presence_name(f->presence));
        cell(w, rt_temporality_name(f->temporality));
        cell(w, rt_experiencer_name(f->experiencer));
        cell_or_dash(w, f->side, rt_side_name(f->side));
        cell_or_dash(w, f->severity, rt_severity_name(f->severity));
        cell_or_dash(w, f->change, rt_change_name(f->change));
        cell_sizes(w, f->measures);
        cell_places(w, f->anatomy);
        cell(w, f->derived ? "derived" : "dict");
        end_row(w);
    }
}

/* ---- critical, fill, issues */

static void dump_flags(dumper *w)
{
    for (uint32_t i = 0; i < w->d->flags.len; i++) {
        const rt_flag *f = &w->d->flags.at[i];
        const rt_rule_info *rule = rt_rules_info(w->k->rules, f->rule);
        cell_slice(w, f->at);
        cell(w, rule->id);
        cell_u(w, rule->category);
        cell(w, rule->name_en);
        cell(w, f->equivocal ? "equivocal" : "definite");
        cell(w, f->communicated ? "communicated" : "-");
        cell_u(w, f->finding);
        end_row(w);
    }
}

static void dump_qa(dumper *w)
{
    for (uint32_t i = 0; i < w->d->qa.len; i++) {
        const rt_qa_issue *q = &w->d->qa.at[i];
        const rt_check_info *check = rt_checks_info(w->k->checks, q->check);
        cell(w, check->id);
        cell(w, rt_qa_level_name(check->severity));
        cell_str(w, q->message);
        cell_slice(w, q->at[0]);
        cell_slice(w, q->at[1]);
        end_row(w);
    }
}

/* nodule@2.nodule_size; an item is called by its value: level@L4-5.disc_bulge */
static void cell_field(dumper *w, const rt_slot *s)
{
    rt_slot_name name = rt_slot_name_of(w->k->templates, w->d, s);
    next_cell(w);
    if (name.group != NULL && name.label != NULL)
        rt_buf_addf(w->out, "%s@%s.", name.group, name.value);
    else if (name.group != NULL)
        rt_buf_addf(w->out, "%s@%u.", name.group, name.n);
    rt_buf_addz(w->out, name.id);
}

static void dump_fields(dumper *w)
{
    for (uint32_t i = 0; i < w->d->slots.len; i++) {
        const rt_slot *s = &w->d->slots.at[i];
        cell(w, rt_templates_at(w->k->templates, s->template_index)->id);
        cell_field(w, s);
        cell(w, rt_state_name(s->state));
        cell_str(w, s->value);
        cell(w, s->unit);
        next_cell(w);
        for (uint32_t j = 0; j < s->findings.count; j++)
            rt_buf_addf(w->out, "%s%u", j > 0 ? "|" : "",
                        w->d->slot_findings.at[s->findings.first + j]);
        end_row(w);
    }
}

static void dump_issues(dumper *w)
{
    for (uint32_t i = 0; i < w->d->issues.len; i++) {
        const rt_issue *issue = &w->d->issues.at[i];
        cell_span(w, issue->at);
        cell(w, rt_level_name(rt_issue_level((rt_issue_type)issue->type)));
        cell(w, rt_issue_code((rt_issue_type)issue->type));
        cell_str(w, issue->detail);
        end_row(w);
    }
}

static const struct {
    const char *stage, *heading;
    void (*rows)(dumper *w);
} tables[] = {
    {"text", "charset\tlang\ttext\tfolded", dump_text},
    {"hit", "b\te\ttext\tkind\tname", dump_hits},
    {"section", "b\te\ttype\theading", dump_sections},
    {"sentence", "b\te\ttext\tsection\tlang\titem\tlabel\theading", dump_sentences},
    {"mention", "b\te\ttext\tsentence\ttype\tid\tconcept\tside", dump_mentions},
    {"measure", "b\te\ttext\tsentence\tkind\tvalues\tunit\tcomparator\ttime\tmention",
     dump_measures},
    {"assertion",
     "b\te\ttext\tpresence\ttemporality\texperiencer\tchange\tadvised\tcue\tlink\tfrom",
     dump_assertions},
    {"relation", "b\te\ttext\trelation\tto_b\tto_e\tto_text", dump_relations},
    {"finding",
     "b\te\ttext\tconcept\tpresence\ttemporality\texperiencer\tlaterality\tseverity\tchange\t"
     "sizes_mm\tanatomy\tmethod",
     dump_findings},
    {"critical", "b\te\ttext\trule\tcategory\tname\tcertainty\tcommunicated\tfinding", dump_flags},
    {"qa", "check\tseverity\tmessage\tb\te\ttext\tb2\te2\ttext2", dump_qa},
    {"field", "template\tfield\tstate\tvalue\tunit\tfindings", dump_fields},
    {"issue", "b\te\tseverity\tcode\tdetail", dump_issues},
};

rt_code rt_write_dump(const rt_doc *d, const rt_knowledge *k, const char *stage, rt_buf *out,
                      rt_err *err)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(tables[i].stage, stage) != 0)
            continue;
        dumper w = {.out = out, .d = d, .k = k};
        rt_cp_init(&w.cp, &d->text);
        rt_buf_addz(out, tables[i].heading);
        rt_buf_addc(out, '\n');
        tables[i].rows(&w);
        return rt_buf_check(out, err);
    }
    return rt_fail(err, RT_EUSAGE, "there is no stage \"%s\"", stage);
}
