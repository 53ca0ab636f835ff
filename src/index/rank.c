/* Relevance: BM25 by an auxiliary function of our own. FTS5's bm25() reads a row of sizes for each
 * hit; ours has the lengths of all reports in memory, a byte each (report_length), and counts in
 * how many reports a phrase stands only when there are several phrases to weigh. */
#include "index/lengths.h"
#include "index/order.h"

#include <math.h>
#include <stdlib.h>

/* BM25, as everywhere. */
static const double k1 = 1.2, b1 = 0.75;

/* Limits: phrases of a query that are weighed; more count as one another. */
enum { MAX_PHRASES = 64 };

typedef struct ranker {
    const uint8_t *lengths; /* of all reports, in the code of the table */
    int64_t n;
    double factor[256]; /* k1 * (1 - b + b * length / average) by code */
    double weight[MAX_PHRASES];
    int64_t rows;
    bool weighed;
} ranker;

static void set_factors(ranker *r)
{
    double total = 0;
    int64_t count = 0;
    for (int64_t i = 0; i < r->n; i++) {
        total += rt_lengths_words(r->lengths[i]);
        count += r->lengths[i] > 0;
    }
    double average = count > 0 && total > 0 ? total / (double)count : 1;
    for (unsigned i = 0; i < 256; i++)
        r->factor[i] = k1 * (1 - b1 + b1 * rt_lengths_words(i) / average);
    r->rows = count;
}

/* ---- the function */

static int count_row(const Fts5ExtensionApi *api, Fts5Context *c, void *user)
{
    (void)api;
    (void)c;
    ++*(int64_t *)user;
    return SQLITE_OK;
}

/* How much a phrase tells: log of how rare it is. */
static int weigh(ranker *r, const Fts5ExtensionApi *api, Fts5Context *c, int n)
{
    for (int i = 0; i < n && i < MAX_PHRASES; i++) {
        int64_t rows = 0;
        int rc = n > 1 ? api->xQueryPhrase(c, i, &rows, count_row) : SQLITE_OK;
        if (rc != SQLITE_OK)
            return rc;
        double rare = ((double)r->rows - (double)rows + 0.5) / ((double)rows + 0.5);
        r->weight[i] = n > 1 ? fmax(log1p(fmax(rare, 0)), 1e-6) : 1;
    }
    r->weighed = true;
    return SQLITE_OK;
}

static int count_phrase(const Fts5ExtensionApi *api, Fts5Context *c, int i)
{
    Fts5PhraseIter at;
    int column = 0, offset = 0, n = 0;
    if (api->xPhraseFirst(c, i, &at, &column, &offset) != SQLITE_OK)
        return 0;
    for (; column >= 0; api->xPhraseNext(c, &at, &column, &offset))
        n++;
    return n;
}

static void score(const Fts5ExtensionApi *api, Fts5Context *c, sqlite3_context *result, int n_args,
                  sqlite3_value **args)
{
    ranker *r = NULL;
    double sum = 0;
    int n = api->xPhraseCount(c);
    sqlite3_int64 report = api->xRowid(c);
    if (n_args == 1)
        r = sqlite3_value_pointer(args[0], "rt_ranker");
    if (r == NULL) {
        sqlite3_result_error(result, "rt_score is for roentext alone", -1);
        return;
    }
    int rc = r->weighed ? SQLITE_OK : weigh(r, api, c, n);
    if (rc != SQLITE_OK) {
        sqlite3_result_error_code(result, rc);
        return;
    }
    double factor = r->factor[report >= 0 && report < r->n ? r->lengths[report] : 0];
    for (int i = 0; i < n && i < MAX_PHRASES; i++) {
        double f = count_phrase(api, c, i);
        sum += r->weight[i] * f * (k1 + 1) / (f + factor);
    }
    sqlite3_result_double(result, sum);
}

int rt_rank_register(rt_index *x)
{
    fts5_api *api = rt_fts5_api(x->db);
    return api == NULL ? SQLITE_ERROR : api->xCreateFunction(api, "rt_score", NULL, score, NULL);
}

/* ---- a query's words and findings, any of them */

static void add_leaves(const rt_lexicon *x, rt_buf *m, const rt_query_node *n)
{
    bool leaf = n->kind == RT_QUERY_WORDS || n->kind == RT_QUERY_NEAR ||
                (n->kind == RT_QUERY_FINDING && rt_match_has_token(&n->atom));
    if (n->kind == RT_QUERY_NOT)
        return;
    if (!leaf) {
        for (const rt_query_node *c = n->child; c != NULL; c = c->next)
            add_leaves(x, m, c);
        return;
    }
    rt_buf_addz(m, m->len > 0 ? " OR " : "");
    if (n->kind == RT_QUERY_FINDING)
        rt_match_atom(x, m, &n->atom);
    else
        rt_match_node(x, m, n);
}

static rt_code read_scores(rt_eval *e, sqlite3_stmt *s, rt_ranked *out, size_t n, rt_err *err)
{
    bool row = true;
    size_t i = 0;
    rt_code code = RT_OK;
    while (code == RT_OK && row) {
        code = rt_db_step(e->index, s, &row, err);
        if (code != RT_OK || !row)
            break;
        int64_t report = sqlite3_column_int64(s, 0);
        while (i < n && out[i].report < report)
            i++; /* both ascend */
        if (i < n && out[i].report == report)
            out[i].score = sqlite3_column_double(s, 1);
    }
    return code;
}

static rt_code rank_with(rt_eval *e, ranker *r, const rt_buf *match, rt_ranked *out, size_t n,
                         rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_code code = rt_db_prepare(e->index,
                                 "SELECT rowid, rt_score(report_fts, ?2) FROM report_fts"
                                 " WHERE report_fts MATCH ?1 ORDER BY rowid",
                                 &s, err);
    if (code == RT_OK) {
        rt_db_bind(s, 1, rt_buf_str(match));
        sqlite3_bind_pointer(s, 2, r, "rt_ranker", NULL);
        code = read_scores(e, s, out, n, err);
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_rank(rt_eval *e, const rt_bits *set, const rt_query_node *root, rt_ranked *out, size_t n,
                rt_err *err)
{
    ranker *r = calloc(1, sizeof *r);
    uint8_t *lengths = calloc((size_t)set->n, 1);
    rt_buf match;
    rt_buf_init(&match, SIZE_MAX);
    add_leaves(e->index->know->lexicon, &match, root);
    rt_code code = rt_buf_check(&match, err);
    if (r == NULL || lengths == NULL)
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    else if (code == RT_OK)
        code = rt_lengths_load(e->index, lengths, set->n, err);
    if (code == RT_OK && r != NULL && lengths != NULL && match.len > 0) {
        r->lengths = lengths;
        r->n = set->n;
        set_factors(r);
        code = rank_with(e, r, &match, out, n, err);
    }
    rt_buf_free(&match);
    free(lengths);
    free(r);
    return code;
}
