/* The hits of a query in a document.
 *
 * FTS5 could tell where its phrases matched, but in the coordinates of a section column, and
 * nothing of the findings. So a shown document is tokenised once more: phrases are looked for in
 * its tokens, findings are asked from the compact rows with the very conditions that selected the
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
    rt_arena *arena; /* of the query */
    sqlite3_stmt *findings;
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

/* As deep as the brackets of the query. */
static void want(rt_marker *m, const rt_query_node *n)
{
    if (n->kind == RT_QUERY_NOT)
        return;
    if (n->kind == RT_QUERY_WORDS)
        want_words(m, n, 0);
    if (n->kind == RT_QUERY_NEAR)
        m->groups++;
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (n->kind == RT_QUERY_NEAR)
            want_words(m, c, m->groups);
        else
            want(m, c);
    }
}

static rt_code want_findings(rt_marker *m, rt_plan *plan, const rt_query_node *root, rt_err *err)
{
    rt_buf condition, sql;
    rt_buf_init(&condition, SIZE_MAX);
    rt_buf_init(&sql, SIZE_MAX);
    rt_code code = RT_OK;
    plan->params.len = 0;
    RT_PUSH(plan->arena, &plan->params, RT_STR("")); /* ?1: the findings of a report */
    if (rt_plan_marks(plan, root, &condition)) {
        rt_buf_addz(&sql, "SELECT json_extract(f.value, '$[4]'), json_extract(f.value, '$[5]'),"
                          " json_extract(f.value, '$[0]'), json_extract(f.value, '$[1]')"
                          " FROM json_each(?1) f WHERE ");
        rt_buf_add(&sql, rt_buf_str(&condition));
        rt_buf_addc(&sql, '\0');
        code = rt_buf_check(&sql, err);
        if (code == RT_OK)
            code = rt_db_prepare(m->index, sql.ptr, &m->findings, err);
        for (uint32_t i = 1; i < plan->params.len && code == RT_OK; i++)
            rt_db_bind(m->findings, (int)i + 1, plan->params.at[i]);
    }
    rt_buf_free(&condition);
    rt_buf_free(&sql);
    return code;
}

rt_code rt_marker_open(rt_index *x, rt_plan *plan, const rt_query_node *root, rt_marker **out,
                       rt_err *err)
{
    rt_marker *m = calloc(1, sizeof *m);
    if (m == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    m->index = x;
    m->arena = plan->arena;
    rt_buf_init(&m->bytes, SIZE_MAX);
    want(m, root);
    rt_code code = want_findings(m, plan, root, err);
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
    sqlite3_finalize(m->findings);
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

static rt_code mark_findings(rt_marker *m, rt_str text, rt_str findings, rt_err *err)
{
    rt_bytes_at where = {.text = text};
    bool row = m->findings != NULL;
    if (!row)
        return RT_OK;
    rt_db_bind(m->findings, 1, findings);
    for (;;) {
        rt_code code = rt_db_step(m->index, m->findings, &row, err);
        if (code != RT_OK || !row)
            return code;
        rt_mark mark = {0};
        mark.at.beg = rt_bytes_at_point(&where, (size_t)sqlite3_column_int64(m->findings, 0));
        mark.at.end = rt_bytes_at_point(&where, (size_t)sqlite3_column_int64(m->findings, 1));
        rt_str id = rt_db_text(m->findings, 2), letter = rt_db_text(m->findings, 3);
        memcpy(mark.concept, id.ptr, id.len < sizeof mark.concept ? id.len : 0);
        if (letter.len > 0)
            mark.letter = letter.ptr[0];
        push_mark(m, &m->marks, &mark);
    }
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
