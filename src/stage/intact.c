/* Stage intact: anatomy that is called normal by a cue: "ACL and PCL are intact",
 * 肝、胰、脾未见异常, "normal appendix". The phrases of normals.tsv say what exactly is absent;
 * here nothing is known but that the anatomy shows no abnormality.
 *
 *   anatomy (and anatomy)* [signal, shape ...] cue     the list directly before the cue, or
 *   cue anatomy                                        English alone: the word behind it
 *
 * A statement about the size alone says nothing of the rest. All walks are bounded
 * by the sentence and by MAX_NAMED. */
#include "stage/stage.h"

enum {
    MAX_NAMED = 12,  /* anatomy of one statement */
    MAX_REACH = 40,  /* bytes between the anatomy and the cue: "are within" */
    MAX_JOINT = 18,  /* bytes between two of a list: " and the ", 、 */
    SHORT_HAN = 6,   /* bytes of 正常 */
    MAX_BEHIND = 10, /* bytes between the cue and what follows it */
};

typedef struct walk {
    rt_ctx *c;
    rt_doc *d;
    const rt_cue_hit *hit;
    const rt_cue *cue;
    uint32_t named[MAX_NAMED]; /* mentions */
    uint32_t n;
    uint32_t floor;      /* end of the normal cue before this one in the sentence: what it named */
    bool partial, whole; /* a property stands there that says nothing, something of the rest */
} walk;

static void property(walk *w, uint32_t concept)
{
    bool partial = (w->c->know->lexicon->concepts[concept].flags & RT_CONCEPT_PARTIAL) != 0;
    w->partial = w->partial || partial;
    w->whole = w->whole || !partial;
}

static bool speaks_of_patient(const rt_doc *d, uint32_t sentence)
{
    unsigned type = d->sections.at[d->sentences.at[sentence].section].type;
    return type != RT_SECTION_REQUEST && type != RT_SECTION_CLINICAL &&
           type != RT_SECTION_COMPARISON;
}

/* "not normal", "normal except for": another cue takes it back. */
static bool is_taken_back(const rt_ctx *c, const rt_doc *d, uint32_t k)
{
    const rt_cue_hit *h = &d->cues.at[k];
    const rt_cue *cues = c->know->lexicon->cues;
    for (uint32_t i = k; i-- > 0 && d->cues.at[i].sentence == h->sentence;)
        if (cues[d->cues.at[i].cue].category == RT_CUE_ABSENT &&
            d->cues.at[i].at.end + 2 >= h->at.beg)
            return true;
    for (uint32_t i = k + 1; i < d->cues.len && d->cues.at[i].sentence == h->sentence; i++)
        if (cues[d->cues.at[i].cue].category == RT_CUE_EXCEPT)
            return true;
    return false;
}

static bool has_stop(const rt_doc *d, uint32_t beg, uint32_t end)
{
    return beg < end && memchr(d->text.folded.ptr + beg, ';', end - beg) != NULL;
}

/* "Thoracic esophageal caliber is normal" says nothing of the rest of the thorax: a whole that
 * stands directly before its part, with a blank between them, is an adjective. */
static bool narrows(const walk *w, const rt_mention *m)
{
    if (w->n == 0)
        return false;
    const rt_mention *part = &w->d->mentions.at[w->named[w->n - 1]];
    return part->at.beg == m->at.end + 1 && w->d->text.folded.ptr[m->at.end] == ' ' &&
           rt_lexicon_part_of(w->c->know->lexicon, part->concept, m->concept);
}

static void walk_back(walk *w, uint32_t from)
{
    uint32_t edge = w->hit->at.beg, reach = MAX_REACH;
    for (uint32_t i = from; i-- > 0 && w->n < MAX_NAMED;) {
        const rt_mention *m = &w->d->mentions.at[i];
        if (m->sentence != w->hit->sentence || m->at.beg < w->floor || m->at.end + reach < edge ||
            has_stop(w->d, m->at.end, edge))
            return;
        if (m->type == RT_TYPE_PROPERTY && w->n == 0)
            property(w, m->concept);
        else if (m->type == RT_TYPE_ANATOMY && !narrows(w, m))
            w->named[w->n++] = i;
        else if (m->type != RT_TYPE_ANATOMY && m->type != RT_TYPE_SIDE &&
                 m->type != RT_TYPE_POSITION)
            return;
        if (w->n > 0)
            reach = MAX_JOINT;
        edge = m->at.beg < edge ? m->at.beg : edge;
    }
}

static void look_behind(walk *w, uint32_t from)
{
    if (w->cue->direction == RT_DIRECTION_BACKWARD || from >= w->d->mentions.len)
        return;
    uint32_t edge = w->hit->at.end;
    for (uint32_t i = from; i < w->d->mentions.len; i++) { /* "the upper part of the abdomen" */
        const rt_mention *m = &w->d->mentions.at[i];
        if (m->sentence != w->hit->sentence || m->at.beg > edge + MAX_BEHIND)
            return;
        edge = m->at.end;
        if (m->type == RT_TYPE_ANATOMY)
            w->named[w->n++] = i;
        if (m->type != RT_TYPE_SIDE && m->type != RT_TYPE_POSITION)
            return;
    }
}

/* "normal in size": the cue ends with the property. A longer Chinese cue (信号正常) names one
 * itself. */
static void last_word(walk *w)
{
    uint32_t concept;
    rt_str form = rt_text_fslice(&w->d->text, w->hit->at);
    size_t at = form.len;
    w->whole = w->whole || (form.len > SHORT_HAN && (unsigned char)form.ptr[0] >= 0xE3);
    while (at > 0 && form.ptr[at - 1] != ' ')
        at--;
    if (at > 0 &&
        rt_lexicon_by_folded(w->c->know->lexicon, rt_str_slice(form, at, form.len), &concept) &&
        w->c->know->lexicon->concepts[concept].type == RT_TYPE_PROPERTY)
        property(w, concept);
}

static uint32_t floor_of(const rt_ctx *c, const rt_doc *d, uint32_t k)
{
    for (uint32_t i = k; i-- > 0 && d->cues.at[i].sentence == d->cues.at[k].sentence;)
        if (c->know->lexicon->cues[d->cues.at[i].cue].category == RT_CUE_NORMAL)
            return d->cues.at[i].at.end;
    return 0;
}

static void push(const walk *w)
{
    rt_fspan at = w->hit->at;
    for (uint32_t i = 0; i < w->n; i++) {
        rt_fspan one = w->d->mentions.at[w->named[i]].at;
        at.beg = one.beg < at.beg ? one.beg : at.beg;
        at.end = one.end > at.end ? one.end : at.end;
    }
    for (uint32_t i = w->n; i-- > 0;) {
        const rt_mention *m = &w->d->mentions.at[w->named[i]];
        RT_PUSH(w->c->perm, &w->d->intacts,
                (rt_intact){.at = at,
                            .concept = m->concept,
                            .sentence = m->sentence,
                            .side = m->side,
                            .size_only = w->partial && !w->whole});
    }
}

rt_code rt_stage_intact(rt_ctx *c, rt_doc *d)
{
    for (uint32_t k = 0; k < d->cues.len; k++) {
        const rt_cue *cue = &c->know->lexicon->cues[d->cues.at[k].cue];
        if (cue->category != RT_CUE_NORMAL || !speaks_of_patient(d, d->cues.at[k].sentence) ||
            is_taken_back(c, d, k))
            continue;
        walk w = {.c = c, .d = d, .hit = &d->cues.at[k], .cue = cue, .floor = floor_of(c, d, k)};
        uint32_t from = rt_doc_first_mention(d, w.hit->at.beg);
        last_word(&w);
        walk_back(&w, from);
        if (w.n == 0)
            look_behind(&w, rt_doc_first_mention(d, w.hit->at.end));
        push(&w);
    }
    return RT_OK;
}
