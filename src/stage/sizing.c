/* Stage sizing: whose size is it? A measurement belongs to what follows it directly (8 mm nodule),
 * else to the last observation before it, else to a lesion of the sentence before ("There are
 * nodules. The largest measures 6 mm."). What is one of a group shares its size with the group
 * ("nodules, the largest nodule 8 mm"). Not to an observation: the size of an organ, of a part of a
 * lesion that is measured by itself, and a distance (4 cm above the carina). Chinese sentences are
 * read by stage/chinese.c. */
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

/* "11 mm|from 7 mm": what follows at `beg` is the size of an earlier exam. */
static bool was_before(const scene *s, const rt_measure *v, uint32_t beg)
{
    enum { REACH = 8 };
    const rt_measure *next = v + 1;
    return next < s->d->measures.at + s->d->measures.len && next->prior &&
           next->at.beg < beg + REACH;
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
            return !was_before(s, v, h->at.end);
    }
    return false;
}

/* "endometrium 9 mm,|no sac": the denial stands between a size and what is denied. Not in "no 8 mm
 * nodule", nor in "8 mm nodule is no longer seen". */
static bool denied_between(const scene *s, uint32_t end, uint32_t m)
{
    if (!is_denied(s, m))
        return false;
    uint32_t cue = s->d->assertions.at[m].cue;
    return cue != RT_NIL && s->d->cues.at[cue].at.beg >= end &&
           s->d->cues.at[cue].at.beg < span_of(s, m).beg;
}

/* "8 mm nodule": what follows directly is what was measured. */
static uint32_t measured_behind(const scene *s, const rt_measure *v)
{
    enum { REACH = 40 };
    for (uint32_t i = s->mentions.first; i < end_of(s); i++) {
        uint32_t beg = span_of(s, i).beg;
        if (beg < v->at.end || !is_observation(s, i))
            continue;
        if (denied_between(s, v->at.end, i))
            return RT_NIL;
        rt_fspan gap = {v->at.end, beg};
        bool other = v + 1 < s->d->measures.at + s->d->measures.len && v[1].at.beg < beg;
        bool close = gap.end - gap.beg < REACH && !rt_between_any(&s->words, gap, ",;)") &&
                     !(other && rt_between_relator(&s->words, gap, RT_RELATOR_ADDS));
        bool listed = rt_between_list(&s->words, gap, true);
        return listed || (close && !rt_between_relator(&s->words, gap, RT_RELATOR_LIST) &&
                          !rt_between_relator(&s->words, gap, RT_RELATOR_PLACE) &&
                          !rt_between_relator(&s->words, gap, RT_RELATOR_BREAK) &&
                          !rt_between_relator(&s->words, gap, RT_RELATOR_CAUSE))
                   ? i
                   : RT_NIL;
    }
    return RT_NIL;
}

/* The last observation that begins before a place and is not denied. */
static uint32_t observation_before(const scene *s, uint32_t beg)
{
    for (uint32_t i = end_of(s); i-- > s->mentions.first;)
        if (span_of(s, i).beg < beg && is_observation(s, i) && !is_denied(s, i))
            return i;
    return RT_NIL;
}

/* "the largest nodule": one of those named before. */
static bool is_member(const scene *s, uint32_t m)
{
    enum { REACH = 40 };
    uint32_t beg = s->d->sentences.at[s->d->mentions.at[m].sentence].at.beg,
             end = span_of(s, m).beg;
    for (uint32_t i = rt_doc_first_hit(s->d, end); i-- > 0;) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.beg < beg || h->at.beg + REACH < end)
            return false;
        if (h->at.end <= end && rt_between_reads(&s->words, h, RT_RELATOR_LARGEST))
            return !rt_between_any(&s->words, (rt_fspan){h->at.end, end}, ",;");
    }
    return false;
}

/* The lesions that one of them is measured of, in this sentence or the one before. */
static uint32_t group_of(const scene *s, uint32_t m)
{
    const rt_doc *d = s->d;
    const rt_lexicon *x = s->words.lexicon;
    uint32_t section = d->sentences.at[s->sentence].section, concept = d->mentions.at[m].concept;
    for (uint32_t i = m; i-- > 0 && d->mentions.at[i].sentence + 1 >= s->sentence;) {
        uint32_t other = d->mentions.at[i].concept;
        if (d->sentences.at[d->mentions.at[i].sentence].section == section &&
            is_observation(s, i) && !is_denied(s, i) && !is_member(s, i) &&
            (rt_lexicon_is_a(x, concept, other) || rt_lexicon_is_a(x, other, concept)))
            return i;
    }
    return RT_NIL;
}

/* Do the two stand in one list, nothing but its items between? */
static bool is_listed(const scene *s, uint32_t a, uint32_t b)
{
    return rt_between_list(&s->words, between(s, a, b), false);
}

/* The first lesion of the list that ends with this one. */
static uint32_t first_listed(const scene *s, uint32_t m)
{
    for (uint32_t k = m; k-- > s->mentions.first;)
        if (is_observation(s, k) && is_sized(s, k) && is_listed(s, k, m))
            m = k;
    return m;
}

/* The lesion before `last` that a size speaks of. Of those that are listed with `last`, which has
 * no size, only one that has: "effusion and atelectasis measuring 4 cm", not "mass, stone,
 * hydronephrosis measuring 9 cm". RT_NIL: none. */
static uint32_t lesion_before(const scene *s, uint32_t last)
{
    uint32_t item = last, listed = RT_NIL, n = 0;
    for (uint32_t i = last; i-- > s->mentions.first;) {
        if (!is_observation(s, i) || is_denied(s, i))
            continue;
        bool in_list = is_listed(s, i, item);
        if (!in_list && (n > 0 || is_sized(s, i)))
            return n == 1 ? listed : n == 0 ? first_listed(s, i) : RT_NIL;
        if (in_list) {
            item = i;
            n += is_sized(s, i);
            listed = is_sized(s, i) ? i : listed;
        }
    }
    return n == 1 ? listed : RT_NIL;
}

/* "The kidney is normal of mass, hydronephrosis measuring 9 cm": a list of what has no size of its
 * own, behind an organ that has one. */
static bool is_behind_organ(const scene *s, uint32_t last)
{
    uint32_t first = last;
    for (uint32_t i = last; i-- > s->mentions.first;) {
        if (s->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            return first != last && !rt_between_blank(&s->words, between(s, i, first));
        if (is_observation(s, i) && !is_listed(s, i, first))
            return false;
        if (is_observation(s, i))
            first = i;
    }
    return false;
}

/* The observation before a size; the lesion before that where the words speak of one; the group
 * where they speak of another of it. RT_NIL: nobody. */
static uint32_t measured_before(const scene *s, uint32_t last, uint32_t beg)
{
    rt_fspan gap = {span_of(s, last).end, beg};
    bool another = rt_between_relator(&s->words, gap, RT_RELATOR_LARGEST);
    uint32_t group = another && is_member(s, last) ? group_of(s, last) : RT_NIL;
    if (group != RT_NIL)
        return group;
    if (!another && !rt_between_relator(&s->words, gap, RT_RELATOR_MEASURED))
        return last;
    uint32_t lesion = is_sized(s, last) ? first_listed(s, last) : lesion_before(s, last);
    if (lesion != RT_NIL)
        return lesion;
    return is_behind_organ(s, last) ? RT_NIL : last;
}

/* Does the observation lie at that place, or anywhere (RT_NIL)? */
static bool lies_at(const scene *s, uint32_t m, uint32_t place)
{
    uint32_t lo = rt_doc_first_relation(s->d, m);
    for (; lo < s->d->relations.len && s->d->relations.at[lo].from == m; lo++)
        if (s->d->relations.at[lo].kind == RT_REL_LOCATED_AT &&
            (place == RT_NIL || s->d->relations.at[lo].to == place))
            return true;
    return false;
}

/* The place before a size with nothing found between, or RT_NIL. */
static uint32_t place_before(const scene *s, uint32_t beg)
{
    uint32_t place = RT_NIL;
    for (uint32_t i = s->mentions.first; i < end_of(s) && span_of(s, i).beg < beg; i++) {
        if (s->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            place = i;
        else if (is_observation(s, i) && !is_denied(s, i))
            place = RT_NIL;
    }
    return place;
}

/* Does the sentence speak of what was named before ("It lies in the liver and measures 3 cm")? */
static bool looks_back(const scene *s, uint32_t beg)
{
    uint32_t at = s->d->sentences.at[s->sentence].at.beg;
    for (uint32_t i = rt_doc_first_hit(s->d, at);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == at; i++)
        if (rt_between_reads(&s->words, &s->d->hits.at[i], RT_RELATOR_BACK))
            return true;
    return rt_between_relator(&s->words, (rt_fspan){at, beg}, RT_RELATOR_LARGEST);
}

/* Does a clause of its own begin between an observation and the place behind it, with the place as
 * its subject? "a cyst, the liver", "a mass and the diameter of the aorta"; not "a nodule, adjacent
 * to the fissure". */
static bool is_subject(const scene *s, uint32_t place, uint32_t last)
{
    rt_fspan gap = between(s, last, place);
    uint32_t beg = RT_NIL;
    for (uint32_t i = gap.beg; i < gap.end; i++)
        if (strchr(",;", s->d->text.folded.ptr[i]))
            beg = i + 1;
    for (uint32_t i = rt_doc_first_hit(s->d, gap.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg < gap.end; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (rt_between_reads(&s->words, h, RT_RELATOR_LIST) && (beg == RT_NIL || h->at.end > beg))
            beg = h->at.end;
    }
    if (beg == RT_NIL)
        return false;
    gap.beg = beg;
    return rt_between_list(&s->words, gap, true) ||
           rt_between_relator(&s->words, gap, RT_RELATOR_MEASURED);
}

/* Sizes of an organ: the place stands directly before, or a word of measuring does, and nothing was
 * found in its clause. */
static bool is_of_organ(const scene *s, const rt_measure *v)
{
    uint32_t place = place_before(s, v->at.beg);
    if (place == RT_NIL)
        return false;
    rt_fspan gap = {span_of(s, place).end, v->at.beg};
    uint32_t last = observation_before(s, span_of(s, place).beg);
    bool said = rt_between_relator(&s->words, gap, RT_RELATOR_MEASURED);
    if (rt_between_any(&s->words, gap, said ? ";" : ",;"))
        return false;
    if (last == RT_NIL)
        return !looks_back(s, v->at.beg);
    rt_fspan behind = {span_of(s, last).end, v->at.beg};
    bool located = !said || !is_sized(s, last) || lies_at(s, last, RT_NIL) ||
                   rt_between_relator(&s->words, between(s, last, place), RT_RELATOR_LIST);
    return located && !lies_at(s, last, place) && !is_member(s, last) &&
           is_subject(s, place, last) && !rt_between_relator(&s->words, behind, RT_RELATOR_LARGEST);
}

/* "The aorta measures 5 cm and is aneurysmal", "an appearance of 11 mm, likely adenoma": what the
 * size of an organ or of a thing without a name means. A lesion that an organ shows has a size of
 * its own. */
static uint32_t described_behind(const scene *s, uint32_t end)
{
    enum { REACH = 20 };
    uint32_t m = rt_doc_first_mention(s->d, end);
    while (m < end_of(s) && !is_observation(s, m))
        m++;
    if (m >= end_of(s) || is_denied(s, m))
        return RT_NIL;
    if (s->d->assertions.at[m].link == RT_LINK_SUGGESTS)
        return m;
    for (uint32_t i = rt_doc_first_hit(s->d, end);
         i < s->d->hits.len && s->d->hits.at[i].at.beg < end + REACH; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (rt_between_reads(&s->words, h, RT_RELATOR_DESCRIBED) ||
            (rt_between_reads(&s->words, h, RT_RELATOR_SHOWN) && !is_sized(s, m)))
            return h->at.end <= span_of(s, m).beg ? m : RT_NIL;
    }
    return RT_NIL;
}

/* The lesion of the sentence before: "There are nodules. The largest measures 6 mm." Not of what is
 * measured by itself ("The solid component measures 6 mm"), nor where something is denied. */
static uint32_t measured_earlier(const scene *s, uint32_t beg)
{
    uint32_t i = s->mentions.first, sentence = s->sentence - 1;
    rt_fspan before = {s->d->sentences.at[s->sentence].at.beg, beg};
    if (i == 0 || s->sentence == 0 || s->d->mentions.at[i - 1].sentence != sentence ||
        s->d->sentences.at[sentence].section != s->d->sentences.at[s->sentence].section ||
        rt_between_relator(&s->words, before, RT_RELATOR_PART))
        return RT_NIL;
    for (uint32_t m = i; m < end_of(s) && !looks_back(s, beg); m++)
        if (span_of(s, m).beg < beg && is_observation(s, m))
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
            return is_denied(s, i) ? RT_NIL : i;
    return RT_NIL;
}

/* "nodule of 15 mm with a solid component of 6 mm": the second size is of a part. */
static bool is_of_part(const scene *s, const rt_measure *v)
{
    const rt_measure *last = v - 1;
    return v > s->d->measures.at && last->sentence == v->sentence && last->mention != RT_NIL &&
           rt_between_relator(&s->words, (rt_fspan){last->at.end, v->at.beg}, RT_RELATOR_PART);
}

static uint32_t owner_of(const scene *s, const rt_measure *v)
{
    uint32_t owner = measured_behind(s, v);
    if (owner != RT_NIL)
        return owner;
    if (is_of_organ(s, v))
        return described_behind(s, v->at.end);
    if (is_of_part(s, v))
        return RT_NIL;
    uint32_t last = observation_before(s, v->at.beg);
    if (last != RT_NIL)
        return measured_before(s, last, v->at.beg);
    owner = named_behind(s, v->at.end);
    return owner != RT_NIL ? owner : measured_earlier(s, v->at.beg);
}

static void find_owner(const scene *s, rt_measure *v)
{
    if (is_distance(s, v))
        return;
    v->mention = owner_of(s, v);
    if (v->mention != RT_NIL && is_member(s, v->mention))
        v->group = group_of(s, v->mention);
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
