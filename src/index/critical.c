/* The worklist of critical findings, most urgent first. */
#include "index/index.h"

#include "index/marks.h"
#include "index/pieces.h"
#include "index/render.h"

static const char worklist_sql[] =
    "SELECT r.id, c.rule, c.category, c.minutes,"
    " coalesce(CASE r.language WHEN 'zh' THEN c.name_zh END, c.name_en, c.name_zh), c.certainty,"
    " c.communicated, c.b, c.e, r.text, r.language"
    " FROM critical_flag c JOIN report r ON r.rowid = c.report"
    " ORDER BY c.category, c.minutes, c.report, c.n LIMIT ?1 OFFSET ?2";
/* ORDER: the columns of the statement. */
enum { ID, RULE, CATEGORY, MINUTES, NAME, CERTAINTY, COMMUNICATED, BEG, END, TEXT, LANGUAGE };

static rt_mark mark_of(sqlite3_stmt *row, rt_str text)
{
    rt_mark mark = {.points = {(uint32_t)sqlite3_column_int64(row, BEG),
                               (uint32_t)sqlite3_column_int64(row, END)}};
    rt_bytes_at where = {.text = text};
    mark.at.beg = rt_bytes_at_point(&where, mark.points.beg);
    mark.at.end = rt_bytes_at_point(&where, mark.points.end);
    return mark;
}

static void write_jsonl(rt_buf *b, sqlite3_stmt *row, rt_str evidence, rt_str text)
{
    rt_buf_addz(b, "{\"id\":");
    rt_render_json(b, rt_db_text(row, ID));
    rt_buf_addz(b, ",\"rule\":");
    rt_render_json(b, rt_db_text(row, RULE));
    rt_buf_addf(b, ",\"category\":%d,\"minutes\":%d,\"name\":", sqlite3_column_int(row, CATEGORY),
                sqlite3_column_int(row, MINUTES));
    rt_render_json(b, rt_db_text(row, NAME));
    rt_buf_addz(b, ",\"certainty\":");
    rt_render_json(b, rt_db_text(row, CERTAINTY));
    rt_buf_addf(b, ",\"communicated\":%s,\"b\":%lld,\"e\":%lld,\"text\":",
                sqlite3_column_int(row, COMMUNICATED) != 0 ? "true" : "false",
                (long long)sqlite3_column_int64(row, BEG),
                (long long)sqlite3_column_int64(row, END));
    rt_render_json(b, text);
    rt_buf_addz(b, ",\"evidence\":");
    rt_render_json(b, evidence);
    rt_buf_addz(b, "}\n");
}

static void write_csv(rt_buf *b, sqlite3_stmt *row, rt_str evidence)
{
    for (int i = ID; i <= END; i++) {
        rt_render_csv(b, rt_db_text(row, i));
        rt_buf_addc(b, ',');
    }
    rt_render_csv(b, evidence);
    rt_buf_addc(b, '\n');
}

static void write_table(rt_buf *b, sqlite3_stmt *row, rt_str evidence)
{
    bool told = sqlite3_column_int(row, COMMUNICATED) != 0;
    rt_render_pad(b, rt_db_text(row, CATEGORY), 2);
    rt_render_pad(b, rt_db_text(row, MINUTES), 5);
    rt_render_pad(b, rt_db_text(row, RULE), 5);
    rt_render_pad(b, rt_db_text(row, ID), 16);
    rt_render_pad(b, rt_db_text(row, NAME), 28);
    rt_render_pad(b, rt_db_text(row, CERTAINTY), 9);
    rt_render_pad(b, told ? RT_STR("told") : RT_STR("not told"), 8);
    rt_buf_addc(b, ' ');
    rt_buf_add(b, evidence);
    rt_buf_addc(b, '\n');
}

static void write_heading(rt_buf *b, rt_table_format format)
{
    static const struct {
        const char *name;
        unsigned width;
    } columns[] = {{"c", 2},     {"min", 5},       {"rule", 5}, {"report", 16},
                   {"name", 28}, {"certainty", 9}, {"told?", 8}};
    if (format == RT_TABLE_CSV)
        rt_buf_addz(b, "id,rule,category,minutes,name,certainty,communicated,b,e,evidence\n");
    if (format != RT_TABLE_TABLE)
        return;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        rt_render_pad(b, rt_str_from(columns[i].name), columns[i].width);
    rt_buf_addz(b, " evidence\n");
}

static void write_flag(rt_buf *b, rt_buf *evidence, sqlite3_stmt *row, const rt_query_opts *o)
{
    static const char *const around[3][2] = {
        {"\xC2\xAB", "\xC2\xBB"}, {"\033[1;31m", "\033[0m"}, {"", ""}};
    rt_str text = rt_db_text(row, TEXT);
    rt_mark mark = mark_of(row, text);
    rt_mark_list marks = {&mark, 1, 1};
    unsigned how = o->format == RT_TABLE_JSONL ? 2 : o->colour ? 1 : 0;
    rt_buf_clear(evidence);
    rt_snippet_write(evidence, text, rt_snippet_window(text, &marks, 0), &marks, around[how]);
    switch (o->format) {
    case RT_TABLE_TABLE:
        write_table(b, row, rt_buf_str(evidence));
        break;
    case RT_TABLE_JSONL:
        write_jsonl(b, row, rt_buf_str(evidence), rt_str_slice(text, mark.at.beg, mark.at.end));
        break;
    case RT_TABLE_CSV:
        write_csv(b, row, rt_buf_str(evidence));
        break;
    }
}

static rt_code write_flags(rt_index *x, sqlite3_stmt *s, const rt_query_opts *o, rt_sink to,
                           rt_err *err)
{
    rt_buf b, evidence;
    bool row = true;
    size_t n = 0;
    rt_code code = RT_OK;
    rt_buf_init(&b, SIZE_MAX);
    rt_buf_init(&evidence, SIZE_MAX);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        if (n++ == 0)
            write_heading(&b, o->format);
        write_flag(&b, &evidence, s, o);
        code = rt_render_flush(&b, to, err);
    }
    if (code == RT_OK && n == 0 && o->format == RT_TABLE_CSV) {
        write_heading(&b, o->format);
        code = rt_render_flush(&b, to, err);
    }
    rt_buf_free(&b);
    rt_buf_free(&evidence);
    return code;
}

rt_code rt_index_critical(rt_index *x, const rt_query_opts *o, rt_sink to, size_t *count,
                          rt_err *err)
{
    sqlite3_stmt *s = NULL;
    int64_t n = 0;
    rt_code code = rt_index_commit(x, err);
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT count(*) FROM critical_flag", &n, err);
    if (code == RT_OK && !o->count)
        code = rt_db_prepare(x, worklist_sql, &s, err);
    if (code == RT_OK && !o->count) {
        sqlite3_bind_int64(s, 1, o->limit > 0 ? (int64_t)o->limit : -1);
        sqlite3_bind_int64(s, 2, o->offset);
        code = write_flags(x, s, o, to, err);
    }
    sqlite3_finalize(s);
    if (code == RT_OK)
        *count = (size_t)n;
    return code;
}
