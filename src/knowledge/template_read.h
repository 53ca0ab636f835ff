/* Shared by template.c and template_read.c only: one template file becomes a record. */
#ifndef RT_KNOWLEDGE_TEMPLATE_READ_H
#define RT_KNOWLEDGE_TEMPLATE_READ_H

#include "knowledge/template.h"

struct _xmlDoc;

/* doc is valid against the schema; path is for messages. Strings and lists are copied into the
 * arena. */
rt_code rt_template_read(struct _xmlDoc *doc, const char *path, const rt_lexicon *x,
                         rt_arena *arena, rt_template *out, rt_err *err);

#endif
