/* What the body has: normal and abnormal at once (Q12, in the impression Q10), sizes (Q14, Q15),
 * removed organs (Q23), impossible anatomy (Q26). */
#include "base/utf8.h"
#include "stage/qa.h"

enum {
    REACH = 32,       /* bytes between a word of size and its number */
    REACH_ORGAN = 64, /* bytes between the name of an organ and its size */
    HU_MIN = -1100,
    HU_MAX = 5000,
};

/* ---- Q12 */

/* A finding that a denial of the findings may meet: there now, outright. */
static bool stands_out(const rt_qa_fact *b)
{
    return b->part >= RT_QA_BODY && b->finding != RT_NIL && b->presence == RT_PRESENCE_PRESENT &&
           b->current && b->change != RT_CHANGE_RESOLVED && !b->derived;
}

/* ... and elsewhere, on a side that is meant. */
static bool may_contradict(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    return b->sentence != f->sentence && (!rt_qa_one_sided(f) || b->side == f->side) &&
           !rt_qa_cued(q, b->sentence, RT_CUE_ABSENT) &&
           !rt_qa_says(q, b->sentence, RT_MARK_HIDDEN);
}

/* The head itself is a word of mass: 囊性包块 is one, whatever concept it is. */
static bool names_mass(const rt_qa *q, const rt_qa_fact *f)
{
    uint32_t mention = q->d->findings.at[f->finding].mention;
    return mention != RT_NIL &&
           rt_qa_find_in(q, f->sentence, RT_MARK_MASS_WORD, q->d->mentions.at[mention].at, NULL);
}

static bool in_its_place(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (f->place == RT_NIL || b->place == RT_NIL)
        return !f->derived && f->place == b->place && f->organ == b->organ;
    return rt_lexicon_part_of(q->lex, b->place, f->place);
}

/* A normal statement of a place, whatever it may have: "the menisci are intact". Of a limb, where a
 * tear is; a normal liver may have its cyst. */
static bool of_all(const rt_qa_fact *f)
{
    return f->derived && f->place != RT_NIL && rt_qa_is(f, RT_QA_SET_VAGUE);
}

/* "The liver is normal" denies every lesion in it; "no consolidation" another one of the very kind
 * and place; "no mass" whatever is called one. */
static bool contradicts(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (of_all(f) && rt_qa_is(b, RT_QA_SET_WITHIN) && b->place != RT_NIL &&
        rt_qa_concept_in(q, f->place, RT_QA_SET_LIMB))
        return in_its_place(q, f, b);
    if (f->derived ? rt_lexicon_is_a(q->lex, b->concept, f->concept) : b->concept == f->concept)
        return in_its_place(q, f, b);
    return !f->derived && ((f->organ != 0 && f->organ == b->organ) || in_its_place(q, f, b)) &&
           names_mass(q, f) && names_mass(q, b);
}

/* "Clear without focal disease": a word with a value is of what is denied, and leaves no room to a
 * statement that the whole is normal. */
static bool spares_some(const rt_qa *q, const rt_qa_fact *f)
{
    rt_fspan in = rt_qa_sentence_at(q, f->sentence);
    const rt_qa_word *w;
    while (rt_qa_find_in(q, f->sentence, RT_MARK_ROOM, in, &w)) {
        bool soft = rt_qa_value(q, w)[0] != '\0';
        if (!soft || (!f->derived && !(q->d->zh && rt_qa_is(f, RT_QA_SET_FOCAL))))
            return true;
        in.beg = w->at.end;
    }
    return false;
}

/* Denied outright: not one age, degree or kind of it. */
static bool is_plain(const rt_qa *q, const rt_qa_fact *f)
{
    return f->change == RT_CHANGE_NONE && f->severity == RT_SEVERITY_NONE &&
           f->acuity == RT_QA_ANY_AGE && q->d->findings.at[f->finding].modifiers.count == 0 &&
           !spares_some(q, f);
}

/* Facts that stand out, with the bits of what they are a kind of. */
typedef struct standing {
    const rt_qa_fact *fact;
    uint64_t kind_bits;
} standing;
typedef RT_VEC(standing) standings;

enum { LAST = 63 /* bit of what stands out; that of all behind it too */ };

typedef struct by_kind { /* by a bit of kind_bits: which of them have it */
    uint64_t row[64];
} by_kind;

static void sort_by_kind(const standings *there, by_kind *out)
{
    memset(out, 0, sizeof *out);
    for (uint32_t k = 0; k < there->len; k++)
        for (uint64_t left = there->at[k].kind_bits; left != 0; left &= left - 1)
            out->row[__builtin_ctzll(left)] |= 1ULL << (k < LAST ? k : LAST);
}

static void check_normal_fact(rt_qa *q, const rt_qa_fact *f, const standings *there,
                              const by_kind *kinds)
{
    if (!f->derived && (rt_qa_in(q, f, RT_QA_SET_VAGUE) ||
                        (q->lex->concepts[f->concept].flags & RT_CONCEPT_GENERIC)))
        return;
    bool whole = of_all(f);
    bool masses = !f->derived && rt_qa_in_sets(q->sentences[f->sentence].says, RT_MARK_MASS_WORD);
    uint64_t left = masses || whole ? ~0ULL : kinds->row[f->concept % 64];
    for (uint32_t k = 0; k < there->len && left >> (k < LAST ? k : LAST) != 0; k++) {
        k += k < LAST ? (uint32_t)__builtin_ctzll(left >> k) : 0;
        if (k >= there->len)
            return;
        const rt_qa_fact *b = there->at[k].fact;
        if (!contradicts(q, f, b) || !may_contradict(q, f, b) || rt_qa_is_device(q, b)) /* Q41 */
            continue;
        if (is_plain(q, f))
            rt_qa_report(q, RT_Q(12), rt_qa_at(q, f), rt_qa_at(q, b));
        return;
    }
}

/* "No mass" says nothing of a cyst: the head of the lesion has a noun of the word (块/占位). */
static bool shares_noun(const rt_qa *q, const rt_qa_word *w, const rt_qa_fact *b)
{
    rt_str nouns = rt_str_from(rt_qa_value(q, w));
    uint32_t mention = q->d->findings.at[b->finding].mention;
    bool shared = nouns.len == 0;
    for (rt_cut cut; nouns.len > 0 && mention != RT_NIL && !shared; nouns = cut.tail) {
        cut = rt_str_cut(nouns, '/');
        shared =
            rt_str_find(rt_text_fslice(&q->d->text, q->d->mentions.at[mention].at), cut.head, NULL);
    }
    return shared;
}

/* The whole organ that a normal statement around the word is of ("the liver is normal"), or any of
 * its sentence. */
static uint32_t organ_of_facts(const rt_qa *q, const rt_qa_word *w, bool around)
{
    rt_span at = rt_qa_span(q, w->at);
    for (uint32_t k = 0; k < q->facts.len; k++) {
        const rt_qa_fact *f = &q->facts.at[k];
        if (f->sentence != w->sentence || f->place == RT_NIL ||
            !rt_qa_concept_in(q, f->place, RT_QA_SET_WHOLE_ORGAN))
            continue;
        if (!around)
            return f->place;
        rt_span there = f->derived ? q->d->findings.at[f->finding].at : RT_QA_NONE;
        if (there.beg < at.end && at.beg < there.end)
            return f->place;
    }
    return RT_NIL;
}

/* "Liver: homogeneous, no focal lesion": the organ that the sentence names has one further on. */
static void check_no_lesion(rt_qa *q, const rt_qa_word *w, const standings *there, uint32_t check)
{
    rt_range r = rt_qa_mentions(q, w->sentence);
    uint32_t own = organ_of_facts(q, w, true), organ = own;
    uint8_t side = RT_SIDE_NONE; /* of the nearest before the word */
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->at.beg >= w->at.beg)
            break;
        side = rt_qa_side_of(q, m) != RT_SIDE_NONE ? rt_qa_side_of(q, m) : side;
        if (own == RT_NIL && m->type == RT_TYPE_ANATOMY &&
            rt_qa_concept_in(q, m->concept, RT_QA_SET_WHOLE_ORGAN))
        organ = m->concept;
    }
    organ = organ == RT_NIL ? organ_of_facts(q, w, false) : organ;
    for (uint32_t k = 0; organ != RT_NIL && k < there->len; k++) {
        const rt_qa_fact *b = there->at[k].fact;
        rt_qa_fact here = {
            .sentence = w->sentence, .part = RT_QA_BODY, .side = side, .place = organ};
        bool one_organ = b->organ != 0 && b->organ == q->about[organ].organ;
        bool within = b->place == RT_NIL ? one_organ
                                         : rt_lexicon_part_of(q->lex, b->place, organ) ||
                                               (one_organ && rt_qa_part_place(q, &here, b));
        if (!within || !rt_qa_is(b, RT_QA_SET_FOCAL) || !may_contradict(q, &here, b) ||
            !shares_noun(q, w, b))
            continue;
        rt_qa_report(q, check, rt_qa_span(q, w->at), rt_qa_at(q, b));
        return;
    }
}

/* The findings have nothing of the organ that a new focal lesion of the impression lies in. */
static bool undescribed(const rt_qa *q, const rt_qa_fact *f)
{
    if (f->part != RT_QA_IMPRESSION || !rt_qa_is(f, RT_QA_SET_FOCAL) || f->organ == 0 ||
        f->change != RT_CHANGE_NONE || rt_qa_says(q, f->sentence, RT_MARK_HARMLESS) ||
        rt_qa_says(q, f->sentence, RT_MARK_PRIOR_EXAM))
        return false;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part == RT_QA_BODY && (b->organ == f->organ || rt_qa_related(q, f, b)))
            return false;
    }
    return true;
}

/* A word that leaves room stands in the sentence, and not within the word itself ("no focal"). */
static bool leaves_room(const rt_qa *q, const rt_qa_word *w)
{
    rt_fspan in = rt_qa_sentence_at(q, w->sentence);
    const rt_qa_word *room;
    while (rt_qa_find_in(q, w->sentence, RT_MARK_ROOM, in, &room)) {
        if (room->at.end <= w->at.beg || room->at.beg >= w->at.end)
            return true;
        in.beg = room->at.beg + 1;
    }
    return false;
}

/* Every "liver is normal" of the findings against facts: those of the findings too (Q12), or of the
 * impression alone (Q10). */
static void check_words(rt_qa *q, const standings *there, uint32_t check)
{
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_NO_LESION); w; w = rt_qa_next(q, w))
        if (w->sentence != RT_NIL && rt_qa_part_of_sentence(q, w->sentence) == RT_QA_BODY &&
            !leaves_room(q, w))
            check_no_lesion(q, w, there, check);
}

static void check_normal(rt_qa *q)
{
    standings there = {0}, concluded = {0};
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!stands_out(b))
            continue;
        standing s = {b, q->lex->concepts[b->concept].kind_bits};
        if (b->part == RT_QA_BODY)
            RT_PUSH(&q->c->temp, &there, s);
        else if (rt_qa_has(q, RT_MARK_NO_LESION) && undescribed(q, b))
            RT_PUSH(&q->c->temp, &concluded, s);
    }
    if (concluded.len > 0 && rt_qa_wants(q, RT_Q(10)))
        check_words(q, &concluded, RT_Q(10));
    if (there.len == 0 || !rt_qa_wants(q, RT_Q(12)))
        return;
    by_kind kinds;
    sort_by_kind(&there, &kinds);
    for (uint32_t i = 0; i < q->absent.len; i++) {
        const rt_qa_fact *f = q->absent.at[i];
        if (f->finding != RT_NIL && f->part == RT_QA_BODY)
            check_normal_fact(q, f, &there, &kinds);
    }
    check_words(q, &there, RT_Q(12));
}

/* ---- Q14, Q15 */

/* A stop that a blank follows, or the end of a line. */
static bool ends_sentence(rt_str s, uint32_t i)
{
    return s.ptr[i] == '\n' || (s.ptr[i] == '.' && i + 1 < s.len && s.ptr[i + 1] == ' ');
}

/* "17m": a number and a unit that no lesion has. */
static void check_units(rt_qa *q)
{
    rt_str s = q->d->text.folded;
    for (uint32_t i = 0; i < q->d->numbers.len && rt_qa_has(q, RT_MARK_MEASURING); i++) {
        rt_fspan at = q->d->numbers.at[i].at;
        uint32_t end = at.end;
        bool decimal = at.beg > 1 && s.ptr[at.beg - 1] == '.' && rt_is_digit(s.ptr[at.beg - 2]);
        end +=
            end < s.len && s.ptr[end] == ' ' && at.beg > 0 && (decimal || s.ptr[at.beg - 1] != '.');
        if (end >= s.len || s.ptr[end] != 'm' || (end + 1 < s.len && rt_is_word(s.ptr[end + 1])) ||
            (end + 1 < s.len && strchr("/^-", s.ptr[end + 1]) != NULL) || at.beg == 0 ||
            rt_is_word(s.ptr[at.beg - 1]) || s.ptr[at.beg - 1] == '-')
            continue; /* "Tc-99 m" */
        uint32_t from = at.beg;
        while (from > 0 && at.beg - from < REACH && !ends_sentence(s, from - 1))
            from--;
        if (!rt_qa_find(q, RT_MARK_MEASURING, (rt_fspan){from, at.beg}, NULL))
            continue;
        rt_qa_report(q, RT_Q(14), rt_qa_span(q, (rt_fspan){at.beg, end + 1}), RT_QA_NONE);
    }
}

static double largest(const rt_measure *m)
{
    double most = m->value[0];
    for (uint32_t k = 1; k < m->n; k++)
        most = m->value[k] > most ? m->value[k] : most;
    return most;
}

/* The name of an organ with a calibre, directly before the size. */
static bool beyond_calibre(const rt_qa *q, const rt_measure *m)
{
    uint32_t from = m->at.beg > REACH_ORGAN ? m->at.beg - REACH_ORGAN : 0,
             begin = q->d->sentences.at[m->sentence].at.beg;
    rt_fspan in = {from > begin ? from : begin, m->at.beg};
    const rt_qa_sentence *s = &q->sentences[m->sentence];
    const rt_qa_word *w = NULL, *last = NULL; /* of those that begin together the longest */
    if (!rt_qa_in_sets(s->says, RT_MARK_CALIBRE))
        return false;
    while ((w = rt_qa_each_in(q, RT_QA_WORDS(RT_MARK_CALIBRE), s->marks, w)) != NULL)
        if (w->at.beg >= in.beg && w->at.beg < in.end &&
            (!last || last->at.beg < w->at.beg || last->at.end < w->at.end))
            last = w;
    if (!last || last->at.end > m->at.beg)
        return false;
    double most;
    for (uint32_t i = last->at.end; i < m->at.beg; i++)
        if (strchr(";.:", q->d->text.folded.ptr[i]) != NULL)
            return false; /* the size is of something else */
    bool comma =
        memchr(q->d->text.folded.ptr + last->at.end, ',', m->at.beg - last->at.end) != NULL;
    if (comma && !rt_qa_find(q, RT_MARK_NORMAL, (rt_fspan){last->at.end, m->at.beg}, NULL))
        return false; /* but "is normal, 6 cm" is of it */
    rt_range r = rt_qa_mentions(q, m->sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *other = &q->d->mentions.at[i];
        bool lesion = rt_type_is_observation(other->type) && other->at.end > last->at.end;
        bool place = other->type == RT_TYPE_ANATOMY && other->at.beg >= last->at.end;
        if ((lesion || place) && other->at.beg >= in.beg && other->at.end <= m->at.beg)
            return false;
    }
    rt_cut limits = rt_str_cut(rt_str_from(rt_qa_value(q, last)), '/'); /* "45/15" */
    bool normal = limits.tail.len > 0 && rt_qa_says(q, m->sentence, RT_MARK_NORMAL);
    return rt_str_number(normal ? limits.tail : limits.head, &most) && largest(m) > most;
}

static void check_sizes(rt_qa *q)
{
    double limit = rt_checks_param(q->checks, RT_QA_PARAM_LENGTH_MAX);
    for (uint32_t i = 0; i < q->d->measures.len; i++) {
        const rt_measure *m = &q->d->measures.at[i];
        if (rt_qa_part_of_sentence(q, m->sentence) < RT_QA_BODY)
            continue;
        double v = largest(m);
        if (m->at.beg > 0 && strchr(".-", q->d->text.folded.ptr[m->at.beg - 1]) != NULL)
            continue; /* ".56cm" "Tc-99 m" */
        bool wrong = m->kind == RT_MEASURE_LENGTH
                         ? (m->mention != RT_NIL && v > limit) || beyond_calibre(q, m)
                         : m->kind == RT_MEASURE_ATTENUATION && (v < HU_MIN || v > HU_MAX);
        if (wrong)
            rt_qa_report(q, RT_Q(14), rt_qa_span(q, m->at), RT_QA_NONE);
    }
    check_units(q);
}

static void check_size_terms(rt_qa *q)
{
    double most = rt_checks_param(q->checks, RT_QA_PARAM_NODULE_MAX);
    double least = rt_checks_param(q->checks, RT_QA_PARAM_MASS_MIN);
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->size == 0 || f->organ == 0 || f->of_exam ||
            f->size > rt_checks_param(q->checks, RT_QA_PARAM_LENGTH_MAX) ||
            rt_qa_in(q, f, RT_QA_SET_ANY_SIZE))
            continue;
        bool lung = rt_qa_in(q, f, RT_QA_SET_LUNG);
        bool nodule =
            lung && !rt_qa_says(q, f->sentence, RT_MARK_CLUSTER) && rt_qa_is(f, RT_QA_SET_NODULE);
        bool mass = rt_qa_is(f, RT_QA_SET_MASS) && rt_qa_says(q, f->sentence, RT_MARK_MASS_WORD);
        if (nodule == mass || (nodule ? f->size <= most : f->size >= least))
            continue;
        rt_qa_report_word(q, RT_Q(15), rt_qa_at(q, f), rt_qa_size_at(q, f),
                          rt_arena_printf(q->c->perm, "%.0f", f->size));
    }
}

/* ---- Q23 */

static uint8_t side_in(const rt_qa *q, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    uint8_t side = RT_SIDE_NONE;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t s = rt_qa_side_of(q, m);
        if (s != RT_SIDE_NONE)
            side = side == RT_SIDE_NONE || side == s ? s : RT_SIDE_BILATERAL;
    }
    return side;
}

/* "Both kidneys": the organ itself is named as two. */
static bool means_both(const rt_qa *q, uint32_t sentence, uint32_t organ)
{
    rt_range r = rt_qa_mentions(q, sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i], *before = i > r.first ? m - 1 : NULL;
        if (m->type != RT_TYPE_ANATOMY || !rt_lexicon_part_of(q->lex, m->concept, organ))
            continue;
        if (m->side == RT_SIDE_BILATERAL ||
            (before && before->type == RT_TYPE_SIDE && before->at.end + 1 >= m->at.beg &&
             q->lex->concepts[before->concept].value == RT_SIDE_BILATERAL))
            return true;
    }
    return false;
}

/* "Both" begins the normal statement. */
static bool of_both(const rt_qa *q, const rt_qa_fact *f)
{
    uint32_t beg = rt_text_folded(&q->d->text, q->d->findings.at[f->finding].at.beg);
    for (uint32_t i = rt_doc_first_hit(q->d, beg);
         i < q->d->hits.len && q->d->hits.at[i].at.beg == beg; i++) {
        rt_range r = q->lex->patterns[q->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++) {
            const rt_entry *e = &q->lex->entries[k];
            if (e->kind == RT_ENTRY_CONCEPT && q->lex->concepts[e->target].type == RT_TYPE_SIDE &&
                q->lex->concepts[e->target].value == RT_SIDE_BILATERAL)
                return true;
        }
    }
    return false;
}

/* The organ is spoken of as if it were there: named in the findings, and not as missing. */
static bool described(const rt_qa *q, uint32_t sentence, const rt_qa_word *w, uint32_t organ,
                      uint8_t side)
{
    if (sentence == w->sentence || rt_qa_part_of_sentence(q, sentence) < RT_QA_BODY ||
        rt_qa_says(q, sentence, RT_MARK_GONE) || rt_qa_says(q, sentence, RT_MARK_REMOVED))
        return false;
    uint8_t there = side_in(q, sentence);
    return side == RT_SIDE_NONE || there == side || means_both(q, sentence, organ);
}

/* Some other sentence says in words of its own that the organ is not there. */
static bool known_missing(const rt_qa *q, uint32_t organ, uint32_t besides)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->concept == organ && m->sentence != besides &&
            rt_qa_part_of_sentence(q, m->sentence) >= RT_QA_BODY &&
            rt_qa_says(q, m->sentence, RT_MARK_GONE))
            return true;
    }
    return false;
}

static void check_removed_organ(rt_qa *q, const rt_qa_word *w)
{
    uint32_t organ = q->meaning[w->word].concept;
    if (organ == RT_NIL || w->sentence == RT_NIL)
        return;
    bool paired = (q->lex->concepts[organ].flags & RT_CONCEPT_PAIRED) != 0;
    uint8_t side = paired ? side_in(q, w->sentence) : (uint8_t)RT_SIDE_NONE;
    if (paired && side == RT_SIDE_NONE)
        return;
    rt_removed gone = {.at = rt_qa_span(q, w->at), .organ = organ, .side = side};
    RT_PUSH(q->c->perm, &q->d->removed, gone);
    if (!paired && known_missing(q, organ, w->sentence))
        return;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type != RT_TYPE_ANATOMY || !rt_lexicon_part_of(q->lex, m->concept, organ) ||
            !described(q, m->sentence, w, organ, side))
            continue;
        rt_qa_report(q, RT_Q(23), rt_qa_span(q, w->at), rt_qa_span(q, m->at));
        return;
    }
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        bool both =
            f->side == RT_SIDE_BILATERAL && f->organ != 0 && f->organ == q->about[organ].organ;
        bool there = f->place != RT_NIL && rt_lexicon_part_of(q->lex, f->place, organ);
        both = both || (there && f->derived && of_both(q, f));
        if (!(both || there) || !described(q, f->sentence, w, organ, both ? RT_SIDE_NONE : side))
            continue;
        rt_qa_report(q, RT_Q(23), rt_qa_span(q, w->at), rt_qa_at(q, f));
        return;
    }
}

void rt_qa_organ(rt_qa *q)
{
    check_normal(q);
    check_sizes(q);
    check_size_terms(q);
    rt_mark_sets gone = RT_QA_WORDS(RT_MARK_REMOVED, RT_MARK_IMPOSSIBLE);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, gone, w)) != NULL;)
        if (w->mark == RT_MARK_REMOVED)
            check_removed_organ(q, w);
        else
            rt_qa_report(q, RT_Q(26), rt_qa_span(q, w->at), RT_QA_NONE);
}
