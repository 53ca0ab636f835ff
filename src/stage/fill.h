/* What the files of stage fill share: fill.c fields and groups, fill_value.c the value of one
 * field, fill_said.c values that come from no finding, fill_lesions.c which statements speak of the
 * same lesion. */
#ifndef RT_STAGE_FILL_H
#define RT_STAGE_FILL_H

#include "stage/stage.h"

enum {
    RT_MAX_STATEMENTS = 64, /* of one field: more are a listing, not evidence; and pairs are
                               compared when looking for conflicts */
    RT_MAX_BEFORE = 48,     /* mentions between a finding and the item that its sentence names */
    RT_MAX_LESIONS = 24,    /* instances of one group: more are a listing */
};

typedef struct rt_statements {      /* of one field, in the order of the text */
    uint32_t at[RT_MAX_STATEMENTS]; /* findings */
    uint32_t n;
    uint32_t present, hedged, absent; /* how many of each */
} rt_statements;

typedef struct rt_filler {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *x;
    const rt_template *t;
    uint32_t template_index;
    const rt_template_field *field;
    const rt_template_item *item;   /* of the instance that is being filled, or NULL */
    const rt_template_group *group; /* of the item */
    uint32_t instance;              /* index in doc->instances, or RT_NIL */
    rt_statements s;
    const rt_trigger *collected; /* what s was collected for */
    rt_str *texts;               /* of sentences that a text field joins */
    uint32_t *speak;             /* findings that may fill fields at all */
    bool *blanket;               /* of each: it denies whatever is there */
    uint64_t *asked;             /* of each field of t: bits of the speakers that may fill it */
    uint32_t asked_words;
    uint32_t n_speak;
    bool *mapped; /* sentences in which some field has evidence */
    bool summary; /* of the field that statements are collected for */
    bool ceiling; /* was hit and told */
} rt_filler;

static inline const rt_finding *rt_statement(const rt_filler *w, uint32_t i)
{
    return &w->d->findings.at[w->s.at[i]];
}

static inline bool rt_affirms(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_PRESENT;
}

static inline bool rt_denies(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_ABSENT;
}

/* Does any anatomy of the finding lie there? */
bool rt_lies_in(const rt_filler *w, const rt_finding *f, rt_concept_list places);
void rt_statement_add(rt_statements *s, const rt_doc *d, uint32_t finding);
void rt_fill_tell_ceiling(rt_filler *w, const char *what);

/* Largest current length of the finding in mm; 0 = none. */
double rt_finding_length(const rt_doc *d, const rt_finding *f);

/* Value, state and evidence from w->s (or from measures and grades) into the slot. */
void rt_fill_value(rt_filler *w, rt_slot *slot);

/* ---- fill_value.c, for fill_said.c */

void rt_fill_choose(const rt_filler *w, rt_slot *slot, const char *value); /* an option, if any */
bool rt_fill_plausible(const rt_filler *w, double value);                  /* within its range */
void rt_fill_put_number(rt_filler *w, rt_slot *slot, double value);
void rt_fill_number(rt_filler *w, rt_slot *slot); /* of the statement that counts most */

/* ---- fill_said.c */

void rt_fill_dimension(rt_filler *w, rt_slot *slot);
void rt_fill_grade(rt_filler *w, rt_slot *slot);
void rt_fill_mention(rt_filler *w, rt_slot *slot);
void rt_fill_advice(rt_filler *w, rt_slot *slot);

/* The statements of w->s that affirm or hedge, dealt out to lesions: lesions[k] has those of the
 * k-th. Returns how many lesions; beyond RT_MAX_LESIONS they are told of and left out. */
uint32_t rt_fill_lesions(rt_filler *w, rt_statements *lesions);

#endif
