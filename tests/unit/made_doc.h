/* Documents and templates made by hand, for tests of what comes after the findings. */
#ifndef RT_TEST_MADE_DOC_H
#define RT_TEST_MADE_DOC_H

#include "knowledge/knowledge.h"

typedef struct made {
    char *block;
    bool full;
    rt_arena arena;
    rt_record record;
    rt_doc doc;
    const rt_lexicon *x;
} made;

/* A document over text (borrowed), without sections; folded as the engine does. */
void made_init(made *m, const rt_lexicon *x, const char *text);
void made_done(made *m);
/* The section whose body are these words of the text; a sentence ends at each '.'. heading: words
 * of the text, or NULL. Sections must be made in the order of the text. */
uint32_t made_section(made *m, rt_section_type type, const char *heading, const char *body);
/* A current finding of the patient whose head are the first such words of the text at or behind
 * `from`; more can be set in the result. */
rt_finding *made_finding(made *m, const char *id, rt_presence_type presence, const char *words);
rt_finding *made_finding_from(made *m, const char *id, rt_presence_type presence, const char *words,
                              uint32_t from);
/* Anatomy of the last finding, most specific first. */
void made_place(made *m, const char *id, const char *words);
/* A length of the last finding. */
void made_length(made *m, double mm, bool prior);

/* Everything that a report can hold, in a text whose offsets differ between bytes and code points;
 * made_done ends it. */
void made_all(made *m, const rt_lexicon *x);

/* Writes the files (name, text pairs, NULL-terminated) into a new folder beside a link to
 * templates/schema and a small exams.tsv, loads it, removes it. */
rt_code made_templates(const char *const (*files)[2], const rt_lexicon *x, rt_templates **out,
                       rt_err *err);
/* A template "chest.en" for mini_lexicon with fields of every kind, and generic ones. */
rt_templates *mini_templates(const rt_lexicon *x);
/* Index of a field of "chest.en". */
uint32_t mini_field(const rt_template *t, const char *id);

#endif
