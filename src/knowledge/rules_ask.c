/* Critical-finding rules: does a rule hold for a finding of a report?
 *
 * What does not depend on the finding itself is asked once a sentence (text) or once a report
 * (with, after, advice, history): a thousand findings of one sentence cost one search of it.
 *
 * The same lesion is often told twice, with its age or change in one place only ("unchanged small
 * pneumothorax" in the findings, "small pneumothorax" in the impression). A finding that says
 * nothing of its change or age takes it from the first finding of the same concept, side and place
 * in another sentence that does. */
#include "base/utf8.h"
#include "knowledge/rules_table.h"
#include "model/doc.h"

#define SECTION_MAX 65536 /* bytes of a section or field that a history pattern looks at */

typedef struct answers { /* bits by `ask` of a condition */
    uint64_t *known, *yes;
} answers;

typedef struct pieces { /* texts of some sections */
    rt_str *at;
    uint32_t n;
} pieces;

typedef struct first { /* findings of a concept, plus 1; 0: none */
    uint32_t concept;  /* plus 1; 0: the slot is free */
    uint32_t change;   /* the first that tells its change */
    uint32_t age;      /* ... its acuity */
} first;

struct rt_rule_memo {
    const rt_rules *rules;
    const rt_doc *doc;
    rt_arena *arena;
    answers of_report, of_sentence;
    uint64_t *out[2];    /* bits of the rules that hold for no finding that is not absent, absent */
    uint32_t sentence;   /* that the answers are of */
    const uint64_t *due; /* what may stand in it; NULL: not yet asked */
    bool ascii, spelt;   /* it is nothing but ASCII; that was looked at */
    first *firsts;       /* by concept, hashed */
    uint32_t n_slots;    /* of firsts, a power of two */
    pieces sections[2];  /* of the report, of the history: see in_sections */
    rt_matcher matcher, of_cue, of_sections;
};

static size_t answer_words(const rt_rules *r)
{
    return r->asks / 64 + 1;
}

rt_rule_memo *rt_rule_memo_new(const rt_rules *r, const rt_doc *d, rt_arena *a)
{
    rt_rule_memo *m = RT_NEW(a, rt_rule_memo, 1);
    size_t n = answer_words(r), rules = r->absence.len;
    uint64_t *bits = RT_NEW(a, uint64_t, 4 * n + 2 * rules);
    if (!m || !bits)
        return NULL;
    *m = (rt_rule_memo){.rules = r, .doc = d, .arena = a, .sentence = RT_NIL};
    m->of_report = (answers){bits, bits + n};
    m->of_sentence = (answers){bits + 2 * n, bits + 3 * n};
    m->out[false] = bits + 4 * n;
    m->out[true] = m->out[false] + rules;
    for (size_t i = 0; i < rules; i++) {
        m->out[false][i] = r->absence.at[i];
        m->out[true][i] = ~r->absence.at[i];
    }
    m->matcher.arena = m->of_cue.arena = m->of_sections.arena = a;
    return m;
}

/* ---- patterns
 * ------------------------------------------------------------------------------------------- */

static rt_str sentence_text(const rt_rule_memo *m, uint32_t sentence)
{
    return rt_text_fslice(&m->doc->text, m->doc->sentences.at[sentence].at);
}

static bool field_matches(rt_rule_memo *m, const rt_rule_condition *c, rt_field_id field)
{
    rt_str s = m->doc->record->field[field];
    return s.len > 0 && s.len <= SECTION_MAX && rt_utf8_valid(s, NULL) &&
           rt_pattern_find(&m->of_sections, m->rules->section_patterns, c->text, s, NULL);
}

static rt_str section_text(const rt_doc *d, rt_fspan at)
{
    if (at.end - at.beg > SECTION_MAX)
        at.end = at.beg + SECTION_MAX;
    while (at.end < d->text.folded.len && rt_utf8_cont(d->text.folded.ptr[at.end]))
        at.end++;
    return rt_text_fslice(&d->text, at);
}

static void find_sections(rt_rule_memo *m, bool history)
{
    const rt_doc *d = m->doc;
    pieces *found = &m->sections[history];
    found->at = RT_NEW(m->arena, rt_str, d->sections.len + 1U);
    for (uint32_t i = 0; found->at && i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        bool before = s->type == RT_SECTION_REQUEST || s->type == RT_SECTION_CLINICAL ||
                      s->type == RT_SECTION_COMPARISON;
        if (before == history)
            found->at[found->n++] = section_text(d, s->at);
    }
}

/* history~: what was known before the exam (clinical information, request, comparison, and the
 * record's exam and order). report~: all other sections. */
static bool in_sections(rt_rule_memo *m, const rt_rule_condition *c)
{
    bool history = c->key == RT_RULE_KEY_history;
    pieces *of = &m->sections[history];
    if (!of->at)
        find_sections(m, history);
    for (uint32_t i = 0; of->at && i < of->n; i++)
        if (rt_pattern_stands_once(&m->of_sections, m->rules->section_patterns, c->text, of->at[i]))
            return true;
    return history && (field_matches(m, c, RT_FIELD_EXAM) || field_matches(m, c, RT_FIELD_ORDER));
}

/* ---- concepts
 * ------------------------------------------------------------------------------------------- */

static bool has_value(const rt_rules *r, const rt_rule_condition *c, uint32_t value)
{
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        if (r->values.at[i] == value)
            return true;
    return false;
}

static bool is_kind(const rt_rules *r, const rt_rule_condition *c, uint32_t concept)
{
    if ((r->lex->concepts[concept].kind_bits & c->bits) == 0)
        return false;
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        if (rt_lexicon_is_a(r->lex, concept, r->values.at[i]))
            return true;
    return false;
}

static bool has_modifier(const rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    for (uint32_t i = f->modifiers.first; i < f->modifiers.first + f->modifiers.count; i++)
        if (is_kind(m->rules, c, m->doc->modifiers.at[i].concept))
            return true;
    return false;
}

static bool is_part(const rt_rules *r, const rt_rule_condition *c, uint32_t concept)
{
    if ((r->lex->concepts[concept].part_bits & c->bits) == 0)
        return false;
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        if (rt_lexicon_part_of(r->lex, concept, r->values.at[i]))
            return true;
    return false;
}

static bool has_place(const rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++)
        if (is_part(m->rules, c, m->doc->places.at[i].concept))
            return true;
    return false;
}

static bool is_background(const rt_doc *d, const rt_finding *f)
{
    unsigned type = d->sections.at[f->section].type;
    return type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL ||
           type == RT_SECTION_COMPARISON;
}

static bool seen_now(const rt_doc *d, const rt_finding *f)
{
    return (f->presence == RT_PRESENCE_PRESENT || f->presence == RT_PRESENCE_POSSIBLE) &&
           f->temporality == RT_TEMPORALITY_CURRENT && f->experiencer == RT_EXPERIENCER_PATIENT &&
           !is_background(d, f);
}

static bool has_companion(const rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    const rt_doc *d = m->doc;
    for (uint32_t i = 0; i < d->findings.len; i++) {
        const rt_finding *g = &d->findings.at[i];
        bool fits =
            c->key == RT_RULE_KEY_after
                ? g->presence == RT_PRESENCE_PRESENT && g->experiencer == RT_EXPERIENCER_PATIENT
                : seen_now(d, g) && (c->key == RT_RULE_KEY_with || g->sentence == f->sentence);
        if (fits && is_kind(m->rules, c, g->concept))
            return true;
    }
    return false;
}

static bool has_advice(const rt_rule_memo *m, const rt_rule_condition *c)
{
    unsigned action;
    for (uint32_t i = 0; i < m->doc->advice.len; i++)
        if (rt_action_parse(rt_str_from(m->doc->advice.at[i].action), &action) &&
            has_value(m->rules, c, action))
            return true;
    return false;
}

/* ---- numbers
 * -------------------------------------------------------------------------------------------- */

static bool compare(const rt_rule_condition *c, double value)
{
    return c->op == 'g'   ? value >= c->number
           : c->op == 'l' ? value <= c->number
           : c->op == '>' ? value > c->number
           : c->op == '<' ? value < c->number
           : c->op == '!' ? value != c->number
                          : value == c->number;
}

/* The largest current quantity of a kind, compared; false if none is stated. */
static bool has_quantity(const rt_rule_memo *memo, const rt_rule_condition *c, const rt_finding *f,
                         rt_measure_type kind)
{
    double largest = -1;
    const rt_doc *d = memo->doc;
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        const rt_measure *m = &d->measures.at[d->finding_measures.at[i]];
        for (uint32_t k = 0; m->kind == kind && !m->prior && k < m->n; k++)
            largest = m->value[k] > largest ? m->value[k] : largest;
    }
    return largest >= 0 && compare(c, largest);
}

static bool has_age(const rt_doc *d, const rt_rule_condition *c)
{
    double years;
    return rt_str_number(d->record->field[RT_FIELD_AGE], &years) && compare(c, years);
}

/* ---- the same lesion elsewhere
 * -------------------------------------------------------------------------------------------- */

static bool tells_age(const rt_rule_memo *m, const rt_finding *f)
{
    for (uint32_t i = f->modifiers.first; i < f->modifiers.first + f->modifiers.count; i++)
        if (m->rules->lex->concepts[m->doc->modifiers.at[i].concept].type == RT_TYPE_ACUITY)
            return true;
    return false;
}

/* The slot of a concept; there are twice as many as findings. */
static first *first_of(const rt_rule_memo *m, uint32_t concept)
{
    uint32_t i = concept * 2654435761U & (m->n_slots - 1);
    while (m->firsts[i].concept != 0 && m->firsts[i].concept != concept + 1)
        i = (i + 1) & (m->n_slots - 1);
    return &m->firsts[i];
}

static void find_firsts(rt_rule_memo *m)
{
    const rt_doc *d = m->doc;
    for (m->n_slots = 2; m->n_slots < 2 * d->findings.len;)
        m->n_slots *= 2;
    m->firsts = RT_NEW(m->arena, first, m->n_slots);
    if (!m->firsts)
        return;
    for (uint32_t i = d->findings.len; i-- > 0;) {
        const rt_finding *f = &d->findings.at[i];
        bool changes = f->change != RT_CHANGE_NONE, ages = tells_age(m, f);
        if (!seen_now(d, f) || (!changes && !ages))
            continue;
        first *of = first_of(m, f->concept);
        of->concept = f->concept + 1;
        of->change = changes ? i + 1 : of->change;
        of->age = ages ? i + 1 : of->age;
    }
}

static bool same_place(const rt_rule_memo *m, const rt_finding *a, const rt_finding *b)
{
    if (a->side != b->side && a->side != RT_SIDE_NONE && b->side != RT_SIDE_NONE)
        return false;
    if (a->anatomy.count == 0 || b->anatomy.count == 0)
        return true;
    uint32_t x = m->doc->places.at[a->anatomy.first].concept;
    uint32_t y = m->doc->places.at[b->anatomy.first].concept;
    return rt_lexicon_part_of(m->rules->lex, x, y) || rt_lexicon_part_of(m->rules->lex, y, x);
}

/* The finding that speaks of change (or age) for f: itself, or the same lesion elsewhere. */
static const rt_finding *speaker(rt_rule_memo *m, const rt_finding *f, bool of_age)
{
    if (of_age ? tells_age(m, f) : f->change != RT_CHANGE_NONE)
        return f;
    if (!m->firsts)
        find_firsts(m);
    if (!m->firsts)
        return f; /* the arena is full: the report will be run again */
    const first *of = first_of(m, f->concept);
    uint32_t told = of_age ? of->age : of->change;
    if (told == 0)
        return f;
    const rt_finding *other = &m->doc->findings.at[told - 1];
    return other->sentence != f->sentence && same_place(m, f, other) ? other : f;
}

/* ---- conditions
 * -------------------------------------------------------------------------------------------- */

static bool ask(rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    switch (c->key) {
    case RT_RULE_KEY_text:
        return rt_pattern_stands(&m->matcher, m->rules->patterns, c->text,
                                 sentence_text(m, f->sentence));
    case RT_RULE_KEY_history:
    case RT_RULE_KEY_report:
        return in_sections(m, c);
    case RT_RULE_KEY_advice:
        return has_advice(m, c);
    default:
        return has_companion(m, c, f);
    }
}

/* What is known of a sentence is forgotten at the next: findings come a sentence after the other.
 */
static void enter_sentence(rt_rule_memo *m, uint32_t sentence)
{
    if (m->sentence == sentence)
        return;
    memset(m->of_sentence.known, 0, answer_words(m->rules) * sizeof *m->of_sentence.known);
    m->sentence = sentence;
    m->due = NULL;
    m->spelt = false;
}

static bool remembered(rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    bool of_sentence = c->key == RT_RULE_KEY_text || c->key == RT_RULE_KEY_near;
    answers *a = of_sentence ? &m->of_sentence : &m->of_report;
    uint64_t bit = 1ULL << c->ask % 64, *yes = &a->yes[c->ask / 64];
    if (!(a->known[c->ask / 64] & bit)) {
        a->known[c->ask / 64] |= bit;
        *yes = ask(m, c, f) ? *yes | bit : *yes & ~bit;
    }
    return (*yes & bit) != 0;
}

static rt_str cue_text(const rt_doc *d, const rt_finding *f)
{
    rt_fspan at = {rt_text_folded(&d->text, f->cue.beg), rt_text_folded(&d->text, f->cue.end)};
    return rt_text_fslice(&d->text, at);
}

/* May a pattern stand in the sentence? None of the words that it needs: no. */
static bool is_due(rt_rule_memo *m, rt_range bits)
{
    if (!m->due)
        m->due = rt_patterns_due(&m->matcher, m->rules->patterns, sentence_text(m, m->sentence));
    return m->due && rt_any_bit(m->due, bits);
}

/* NOLINTNEXTLINE(readability-function-size): a flat switch */
static bool says(rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    const rt_rules *r = m->rules;
    switch ((rt_rule_key)c->key) {
    case RT_RULE_KEY_acuity:
        return has_modifier(m, c, speaker(m, f, true));
    case RT_RULE_KEY_modifier:
        return has_modifier(m, c, f);
    case RT_RULE_KEY_anatomy:
        return has_place(m, c, f);
    case RT_RULE_KEY_concept:
        return is_kind(r, c, f->concept);
    case RT_RULE_KEY_severity:
        return has_value(r, c, f->severity);
    case RT_RULE_KEY_change:
        return has_value(r, c, speaker(m, f, false)->change);
    case RT_RULE_KEY_side:
        return has_value(r, c, f->side);
    case RT_RULE_KEY_section:
        return has_value(r, c, m->doc->sections.at[f->section].type);
    case RT_RULE_KEY_presence:
        return has_value(r, c, f->presence);
    case RT_RULE_KEY_size:
        return has_quantity(m, c, f, RT_MEASURE_LENGTH);
    case RT_RULE_KEY_volume:
        return has_quantity(m, c, f, RT_MEASURE_VOLUME);
    case RT_RULE_KEY_percent:
        return has_quantity(m, c, f, RT_MEASURE_PERCENT);
    case RT_RULE_KEY_count:
        return f->count > 0 && compare(c, f->count);
    case RT_RULE_KEY_age:
        return has_age(m->doc, c);
    case RT_RULE_KEY_cue:
        return rt_pattern_stands(&m->of_cue, r->patterns, c->text, cue_text(m->doc, f));
    case RT_RULE_KEY_near:
    case RT_RULE_KEY_with:
    case RT_RULE_KEY_after:
    case RT_RULE_KEY_advice:
    case RT_RULE_KEY_text:
    case RT_RULE_KEY_history:
    case RT_RULE_KEY_report:
        return remembered(m, c, f);
    case RT_RULE_N_KEYS:
        break;
    }
    return false;
}

static bool holds(rt_rule_memo *m, const rt_rule_condition *c, const rt_finding *f)
{
    if (c->key == RT_RULE_KEY_text)
        return is_due(m, c->values) && remembered(m, c, f); /* most conditions */
    bool numeric = c->key >= RT_RULE_KEY_size && c->key <= RT_RULE_KEY_age;
    return says(m, c, f) != (c->op == '!' && !numeric);
}

static bool all_hold(rt_rule_memo *m, rt_range r, const rt_finding *f)
{
    for (uint32_t k = r.first; k < r.first + r.count; k++)
        if (!holds(m, &m->rules->conditions.at[k], f))
            return false;
    return true;
}

static bool any_holds(rt_rule_memo *m, rt_range r, const rt_finding *f)
{
    for (uint32_t k = r.first; k < r.first + r.count; k++)
        if (holds(m, &m->rules->conditions.at[k], f))
            return true;
    return false;
}

/* The answer is the same for all findings of the report. */
static bool is_of_report(const rt_rule_condition *c)
{
    return (c->key >= RT_RULE_KEY_with && c->key <= RT_RULE_KEY_advice) ||
           c->key == RT_RULE_KEY_history || c->key == RT_RULE_KEY_report;
}

static void put_out(rt_rule_memo *m, uint32_t rule)
{
    m->out[false][rule / 64] |= 1ULL << rule % 64;
    m->out[true][rule / 64] |= 1ULL << rule % 64;
}

/* What costs least is asked first. A rule that the report itself rules out is asked no more. */
static bool rule_holds(rt_rule_memo *m, uint32_t rule, const rt_finding *f)
{
    const rt_rule *u = &m->rules->rules.at[rule];
    const rt_rule_condition *when = m->rules->conditions.at + u->when.first;
    const rt_rule_condition *unless = m->rules->conditions.at + u->unless.first;
    const rt_rule_condition *end = when + u->when.count, *last = unless + u->unless.count;
    while (when < end || unless < last) {
        bool wanted = unless == last || (when < end && when->cost <= unless->cost);
        const rt_rule_condition *c = wanted ? when++ : unless++;
        if (holds(m, c, f) == wanted)
            continue;
        if (is_of_report(c))
            put_out(m, rule);
        return false;
    }
    return !any_holds(m, m->rules->never.unless, f);
}

/* Bits of all that its places are a part of. */
static uint64_t places_of(const rt_rule_memo *m, const rt_finding *f)
{
    uint64_t bits = 0;
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++)
        bits |= m->rules->lex->concepts[m->doc->places.at[i].concept].part_bits;
    return bits;
}

/* Told at once of most rules: it suits no such finding of the report, speaks of other places, or
 * needs words that are not there. */
static inline bool is_out(const rt_rule_memo *m, const uint64_t *out, uint32_t rule,
                          uint64_t places)
{
    const rt_rule_gate *g = &m->rules->gates.at[rule];
    return (out[rule / 64] >> rule % 64 & 1) || (g->places != 0 && (g->places & places) == 0) ||
           (g->mask != 0 && m->due && (m->due[g->word] & g->mask) == 0);
}

static bool in_ascii(rt_rule_memo *m)
{
    m->ascii = m->spelt ? m->ascii : rt_utf8_is_ascii(sentence_text(m, m->sentence));
    m->spelt = true;
    return m->ascii;
}

/* false: the words that it needs are not there. The sentence is not looked at for a rule that does
 * not suit the finding, or its script. */
static bool may_hold(rt_rule_memo *m, const rt_rule *u, const rt_finding *f)
{
    if (u->text.count == 0)
        return true;
    return (m->due ||
            (all_hold(m, (rt_range){u->when.first, u->own}, f) && !(u->han && in_ascii(m)))) &&
           is_due(m, u->text);
}

bool rt_rule_next(rt_rule_memo *m, uint32_t finding, uint32_t *next, uint32_t *rule)
{
    const rt_rules *r = m->rules;
    const rt_finding *f = &m->doc->findings.at[finding];
    rt_range of = r->by_concept[f->concept];
    const uint64_t *out = m->out[f->presence == RT_PRESENCE_ABSENT];
    uint64_t places = places_of(m, f);
    enter_sentence(m, f->sentence);
    const uint32_t *rules = r->order.at + of.first;
    for (uint32_t i = *next; i < of.count; i++) {
        if (is_out(m, out, rules[i], places) || !may_hold(m, &r->rules.at[rules[i]], f) ||
            !rule_holds(m, rules[i], f))
            continue;
        *next = i + 1;
        *rule = rules[i];
        return true;
    }
    return false;
}

bool rt_rules_know(const rt_rules *r, uint32_t concept)
{
    return r->by_concept[concept].count > 0;
}

bool rt_rule_probable(rt_rule_memo *m, uint32_t finding)
{
    const rt_rule_set *s = &m->rules->probable;
    const rt_finding *f = &m->doc->findings.at[finding];
    enter_sentence(m, f->sentence);
    return s->when.count > 0 && all_hold(m, s->when, f) && !any_holds(m, s->unless, f);
}
