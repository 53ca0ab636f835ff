/* The worklist of critical findings: what is open and most urgent first. */
#include "index/index.h"

#include "index/marks.h"
#include "index/pieces.h"
#include "index/render.h"

/* ORDER: columns below. a: the latest acknowledgement of each flag. */
static const char rows_sql[] =
    "SELECT r.id, c.rule, c.category, c.minutes,"
    " coalesce(CASE r.language WHEN 'zh' THEN c.name_zh END, c.name_en, c.name_zh), c.certainty,"
    " c.communicated, r.date, r.time, a.who, a.time, a.note, c.b, c.e, r.text";
#define IS_OPEN "(a.who IS NULL AND NOT c.communicated)"
static const char source_sql[] = " FROM critical_flag c JOIN report r ON r.rowid = c.report"
                                 " LEFT JOIN (SELECT id, rule, who, time, note, max(n) FROM ";
static const char asked_for_sql[] = " GROUP BY id, rule) a ON a.id = r.id AND a.rule = c.rule"
                                    " WHERE c.category <= ?1 AND (?2 = 0 OR " IS_OPEN ")";

static const char order_sql[] =
    " ORDER BY a.who IS NOT NULL, c.category, c.minutes, c.certainty, r.date, r.time, c.report, c.n"
    " LIMIT ?3 OFFSET ?4";
static const char size_sql[] = "SELECT count(*), coalesce(sum(" IS_OPEN "), 0)";

/* ORDER: the columns of the statement. */
enum {
    ID,
    RULE,
    CATEGORY,
    MINUTES,
    NAME,
    CERTAINTY,
    COMMUNICATED,
    DATE,
    TIME,
    BY,
    AT,
    NOTE,
    BEG,
    END,
    TEXT
};

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
    static const struct {
        const char *name;
        int column;
    } members[] = {{"date", DATE},
                   {"time", TIME},
                   {"acknowledged_by", BY},
                   {"acknowledged_at", AT},
                   {"note", NOTE}};
    rt_buf_addz(b, "{\"id\":");
    rt_render_json(b, rt_db_text(row, ID));
    rt_buf_addz(b, ",\"rule\":");
    rt_render_json(b, rt_db_text(row, RULE));
    rt_buf_addf(b, ",\"category\":%d,\"minutes\":%d,\"name\":", sqlite3_column_int(row, CATEGORY),
                sqlite3_column_int(row, MINUTES));
    rt_render_json(b, rt_db_text(row, NAME));
    rt_buf_addz(b, ",\"certainty\":");
    rt_render_json(b, rt_db_text(row, CERTAINTY));
    rt_buf_addf(b, ",\"communicated\":%s,",
                sqlite3_column_int(row, COMMUNICATED) != 0 ? "true" : "false");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        rt_buf_addf(b, "\"%s\":", members[i].name);
        rt_render_json(b, rt_db_text(row, members[i].column));
        rt_buf_addc(b, ',');
    }
    rt_buf_addf(b, "\"b\":%lld,\"e\":%lld,\"text\":", (long long)sqlite3_column_int64(row, BEG),
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
    bool taken = sqlite3_column_type(row, BY) != SQLITE_NULL;
    rt_render_pad(b, rt_db_text(row, CATEGORY), 2);
    rt_render_pad(b, rt_db_text(row, MINUTES), 5);
    rt_render_pad(b, rt_db_text(row, RULE), 5);
    rt_render_pad(b, rt_db_text(row, DATE), 10);
    rt_render_pad(b, rt_db_text(row, ID), 16);
    rt_render_pad(b, rt_db_text(row, NAME), 28);
    rt_render_pad(b, rt_db_text(row, CERTAINTY), 9);
    rt_render_pad(b, taken ? RT_STR("taken") : told ? RT_STR("told") : RT_STR("open"), 5);
    rt_buf_addc(b, ' ');
    rt_buf_add(b, evidence);
    rt_buf_addc(b, '\n');
}

static void write_heading(rt_buf *b, rt_table_format format)
{
    static const struct {
        const char *name;
        unsigned width;
    } columns[] = {{"c", 2},       {"min", 5},   {"rule", 5},      {"date", 10},
                   {"report", 16}, {"name", 28}, {"certainty", 9}, {"state", 5}};
    if (format == RT_TABLE_CSV)
        rt_buf_addz(b, "id,rule,category,minutes,name,certainty,communicated,date,time,"
                       "acknowledged_by,acknowledged_at,note,b,e,evidence\n");
    if (format != RT_TABLE_TABLE)
        return;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        rt_render_pad(b, rt_str_from(columns[i].name), columns[i].width);
    rt_buf_addz(b, " evidence\n");
}

static void write_flag(rt_buf *b, rt_buf *evidence, sqlite3_stmt *row, const rt_worklist_opts *o)
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

static rt_code write_flags(rt_index *x, sqlite3_stmt *s, const rt_worklist_opts *o, rt_sink to,
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

static rt_code prepare(rt_index *x, bool rows, const rt_worklist_opts *o, sqlite3_stmt **out,
                       rt_err *err)
{
    const char *acknowledgements;
    char text[2048];
    rt_code code = rt_acknowledgements(x, &acknowledgements, err);
    snprintf(text, sizeof text, "%s%s%s%s%s", rows ? rows_sql : size_sql, source_sql,
             acknowledgements, asked_for_sql, rows ? order_sql : "");
    if (code == RT_OK)
        code = rt_db_prepare(x, text, out, err);
    if (code != RT_OK)
        return code;
    sqlite3_bind_int64(*out, 1, o->category > 0 ? (int64_t)o->category : INT64_MAX);
    sqlite3_bind_int(*out, 2, o->open);
    if (!rows)
        return RT_OK;
    sqlite3_bind_int64(*out, 3, o->limit > 0 ? (int64_t)o->limit : -1);
    sqlite3_bind_int64(*out, 4, o->offset);
    return RT_OK;
}

static rt_code count(rt_index *x, const rt_worklist_opts *o, rt_worklist_size *size, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    rt_code code = prepare(x, false, o, &s, err);
    if (code == RT_OK)
        code = rt_db_step(x, s, &row, err);
    if (code == RT_OK && row)
        *size = (rt_worklist_size){(size_t)sqlite3_column_int64(s, 0),
                                   (size_t)sqlite3_column_int64(s, 1)};
    sqlite3_finalize(s);
    return code;
}

rt_code rt_index_critical(rt_index *x, const rt_worklist_opts *o, rt_sink to,
                          rt_worklist_size *size, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_code code = rt_index_commit(x, err);
    if (code == RT_OK)
        code = count(x, o, size, err);
    if (code == RT_OK && !o->count)
        code = prepare(x, true, o, &s, err);
    if (code == RT_OK && !o->count)
        code = write_flags(x, s, o, to, err);
    sqlite3_finalize(s);
    return code;
}
