/* MRRT and RadReport templates (HTML) in: read, checked against the rules of IHE MRRT, mapped to
 * the lexicon, written as urn:roentext:template:1.
 *
 *   bytes --mrrt_rules--> complaints
 *         --mrrt_read---> rt_mrrt: sections, fields, options, codes
 *         --mrrt_map----> XML, and what could not be mapped
 *
 * Nothing is fetched, no entity is declared or expanded beyond those of HTML, no script is run;
 * what a form has preset (checked, selected, text) is never read as an answer. */
#ifndef RT_KNOWLEDGE_MRRT_H
#define RT_KNOWLEDGE_MRRT_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

enum { RT_MRRT_CODES = 4 }; /* of one element; the first ones count */

typedef struct rt_mrrt_codes { /* RadLex ids, "RID5352" */
    rt_str rid[RT_MRRT_CODES];
    uint32_t n;
} rt_mrrt_codes;

typedef struct rt_mrrt_option {
    rt_str id, value, label;
    rt_mrrt_codes codes;
} rt_mrrt_option;

typedef enum rt_mrrt_type {
    RT_MRRT_CHOICE, /* select, radio buttons */
    RT_MRRT_CHECK,  /* one checkbox */
    RT_MRRT_NUMBER,
    RT_MRRT_TEXT,
    RT_MRRT_OTHER, /* date, time, button: nothing that a report says */
} rt_mrrt_type;

typedef struct rt_mrrt_field {
    rt_str id, name, label, unit;
    rt_str english; /* data-en, else the name: looked up when the label is not known */
    rt_mrrt_type type;
    rt_mrrt_codes codes;
    uint32_t section; /* index; RT_NIL: outside of any */
    uint32_t first_option, n_options;
    uint32_t line;
    bool preset; /* has a default, which is not taken */
} rt_mrrt_field;

typedef struct rt_mrrt {
    rt_arena *arena;
    const char *path;
    rt_str title, identifier, language;
    rt_mrrt_codes terms; /* of the template */
    RT_VEC(rt_str) sections;
    RT_VEC(rt_mrrt_field) fields;
    RT_VEC(rt_mrrt_option) options;
} rt_mrrt;

/* A line for people: "path:line: message". */
void rt_mrrt_note(rt_buf *notes, const char *path, uint32_t line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What breaks the rules of MRRT, a note each; returns how many. */
uint32_t rt_mrrt_check(rt_str html, const char *path, rt_buf *notes);

/* Strings live in the arena. RT_EINPUT: not HTML at all; RT_ELIMIT: too deep, or too much of it. */
rt_code rt_mrrt_read(rt_str html, const char *path, rt_arena *arena, rt_mrrt *out, rt_err *err);

/* The template as XML, appended to out; what was left out or changed is noted. */
rt_code rt_mrrt_map(const rt_mrrt *m, const rt_knowledge *k, rt_buf *out, rt_buf *notes,
                    rt_err *err);

#endif
