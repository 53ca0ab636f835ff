/* Tables that say what the words of a foreign format mean: lexicons/hl7.tsv and lexicons/mrrt.tsv,
 * each described at its top. A row is a kind, a key and a value. */
#ifndef RT_KNOWLEDGE_WORD_TABLE_H
#define RT_KNOWLEDGE_WORD_TABLE_H

#include "knowledge/image.h"

/* X(CONSTANT, "kind of row", what its value is) */
#define RT_HL7_KINDS(X)                                                                            \
    X(SECTION, "section", RT_VALUE_SECTION)                                                        \
    X(SKIP, "skip", RT_VALUE_NONE)                                                                 \
    X(STATUS, "status", RT_VALUE_WORD)                                                             \
    X(WITHDRAWN, "withdrawn", RT_VALUE_NONE)                                                       \
    X(SERVICE, "service", RT_VALUE_WORD)

typedef enum rt_hl7_kind {
#define X(c, name, value) RT_HL7_##c,
    RT_HL7_KINDS(X)
#undef X
        RT_HL7_KIND_END
} rt_hl7_kind;

#define RT_MRRT_KINDS(X)                                                                           \
    X(MODALITY, "modality", RT_VALUE_WORD)                                                         \
    X(BODY, "body", RT_VALUE_WORD)                                                                 \
    X(SECTION, "section", RT_VALUE_SECTION)                                                        \
    X(PRESENCE, "presence", RT_VALUE_WORD)                                                         \
    X(NORMAL, "normal", RT_VALUE_WORD)                                                             \
    X(SIDE, "side", RT_VALUE_WORD)                                                                 \
    X(SEVERITY, "severity", RT_VALUE_WORD)                                                         \
    X(CHANGE, "change", RT_VALUE_WORD)                                                             \
    X(SIZE, "size", RT_VALUE_NONE)                                                                 \
    X(EMPTY, "empty", RT_VALUE_NONE)                                                               \
    X(UNIT, "unit", RT_VALUE_WORD)                                                                 \
    X(NAME, "name", RT_VALUE_WORD)                                                                 \
    X(LABEL, "label", RT_VALUE_WORD)

typedef enum rt_mrrt_kind {
#define X(c, name, value) RT_MRRT_##c,
    RT_MRRT_KINDS(X)
#undef X
        RT_MRRT_KIND_END
} rt_mrrt_kind;

typedef enum rt_value_kind { RT_VALUE_NONE, RT_VALUE_WORD, RT_VALUE_SECTION } rt_value_kind;

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct rt_table_word { /* strings are the table's */
    unsigned kind;
    unsigned section; /* RT_VALUE_SECTION: rt_section_type */
    rt_str key, value;
    rt_str heading_en, heading_zh; /* hl7.tsv, of a section */
} rt_table_word;

#pragma GCC diagnostic pop

typedef struct rt_word_table rt_word_table;

/* RT_EINPUT with file:line:column on a malformed row. */
rt_code rt_hl7_words_load(const char *path, rt_word_table **out, rt_err *err);
rt_code rt_mrrt_words_load(const char *path, rt_word_table **out, rt_err *err);
/* The same from a compiled lexicon, if it has just these tables. */
rt_code rt_hl7_words_open(const char *path, const rt_parts *parts, rt_word_table **out,
                          rt_err *err);
rt_code rt_mrrt_words_open(const char *path, const rt_parts *parts, rt_word_table **out,
                           rt_err *err);
/* Into a compiled lexicon, unless the table has faults. */
void rt_hl7_words_image(rt_image *m, const char *path);
void rt_mrrt_words_image(rt_image *m, const char *path);
void rt_word_table_close(rt_word_table *t);

/* The row of this kind with this key, ASCII case apart; NULL: none, or t is NULL, or no key. */
const rt_table_word *rt_word_find(const rt_word_table *t, unsigned kind, rt_str key);

#endif
