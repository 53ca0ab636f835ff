/* Asserting a phrase that somebody points at, whether the lexicon knows it or not: the sentence is
 * read as far as its mentions, the phrase is put in as an observation in place of what it covers,
 * and the assertion stage judges it. */
#include "engine/engine.h"

#include "stage/stage.h"
#include "text/fold.h"

static rt_stage *const before[] = {rt_stage_scan, rt_stage_section, rt_stage_segment,
                                   rt_stage_mention};

static bool meets(rt_fspan a, rt_fspan b)
{
    return a.beg < b.end && b.beg < a.end;
}

static uint32_t sentence_at(const rt_doc *d, uint32_t at)
{
    uint32_t i = 0;
    while (i + 1 < d->sentences.len && d->sentences.at[i].at.end <= at)
        i++;
    return i;
}

/* A cue that reaches into the phrase gives way to the longest one that starts with it and ends
 * before ("no apparent" before the phrase "apparent distress": "no"); false if there is none. */
static bool shorten(const rt_ctx *c, const rt_doc *d, rt_cue_hit *cue, rt_fspan at)
{
    const rt_lexicon *x = c->know->lexicon;
    uint32_t end = cue->at.beg;
    for (uint32_t i = 0; i < d->hits.len; i++) {
        const rt_hit *h = &d->hits.at[i];
        rt_range r = x->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++) {
            if (x->entries[k].kind != RT_ENTRY_CUE || h->at.beg != cue->at.beg ||
                h->at.end > at.beg || h->at.end <= end)
                continue;
            cue->cue = x->entries[k].target;
            end = h->at.end;
        }
    }
    cue->at.end = end;
    return end > cue->at.beg;
}

/* The cues without those that the phrase covers. */
static void keep_cues(rt_ctx *c, rt_doc *d, rt_fspan at)
{
    rt_doc old = *d;
    memset(&d->cues, 0, sizeof d->cues);
    for (uint32_t i = 0; i < old.cues.len; i++) {
        rt_cue_hit cue = old.cues.at[i];
        if (!meets(cue.at, at) || shorten(c, d, &cue, at))
            RT_PUSH(c->perm, &d->cues, cue);
    }
}

/* Put the phrase into the mentions, in the place of those that it meets; returns its index. */
static uint32_t put(rt_ctx *c, rt_doc *d, rt_fspan at)
{
    rt_doc old = *d;
    rt_mention phrase = {at, 0, sentence_at(d, at.beg), RT_TYPE_FINDING, RT_SIDE_NONE, 0};
    memset(&d->mentions, 0, sizeof d->mentions);
    uint32_t i = 0;
    for (; i < old.mentions.len && old.mentions.at[i].at.beg < at.beg; i++)
        if (!meets(old.mentions.at[i].at, at))
            RT_PUSH(c->perm, &d->mentions, old.mentions.at[i]);
    uint32_t index = d->mentions.len;
    RT_PUSH(c->perm, &d->mentions, phrase);
    for (; i < old.mentions.len; i++)
        if (!meets(old.mentions.at[i].at, at))
            RT_PUSH(c->perm, &d->mentions, old.mentions.at[i]);
    return index;
}

/* Place number n (from 1) of a word in a text. */
static bool find(rt_str text, rt_str word, unsigned n, size_t *pos)
{
    size_t from = 0, at = 0;
    do {
        if (!rt_str_find(rt_str_slice(text, from, text.len), word, &at))
            return false;
        *pos = from + at;
        from = *pos + 1;
    } while (n-- > 1);
    return true;
}

static rt_code judge(rt_ctx *c, rt_doc *d, const rt_phrase *p)
{
    rt_fold(c->perm, p->sentence, &d->text);
    rt_str phrase = rt_fold_term(c->perm, p->target);
    size_t pos;
    if (phrase.len == 0 || !find(d->text.folded, phrase, p->occurrence, &pos))
        return rt_fail(c->err, RT_EINPUT, "the target does not stand in the sentence%s",
                       p->occurrence > 1 ? " so often" : "");
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        rt_code code = rt_run_stage(c, d, before[i]);
        if (code != RT_OK)
            return code;
    }
    unsigned type;
    for (uint32_t i = 0; i < d->sections.len && rt_section_parse(p->section, &type); i++)
        d->sections.at[i].type = type;
    rt_fspan at = {(uint32_t)pos, (uint32_t)(pos + phrase.len)};
    uint32_t m = put(c, d, at);
    keep_cues(c, d, at);
    rt_code code = rt_run_stage(c, d, rt_stage_assertion);
    if (code == RT_OK && (*c->perm->full || m >= d->assertions.len))
        code = rt_fail(c->err, RT_ELIMIT, "the sentence is too long");
    if (code == RT_OK)
        d->assertions.at[0] = d->assertions.at[m];
    return code;
}

rt_code rt_assert_phrase(const rt_engine *e, rt_scratch *s, const rt_phrase *p, rt_assert_view *out,
                         rt_err *err)
{
    bool full = false;
    rt_arena arena = {s->memory, s->memory + s->size, &full};
    rt_ctx c = {.know = &e->know, .seg = s->segmenter, .perm = &arena, .err = err};
    static const rt_record nothing;
    rt_doc_reset(&s->doc, &nothing);
    rt_code code = judge(&c, &s->doc, p);
    if (code != RT_OK)
        return code;
    const rt_assertion *a = &s->doc.assertions.at[0];
    *out = (rt_assert_view){rt_presence_name(a->presence), rt_temporality_name(a->temporality),
                            rt_experiencer_name(a->experiencer)};
    return RT_OK;
}
