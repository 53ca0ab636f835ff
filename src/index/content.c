/* SQL functions over the compact form of a report. See content.h. */
#include "index/content.h"

#include <stdlib.h>

#include "base/hash.h"
#include "index/pieces.h"
#include "index/stored.h"

static rt_str text_of(sqlite3_value *v)
{
    const char *text = (const char *)sqlite3_value_text(v);
    return text == NULL ? RT_STR("") : (rt_str){text, (size_t)sqlite3_value_bytes(v)};
}

static void give(sqlite3_context *c, rt_buf *b)
{
    if (rt_buf_check(b, NULL) != RT_OK)
        sqlite3_result_error_nomem(c);
    else if (b->len > 0)
        sqlite3_result_text64(c, b->ptr, b->len, SQLITE_TRANSIENT, SQLITE_UTF8);
    rt_buf_free(b);
}

static void sql_section(sqlite3_context *c, int n, sqlite3_value **args)
{
    rt_buf b;
    rt_span at;
    uint32_t type = 0, wanted = (uint32_t)sqlite3_value_int(args[2]);
    rt_pieces p = rt_pieces_of(text_of(args[0]), text_of(args[1]));
    (void)n;
    rt_buf_init(&b, SIZE_MAX);
    while (rt_pieces_next(&p, &type, &at)) {
        if (type != wanted)
            continue;
        if (b.len > 0)
            rt_buf_addc(&b, '\n');
        rt_buf_add(&b, rt_str_slice(p.text.text, at.beg, at.end));
    }
    give(c, &b);
}

/* ---- concepts. The tokens of each claim are read once: claims never change. */

typedef struct cache {
    char **tokens; /* by the number of the claim */
    size_t n;
} cache;

static void cache_free(void *user)
{
    cache *k = user;
    for (size_t i = 0; i < k->n; i++)
        free(k->tokens[i]);
    free(k->tokens);
    free(k);
}

static bool cache_reaches(cache *k, uint32_t claim)
{
    if (claim < k->n)
        return true;
    size_t n = (size_t)claim * 2 + 1024;
    char **larger = realloc(k->tokens, n * sizeof *larger);
    if (larger == NULL)
        return false;
    memset(larger + k->n, 0, (n - k->n) * sizeof *larger);
    k->tokens = larger;
    k->n = n;
    return true;
}

/* ORDER TOKENS: as rt_claim_keys of rows.c and rt_token_print make them. */
static void add_tokens(rt_buf *b, rt_str ids, bool place, char letter)
{
    while (ids.len > 0) {
        rt_cut cut = rt_str_cut(ids, ' ');
        rt_buf_addc(b, ' ');
        for (size_t i = 0; i < cut.head.len; i++) {
            char c = cut.head.ptr[i];
            rt_buf_addc(b, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
        }
        if (place)
            rt_buf_addc(b, 'l');
        rt_buf_addc(b, letter);
        ids = cut.tail;
    }
}

static rt_str column(sqlite3_stmt *s, int i)
{
    const char *text = (const char *)sqlite3_column_text(s, i);
    return text == NULL ? RT_STR("") : (rt_str){text, (size_t)sqlite3_column_bytes(s, i)};
}

static void write_tokens(rt_buf *b, sqlite3_stmt *claim, sqlite3_stmt *above)
{
    rt_str code = column(claim, 0), list = column(claim, 1);
    char letter = code.len > 0 ? code.ptr[0] : 'p';
    rt_buf_addf(b, "ridany%c", letter);
    for (bool place = false; list.len > 0; place = true) {
        rt_cut cut = rt_str_cut(list, ' ');
        sqlite3_bind_text(above, 1, cut.head.ptr, (int)cut.head.len, SQLITE_STATIC);
        bool there = sqlite3_step(above) == SQLITE_ROW;
        if (there)
            add_tokens(b, column(above, 0), place, letter);
        if (there && (letter == 'p' || letter == 'o'))
            add_tokens(b, column(above, 1), place, letter);
        sqlite3_reset(above);
        list = cut.tail;
    }
}

static char *read_tokens(sqlite3 *db, uint32_t n)
{
    sqlite3_stmt *claim = NULL, *above = NULL;
    rt_buf b;
    char *tokens = NULL;
    rt_buf_init(&b, SIZE_MAX);
    if (sqlite3_prepare_v2(db, "SELECT code, above FROM claim WHERE n = ?1", -1, &claim, NULL) ==
            SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT id, ids FROM concept_above WHERE n = CAST(?1 AS INTEGER)",
                           -1, &above, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(claim, 1, n);
        if (sqlite3_step(claim) == SQLITE_ROW)
            write_tokens(&b, claim, above);
        rt_buf_addc(&b, '\0');
        tokens = b.code == RT_OK ? strdup(b.ptr) : NULL;
    }
    sqlite3_finalize(claim);
    sqlite3_finalize(above);
    rt_buf_free(&b);
    return tokens;
}

/* NULL: no memory. */
static const char *tokens_of(cache *k, sqlite3 *db, uint32_t claim)
{
    if (!cache_reaches(k, claim))
        return NULL;
    if (k->tokens[claim] == NULL)
        k->tokens[claim] = read_tokens(db, claim);
    return k->tokens[claim];
}

typedef struct seen { /* hashes of the tokens so far */
    uint64_t *at;
    size_t cap, len;
} seen;

static bool seen_grow(seen *s)
{
    size_t cap = s->cap == 0 ? 256 : s->cap * 2;
    uint64_t *at = calloc(cap, sizeof *at);
    if (at == NULL)
        return false;
    for (size_t i = 0; i < s->cap; i++) {
        size_t k = s->at[i] & (cap - 1);
        while (s->at[i] != 0 && at[k] != 0)
            k = (k + 1) & (cap - 1);
        if (s->at[i] != 0)
            at[k] = s->at[i];
    }
    free(s->at);
    s->at = at;
    s->cap = cap;
    return true;
}

/* True: it is new. */
static bool seen_add(seen *s, rt_str token)
{
    uint64_t hash = rt_hash64(token, 0) | 1;
    if ((s->len + 1) * 2 > s->cap && !seen_grow(s))
        return false;
    size_t i = hash & (s->cap - 1);
    for (; s->at[i] != 0; i = (i + 1) & (s->cap - 1))
        if (s->at[i] == hash)
            return false;
    s->at[i] = hash;
    s->len++;
    return true;
}

static void add_new_tokens(rt_buf *b, seen *s, rt_str tokens)
{
    while (tokens.len > 0) {
        rt_cut cut = rt_str_cut(tokens, ' ');
        if (seen_add(s, cut.head)) {
            if (b->len > 0)
                rt_buf_addc(b, ' ');
            rt_buf_add(b, cut.head);
        }
        tokens = cut.tail;
    }
}

static void sql_concepts(sqlite3_context *c, int n, sqlite3_value **args)
{
    rt_buf b;
    rt_stored f;
    seen s = {0};
    size_t pos = 0;
    rt_str findings = text_of(args[0]);
    cache *k = sqlite3_user_data(c);
    (void)n;
    rt_buf_init(&b, SIZE_MAX);
    while (rt_stored_next(findings, &pos, &f)) {
        const char *tokens = tokens_of(k, sqlite3_context_db_handle(c), f.claim);
        if (tokens != NULL)
            add_new_tokens(&b, &s, rt_str_from(tokens));
    }
    free(s.at);
    give(c, &b);
}

int rt_content_register(sqlite3 *db)
{
    static const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    cache *k = calloc(1, sizeof *k);
    if (k == NULL)
        return SQLITE_NOMEM;
    int rc =
        sqlite3_create_function_v2(db, "rt_section", 3, flags, NULL, sql_section, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        cache_free(k);
        return rc;
    }
    return sqlite3_create_function_v2(db, "rt_concepts", 1, flags, k, sql_concepts, NULL, NULL,
                                      cache_free);
}
