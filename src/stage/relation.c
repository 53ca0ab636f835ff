/* Stage relation: anatomy, side, severity and modifiers of each observation. Chinese sentences are
 * read by stage/chinese.c, all others here.
 *
 * English puts the place directly before the finding (right pleural effusion) or behind it
 * (granuloma left upper lobe), or behind a preposition (effusion in the left pleural space), or
 * earlier in the sentence. A list shares what stands at its end or its beginning: "nodule or mass
 * in both lungs", "mild scarring and atelectasis". The words that tie things together are data
 * (lexicons/relators.tsv). All walks are bounded by the sentence. */
#include "knowledge/between.h"
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_range mentions; /* of the sentence */
    rt_between words;
} scene;

/* ---- the words between
 * --------------------------------------------------------------------------------------------- */

static rt_fspan span_of(const scene *s, uint32_t m)
{
    return s->d->mentions.at[m].at;
}

static bool is_type(const scene *s, uint32_t m, unsigned type)
{
    return s->d->mentions.at[m].type == type;
}

static bool is_observation(const scene *s, uint32_t m)
{
    return rt_type_is_observation(s->d->mentions.at[m].type);
}

static uint32_t end_of(const scene *s)
{
    return s->mentions.first + s->mentions.count;
}

static void relate(const scene *s, uint32_t from, uint32_t to, rt_relation_kind kind)
{
    RT_PUSH(s->c->perm, &s->d->relations, (rt_relation){from, to, (uint32_t)kind});
}

static rt_fspan between(const scene *s, uint32_t a, uint32_t b)
{
    return (rt_fspan){span_of(s, a).end, span_of(s, b).beg};
}

/* ---- places
 * --------------------------------------------------------------------------------------------- */

/* The words between hold a preposition of place. */
static bool preposition_between(const scene *s, uint32_t a, uint32_t b)
{
    return rt_between_relator(&s->words, between(s, a, b), RT_RELATOR_PLACE);
}

static uint32_t place_before(const scene *s, uint32_t m)
{
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_type(s, i, RT_TYPE_ANATOMY))
            return i;
    return RT_NIL;
}

/* Only blanks and modifiers from a to b: "pleural small effusion". */
static bool touches(const scene *s, uint32_t a, uint32_t b)
{
    for (uint32_t i = a; i < b; i++)
        if (!rt_between_blank(&s->words, between(s, i, i + 1)) ||
            (i > a && s->d->mentions.at[i].type <= RT_TYPE_PROCEDURE))
            return false;
    return true;
}

/* A place that belongs to the observation behind it: "pleural effusion". */
static bool is_adjective(const scene *s, uint32_t place)
{
    for (uint32_t i = place + 1; i < end_of(s) && i < place + 4; i++)
        if (is_observation(s, i))
            return touches(s, place, i);
    return false;
}

/* English: a place that follows with a preposition ("in the left pleural space"), also behind the
 * rest of a list ("nodule, mass or infiltrate in both lungs"). */
static uint32_t place_behind(const scene *s, uint32_t m)
{
    uint32_t last = m; /* item of the list */
    bool placed = place_before(s, m) != RT_NIL;
    for (uint32_t i = m + 1; i < end_of(s); i++) {
        bool observed = is_observation(s, i);
        if (observed && rt_between_list(&s->words, between(s, last, i), false))
            last = i;
        else if (observed && placed) /* "wall with plaque and stenosis in the left bulb" */
            return RT_NIL;
        if (!is_type(s, i, RT_TYPE_ANATOMY) || (last != m && is_adjective(s, i)))
            continue;
        return preposition_between(s, last, i) &&
                       !rt_between_any(&s->words, between(s, last, i), ",;") &&
                       !rt_between_relator(&s->words, between(s, last, i), RT_RELATOR_BREAK)
                   ? i
                   : RT_NIL;
    }
    return RT_NIL;
}

/* The places before one that belong to it: items of its list, or the whole ("right lung, upper
 * lobe"). */
static void relate_before(const scene *s, uint32_t m, uint32_t place)
{
    relate(s, m, place, RT_REL_LOCATED_AT);
    for (uint32_t i = place; i-- > s->mentions.first;) {
        if (is_observation(s, i))
            return;
        if (!is_type(s, i, RT_TYPE_ANATOMY))
            continue;
        if (!rt_between_list(&s->words, between(s, i, place), true))
            return;
        relate(s, m, i, RT_REL_LOCATED_AT);
        place = i;
    }
}

/* The places behind one that belong to it: items of its list, or the whole ("lateral segment of the
 * right middle lobe"). */
static void relate_behind(const scene *s, uint32_t m, uint32_t place)
{
    relate(s, m, place, RT_REL_LOCATED_AT);
    for (uint32_t i = place + 1; i < end_of(s) && !is_observation(s, i); i++) {
        if (!is_type(s, i, RT_TYPE_ANATOMY))
            continue;
        rt_fspan gap = between(s, place, i);
        if (is_adjective(s, i) ||
            (!rt_between_list(&s->words, gap, true) &&
             (!preposition_between(s, place, i) || rt_between_any(&s->words, gap, ",;"))))
            return;
        relate(s, m, i, RT_REL_LOCATED_AT);
        place = i;
    }
}

/* "enlarged mediastinal, hilar or axillary lymph nodes", "granuloma left upper lobe": what directly
 * follows an observation, modifiers aside, and what is joined to it. Returns whether there is any.
 */
static bool relate_attributive(const scene *s, uint32_t m)
{
    uint32_t before = m, item = RT_NIL; /* last place related */
    for (uint32_t i = m + 1; i < end_of(s) && !is_observation(s, i); i++) {
        bool place = is_type(s, i, RT_TYPE_ANATOMY);
        rt_fspan step = between(s, before, i);
        if (step.end != step.beg + 1 &&
            (item == RT_NIL || (place && !rt_between_list(&s->words, between(s, item, i), false))))
            break;
        if (place) {
            relate(s, m, i, RT_REL_LOCATED_AT);
            item = i;
        }
        before = i;
    }
    return item != RT_NIL;
}

static bool is_level(const scene *s, uint32_t m)
{
    return m != RT_NIL && is_type(s, m, RT_TYPE_ANATOMY) &&
           s->words.lexicon->concepts[s->d->mentions.at[m].concept].flags & RT_CONCEPT_LEVEL;
}

/* "At L4-L5 there is a bulge with spinal canal stenosis": the level stands beside the structure. */
static void relate_level(const scene *s, uint32_t m, uint32_t before, uint32_t behind)
{
    if (is_level(s, before) || is_level(s, behind))
        return;
    for (uint32_t i = m; i-- > s->mentions.first;) {
        if (is_level(s, i)) {
            relate(s, m, i, RT_REL_LOCATED_AT);
            return;
        }
    }
}

/* What lies in the midline is not at the one-sided place of another finding before it: "right lung
 * mass with|pericardial effusion". */
static bool is_of_other(const scene *s, uint32_t m, uint32_t place)
{
    if (s->d->mentions.at[place].side == RT_SIDE_NONE ||
        !rt_lexicon_flagged(s->words.lexicon, s->d->mentions.at[m].concept, RT_CONCEPT_MIDLINE))
        return false;
    while (--m > place)
        if (is_observation(s, m))
            return true;
    return false;
}

/* "two nodules,|one in the right apex and|one in the left base": the places of several lesions. */
static void relate_members(const scene *s, uint32_t m)
{
    uint32_t i = m + 1, end = span_of(s, m).end, last = RT_NIL;
    if (s->d->text.folded.ptr[end - 1] != 's')
        return;
    for (uint32_t h = rt_doc_first_hit(s->d, end); h < s->d->hits.len && i < end_of(s); h++) {
        const rt_hit *hit = &s->d->hits.at[h];
        while (i < end_of(s) && span_of(s, i).beg < hit->at.beg)
            if (is_observation(s, i++))
                return;
        if (hit->at.beg >= s->d->sentences.at[s->d->mentions.at[m].sentence].at.end)
            return;
        if (!rt_between_reads(&s->words, hit, RT_RELATOR_MEMBER))
            continue;
        uint32_t place = i;
        while (place < end_of(s) && !is_type(s, place, RT_TYPE_ANATOMY) &&
               !is_observation(s, place))
            place++;
        if (place < end_of(s) && place != last && is_type(s, place, RT_TYPE_ANATOMY) &&
            !is_adjective(s, place) &&
            rt_between_list(&s->words, (rt_fspan){hit->at.end, span_of(s, place).beg}, true)) {
            relate(s, m, place, RT_REL_LOCATED_AT);
            last = place;
        }
    }
}

static void relate_places(const scene *s, uint32_t m)
{
    relate_members(s, m);

    if (relate_attributive(s, m))
        return;
    uint32_t before = place_before(s, m), behind = place_behind(s, m);
    if (before != RT_NIL && is_of_other(s, m, before))
        before = RT_NIL;
    bool close = before != RT_NIL && touches(s, before, m);
    if (before != RT_NIL && (close || behind == RT_NIL))
        relate_before(s, m, before);
    if (behind != RT_NIL)
        relate_behind(s, m, behind);
    relate_level(s, m, before, behind);
}

/* ---- modifiers
 * --------------------------------------------------------------------------------------------- */

static uint32_t observation_before(const scene *s, uint32_t m)
{
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_observation(s, i))
            return i;
    return RT_NIL;
}

static uint32_t observation_behind(const scene *s, uint32_t m)
{
    for (uint32_t i = m + 1; i < end_of(s); i++)
        if (is_observation(s, i))
            return i;
    return RT_NIL;
}

/* "on the left": what has been named lies there. */
static bool behind_preposition(const scene *s, uint32_t m)
{
    enum { REACH = 12 };
    uint32_t beg = span_of(s, m).beg;
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i-- > 0 && s->d->hits.at[i].at.beg + REACH > beg;) {
        const rt_hit *h = &s->d->hits.at[i];
        rt_fspan gap = {h->at.end, beg};
        if (gap.beg <= gap.end && rt_between_reads(&s->words, h, RT_RELATOR_PLACE) &&
            rt_between_list(&s->words, gap, true) && !rt_between_any(&s->words, gap, ","))
            return true;
    }
    return false;
}

static bool cue_between(const scene *s, uint32_t a, uint32_t b)
{
    rt_fspan gap = between(s, a, b);
    uint32_t lo = rt_doc_first_cue(s->d, gap.beg);
    return lo < s->d->cues.len && s->d->cues.at[lo].at.beg < gap.end;
}

/* Another modifier of the kind of m before the next observation: "mild or moderate stenosis". */
static bool goes_on(const scene *s, uint32_t m, uint32_t next)
{
    for (uint32_t i = m + 1; i < next; i++)
        if (is_type(s, i, s->d->mentions.at[m].type))
            return true;
    return false;
}

/* Does something between a modifier and the next observation part them? */
static bool is_apart(const scene *s, uint32_t m, uint32_t last, uint32_t next)
{
    rt_fspan gap = between(s, m, next);
    if (rt_between_any(&s->words, gap, ",;") && !rt_between_list(&s->words, gap, true))
        return true;
    if (last == RT_NIL || cue_between(s, last, m) || goes_on(s, m, next))
        return false;
    return rt_between_relator(&s->words, gap, RT_RELATOR_LIST) ||
           rt_between_relator(&s->words, gap, RT_RELATOR_PLACE) ||
           (is_type(s, m, RT_TYPE_SIDE) && behind_preposition(s, m));
}

/* "nodule with irregular margins and calcifications": margins are said of what stands before. */
static bool is_appended_margin(const scene *s, uint32_t m)
{
    rt_str before = rt_str_slice(s->d->text.folded, 0, span_of(s, m).beg);
    return is_type(s, m, RT_TYPE_MARGIN) && before.len >= 5 &&
           rt_str_eq(rt_str_slice(before, before.len - 5, before.len), RT_STR("with "));
}

/* The observation that a modifier belongs to: the next one of its clause, else the one before; but
 * not that of another statement: "has decreased while the|left|is unchanged". */
static uint32_t owner_of(const scene *s, uint32_t m)
{
    uint32_t next = observation_behind(s, m), last = observation_before(s, m);
    if (last != RT_NIL && rt_between_relator(&s->words, between(s, last, m), RT_RELATOR_BREAK))
        last = RT_NIL;
    if (next == RT_NIL)
        return last;
    return last != RT_NIL && (is_appended_margin(s, m) || is_apart(s, m, last, next)) ? last : next;
}

/* "right lung", "left posterior chest wall" */
static bool is_side_of_place(const scene *s, uint32_t m)
{
    uint32_t i = m + 1;
    while (i < end_of(s) && s->d->mentions.at[i].type > RT_TYPE_PROCEDURE &&
           !is_type(s, i, RT_TYPE_SIDE))
        i++;
    return i < end_of(s) && is_type(s, i, RT_TYPE_ANATOMY) &&
           s->d->mentions.at[i].side != RT_SIDE_NONE && touches(s, m, i);
}

/* "mild scarring and atelectasis": a list shares what stands before it. */
static void share_severity(const scene *s, uint32_t m, uint32_t item)
{
    for (uint32_t i = item + 1; i < end_of(s) && !is_type(s, i, RT_TYPE_SEVERITY); i++) {
        if (!is_observation(s, i))
            continue;
        rt_fspan gap = between(s, item, i);
        if (!rt_between_list(&s->words, gap, false) || rt_between_any(&s->words, gap, ","))
            return;
        relate(s, i, m, RT_REL_SEVERITY);
        item = i;
    }
}

static void relate_modifier(const scene *s, uint32_t m)
{
    unsigned type = s->d->mentions.at[m].type;
    if (type <= RT_TYPE_PROCEDURE || type == RT_TYPE_CHANGE || type >= RT_TYPE_MODALITY)
        return;
    if (type == RT_TYPE_SIDE && is_side_of_place(s, m))
        return;
    uint32_t owner = owner_of(s, m);
    if (owner == RT_NIL)
        return;
    rt_relation_kind kind = type == RT_TYPE_SIDE       ? RT_REL_SIDE
                            : type == RT_TYPE_SEVERITY ? RT_REL_SEVERITY
                                                       : RT_REL_MODIFIED_BY;
    relate(s, owner, m, kind);
    if (kind == RT_REL_SEVERITY && owner > m)
        share_severity(s, m, owner);
}

static bool follows(const rt_relation *a, const rt_relation *b)
{
    if (a->from != b->from)
        return a->from > b->from;
    return a->kind != b->kind ? a->kind > b->kind : a->to > b->to;
}

/* Insertion sort of the relations of a sentence: a few dozen at most. */
static void sort_from(rt_doc *d, uint32_t first)
{
    for (uint32_t i = first + 1; i < d->relations.len; i++) {
        rt_relation r = d->relations.at[i];
        uint32_t j = i;
        while (j > first && follows(&d->relations.at[j - 1], &r)) {
            d->relations.at[j] = d->relations.at[j - 1];
            j--;
        }
        d->relations.at[j] = r;
    }
}

static void relate_sentence(const scene *s)
{
    for (uint32_t m = s->mentions.first; m < end_of(s); m++) {
        if (is_observation(s, m))
            relate_places(s, m);
        else
            relate_modifier(s, m);
    }
}

rt_code rt_stage_relation(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d, .words = {c->know->lexicon, d}};
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        s.mentions = (rt_range){end_of(&s), 0};
        while (end_of(&s) < d->mentions.len && d->mentions.at[end_of(&s)].sentence == i)
            s.mentions.count++;
        uint32_t first = d->relations.len;
        if (d->sentences.at[i].lang == RT_LANG_ZH)
            rt_relate_chinese(c, d, i, s.mentions);
        else
            relate_sentence(&s);
        sort_from(d, first);
    }
    return RT_OK;
}
