/* Stage assertion: for each mention whether, when, for whom, and how changed. ConText, in both
 * languages.
 *
 * Cues act in the order of strength: the category decides, not the position. For each cue the
 * mentions in its scope are found: forward or backward from the cue, to the end of the clause, list
 * or sentence, stopped by a terminating cue and by a cue of the same family that takes over. What a
 * mention is told by its section (an indication asks, a history lies in the past) comes first, cues
 * come over it. On doubt about a critical concept: possible, never absent. */
#include "base/utf8.h"
#include "stage/stage.h"

typedef struct scene { /* the mentions and cues of one sentence */
    rt_ctx *c;
    rt_doc *d;
    uint32_t sentence;
    rt_fspan at;
    rt_range mentions, cues;
} scene;

static const rt_cue *cue_of(const scene *s, uint32_t i)
{
    return &s->c->know->lexicon->cues[s->d->cues.at[i].cue];
}

/* ---- scope
 * --------------------------------------------------------------------------------------------- */

static bool is_observation(const scene *s, uint32_t mention)
{
    return rt_type_is_observation(s->d->mentions.at[mention].type);
}

static bool has_observation(const scene *s)
{
    uint32_t m = s->mentions.first, end = s->mentions.first + s->mentions.count;
    while (m < end && !is_observation(s, m))
        m++;
    return m < end;
}

static bool presence_cue(unsigned category)
{
    return category <= RT_CUE_PRESENT;
}

/* Is byte i a hard end of a clause? A comma is one only in Chinese and only where the next clause
 * speaks for itself. */
static bool hard_end(rt_str s, uint32_t i)
{
    return s.ptr[i] == ';' || s.ptr[i] == '\n' || (s.ptr[i] == ':' && i + 1 < s.len) ||
           (i >= 2 && memcmp(s.ptr + i - 2, "。", 3) == 0);
}

/* A comma behind which another cue of presence or a new "seen" statement begins ends the scope. */
static bool comma_ends(const scene *s, uint32_t comma, uint32_t *from)
{
    uint32_t end = s->cues.first + s->cues.count;
    while (*from < end && s->d->cues.at[*from].at.beg <= comma)
        (*from)++; /* commas come in order: each cue is passed once */
    uint32_t next = UINT32_MAX;
    rt_str t = s->d->text.folded;
    for (uint32_t i = comma + 1; i < s->at.end && next == UINT32_MAX; i++)
        if (t.ptr[i] == ',' || hard_end(t, i))
            next = i;
    for (uint32_t i = *from; i < end && s->d->cues.at[i].at.beg < next; i++)
        if (presence_cue(cue_of(s, i)->category))
            return true;
    return false;
}

static bool takes_over(const scene *s, uint32_t cue, uint32_t other)
{
    const rt_cue *a = cue_of(s, cue), *b = cue_of(s, other);
    if (b->category == RT_CUE_TERMINATE || b->category == RT_CUE_EXCEPT)
        return true;
    if (presence_cue(a->category) && presence_cue(b->category))
        return b->direction == RT_DIRECTION_FORWARD;
    return presence_cue(a->category) && b->category == RT_CUE_NORMAL && b->lang == RT_LANG_ZH;
}

static uint32_t forward_end(const scene *s, uint32_t cue)
{
    uint32_t end = s->at.end;
    for (uint32_t i = cue + 1; i < s->cues.first + s->cues.count; i++) {
        if (takes_over(s, cue, i)) {
            end = s->d->cues.at[i].at.beg;
            break;
        }
    }
    if (cue_of(s, cue)->scope == RT_SCOPE_SENTENCE)
        return s->at.end;
    rt_str t = s->d->text.folded;
    uint32_t from = cue + 1;
    for (uint32_t i = s->d->cues.at[cue].at.end; i < end; i++)
        if (hard_end(t, i) || (t.ptr[i] == ',' && comma_ends(s, i, &from)))
            return i;
    return end;
}

/* far: across commas too, for a cue whose own clause names nothing ("右肺结节，较前增大"). */
static uint32_t backward_beg(const scene *s, uint32_t cue, bool far)
{
    uint32_t beg = s->at.beg;
    for (uint32_t i = s->cues.first; i < cue; i++)
        if (takes_over(s, cue, i) || cue_of(s, i)->category == cue_of(s, cue)->category)
            beg = s->d->cues.at[i].at.end;
    if (cue_of(s, cue)->scope == RT_SCOPE_SENTENCE)
        return s->at.beg;
    rt_str t = s->d->text.folded;
    for (uint32_t i = s->d->cues.at[cue].at.beg; i > beg; i--)
        if ((t.ptr[i - 1] == ',' && !far) || (hard_end(t, i - 1) && t.ptr[i - 1] != ':'))
            return i;
    return beg;
}

/* ---- effect
 * -------------------------------------------------------------------------------------------- */

static void set_presence(const scene *s, rt_assertion *a, uint32_t cue, rt_presence_type p)
{
    /* absent and hedged together: hedged ("possible, no definite ..." is doubt); a question stays a
     * question */
    if (a->cue != RT_NIL && a->presence == RT_PRESENCE_QUERIED)
        return;
    if (a->cue != RT_NIL && p == RT_PRESENCE_PRESENT)
        return;
    if (a->cue != RT_NIL && a->presence == RT_PRESENCE_POSSIBLE && p == RT_PRESENCE_ABSENT)
        return;
    a->presence = (uint8_t)p;
    a->cue = cue;
    a->link = cue_of(s, cue)->link;
}

static void apply(const scene *s, uint32_t cue, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    rt_cue_type category = (rt_cue_type)cue_of(s, cue)->category;
    switch (category) {
    case RT_CUE_ABSENT:
        set_presence(s, a, cue, RT_PRESENCE_ABSENT);
        break;
    case RT_CUE_UNLIKELY:
        set_presence(s, a, cue, RT_PRESENCE_UNLIKELY);
        break;
    case RT_CUE_POSSIBLE:
        set_presence(s, a, cue, RT_PRESENCE_POSSIBLE);
        break;
    case RT_CUE_QUERIED:
        set_presence(s, a, cue, RT_PRESENCE_QUERIED);
        break;
    case RT_CUE_PRESENT:
        set_presence(s, a, cue, RT_PRESENCE_PRESENT);
        break;
    case RT_CUE_HISTORICAL:
        a->temporality = RT_TEMPORALITY_HISTORICAL;
        break;
    case RT_CUE_FAMILY:
        a->experiencer = RT_EXPERIENCER_FAMILY;
        break;
    case RT_CUE_OTHER:
        a->experiencer = RT_EXPERIENCER_OTHER;
        break;
    case RT_CUE_CONDITIONAL:
        a->temporality = RT_TEMPORALITY_CONDITIONAL;
        break;
    case RT_CUE_RECOMMEND:
        a->advised = true;
        break;
    case RT_CUE_NEW:
    case RT_CUE_INCREASED:
    case RT_CUE_DECREASED:
    case RT_CUE_STABLE:
    case RT_CUE_RESOLVED:
        if (a->change == RT_CHANGE_NONE)
            a->change = (uint8_t)(RT_CHANGE_NEW + (category - RT_CUE_NEW));
        if (category == RT_CUE_RESOLVED)
            a->presence = RT_PRESENCE_ABSENT;
        break;
    case RT_CUE_NORMAL:
    case RT_CUE_PSEUDO:
    case RT_CUE_TERMINATE:
    case RT_CUE_EXCEPT:
    case RT_CUE_END:
        break;
    }
}

static void apply_forward(const scene *s, uint32_t cue)
{
    uint32_t beg = s->d->cues.at[cue].at.end, end = forward_end(s, cue);
    for (uint32_t m = s->mentions.first; m < s->mentions.first + s->mentions.count; m++) {
        rt_fspan at = s->d->mentions.at[m].at;
        if (at.beg < beg || at.beg >= end || !is_observation(s, m))
            continue;
        apply(s, cue, m);
        if (cue_of(s, cue)->scope == RT_SCOPE_NEXT)
            return;
    }
}

static bool apply_between(const scene *s, uint32_t cue, uint32_t beg, uint32_t end)
{
    bool any = false;
    for (uint32_t m = s->mentions.first + s->mentions.count; m-- > s->mentions.first;) {
        rt_fspan at = s->d->mentions.at[m].at;
        if (at.end > end || at.beg < beg || !is_observation(s, m))
            continue;
        apply(s, cue, m);
        any = true;
        if (cue_of(s, cue)->scope == RT_SCOPE_NEXT)
            return true;
    }
    return any;
}

static bool apply_backward(const scene *s, uint32_t cue)
{
    uint32_t end = s->d->cues.at[cue].at.beg;
    if (apply_between(s, cue, backward_beg(s, cue, false), end))
        return true;
    rt_cue_type category = (rt_cue_type)cue_of(s, cue)->category;
    bool far = category == RT_CUE_POSSIBLE || category >= RT_CUE_NEW;
    return far && apply_between(s, cue, backward_beg(s, cue, true), end);
}

static void act(const scene *s, uint32_t cue)
{
    switch ((rt_direction_type)cue_of(s, cue)->direction) {
    case RT_DIRECTION_FORWARD:
        apply_forward(s, cue);
        break;
    case RT_DIRECTION_BACKWARD:
        apply_backward(s, cue);
        break;
    case RT_DIRECTION_BOTH:
        if (!apply_backward(s, cue))
            apply_forward(s, cue);
        break;
    case RT_DIRECTION_NONE:
    case RT_DIRECTION_END:
        break;
    }
}

/* ---- what the section says
 * ------------------------------------------------------------------------------ */

static rt_assertion by_section(const rt_doc *d, uint32_t section)
{
    rt_assertion a = {.cue = RT_NIL, .from = RT_NIL, .presence = RT_PRESENCE_PRESENT};
    switch ((rt_section_type)d->sections.at[section].type) {
    case RT_SECTION_RECOMMENDATION:
    case RT_SECTION_TECHNIQUE:
        a.advised = true;
        break;
    case RT_SECTION_REQUEST: /* what is known stands beside what is asked: cues tell them apart */
    case RT_SECTION_CLINICAL:
    case RT_SECTION_COMPARISON:
    case RT_SECTION_FINDINGS:
    case RT_SECTION_IMPRESSION:
    case RT_SECTION_COMMUNICATION:
    case RT_SECTION_ADDENDUM:
    case RT_SECTION_OTHER:
    case RT_SECTION_END:
        break;
    }
    return a;
}

/* "Pneumothorax: none": a label that is an observation takes what the line says of it. */
static void act_on_label(const scene *s)
{
    rt_fspan label = s->d->sentences.at[s->sentence].label;
    if (label.end == label.beg || s->cues.count == 0)
        return;
    const rt_cue_hit *first = &s->d->cues.at[s->cues.first];
    if (first->at.beg < label.end || !presence_cue(cue_of(s, s->cues.first)->category))
        return;
    rt_str between = rt_str_slice(s->d->text.folded, label.end, first->at.beg);
    if (!rt_str_eq(rt_str_trim(between), RT_STR(":")))
        return;
    for (uint32_t m = s->mentions.first; m < s->mentions.first + s->mentions.count; m++)
        if (s->d->mentions.at[m].at.end <= label.end && is_observation(s, m))
            apply(s, s->cues.first, m);
}

static bool asked(rt_str t, rt_fspan at)
{
    size_t end = at.end + (at.end < t.len && t.ptr[at.end] == ' ');
    return (at.beg > 0 && t.ptr[at.beg - 1] == '?') || (end < t.len && t.ptr[end] == '?');
}

/* "?SAH" and 主动脉夹层？: a question mark at the term asks in a request, and doubts anywhere else.
 */
static void act_on_question(const scene *s)
{
    uint32_t section = s->d->sentences.at[s->sentence].section;
    unsigned type = s->d->sections.at[section].type;
    bool request = type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL;
    for (uint32_t m = s->mentions.first; m < s->mentions.first + s->mentions.count; m++) {
        rt_assertion *a = &s->d->assertions.at[m];
        if (is_observation(s, m) && a->cue == RT_NIL &&
            asked(s->d->text.folded, s->d->mentions.at[m].at))
            a->presence = request ? RT_PRESENCE_QUERIED : RT_PRESENCE_POSSIBLE;
    }
}

rt_code rt_stage_assertion(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d};
    for (uint32_t i = 0; i < d->mentions.len; i++)
        RT_PUSH(c->perm, &d->assertions,
                by_section(d, d->sentences.at[d->mentions.at[i].sentence].section));
    if (d->assertions.len < d->mentions.len)
        return RT_OK; /* the arena is full: the report will be run again */
    for (s.sentence = 0; s.sentence < d->sentences.len; s.sentence++) {
        s.at = d->sentences.at[s.sentence].at;
        s.mentions = (rt_range){s.mentions.first + s.mentions.count, 0};
        s.cues = (rt_range){s.cues.first + s.cues.count, 0};
        for (uint32_t i = s.mentions.first;
             i < d->mentions.len && d->mentions.at[i].sentence == s.sentence; i++)
            s.mentions.count++;
        for (uint32_t i = s.cues.first; i < d->cues.len && d->cues.at[i].sentence == s.sentence;
             i++)
            s.cues.count++;
        if (!has_observation(&s))
            continue; /* nobody to speak of */
        for (uint32_t i = s.cues.first; i < s.cues.first + s.cues.count; i++)
            act(&s, i);
        act_on_label(&s);
        act_on_question(&s);
    }
    return RT_OK;
}
