/* Stage assertion: for each mention whether, when, for whom, and how changed. ConText, in both
 * languages.
 *
 * Cues act in the order of the text; the category decides who wins, not the position. For each cue
 * the mentions in its scope are found: forward or backward from the cue, to the end of the clause,
 * list or sentence, stopped by a terminating cue and by a cue of the same family that takes over.
 * What a mention is told by its section (advice, a history) comes first, cues come over it. On
 * doubt: present or possible, never absent. What a cue does is in assertion_act.c, how far it
 * reaches in assertion_scope.c. */
#include "stage/assertion.h"

#include "base/utf8.h"
#include "knowledge/between.h"

static bool has_observation(const rt_scene *s)
{
    uint32_t m = s->mentions.first;
    while (m < rt_scene_end(s->mentions) && !rt_observes(s, m))
        m++;
    return m < rt_scene_end(s->mentions);
}

/* An explanation shares the change of what it explains (病灶,较前增大,考虑炎症). */
static void share_change(const rt_scene *s)
{
    uint32_t before = RT_NIL;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        if (!rt_observes(s, m))
            continue;
        rt_assertion *a = &s->d->assertions.at[m];
        if (a->link == RT_LINK_SUGGESTS && before != RT_NIL && a->change == RT_CHANGE_NONE &&
            s->d->assertions.at[before].change != RT_CHANGE_RESOLVED)
            a->change = s->d->assertions.at[before].change;
        if (a->link != RT_LINK_SUGGESTS)
            before = m;
    }
}

/* ---- what the section says */

/* A heading that is a cue as well ("past medical history", 家族史) speaks for its whole section. */
static void heading_says(const rt_scene *s, rt_fspan heading, rt_assertion *a)
{
    for (uint32_t i = rt_doc_first_hit(s->d, heading.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == heading.beg; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.end != heading.end)
            continue;
        rt_range r = s->lex->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < rt_scene_end(r); k++) {
            const rt_entry *e = &s->lex->entries[k];
            if (e->kind != RT_ENTRY_CUE ||
                s->lex->cues[e->target].direction != RT_DIRECTION_FORWARD)
                continue;
            if (s->lex->cues[e->target].category == RT_CUE_HISTORICAL)
                a->temporality = RT_TEMPORALITY_HISTORICAL;
            else if (s->lex->cues[e->target].category == RT_CUE_FAMILY)
                a->experiencer = RT_EXPERIENCER_FAMILY;
        }
    }
}

static rt_assertion by_section(const rt_scene *s, uint32_t section)
{
    rt_assertion a = {.cue = RT_NIL, .from = RT_NIL, .presence = RT_PRESENCE_PRESENT};
    const rt_section *h = &s->d->sections.at[section];
    switch ((rt_section_type)h->type) {
    case RT_SECTION_RECOMMENDATION:
    case RT_SECTION_TECHNIQUE:
        a.advised = true;
        break;
    case RT_SECTION_REQUEST: /* what is known stands beside what is asked: cues tell them apart */
    case RT_SECTION_CLINICAL:
    case RT_SECTION_COMPARISON:
    case RT_SECTION_OTHER:
        heading_says(s, h->heading, &a);
        break;
    case RT_SECTION_FINDINGS:
    case RT_SECTION_IMPRESSION:
    case RT_SECTION_COMMUNICATION:
    case RT_SECTION_ADDENDUM:
    case RT_SECTION_END:
        break;
    }
    return a;
}

/* "Appendicitis: no perforation" denies something else than the label names; "Effusion: no pleural
 * effusion" does not. */
static bool denies_another(const rt_scene *s, uint32_t cue, uint32_t label)
{
    if (s->zh || rt_cue_of(s, cue)->category != RT_CUE_ABSENT)
        return false;
    uint32_t named = s->d->mentions.at[label].concept;
    bool other = false;
    for (uint32_t m = label + 1; m < rt_scene_end(s->mentions); m++) {
        if (rt_mention_at(s, m).beg < rt_cue_at(s, cue).end || !rt_observes(s, m))
            continue;
        uint32_t c = s->d->mentions.at[m].concept;
        if (rt_lexicon_is_a(s->lex, c, named) || rt_lexicon_is_a(s->lex, named, c))
            return false;
        other = true;
    }
    return other;
}

/* "Pneumothorax: none": a label that is an observation takes what the line says of it. */
static void act_on_label(const rt_scene *s)
{
    rt_fspan label = s->d->sentences.at[s->sentence].label;
    if (label.end == label.beg || s->cues.count == 0)
        return;
    uint32_t first = s->cues.first;
    if (rt_cue_at(s, first).beg < label.end || !rt_presence_cue(rt_cue_of(s, first)->category))
        return;
    rt_str between = rt_str_slice(s->text, label.end, rt_cue_at(s, first).beg);
    if (!rt_str_eq(rt_str_trim(between), RT_STR(":")))
        return;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++)
        if (rt_mention_at(s, m).end <= label.end && rt_observes(s, m) &&
            !denies_another(s, first, m))
            rt_cue_apply(s, first, m);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || rt_is_digit(c);
}

/* A question mark that stands before the words of the term ("?SAH", "? acute left basal
 * pneumonia"), and not behind a word of its own. */
static bool asked_before(rt_str t, uint32_t from, uint32_t beg)
{
    uint32_t i = beg;
    while (i > from && (t.ptr[i - 1] == ' ' || t.ptr[i - 1] == '-' || is_word_byte(t.ptr[i - 1])))
        i--;
    if (i == from || t.ptr[i - 1] != '?')
        return false;
    return i == beg || i - 1 == from || t.ptr[i] != ' ' || !is_word_byte(t.ptr[i - 2]);
}

/* ... and one behind the words of its place ("PE in the right lower lobe?"), where no other finding
 * stands between. */
static bool asked_behind(const rt_scene *s, uint32_t m)
{
    rt_str t = s->text;
    size_t i = rt_mention_at(s, m).end;
    while (i < t.len && (t.ptr[i] == ' ' || is_word_byte(t.ptr[i])))
        i++;
    if (i == t.len || t.ptr[i] != '?')
        return false;
    for (m++; m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < i; m++)
        if (rt_observes(s, m))
            return false;
    return true;
}

/* "?SAH" and 主动脉夹层？: a question mark at the term asks in a request, and doubts anywhere else.
 */
static void act_on_question(const rt_scene *s)
{
    size_t end = s->at.end < s->text.len ? s->at.end + 1 : s->text.len;
    if (memchr(s->text.ptr + s->at.beg, '?', end - s->at.beg) == NULL)
        return;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_assertion *a = &s->d->assertions.at[m];
        if (!rt_observes(s, m) ||
            !(asked_behind(s, m) || asked_before(s->text, s->at.beg, rt_mention_at(s, m).beg)))
            continue;
        a->presence = rt_in_request(s) ? RT_PRESENCE_QUERIED : RT_PRESENCE_POSSIBLE;
        a->link = RT_LINK_SUGGESTS; /* 结节,转移? */
    }
}

/* What the cues of one sentence say. */
static void read_sentence(const rt_scene *s)
{
    act_on_question(s);
    for (uint32_t i = s->cues.first; i < rt_scene_end(s->cues); i++)
        rt_cue_act(s, i);
    act_on_label(s);
    if (s->zh)
        share_change(s);
}

/* Does the sentence begin with a word for what was named before it ("This was also seen on the
 * prior study"), or hold nothing but the cue ("Unchanged.")? */
static bool looks_back(const rt_scene *s)
{
    const rt_sentence *t = &s->d->sentences.at[s->sentence];
    const rt_between words = {s->lex, s->d};
    for (uint32_t i = rt_doc_first_hit(s->d, s->at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == s->at.beg; i++)
        if (rt_between_reads(&words, &s->d->hits.at[i], RT_RELATOR_BACK))
            return true;
    rt_fspan cue = rt_cue_at(s, s->cues.first);
    return !t->item && cue.beg == s->at.beg && cue.end + 1 >= s->at.end;
}

/* A sentence that names nothing and compares speaks of what the sentence before it found. */
static void refer_back(rt_scene *s, rt_range before)
{
    const rt_doc *d = s->d;
    if (s->zh || s->cues.count == 0 || before.count == 0 || s->sentence == 0 ||
        d->mentions.at[before.first].sentence != s->sentence - 1 ||
        d->sentences.at[s->sentence].section != d->sentences.at[s->sentence - 1].section ||
        !looks_back(s))
        return;
    for (uint32_t k = s->cues.first; k < rt_scene_end(s->cues); k++) {
        unsigned category = rt_cue_of(s, k)->category;
        for (uint32_t m = before.first; m < rt_scene_end(before); m++)
            if (category >= RT_CUE_NEW && category <= RT_CUE_STABLE && rt_observes(s, m) &&
                d->assertions.at[m].presence != RT_PRESENCE_ABSENT &&
                d->assertions.at[m].temporality == RT_TEMPORALITY_CURRENT)
                rt_cue_change(s, k, m);
    }
}

rt_code rt_stage_assertion(rt_ctx *c, rt_doc *d)
{
    rt_scene s = {.lex = c->know->lexicon, .d = d, .text = d->text.folded};
    rt_range last = {0, 0}; /* mentions of the last sentence that has any */
    uint32_t section = RT_NIL;
    rt_assertion a = {0};
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        uint32_t here = d->sentences.at[d->mentions.at[i].sentence].section;
        if (here != section)
            a = by_section(&s, here);
        section = here;
        RT_PUSH(c->perm, &d->assertions, a);
    }
    if (d->assertions.len < d->mentions.len)
        return RT_OK; /* the arena is full: the report will be run again */
    for (s.sentence = 0; s.sentence < d->sentences.len; s.sentence++) {
        s.at = d->sentences.at[s.sentence].at;
        s.zh = d->sentences.at[s.sentence].lang == RT_LANG_ZH;
        s.mentions = (rt_range){rt_scene_end(s.mentions), 0};
        s.cues = (rt_range){rt_scene_end(s.cues), 0};
        while (rt_scene_end(s.mentions) < d->mentions.len &&
               d->mentions.at[rt_scene_end(s.mentions)].sentence == s.sentence)
            s.mentions.count++;
        while (rt_scene_end(s.cues) < d->cues.len &&
               d->cues.at[rt_scene_end(s.cues)].sentence == s.sentence)
            s.cues.count++;
        if (has_observation(&s)) /* else there is nobody to speak of */
            read_sentence(&s);
        else
            refer_back(&s, last);
        if (s.mentions.count > 0)
            last = s.mentions;
    }
    return RT_OK;
}
