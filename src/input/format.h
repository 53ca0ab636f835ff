/* What the parser asks of each input format. Private to input/. */
#ifndef RT_INPUT_FORMAT_H
#define RT_INPUT_FORMAT_H

#include "base/arena.h"
#include "knowledge/knowledge.h"

typedef struct rt_parse_env {
    const rt_knowledge *know; /* may be NULL */
    void *tree;               /* NULL on entry; what a format puts here is freed by the parser */
} rt_parse_env;

/* One function a format. *out holds line, format and an id made of the line number already. Strings
 * of *out may point into raw->bytes, into the arena, or into env->tree. When the arena is full the
 * result does not count: the parser calls again with a larger one. */
typedef rt_code rt_parse_format(rt_arena *a, const rt_raw *raw, rt_parse_env *env, rt_record *out,
                                rt_err *err);

rt_parse_format rt_parse_text;
rt_parse_format rt_parse_jsonl;
rt_parse_format rt_parse_csv;
rt_parse_format rt_parse_hl7;

void rt_parse_jsonl_free(void *tree); /* NULL is fine */

/* The cell of a CSV row that begins at *pos, without its quotes; *pos moves behind its separator,
 * or to SIZE_MAX when it was the last. false: a quote stands where none may, or is not closed. */
bool rt_csv_cell(rt_arena *a, rt_str row, char separator, size_t *pos, rt_str *cell);

/* A field fit for every output: valid UTF-8 without control characters. Each bad sequence becomes
 * one U+FFFD, each control (line ends too) one blank; both are counted in *replaced. The input
 * itself when it is clean already. */
rt_str rt_field_clean(rt_arena *a, rt_str s, uint32_t *replaced);

/* RT_ELIMIT with the place of a record that the reader had to cut off. */
rt_code rt_raw_oversize(const rt_raw *raw, rt_err *err);

/* Names the source and the line of the record in an error that has no place yet; returns code. */
rt_code rt_raw_place(const rt_raw *raw, rt_code code, rt_err *err);

#endif
