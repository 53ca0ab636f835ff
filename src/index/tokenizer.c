/* The tokenizer, and its dress for FTS5. See tokenizer.h. */
#include "index/tokenizer.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold.h"

/* Limits. */
enum { FIRST_BLOCK = 32 * 1024 };

struct rt_tokenizer {
    char *block;
    size_t size;
};

rt_tokenizer *rt_tokenizer_new(void)
{
    return calloc(1, sizeof(rt_tokenizer));
}

void rt_tokenizer_free(rt_tokenizer *t)
{
    if (t != NULL)
        free(t->block);
    free(t);
}

/* ---- words of folded text */

static bool is_letter(rt_str s, size_t at, size_t *next)
{
    *next = at;
    rt_script script = rt_utf8_script(rt_utf8_next(s, next));
    return script == RT_SCRIPT_LATIN || script == RT_SCRIPT_DIGIT;
}

static bool is_decimal_point(rt_str s, size_t at)
{
    return s.ptr[at] == '.' && at > 0 && rt_is_digit(s.ptr[at - 1]) && at + 1 < s.len &&
           rt_is_digit(s.ptr[at + 1]);
}

/* U+5000 to U+9FFF, three bytes of folded text: Han, and most of it. */
static bool is_common_han(unsigned char lead)
{
    return lead >= 0xE5 && lead <= 0xE9;
}

/* End of the run that begins at or before `at`. */
static size_t run_end(rt_str s, size_t at)
{
    while (at < s.len) {
        if (rt_is_word(s.ptr[at]) || is_decimal_point(s, at)) {
            at++;
            continue;
        }
        size_t next = at;
        unsigned char c = (unsigned char)s.ptr[at];
        if (c < 0x80 || is_common_han(c) || !is_letter(s, at, &next))
            break;
        at = next;
    }
    return at;
}

/* The next token at or after *pos: its end; *pos moves to its begin. 0: none is left. */
static size_t next_token(rt_str s, size_t *pos)
{
    while (*pos < s.len) {
        if (rt_is_word(s.ptr[*pos]))
            return run_end(s, *pos);
        if ((unsigned char)s.ptr[*pos] < 0x80) {
            ++*pos;
            continue;
        }
        if (is_common_han((unsigned char)s.ptr[*pos]) && s.len - *pos >= 3)
            return *pos + 3;
        size_t next = *pos;
        rt_script script = rt_utf8_script(rt_utf8_next(s, &next));
        if (script == RT_SCRIPT_HAN)
            return next;
        if (script == RT_SCRIPT_LATIN || script == RT_SCRIPT_DIGIT)
            return run_end(s, next);
        *pos = next;
    }
    return 0;
}

/* ---- folding: the same block for text after text, doubled until one fits */

static bool grow(rt_tokenizer *t)
{
    size_t size = t->size == 0 ? FIRST_BLOCK : t->size * 2;
    free(t->block);
    t->block = malloc(size);
    t->size = t->block != NULL ? size : 0;
    return t->block != NULL;
}

static bool fold(rt_tokenizer *t, rt_str text, rt_text *out)
{
    bool full = t->block == NULL;
    for (;;) {
        if (full && !grow(t))
            return false;
        full = false;
        rt_arena a = {t->block, t->block + t->size, &full};
        *out = (rt_text){0};
        rt_fold(&a, text, out);
        if (!full)
            return true;
    }
}

/* Tokens of folded text, with their places in the text that was folded. */
static int give_tokens(const rt_text *text, void *user, rt_token_fn *each)
{
    size_t beg = 0;
    for (;;) {
        size_t end = next_token(text->folded, &beg);
        if (end == 0)
            return SQLITE_OK;
        rt_fspan at = {(uint32_t)beg, (uint32_t)end};
        int code = each(user, rt_str_slice(text->folded, beg, end), rt_text_origin(text, at));
        if (code != SQLITE_OK)
            return code;
        beg = end;
    }
}

/* A letter between blanks takes as much room as before, a Han character a byte more, and long
 * tokens a byte for each 127 of theirs at most: twice the text is always enough. */
uint32_t rt_tokens_add(rt_buf *list, rt_str folded)
{
    uint32_t n = 0;
    size_t beg = 0, end = 0;
    if (!rt_buf_reserve(list, folded.len * 2 + 2))
        return 0;
    char *to = list->ptr + list->len;
    while ((end = next_token(folded, &beg)) != 0) {
        size_t len = end - beg, rest = len;
        for (; rest >= 0x80; rest >>= 7)
            *to++ = (char)(rest | 0x80);
        *to++ = (char)rest;
        memcpy(to, folded.ptr + beg, len);
        to += len;
        beg = end;
        n++;
    }
    list->len = (size_t)(to - list->ptr);
    return n;
}

int rt_tokenize(rt_tokenizer *t, rt_str text, void *user, rt_token_fn *each)
{
    rt_text folded;
    if (text.len == 0 || text.len >= UINT32_MAX / 4 || !rt_utf8_valid(text, NULL))
        return SQLITE_OK;
    if (!fold(t, text, &folded))
        return SQLITE_NOMEM;
    return give_tokens(&folded, user, each);
}

/* ---- FTS5 */

typedef int fts_token_fn(void *context, int flags, const char *token, int n, int beg, int end);

typedef struct fts_user {
    void *context;
    fts_token_fn *token;
} fts_user;

static int give_token(void *user, rt_str token, rt_span at)
{
    const fts_user *u = user;
    return u->token(u->context, 0, token.ptr, (int)token.len, (int)at.beg, (int)at.end);
}

static int fts_create(void *context, const char **args, int n, Fts5Tokenizer **out)
{
    (void)context;
    (void)args;
    (void)n;
    *out = (Fts5Tokenizer *)rt_tokenizer_new();
    return *out != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

static void fts_delete(Fts5Tokenizer *t)
{
    rt_tokenizer_free((rt_tokenizer *)t);
}

static int fts_tokenize(Fts5Tokenizer *t, void *context, int flags, const char *text, int n,
                        fts_token_fn *token)
{
    (void)flags; /* query, document and auxiliary functions see the same words */
    fts_user user = {context, token};
    rt_str whole = {text, n > 0 ? (size_t)n : 0};
    return rt_tokenize((rt_tokenizer *)t, whole, &user, give_token);
}

/* SQLite gives out its FTS5 interface through a pointer bound to a query. */
fts5_api *rt_fts5_api(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(s);
    }
    sqlite3_finalize(s);
    return api;
}

int rt_tokenizer_register(sqlite3 *db)
{
    static const fts5_tokenizer methods = {fts_create, fts_delete, fts_tokenize};
    fts5_tokenizer copy = methods; /* FTS5 copies it; its parameter is not const */
    fts5_api *api = rt_fts5_api(db);
    if (api == NULL)
        return SQLITE_ERROR;
    return api->xCreateTokenizer(api, "roentext", NULL, &copy, NULL);
}
