/* What the files of stage assertion share: the mentions and cues of one sentence, and how far a cue
 * reaches (assertion_scope.c). */
#ifndef RT_STAGE_ASSERTION_H
#define RT_STAGE_ASSERTION_H

#include "stage/stage.h"

typedef struct rt_scene { /* the mentions and cues of one sentence */
    const rt_lexicon *lex;
    rt_doc *d;
    rt_str text; /* folded */
    uint32_t sentence;
    rt_fspan at;
    rt_range mentions, cues;
    bool zh;
} rt_scene;

static inline uint32_t rt_scene_end(rt_range r)
{
    return r.first + r.count;
}

static inline const rt_cue *rt_cue_of(const rt_scene *s, uint32_t i)
{
    return &s->lex->cues[s->d->cues.at[i].cue];
}

static inline rt_fspan rt_cue_at(const rt_scene *s, uint32_t i)
{
    return s->d->cues.at[i].at;
}

static inline rt_fspan rt_mention_at(const rt_scene *s, uint32_t i)
{
    return s->d->mentions.at[i].at;
}

static inline bool rt_observes(const rt_scene *s, uint32_t mention)
{
    return rt_type_is_observation(s->d->mentions.at[mention].type);
}

static inline bool rt_presence_cue(unsigned category)
{
    return category <= RT_CUE_PRESENT;
}

/* ---- assertion_act.c */

bool rt_in_request(const rt_scene *s); /* in a request or its reasons */
/* False: the cue does not concern this mention. */
bool rt_cue_apply(const rt_scene *s, uint32_t cue, uint32_t mention);
bool rt_cue_change(const rt_scene *s, uint32_t cue,
                   uint32_t mention);             /* the same, of change alone */
void rt_cue_act(const rt_scene *s, uint32_t cue); /* on all that it reaches */

/* ---- assertion_scope.c: places are bytes of the folded text */

bool rt_hard_end(rt_str text, uint32_t i);       /* of a clause, at byte i */
bool rt_soft_end(const rt_scene *s, uint32_t i); /* a comma, or what does its work */
bool rt_is_han_at(rt_str text, uint32_t i);
uint32_t rt_clause_beg(const rt_scene *s, uint32_t end, uint32_t limit);
/* "A or B" in [beg, end), looked for among the cues from `from` on. */
bool rt_has_alternative(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t from);
/* The observation that touches the cue from behind (forward) or from before, or RT_NIL. */
uint32_t rt_touched(const rt_scene *s, uint32_t cue, bool forward);
bool rt_observation_follows(const rt_scene *s, uint32_t cue);
bool rt_denies_change(const rt_scene *s, uint32_t cue);              /* and no finding */
bool rt_is_given(const rt_scene *s, uint32_t cue, uint32_t mention); /* and so not denied */
rt_cue_type rt_category_of(const rt_scene *s, uint32_t cue);         /* what the cue does here */
bool rt_hangs_on_denied(const rt_scene *s, uint32_t denial, uint32_t cue);
uint32_t rt_forward_end(const rt_scene *s, uint32_t cue);    /* of the scope */
uint32_t rt_backward_limit(const rt_scene *s, uint32_t cue); /* where a backward scope begins */
bool rt_ends_clause(const rt_scene *s, uint32_t cue);

#endif
