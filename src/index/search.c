/* A search: query -> tree -> SQL -> rows with snippets. */
#include "index/index.h"

#include <stdlib.h>

#include "index/facet.h"
#include "index/marks.h"
#include "index/order.h"
#include "index/pieces.h"
#include "index/render.h"

/* Limits: memory of a query, its tree and its parameters. The longest query stays far below. */
static const size_t query_memory = (size_t)4 << 20;

typedef struct search {
    rt_index *index;
    const rt_query_opts *opts;
    rt_sink to;
    rt_arena arena;
    bool full;
    void *block;
    rt_query_node *root;
    rt_bits hits;
    rt_buf out, snippet;
    rt_marker *marker;
} search;

/* ORDER COLUMNS: of the rows, in every format. Text, sections and findings follow. */
static const char *const columns[] = {"id",   "date", "modality", "body_part",
                                      "exam", "sex",  "age",      "language"};
enum { N_COLUMNS = sizeof columns / sizeof columns[0], TEXT = N_COLUMNS, SECTIONS, FINDINGS };

/* ---- rows */

/* Where to begin a snippet when no words were asked for: at the impression, else at the top. */
static size_t best_begin(rt_str text, rt_str sections)
{
    rt_pieces pieces = rt_pieces_of(text, sections);
    uint32_t type = 0;
    rt_span at;
    while (rt_pieces_next(&pieces, &type, &at))
        if (type == RT_SECTION_IMPRESSION)
            return at.beg;
    return 0;
}

static void write_hits(rt_buf *b, const rt_mark_list *marks)
{
    rt_buf_addz(b, ",\"hits\":[");
    for (size_t i = 0; i < marks->len; i++) {
        const rt_mark *m = &marks->at[i];
        const char *at = m->letter != '\0' ? strchr(rt_state_letters, m->letter) : NULL;
        rt_buf_addf(b, "%s{\"b\":%u,\"e\":%u", i > 0 ? "," : "", m->points.beg, m->points.end);
        if (at != NULL)
            rt_buf_addf(b, ",\"concept\":\"%s\",\"presence\":\"%s\"", m->concept,
                        rt_letter_name((unsigned)(at - rt_state_letters)));
        rt_buf_addc(b, '}');
    }
    rt_buf_addc(b, ']');
}

static void write_jsonl(search *s, sqlite3_stmt *row, const rt_mark_list *marks, rt_span window)
{
    rt_buf *b = &s->out;
    rt_str text = rt_db_text(row, TEXT);
    rt_points points = {.text = text};
    for (int i = 0; i < N_COLUMNS; i++) {
        rt_buf_addf(b, "%s\"%s\":", i == 0 ? "{" : ",", columns[i]);
        rt_render_json(b, rt_db_text(row, i));
    }
    rt_buf_addz(b, ",\"snippet\":");
    rt_render_json(b, rt_str_slice(text, window.beg, window.end));
    rt_buf_addf(b, ",\"snippet_at\":[%u,", rt_points_at(&points, window.beg));
    rt_buf_addf(b, "%u]", rt_points_at(&points, window.end));
    write_hits(b, marks);
    rt_buf_addz(b, "}\n");
}

static void write_csv(search *s, sqlite3_stmt *row)
{
    for (int i = 0; i < N_COLUMNS; i++) {
        rt_render_csv(&s->out, rt_db_text(row, i));
        rt_buf_addc(&s->out, ',');
    }
    rt_render_csv(&s->out, rt_buf_str(&s->snippet));
    rt_buf_addc(&s->out, '\n');
}

static void write_table(search *s, sqlite3_stmt *row)
{
    rt_render_pad(&s->out, rt_db_text(row, 0), 16);
    rt_render_pad(&s->out, rt_db_text(row, 1), 10);
    rt_buf_addc(&s->out, ' ');
    rt_buf_add(&s->out, rt_buf_str(&s->snippet));
    rt_buf_addc(&s->out, '\n');
}

static rt_code write_row(search *s, sqlite3_stmt *row, rt_err *err)
{
    static const char *const guillemets[2] = {"\xC2\xAB", "\xC2\xBB"};
    static const char *const colour[2] = {"\033[1;31m", "\033[0m"};
    rt_str text = rt_db_text(row, TEXT), sections = rt_db_text(row, SECTIONS);
    const rt_mark_list *marks = NULL;
    rt_code code = rt_marker_run(s->marker, text, sections, rt_db_text(row, FINDINGS), &marks, err);
    if (code != RT_OK)
        return code;
    rt_span window = rt_snippet_window(text, marks, best_begin(text, sections));
    rt_buf_clear(&s->snippet);
    if (s->opts->format != RT_TABLE_JSONL)
        rt_snippet_write(&s->snippet, text, window, marks, s->opts->colour ? colour : guillemets);
    switch (s->opts->format) {
    case RT_TABLE_TABLE:
        write_table(s, row);
        break;
    case RT_TABLE_JSONL:
        write_jsonl(s, row, marks, window);
        break;
    case RT_TABLE_CSV:
        write_csv(s, row);
        break;
    }
    return rt_render_flush(&s->out, s->to, err);
}

static void write_heading(search *s)
{
    if (s->opts->format != RT_TABLE_CSV)
        return;
    for (int i = 0; i < N_COLUMNS; i++)
        rt_buf_addf(&s->out, "%s,", columns[i]);
    rt_buf_addz(&s->out, "snippet\n");
}

/* ---- pages */

static rt_code each_report(search *s, const rt_order *page, const char *select,
                           rt_code (*each)(search *s, sqlite3_stmt *row, rt_err *err), rt_err *err)
{
    sqlite3_stmt *row = NULL;
    rt_code code = rt_db_prepare(s->index, select, &row, err);
    for (size_t i = 0; i < page->len && code == RT_OK; i++) {
        bool there = false;
        sqlite3_bind_int64(row, 1, page->at[i]);
        code = rt_db_step(s->index, row, &there, err);
        if (code == RT_OK && there)
            code = each(s, row, err);
        sqlite3_reset(row);
    }
    sqlite3_finalize(row);
    return code;
}

static rt_code write_rows(search *s, const rt_order *page, rt_err *err)
{
    rt_code code = rt_marker_open(s->index, &s->arena, s->root, &s->marker, err);
    if (code != RT_OK)
        return code;
    write_heading(s);
    return each_report(
        s, page,
        "SELECT r.id, r.date, r.modality, r.body_part, r.exam, r.sex, r.age, r.language,"
        " r.text, r.sections, r.findings FROM report r WHERE r.rowid = ?1",
        write_row, err);
}

static rt_code give_record(search *s, sqlite3_stmt *row, rt_err *err)
{
    rt_record record;
    rt_index_record(row, &record);
    return s->opts->record(s->opts->user, &record, err);
}

static rt_code give_records(search *s, const rt_order *page, rt_err *err)
{
    rt_buf sql;
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addz(&sql, "SELECT ");
    rt_tables_field_columns(&sql);
    rt_buf_add(&sql, (rt_str){"text FROM report WHERE rowid = ?1", 34});
    rt_code code = rt_buf_check(&sql, err);
    if (code == RT_OK)
        code = each_report(s, page, sql.ptr, give_record, err);
    rt_buf_free(&sql);
    return code;
}

/* ---- the whole */

static rt_code show(search *s, rt_eval *e, rt_err *err)
{
    const rt_query_opts *o = s->opts;
    rt_order page = {0};
    rt_code code = RT_OK;
    if (o->found != NULL)
        *o->found = (uint64_t)rt_bits_count(&s->hits);
    if (o->sample > 0)
        code = rt_order_sample(&s->hits, o->sample, o->seed, err);
    if (code != RT_OK)
        return code;
    if (o->facets.len > 0)
        return rt_facet_write(s->index, &s->hits, o, s->to, err);
    if (o->count) {
        rt_buf_addf(&s->out, "%lld\n", (long long)rt_bits_count(&s->hits));
        return RT_OK;
    }
    code = rt_order_page(e, &s->hits, s->root, o, &page, err);
    if (code == RT_OK)
        code = o->record != NULL ? give_records(s, &page, err) : write_rows(s, &page, err);
    rt_order_free(&page);
    return code;
}

static rt_code run(search *s, rt_err *err)
{
    rt_eval e;
    rt_code code = rt_eval_begin(&e, s->index, &s->arena, err);
    if (code == RT_OK)
        code = rt_eval_run(&e, s->root, &s->hits, err);
    if (code == RT_OK)
        code = show(s, &e, err);
    rt_eval_end(&e);
    return code;
}

/* One transaction: sets, counts and rows are of one state of the index, whatever a writer does
 * meanwhile, and its lock is taken once. */
static rt_code answer(search *s, rt_err *err)
{
    bool begin = sqlite3_get_autocommit(s->index->db) != 0;
    rt_code code = rt_writer_flush(s->index, err);
    if (code != RT_OK)
        return code;
    if (s->opts->explain)
        rt_query_explain(&s->out, s->index->know->lexicon, s->root);
    else if (begin)
        code = rt_db_exec(s->index, "BEGIN", err);
    if (code == RT_OK && !s->opts->explain)
        code = run(s, err);
    if (begin && !s->opts->explain)
        rt_db_exec(s->index, "ROLLBACK", NULL); /* nothing was written */
    return code == RT_OK ? rt_render_flush(&s->out, s->to, err) : code;
}

rt_code rt_index_search(rt_index *x, rt_str query, const rt_query_opts *o, rt_sink to, rt_err *err)
{
    search s = {.index = x, .opts = o, .to = to, .block = malloc(query_memory)};
    if (s.block == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    s.arena = (rt_arena){s.block, (char *)s.block + query_memory, &s.full};
    rt_buf_init(&s.out, SIZE_MAX);
    rt_buf_init(&s.snippet, SIZE_MAX);
    rt_code code = rt_query_parse(&s.arena, x->know->lexicon, query, &s.root, err);
    if (code == RT_OK)
        code = answer(&s, err);
    rt_marker_close(s.marker);
    rt_bits_free(&s.hits);
    rt_buf_free(&s.out);
    rt_buf_free(&s.snippet);
    free(s.block);
    return code;
}

/* ---- words that nothing was found for */

typedef struct asker {
    search *s;
    sqlite3_stmt *any; /* is there a report with ... */
    rt_err *err;
} asker;

static rt_code suggest(asker *a, const rt_query_node *n)
{
    rt_buf match;
    bool row = false;
    rt_code code = RT_OK;
    for (const rt_query_node *c = n->child; c != NULL && code == RT_OK; c = c->next)
        if (c->kind != RT_QUERY_NOT)
            code = suggest(a, c);
    if (n->kind != RT_QUERY_WORDS || code != RT_OK)
        return code;
    rt_buf_init(&match, SIZE_MAX);
    rt_match_node(a->s->index->know->lexicon, &match, n);
    rt_db_bind(a->any, 1, rt_buf_str(&match));
    code = rt_db_step(a->s->index, a->any, &row, a->err);
    sqlite3_reset(a->any);
    rt_buf_free(&match);
    if (code != RT_OK || row)
        return code;
    rt_str near = rt_terms_near(&a->s->arena, a->s->index->know->lexicon, n->text);
    rt_buf_addf(&a->s->out, "no report has \"%.*s\"", (int)n->text.len, n->text.ptr);
    if (near.len > 0)
        rt_buf_addf(&a->s->out, "; did you mean \"%.*s\"?", (int)near.len, near.ptr);
    rt_buf_addc(&a->s->out, '\n');
    return RT_OK;
}

rt_code rt_index_suggest(rt_index *x, rt_str query, rt_sink to, rt_err *err)
{
    search s = {.index = x, .to = to, .block = malloc(query_memory)};
    asker a = {.s = &s, .err = err};
    if (s.block == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    s.arena = (rt_arena){s.block, (char *)s.block + query_memory, &s.full};
    rt_buf_init(&s.out, SIZE_MAX);
    rt_code code = rt_query_parse(&s.arena, x->know->lexicon, query, &s.root, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT 1 FROM report_fts WHERE report_fts MATCH ?1 LIMIT 1",
                             &a.any, err);
    if (code == RT_OK)
        code = suggest(&a, s.root);
    if (code == RT_OK)
        code = rt_render_flush(&s.out, to, err);
    sqlite3_finalize(a.any);
    rt_buf_free(&s.out);
    free(s.block);
    return code;
}
