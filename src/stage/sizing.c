/* Stage sizing: whose size is it? A measurement belongs to what follows it directly (8 mm nodule),
 * else to the last observation before it, else to a lesion of the sentence before ("There are
 * nodules. The largest measures 6 mm."). Not to an observation: the size of an organ and a distance
 * (4 cm above the carina). Chinese sentences are read by stage/chinese.c. */
#include "knowledge/between.h"
#include "stage/stage.h"

typedef struct scene {
    rt_doc *d;
    rt_between words;
    uint32_t sentence;
    rt_range mentions; /* of the sentence */
} scene;

static rt_fspan span_of(const scene *s, uint32_t m)
{
    return s->d->mentions.at[m].at;
}

static rt_fspan between(const scene *s, uint32_t a, uint32_t b)
{
    return (rt_fspan){span_of(s, a).end, span_of(s, b).beg};
}

static bool is_observation(const scene *s, uint32_t m)
{
    return rt_type_is_observation(s->d->mentions.at[m].type);
}

static uint32_t end_of(const scene *s)
{
    return s->mentions.first + s->mentions.count;
}

static bool is_sized(const scene *s, uint32_t m)
{
    return rt_lexicon_flagged(s->words.lexicon, s->d->mentions.at[m].concept, RT_CONCEPT_SIZED);
}

static bool is_denied(const scene *s, uint32_t m)
{
    return m < s->d->assertions.len && s->d->assertions.at[m].presence == RT_PRESENCE_ABSENT;
}

/* "4 cm above the carina", but not "extends 4 cm above the carina" */
static bool is_distance(const scene *s, const rt_measure *v)
{
    enum { REACH = 16 };
    for (uint32_t i = rt_doc_first_hit(s->d, v->at.beg);
         i-- > 0 && s->d->hits.at[i].at.beg + REACH > v->at.beg;)
        if (rt_between_reads(&s->words, &s->d->hits.at[i], RT_RELATOR_EXTENT))
            return false;
    for (uint32_t i = rt_doc_first_hit(s->d, v->at.end); i < s->d->hits.len; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (!rt_between_blank(&s->words, (rt_fspan){v->at.end, h->at.beg}))
            return false;
        if (rt_between_reads(&s->words, h, RT_RELATOR_DISTANCE))
            return true;
    }
    return false;
}

/* "8 mm nodule": what follows directly is what was measured. */
static uint32_t measured_behind(const scene *s, const rt_measure *v)
{
    enum { REACH = 40 };
    for (uint32_t i = s->mentions.first; i < end_of(s); i++) {
        uint32_t beg = span_of(s, i).beg;
        if (beg < v->at.end || !is_observation(s, i))
            continue;
        rt_fspan gap = {v->at.end, beg};
        bool close = gap.end - gap.beg < REACH && !rt_between_any(&s->words, gap, ",;)");
        bool listed = rt_between_list(&s->words, gap, true);
        return listed || (close && !rt_between_relator(&s->words, gap, RT_RELATOR_LIST) &&
                          !rt_between_relator(&s->words, gap, RT_RELATOR_PLACE))
                   ? i
                   : RT_NIL;
    }
    return RT_NIL;
}

/* The last observation before a size; the lesion before that where the words speak of one. */
static uint32_t measured_before(const scene *s, uint32_t beg)
{
    uint32_t last = RT_NIL;
    for (uint32_t i = end_of(s); i-- > s->mentions.first;) {
        if (span_of(s, i).beg >= beg || !is_observation(s, i) || is_denied(s, i))
            continue;
        bool lesion =
            rt_between_relator(&s->words, (rt_fspan){span_of(s, i).end, beg}, RT_RELATOR_LARGEST);
        if (last == RT_NIL && !lesion)
            return i;
        if (is_sized(s, i)) {
            for (uint32_t k = i; k-- > s->mentions.first;) /* the first of its list */
                if (is_observation(s, k) && is_sized(s, k) &&
                    rt_between_list(&s->words, between(s, k, i), false))
                    i = k;
            return i;
        }
        if (last == RT_NIL)
            last = i;
    }
    return last;
}

static uint32_t observation_before(const scene *s, uint32_t m)
{
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_observation(s, i))
            return i;
    return RT_NIL;
}

/* Does the observation lie at that place, named behind it ("cyst in the liver")? */
static bool lies_at(const scene *s, uint32_t m, uint32_t place)
{
    uint32_t lo = rt_doc_first_relation(s->d, m);
    for (; lo < s->d->relations.len && s->d->relations.at[lo].from == m; lo++)
        if (s->d->relations.at[lo].to == place)
            return true;
    return false;
}

/* Sizes of an organ: the place stands directly before, and nothing was found in its clause. */
static bool is_of_organ(const scene *s, const rt_measure *v)
{
    uint32_t place = RT_NIL;
    for (uint32_t i = s->mentions.first; i < end_of(s) && span_of(s, i).beg < v->at.beg; i++) {
        if (s->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            place = i;
        else if (is_observation(s, i))
            place = RT_NIL;
    }
    if (place == RT_NIL)
        return false;
    rt_fspan gap = {span_of(s, place).end, v->at.beg};
    uint32_t last = observation_before(s, place);
    if (rt_between_any(&s->words, gap, ",;") ||
        rt_between_relator(&s->words, gap, RT_RELATOR_LARGEST))
        return false;
    if (last != RT_NIL && lies_at(s, last, place))
        return false;
    return last == RT_NIL || rt_between_any(&s->words, between(s, last, place), ",;") ||
           rt_between_relator(&s->words, between(s, last, place), RT_RELATOR_LIST);
}

/* The lesion of the sentence before: "There are nodules. The largest measures 6 mm." */
static uint32_t measured_earlier(const scene *s)
{
    uint32_t i = s->mentions.first;
    uint32_t sentence = s->sentence - 1;
    if (i == 0 || s->sentence == 0 || s->d->mentions.at[i - 1].sentence != sentence ||
        s->d->sentences.at[sentence].section != s->d->sentences.at[s->sentence].section)
        return RT_NIL;
    while (i-- > 0 && s->d->mentions.at[i].sentence == sentence)
        if (is_observation(s, i) && is_sized(s, i) && !is_denied(s, i))
            return i;
    return RT_NIL;
}

/* "7 mm of midline shift": nothing before, so the first observation behind. */
static uint32_t named_behind(const scene *s, uint32_t end)
{
    for (uint32_t i = s->mentions.first; i < end_of(s); i++)
        if (is_observation(s, i) && span_of(s, i).beg >= end)
            return i;
    return RT_NIL;
}

static void find_owner(const scene *s, rt_measure *v)
{
    if (is_distance(s, v))
        return;
    uint32_t owner = measured_behind(s, v);
    if (owner == RT_NIL) {
        owner = measured_before(s, v->at.beg);
        if (is_of_organ(s, v))
            return;
    }
    if (owner == RT_NIL)
        owner = named_behind(s, v->at.end);
    v->mention = owner != RT_NIL ? owner : measured_earlier(s);
}

rt_code rt_stage_sizing(rt_ctx *c, rt_doc *d)
{
    scene s = {.d = d, .words = {c->know->lexicon, d}};
    uint32_t v = 0;
    for (s.sentence = 0; s.sentence < d->sentences.len && v < d->measures.len; s.sentence++) {
        bool zh = d->sentences.at[s.sentence].lang == RT_LANG_ZH;
        s.mentions = (rt_range){end_of(&s), 0};
        while (end_of(&s) < d->mentions.len && d->mentions.at[end_of(&s)].sentence == s.sentence)
            s.mentions.count++;
        for (; v < d->measures.len && d->measures.at[v].sentence == s.sentence; v++)
            if (zh)
                d->measures.at[v].mention = rt_size_owner_chinese(c, d, v, s.mentions);
            else
                find_owner(&s, &d->measures.at[v]);
    }
    return RT_OK;
}
