/* The words of a batch of reports, for the writer.
 *
 * FTS5 takes a report at a time, and each token of it costs a search in its table and a place in
 * the middle of memory: a fifth of all the time of indexing went there. Here the tokens of a batch
 * are numbered, their order is kept as numbers, and at the end of the batch they become position
 * lists and one segment in FTS5's own tables (segment.h). FTS5 merges the segments, deletes from
 * them and searches them as if it had written them itself. */
#ifndef RT_INDEX_WORDS_H
#define RT_INDEX_WORDS_H

#include "index/rows.h"

struct rt_index;
typedef struct rt_word_batch rt_word_batch;

rt_word_batch *rt_word_batch_new(void); /* NULL: out of memory */
void rt_word_batch_free(rt_word_batch *w);
/* The words of one more report, whose number is higher than all before. False: no memory. */
bool rt_word_batch_add(rt_word_batch *w, int64_t report, const rt_row *row);
bool rt_word_batch_full(const rt_word_batch *w); /* they should be stored before more come */
/* Within the transaction; then there are none. */
rt_code rt_word_batch_store(struct rt_index *x, rt_err *err);

#endif
