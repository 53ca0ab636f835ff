/* Stage advice: recommendations and records of a critical result told to somebody. A sentence with
 * a recommending cue, or in a recommendation section, is one recommendation; a sentence in a
 * communication section is one record. */
#include "base/utf8.h"
#include "stage/stage.h"

static bool recommends(const rt_ctx *c, const rt_doc *d, uint32_t sentence, uint32_t *cue)
{
    while (*cue < d->cues.len && d->cues.at[*cue].sentence < sentence)
        (*cue)++;
    for (uint32_t i = *cue; i < d->cues.len && d->cues.at[i].sentence == sentence; i++)
        if (c->know->lexicon->cues[d->cues.at[i].cue].category == RT_CUE_RECOMMEND)
            return true;
    return false;
}

static uint32_t modality_of(const rt_doc *d, uint32_t sentence, uint32_t *m)
{
    uint32_t found = RT_NIL;
    for (; *m < d->mentions.len && d->mentions.at[*m].sentence <= sentence; (*m)++)
        if (d->mentions.at[*m].sentence == sentence && d->mentions.at[*m].type == RT_TYPE_MODALITY)
    found = d->mentions.at[*m].concept;
    return found;
}

rt_code rt_stage_advice(rt_ctx *c, rt_doc *d)
{
    uint32_t cue = 0, m = 0;
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        unsigned section = d->sections.at[d->sentences.at[i].section].type;
        rt_span at = rt_doc_span(d, d->sentences.at[i].at);
        uint32_t modality = modality_of(d, i, &m);
        if (section == RT_SECTION_COMMUNICATION)
            RT_PUSH(c->perm, &d->communications,
                    (rt_communication){at, {at.beg, at.beg}, {at.beg, at.beg}, false});
        else if (section == RT_SECTION_RECOMMENDATION || recommends(c, d, i, &cue))
            RT_PUSH(c->perm, &d->advice,
                    (rt_advice){.at = at,
                                .action = modality != RT_NIL ? "imaging" : "other",
                                .modality = modality,
                                .anatomy = RT_NIL});
    }
    return RT_OK;
}
