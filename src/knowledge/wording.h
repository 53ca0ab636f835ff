/* How recommendations and communication records are worded: the patterns of lexicons/wording.tsv
 * (described there), by kind. */
#ifndef RT_KNOWLEDGE_WORDING_H
#define RT_KNOWLEDGE_WORDING_H

#include "knowledge/image.h"
#include "knowledge/pattern.h"

/* ORDER: kinds of one use stand together. */
#define RT_WORDINGS(X)                                                                             \
    X(UNTOLD, "untold")                                                                            \
    X(TOLD, "told")                                                                                \
    X(TO, "to")                                                                                    \
    X(AT, "at")                                                                                    \
    X(AFTERNOON, "afternoon")                                                                      \
    X(READ_BACK, "read-back")                                                                      \
    X(UNADVISED, "unadvised")                                                                      \
    X(BIOPSY, "biopsy")                                                                            \
    X(CONSULT, "consult")                                                                          \
    X(FOLLOW_UP, "follow-up")                                                                      \
    X(IMAGING, "imaging")                                                                          \
    X(CORRELATE, "correlate")                                                                      \
    X(DAY, "day")                                                                                  \
    X(WEEK, "week")                                                                                \
    X(MONTH, "month")                                                                              \
    X(YEAR, "year")
#define X(c, n) RT_WORDING_##c,
typedef enum rt_wording_kind { RT_WORDINGS(X) RT_WORDING_KINDS } rt_wording_kind;
#undef X

typedef struct rt_wording rt_wording;

/* Fails with file:line:column. Free with rt_wording_close. */
rt_code rt_wording_load(const char *path, rt_wording **out, rt_err *err);
/* The same from a compiled lexicon, if it has just this table. */
rt_code rt_wording_open(const char *path, const rt_parts *parts, rt_wording **out, rt_err *err);
/* Into a compiled lexicon, unless the table has faults. */
void rt_wording_image(rt_image *m, const char *path);
void rt_wording_close(rt_wording *w);
/* The first pattern of the kind that stands in s (folded text); out and value may be NULL. value:
 * of the row, 0 if it has none. */
bool rt_wording_find(const rt_wording *w, rt_wording_kind kind, rt_matcher *m, rt_str s,
                     rt_groups *out, double *value);
/* The kind as the table writes it. */
const char *rt_wording_name(rt_wording_kind kind);

#endif
