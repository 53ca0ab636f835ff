/* From the XML of a template, valid against its schema, to its record. */
#ifndef RT_KNOWLEDGE_TEMPLATE_READ_H
#define RT_KNOWLEDGE_TEMPLATE_READ_H

#include "knowledge/exam_words.h"
#include "knowledge/template.h"

typedef struct rt_concept_sets rt_concept_sets; /* made for earlier lists; equal lists share one */

typedef struct rt_template_words { /* what the words in a template refer to */
    const rt_lexicon *lexicon;
    const rt_exam_words *exams;
    rt_concept_sets *sets;
} rt_template_words;

rt_concept_sets *rt_concept_sets_new(const rt_lexicon *x); /* NULL: no memory */
void rt_concept_sets_free(rt_concept_sets *s); /* the sets stay: they are in the arena */

/* t->index, from its fields; memory of the arena. false: no memory, or no end of kinds of rows. */
bool rt_template_index_make(rt_template *t, const rt_lexicon *x, rt_arena *arena);

struct _xmlDoc;
/* Memory of the arena; when it is full the result is not to be used. RT_EINPUT with path:line. */
rt_code rt_template_read(struct _xmlDoc *doc, const char *path, const rt_template_words *words,
                         rt_arena *arena, rt_template *out, rt_err *err);

#endif
