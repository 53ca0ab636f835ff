/* Stage advice: recommendations. A sentence with a recommending cue, or in a section of
 * recommendations, is one: what to do, with which modality, where, how soon. */
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_matcher matcher;
    uint32_t cue, mention; /* first of the sentence or behind it */
} scene;

static bool recommends(scene *s, uint32_t sentence)
{
    const rt_doc *d = s->d;
    while (s->cue < d->cues.len && d->cues.at[s->cue].sentence < sentence)
        s->cue++;
    for (uint32_t i = s->cue; i < d->cues.len && d->cues.at[i].sentence == sentence; i++)
        if (s->c->know->lexicon->cues[d->cues.at[i].cue].category == RT_CUE_RECOMMEND)
            return true;
    return false;
}

static bool find(scene *s, rt_wording_kind kind, rt_str t, rt_groups *g, double *value)
{
    return rt_wording_find(s->c->know->wording, kind, &s->matcher, t, g, value);
}

static const char *action_of(scene *s, rt_str t)
{
    for (rt_wording_kind k = RT_WORDING_BIOPSY; k <= RT_WORDING_CORRELATE; k++)
        if (find(s, k, t, NULL, NULL))
            return rt_wording_name(k);
    return rt_action_name(RT_ACTION_OTHER);
}

/* Modality and place: the first of each kind in the sentence. */
static void add_concepts(scene *s, uint32_t sentence, rt_advice *a)
{
    const rt_doc *d = s->d;
    while (s->mention < d->mentions.len && d->mentions.at[s->mention].sentence < sentence)
        s->mention++;
    for (uint32_t i = s->mention; i < d->mentions.len && d->mentions.at[i].sentence == sentence;
         i++) {
        const rt_mention *m = &d->mentions.at[i];
        if (m->type == RT_TYPE_MODALITY && a->modality == RT_NIL)
        a->modality = m->concept;
        if (m->type == RT_TYPE_ANATOMY && a->anatomy == RT_NIL)
        a->anatomy = m->concept;
    }
}

static double number_in(rt_str t, const rt_groups *g, int group)
{
    double number = 0;
    rt_str digits = rt_str_slice(t, g->beg[group], g->end[group]);
    return digits.len > 0 && rt_str_number(digits, &number) ? number : 0;
}

static void add_interval(scene *s, rt_str t, rt_advice *a)
{
    for (rt_wording_kind k = RT_WORDING_DAY; k <= RT_WORDING_YEAR; k++) {
        rt_groups g;
        double value;
        if (!find(s, k, t, &g, &value))
            continue;
        a->interval = value > 0 ? value : number_in(t, &g, 1);
        a->interval_high = value > 0 ? 0 : number_in(t, &g, 2);
        a->unit = a->interval > 0 ? rt_wording_name(k) : NULL;
        return;
    }
}

static void add(scene *s, uint32_t sentence)
{
    rt_fspan at = s->d->sentences.at[sentence].at;
    rt_str t = rt_text_fslice(&s->d->text, at);
    if (find(s, RT_WORDING_UNADVISED, t, NULL, NULL))
        return;
    rt_advice a = {.at = rt_doc_span(s->d, at),
                   .action = action_of(s, t),
                   .modality = RT_NIL,
                   .anatomy = RT_NIL};
    add_concepts(s, sentence, &a);
    add_interval(s, t, &a);
    RT_PUSH(s->c->perm, &s->d->advice, a);
}

rt_code rt_stage_advice(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d, .matcher = {.arena = &c->temp}};
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        unsigned section = d->sections.at[d->sentences.at[i].section].type;
        bool before = section == RT_SECTION_REQUEST || section == RT_SECTION_CLINICAL ||
                      section == RT_SECTION_COMPARISON || section == RT_SECTION_TECHNIQUE ||
                      section == RT_SECTION_COMMUNICATION;
        if (section == RT_SECTION_RECOMMENDATION || (!before && recommends(&s, i)))
            add(&s, i);
    }
    return RT_OK;
}
