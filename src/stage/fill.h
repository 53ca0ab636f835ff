/* What the files of stage fill share: fill.c fields and groups, fill_asked.c which findings speak
 * for them, fill_value.c the value of one field, fill_place.c the place as a value, fill_said.c
 * values that come from no finding, fill_lesions.c which statements speak of the same lesion. */
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

/* Bits of 64 of the findings that speak. */
typedef struct rt_speakers {
    uint64_t own;     /* of the item that is filled; all of them where there is none */
    uint64_t current; /* of now */
    uint64_t whole;   /* may speak of a whole organ */
} rt_speakers;

typedef struct rt_askers { /* of a field or group: those that fill it, and those that may */
    uint64_t sure, maybe;
} rt_askers;

typedef struct rt_filler {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *x;
    const rt_template *t;
    uint32_t template_index;
    const rt_template_field *field;
    const rt_template_item *item;   /* of the instance that is filled, or NULL */
    const rt_template_group *group; /* of the item */
    uint32_t instance;              /* index in doc->instances, or RT_NIL */
    rt_statements s;
    const rt_trigger *collected; /* what s was collected for */
    rt_str *texts;               /* of sentences that a text field joins */
    uint32_t *speak;             /* findings that may fill fields at all */
    rt_speakers *who;            /* words of them */
    rt_askers *asked;            /* words of them for each field of t, then for each group */
    uint64_t *asks;              /* fields and groups that may be filled */
    uint32_t words, n_speak;
    bool *mapped; /* sentences in which some field has evidence */
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

static inline void rt_statements_clear(rt_statements *s)
{
    s->n = s->present = s->hedged = s->absent = 0;
}

static inline void rt_statement_add(rt_statements *s, const rt_doc *d, uint32_t finding)
{
    const rt_finding *f = &d->findings.at[finding];
    if (s->n == RT_MAX_STATEMENTS)
        return;
    s->at[s->n++] = finding;
    s->present += rt_affirms(f);
    s->absent += rt_denies(f);
    s->hedged += !rt_affirms(f) && !rt_denies(f);
}

/* ---- fill_asked.c: which findings speak for which fields. false: the arena is full */

bool rt_fill_find_speakers(rt_filler *w);
bool rt_fill_ask(rt_filler *w); /* for the fields of w->t */
/* Only what belongs to the item speaks from now on. */
void rt_fill_item(rt_filler *w, const rt_template_group *g, const rt_template_item *item);
/* row: a field, or a group behind the fields. */
bool rt_fill_speaks(const rt_filler *w, uint32_t row, uint32_t speaker);

/* Does any anatomy of the finding lie there? */
bool rt_lies_in(const rt_filler *w, const rt_finding *f, rt_concept_list places);
void rt_fill_tell_ceiling(rt_filler *w, const char *what);

/* Largest current length of the finding in mm; 0 = none. */
double rt_finding_length(const rt_doc *d, const rt_finding *f);

/* Value, state and evidence from w->s (or from measures and grades) into the slot. */
void rt_fill_value(rt_filler *w, rt_slot *slot);

/* ---- fill_value.c, for fill_said.c */

void rt_fill_choose(const rt_filler *w, rt_slot *slot, unsigned meaning); /* an option, if any */
bool rt_fill_plausible(const rt_filler *w, double value);                 /* within its range */
void rt_fill_put_number(rt_filler *w, rt_slot *slot, double value);
void rt_fill_number(rt_filler *w, rt_slot *slot); /* of the statement that counts most */

/* ---- fill_place.c */

void rt_fill_take_place(rt_filler *w, rt_slot *slot, const rt_finding *f);

/* ---- fill_said.c */

void rt_fill_dimension(rt_filler *w, rt_slot *slot);
void rt_fill_grade(rt_filler *w, rt_slot *slot);
void rt_fill_mention(rt_filler *w, rt_slot *slot);
void rt_fill_advice(rt_filler *w, rt_slot *slot);

/* The statements of w->s that affirm or hedge, dealt out to lesions: lesions[k] has those of the
 * k-th. Returns how many lesions; beyond RT_MAX_LESIONS they are told of and left out. */
uint32_t rt_fill_lesions(rt_filler *w, rt_statements *lesions);

#endif
