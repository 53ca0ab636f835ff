/* What the files that read a template share: the reader, nodes, lists of concepts. */
#ifndef RT_KNOWLEDGE_TEMPLATE_READER_H
#define RT_KNOWLEDGE_TEMPLATE_READER_H

#include <libxml/tree.h>

#include "knowledge/template_read.h"

/* The first failure sticks; helpers called after it give empty results. */
typedef struct rt_reader_xml {
    const rt_template_words *words;
    rt_arena *arena;
    const char *path;
    xmlNode *root;
    rt_err *err;
    rt_code code;
} rt_reader_xml;

void rt_read_fail(rt_reader_xml *r, const xmlNode *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

bool rt_xml_is(const xmlNode *n, const char *name);
xmlNode *rt_xml_next(xmlNode *n, const char *name); /* n itself or the next sibling so named */
uint32_t rt_xml_count(const xmlNode *parent, const char *name);

/* Attribute or content, trimmed, in the arena; NULL: not there. */
const char *rt_read_attribute(rt_reader_xml *r, xmlNode *n, const char *name);
const char *rt_read_content(rt_reader_xml *r, xmlNode *n);
rt_code_ref rt_read_code(rt_reader_xml *r, xmlNode *parent);

/* Lists "a | b | c". */
uint32_t rt_count_items(rt_str list);
rt_str rt_next_item(rt_str *list);
typedef enum rt_closure { RT_CLOSURE_KINDS, RT_CLOSURE_PARTS } rt_closure;
/* list may be NULL: none. */
rt_concept_list rt_read_concepts(rt_reader_xml *r, const xmlNode *at, const char *list,
                                 rt_closure closure);
rt_word_list rt_read_words(rt_reader_xml *r, const char *list);

/* What of them is the same in every report (template_text.c). */
void rt_template_field_text(rt_template_field *f, rt_arena *arena);
void rt_template_option_text(rt_template_option *o, rt_arena *arena);

/* Sections with their fields and groups into t. */
void rt_read_sections(rt_reader_xml *r, rt_template *t);

#endif
