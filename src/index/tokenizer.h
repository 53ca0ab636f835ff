/* Words for the index and for queries: fold, then one token a Han character and one a run of
 * letters and digits; a point between two digits stays (1.5). Places are bytes of the INPUT, so
 * that highlights are exact.
 *
 * A Chinese word in a query becomes a phrase of its characters: every word is found, also those no
 * dictionary knows. UAX #29 would also glue "effusion.No" and "3:impression" (reports often lack
 * the blank), and the first word could not be found; where it differs from these runs, it differs
 * by such gluing alone. */
#ifndef RT_INDEX_TOKENIZER_H
#define RT_INDEX_TOKENIZER_H

#include "base/buf.h"
#include "index/sqlite.h"
#include "text/text.h"

typedef struct rt_tokenizer rt_tokenizer; /* the memory of the folding; one thread at a time */

/* One token, folded, and its place in the input. Not 0: stop, and rt_tokenize returns it. */
typedef int rt_token_fn(void *user, rt_str token, rt_span at);

rt_tokenizer *rt_tokenizer_new(void); /* NULL: out of memory */
void rt_tokenizer_free(rt_tokenizer *t);
/* Text that is not valid UTF-8 has no tokens. SQLITE_OK, SQLITE_NOMEM or what `each` returned. */
int rt_tokenize(rt_tokenizer *t, rt_str text, void *user, rt_token_fn *each);

/* Appends the tokens of folded text to a list; returns how many. */
uint32_t rt_tokens_add(rt_buf *list, rt_str folded);

/* The next token of such a list; *pos begins at 0; false: there are no more. Each stands behind its
 * length, seven bits a byte, the last below 128. */
static inline bool rt_tokens_next(rt_str list, size_t *pos, rt_str *token)
{
    size_t at = *pos, len = 0;
    for (unsigned shift = 0; at < list.len; shift += 7) {
        unsigned char byte = (unsigned char)list.ptr[at++];
        len |= (size_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    *token = (rt_str){list.ptr + at, len};
    *pos = at + len;
    return len > 0;
}

/* FTS5's interface in this connection; NULL: it has none. */
fts5_api *rt_fts5_api(sqlite3 *db);
/* Makes the tokenizer known to the FTS5 of this connection, as "roentext". An SQLite code. */
int rt_tokenizer_register(sqlite3 *db);

#endif
