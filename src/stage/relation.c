/* Stage relation: anatomy, side, severity, modifiers and measurements of each observation, within
 * its sentence.
 *
 * Chinese puts the place before the finding and keeps it until a new one is named
 * (右肺上叶见结节，伴钙化). English puts it directly before (right pleural effusion), or behind a
 * preposition (effusion in the left pleural space), or earlier in the sentence. Modifiers and sides
 * belong to the nearest observation, before it first; measurements to the nearest before them. All
 * walks are bounded by the sentence. */
#include <math.h>

#include "base/utf8.h"
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_range mentions; /* of the sentence */
    uint8_t lang;
} scene;

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

static bool has_comma(const scene *s, uint32_t a, uint32_t b)
{
    uint32_t beg = s->d->mentions.at[a].at.end, end = s->d->mentions.at[b].at.beg;
    for (uint32_t i = beg; i < end; i++)
        if (s->d->text.folded.ptr[i] == ',' || s->d->text.folded.ptr[i] == ';')
            return true;
    return false;
}

/* The words between two mentions hold a preposition of place. */
static bool preposition_between(const scene *s, uint32_t a, uint32_t b)
{
    static const char *const words[] = {
        " in ",   " of ",   " at ",         " within ", " involving ", " along ",    " on ",
        " over ", " near ", " throughout ", " from ",   " to ",        " adjacent ", " overlying "};
    rt_fspan between = {s->d->mentions.at[a].at.end, s->d->mentions.at[b].at.beg};
    if (between.beg >= between.end)
        return false; /* two readings of one place */
    rt_str t = rt_text_fslice(&s->d->text, between);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (rt_str_find(t, rt_str_from(words[i]), NULL))
            return true;
    return false;
}

static uint32_t place_before(const scene *s, uint32_t m)
{
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_type(s, i, RT_TYPE_ANATOMY))
            return i;
    return RT_NIL;
}

/* English: a place that follows with a preposition ("in the left pleural space"). */
static uint32_t place_behind(const scene *s, uint32_t m)
{
    if (s->lang == RT_LANG_ZH)
        return RT_NIL;
    for (uint32_t i = m + 1; i < end_of(s); i++)
        if (is_type(s, i, RT_TYPE_ANATOMY))
            return preposition_between(s, m, i) && !has_comma(s, m, i) ? i : RT_NIL;
    return RT_NIL;
}

static bool touches(const scene *s, uint32_t a, uint32_t b)
{
    return s->d->mentions.at[a].at.end + 1 >= s->d->mentions.at[b].at.beg;
}

/* "in the lateral segment of the right middle lobe": on to the whole. */
static void relate_whole(const scene *s, uint32_t m, uint32_t place)
{
    for (uint32_t i = place + 1; i < end_of(s) && !has_comma(s, place, i); i++) {
        if (is_observation(s, i))
            return;
        if (is_type(s, i, RT_TYPE_ANATOMY) && preposition_between(s, i - 1, i)) {
            relate(s, m, i, RT_REL_LOCATED_AT);
            return;
        }
    }
}

/* Another place directly before the place ("right lung, upper lobe"; 左侧腋窝、肺门). */
static void relate_beside(const scene *s, uint32_t m, uint32_t place)
{
    for (uint32_t i = place; i-- > s->mentions.first && !has_comma(s, i, place);) {
        if (is_type(s, i, RT_TYPE_ANATOMY)) {
            relate(s, m, i, RT_REL_LOCATED_AT);
            return;
        }
        if (is_observation(s, i))
            return;
    }
}

static void relate_places(const scene *s, uint32_t m)
{
    uint32_t before = place_before(s, m), behind = place_behind(s, m);
    bool close = before != RT_NIL && touches(s, before, m);
    if (before != RT_NIL && (close || behind == RT_NIL)) {
        relate(s, m, before, RT_REL_LOCATED_AT);
        if (behind == RT_NIL)
            relate_beside(s, m, before);
    }
    if (behind != RT_NIL) {
        relate(s, m, behind, RT_REL_LOCATED_AT);
        relate_whole(s, m, behind);
    }
}

/* The observation that a modifier belongs to: the next one of its clause, else the one before. */
static uint32_t owner_of(const scene *s, uint32_t m)
{
    for (uint32_t i = m + 1; i < end_of(s); i++)
        if (is_observation(s, i)) {
            if (has_comma(s, m, i))
                break;
            return i;
        }
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_observation(s, i))
            return i;
    return RT_NIL;
}

static void relate_modifier(const scene *s, uint32_t m)
{
    unsigned type = s->d->mentions.at[m].type;
    if (type <= RT_TYPE_PROCEDURE || type == RT_TYPE_CHANGE || type >= RT_TYPE_MODALITY)
        return;
    if (type == RT_TYPE_SIDE && m + 1 < end_of(s) && is_type(s, m + 1, RT_TYPE_ANATOMY) &&
        s->d->mentions.at[m].at.end + 3 >= s->d->mentions.at[m + 1].at.beg)
        return; /* "right lung": the side of the place, see stage/finding */
    uint32_t owner = owner_of(s, m);
    if (owner == RT_NIL)
        return;
    rt_relation_kind kind = type == RT_TYPE_SIDE       ? RT_REL_SIDE
                            : type == RT_TYPE_SEVERITY ? RT_REL_SEVERITY
                                                       : RT_REL_MODIFIED_BY;
    relate(s, owner, m, kind);
}

/* The observation measured: the last before the size that is not a mere place, else the first
 * behind it. */
static void relate_measure(const scene *s, uint32_t measure)
{
    rt_measure *v = &s->d->measures.at[measure];
    uint32_t owner = RT_NIL;
    for (uint32_t i = s->mentions.first; i < end_of(s); i++) {
        if (!is_observation(s, i))
            continue;
        bool before = s->d->mentions.at[i].at.beg < v->at.beg;
        if (before || owner == RT_NIL)
            owner = i;
        if (!before)
            break;
    }
    /* "8 mm nodule": what follows directly is what was measured */
    for (uint32_t i = s->mentions.first; i < end_of(s); i++) {
        uint32_t beg = s->d->mentions.at[i].at.beg;
        if (beg < v->at.end || !is_observation(s, i))
            continue;
        rt_str gap = rt_text_fslice(&s->d->text, (rt_fspan){v->at.end, beg});
        if (gap.len < 30 && !rt_str_find(gap, RT_STR(","), NULL) &&
            !rt_str_find(gap, RT_STR(")"), NULL) && s->lang == RT_LANG_EN &&
            !rt_str_find(gap, RT_STR(" and "), NULL))
            owner = i;
        break;
    }
    if (owner == RT_NIL)
        return;
    v->mention = owner;
    relate(s, owner, measure, RT_REL_MEASURED_BY);
}

/* Insertion sort of the relations of one sentence: a few dozen at most. */
static void sort_from(rt_doc *d, uint32_t first)
{
    for (uint32_t i = first + 1; i < d->relations.len; i++) {
        rt_relation r = d->relations.at[i];
        uint32_t j = i;
        while (j > first &&
               (d->relations.at[j - 1].from > r.from ||
                (d->relations.at[j - 1].from == r.from && d->relations.at[j - 1].kind > r.kind))) {
            d->relations.at[j] = d->relations.at[j - 1];
            j--;
        }
        d->relations.at[j] = r;
    }
}

rt_code rt_stage_relation(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d};
    uint32_t v = 0;
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        s.lang = d->sentences.at[i].lang;
        s.mentions = (rt_range){end_of(&s), 0};
        while (end_of(&s) < d->mentions.len && d->mentions.at[end_of(&s)].sentence == i)
            s.mentions.count++;
        uint32_t first = d->relations.len;
        for (uint32_t m = s.mentions.first; m < end_of(&s); m++) {
            if (is_observation(&s, m))
                relate_places(&s, m);
            else
                relate_modifier(&s, m);
        }
        for (; v < d->measures.len && d->measures.at[v].sentence <= i; v++)
            if (d->measures.at[v].sentence == i)
                relate_measure(&s, v);
        sort_from(d, first);
    }
    return RT_OK;
}
