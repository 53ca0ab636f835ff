/* The hits of a query in a document.
 *
 * FTS5 could tell where its phrases matched, but in the coordinates of a section column, and
 * nothing of the findings. So a shown document is tokenised once more: phrases are looked for in
 * its tokens, findings are asked from the compact form with the very conditions that selected the
 * report. */
#include "index/marks.h"

#include <stdlib.h>

#include "index/pieces.h"

typedef struct token { /* of the document */
    rt_span at;
    uint32_t text, len; /* in marker.bytes */
    uint32_t piece;     /* of which section piece; phrases do not cross */
    uint32_t type;      /* of that section */
} token;

typedef struct phrase { /* positive words of the query */
    const rt_query_node *node;
    uint32_t first, n; /* in marker.wanted */
    uint32_t group;    /* phrases of one NEAR share it; 0: alone */
} phrase;

typedef struct piece {
    rt_span at;
    uint32_t type;
} piece;

struct rt_marker {
    rt_index *index;
    rt_arena *arena;            /* of the query */
    RT_VEC(rt_atom_test) tests; /* findings that are asked for */
    sqlite3_stmt *claim;        /* what to say of one */
    RT_VEC(rt_str) wanted;
    RT_VEC(phrase) phrases;
    uint32_t groups;

    token *tokens;
    size_t n_tokens, cap_tokens;
    piece *pieces;
    size_t n_pieces, cap_pieces;
    rt_buf bytes;
    rt_mark_list marks, kept;
    bool failed; /* out of memory */
};

/* ---- growing arrays */

static bool room(void **at, size_t *cap, size_t len, size_t size)
{
    if (len < *cap)
        return true;
    size_t more = *cap == 0 ? 64 : *cap * 2;
    void *larger = realloc(*at, more * size);
    if (larger == NULL)
        return false;
    *at = larger;
    *cap = more;
    return true;
}

static void push_mark(rt_marker *m, rt_mark_list *list, const rt_mark *mark)
{
    void *at = list->at;
    if (room(&at, &list->cap, list->len, sizeof *mark) && at != NULL) {
        list->at = at;
        list->at[list->len++] = *mark;
    } else {
        m->failed = true;
    }
}

/* ---- the query: its phrases as tokens, and a statement for its findings */

static int want_token(void *user, rt_str text, rt_span at)
{
    rt_marker *m = user;
    (void)at;
    RT_PUSH(m->arena, &m->wanted, rt_arena_copy(m->arena, text));
    return SQLITE_OK;
}

static void want_words(rt_marker *m, const rt_query_node *n, uint32_t group)
{
    phrase p = {.node = n, .first = m->wanted.len, .group = group};
    rt_tokenize(m->index->words, n->text, m, want_token);
    p.n = m->wanted.len - p.first;
    if (p.n > 0)
        RT_PUSH(m->arena, &m->phrases, p);
}

static rt_code want_finding(rt_marker *m, const rt_query_node *n, rt_err *err)
{
    rt_atom_test t;
    rt_code code = rt_atom_test_open(&t, m->index, &n->atom, err);
    uint32_t len = m->tests.len;
    RT_PUSH(m->arena, &m->tests, t);
    if (len == m->tests.len)
        rt_atom_test_close(&t); /* no room: the query is refused as too long */
    return code;
}

/* As deep as the brackets of the query. */
static rt_code want(rt_marker *m, const rt_query_node *n, rt_err *err)
{
    rt_code code = RT_OK;
    if (n->kind == RT_QUERY_NOT)
        return RT_OK;
    if (n->kind == RT_QUERY_FINDING)
        return want_finding(m, n, err);
    if (n->kind == RT_QUERY_WORDS)
        want_words(m, n, 0);
    if (n->kind == RT_QUERY_NEAR)
        m->groups++;
    for (const rt_query_node *c = n->child; c != NULL && code == RT_OK; c = c->next) {
        if (n->kind == RT_QUERY_NEAR)
            want_words(m, c, m->groups);
        else
            code = want(m, c, err);
    }
    return code;
}

rt_code rt_marker_open(rt_index *x, rt_arena *a, const rt_query_node *root, rt_marker **out,
                       rt_err *err)
{
    rt_marker *m = calloc(1, sizeof *m);
    if (m == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    m->index = x;
    m->arena = a;
    rt_buf_init(&m->bytes, SIZE_MAX);
    rt_code code = want(m, root, err);
    if (code == RT_OK && *a->full)
        code = rt_fail(err, RT_ELIMIT, "query: too long");
    if (code == RT_OK)
        code = rt_db_prepare(x,
                             "SELECT a.id, c.code FROM claim c JOIN concept_above a"
                             " ON a.n = CAST(c.above AS INTEGER) WHERE c.n = ?1",
                             &m->claim, err);
    if (code != RT_OK) {
        rt_marker_close(m);
        return code;
    }
    *out = m;
    return RT_OK;
}

void rt_marker_close(rt_marker *m)
{
    if (m == NULL)
        return;
    for (uint32_t i = 0; i < m->tests.len; i++)
        rt_atom_test_close(&m->tests.at[i]);
    sqlite3_finalize(m->claim);
    rt_buf_free(&m->bytes);
    free(m->tokens);
    free(m->pieces);
    free(m->marks.at);
    free(m->kept.at);
    free(m);
}

/* ---- the document: pieces of sections, tokens within them */

static void read_pieces(rt_marker *m, rt_str text, rt_str sections)
{
    rt_pieces pieces = rt_pieces_of(text, sections);
    piece one;
    m->n_pieces = 0;
    while (!m->failed && rt_pieces_next(&pieces, &one.type, &one.at)) {
        void *at = m->pieces;
        m->failed = !room(&at, &m->cap_pieces, m->n_pieces, sizeof *m->pieces);
        if (m->failed)
            return;
        m->pieces = at;
        m->pieces[m->n_pieces++] = one;
    }
}

static int keep_token(void *user, rt_str text, rt_span at)
{
    rt_marker *m = user;
    void *tokens = m->tokens;
    uint32_t p = m->n_tokens > 0 ? m->tokens[m->n_tokens - 1].piece : 0;
    while (p < m->n_pieces && m->pieces[p].at.end <= at.beg)
        p++;
    if (p == m->n_pieces || at.beg < m->pieces[p].at.beg)
        return SQLITE_OK; /* a heading */
    m->failed = m->failed || !room(&tokens, &m->cap_tokens, m->n_tokens, sizeof *m->tokens);
    if (m->failed)
        return SQLITE_NOMEM;
    m->tokens = tokens;
    m->tokens[m->n_tokens++] =
        (token){at, (uint32_t)m->bytes.len, (uint32_t)text.len, p, m->pieces[p].type};
    rt_buf_add(&m->bytes, text);
    return SQLITE_OK;
}

/* ---- phrases in tokens */

static rt_str token_text(const rt_marker *m, size_t i)
{
    return (rt_str){m->bytes.ptr + m->tokens[i].text, m->tokens[i].len};
}

static bool phrase_at(const rt_marker *m, const phrase *p, size_t i)
{
    if (i + p->n > m->n_tokens)
        return false;
    const token *first = &m->tokens[i];
    if (p->node->sections != 0 && (p->node->sections >> first->type & 1U) == 0)
        return false;
    for (uint32_t k = 0; k < p->n; k++) {
        rt_str wanted = m->wanted.at[p->first + k], here = token_text(m, i + k);
        bool open = p->node->prefix && k + 1 == p->n;
        if (m->tokens[i + k].piece != first->piece ||
            !(open ? rt_str_starts(here, wanted) : rt_str_eq(here, wanted)))
            return false;
    }
    return true;
}

/* Is there a hit of the phrase so near the one of n tokens at i? */
static bool phrase_near(const rt_marker *m, const phrase *p, size_t i, uint32_t n)
{
    size_t reach = (size_t)p->node->near + p->n;
    size_t from = i > reach ? i - reach : 0;
    for (size_t k = from; k <= i + n + p->node->near && k < m->n_tokens; k++)
        if (m->tokens[k].type == m->tokens[i].type && phrase_at(m, p, k))
            return true;
    return false;
}

static bool near_holds(const rt_marker *m, const phrase *p, size_t i)
{
    for (uint32_t k = 0; k < m->phrases.len; k++) {
        const phrase *other = &m->phrases.at[k];
        if (other != p && other->group == p->group && !phrase_near(m, other, i, p->n))
            return false;
    }
    return true;
}

static void mark_words(rt_marker *m)
{
    for (uint32_t k = 0; k < m->phrases.len; k++) {
        const phrase *p = &m->phrases.at[k];
        for (size_t i = 0; i < m->n_tokens; i++) {
            if (!phrase_at(m, p, i) || (p->group != 0 && !near_holds(m, p, i)))
                continue;
            rt_mark mark = {.at = {m->tokens[i].at.beg, m->tokens[i + p->n - 1].at.end}};
            push_mark(m, &m->marks, &mark);
        }
    }
}

/* ---- findings */

static bool is_asked(const rt_marker *m, const rt_stored *f)
{
    for (uint32_t i = 0; i < m->tests.len; i++)
        if (rt_atom_test_holds(&m->tests.at[i], f))
            return true;
    return false;
}

static rt_code mark_findings(rt_marker *m, rt_str text, rt_str findings, rt_err *err)
{
    rt_bytes_at where = {.text = text};
    rt_stored f;
    rt_code code = RT_OK;
    size_t pos = 0;
    while (code == RT_OK && rt_stored_next(findings, &pos, &f)) {
        rt_mark mark = {0};
        bool row = false;
        if (!is_asked(m, &f))
            continue;
        mark.at.beg = rt_bytes_at_point(&where, f.beg);
        mark.at.end = rt_bytes_at_point(&where, (size_t)f.beg + f.len);
        sqlite3_bind_int64(m->claim, 1, f.claim);
        code = rt_db_step(m->index, m->claim, &row, err);
        if (code != RT_OK || !row)
            continue;
        rt_str id = rt_db_text(m->claim, 0), letter = rt_db_text(m->claim, 1);
        memcpy(mark.concept, id.ptr, id.len < sizeof mark.concept ? id.len : 0);
        mark.letter = letter.len > 0 ? letter.ptr[0] : '\0';
        sqlite3_reset(m->claim);
        push_mark(m, &m->marks, &mark);
    }
    return code;
}

static int compare_marks(const void *a, const void *b)
{
    const rt_mark *p = a, *q = b;
    if (p->at.beg != q->at.beg)
        return p->at.beg < q->at.beg ? -1 : 1;
    if (p->at.end != q->at.end)
        return p->at.end > q->at.end ? -1 : 1;
    return -strcmp(p->concept, q->concept); /* findings before words */
}

/* Sorted, one mark a place (the finding rather than its words), with code points. */
static void settle(rt_marker *m, rt_str text)
{
    rt_points points = {.text = text};
    if (m->marks.len > 0)
        qsort(m->marks.at, m->marks.len, sizeof *m->marks.at, compare_marks);
    for (size_t i = 0; i < m->marks.len; i++) {
        rt_mark mark = m->marks.at[i];
        const rt_mark *last = m->kept.len > 0 ? &m->kept.at[m->kept.len - 1] : NULL;
        bool same = last != NULL && last->at.beg == mark.at.beg && last->at.end == mark.at.end;
        if (same && (mark.concept[0] == '\0' || strcmp(mark.concept, last->concept) == 0))
            continue;
        mark.points.beg = rt_points_at(&points, mark.at.beg);
        mark.points.end = rt_points_at(&points, mark.at.end);
        push_mark(m, &m->kept, &mark);
    }
}

rt_code rt_marker_run(rt_marker *m, rt_str text, rt_str sections, rt_str findings,
                      const rt_mark_list **out, rt_err *err)
{
    m->marks.len = m->kept.len = m->n_tokens = 0;
    rt_buf_clear(&m->bytes);
    read_pieces(m, text, sections);
    if (m->phrases.len > 0 && rt_tokenize(m->index->words, text, m, keep_token) != SQLITE_OK)
        m->failed = true;
    if (!m->failed)
        mark_words(m);
    rt_code code = mark_findings(m, text, findings, err);
    if (code == RT_OK)
        code = rt_buf_check(&m->bytes, err);
    if (code == RT_OK)
        settle(m, text);
    if (code == RT_OK && m->failed)
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    *out = &m->kept;
    return code;
}
