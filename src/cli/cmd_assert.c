/* assert: is the phrase present, absent, possible in the sentence? TSV in, TSV out, for researchers
 * and for comparing with other engines. The phrase need not stand in the lexicon. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "cli/command.h"

static const size_t max_file = (size_t)1 << 30; /* it is read as a whole */
enum { MAX_COLUMNS = 64 };
static const double max_occurrence = 1e6;

typedef enum column { ROW, SENTENCE, TARGET, SECTION, OCCURRENCE, N_COLUMNS } column;
static const char *const column_names[N_COLUMNS] = {"row", "sentence", "target", "section",
                                                    "occurrence"};

typedef struct table {
    const char *path;
    rt_str rest;
    uint32_t line;
    int at[N_COLUMNS]; /* where each column stands; -1: not there */
    rt_str cell[MAX_COLUMNS];
    int n_cells;
} table;

static const rt_usage usage = {
    "assert",
    "[FILE]",
    "Reads a TSV with the columns row, sentence, target and, if they are there, section (its\n"
    "type) and occurrence (which place of the target in the sentence, from 1); other columns are\n"
    "ignored. Writes row, presence, temporality and experiencer.",
    NULL,
    0,
    0,
    1,
};

/* ---- the table */

static bool next_row(table *t)
{
    if (t->rest.len == 0)
        return false;
    rt_cut line = rt_str_cut(t->rest, '\n');
    t->rest = line.tail;
    t->line++;
    rt_cut cell = {.tail = line.head, .found = true};
    if (cell.tail.len > 0 && cell.tail.ptr[cell.tail.len - 1] == '\r')
        cell.tail.len--;
    for (t->n_cells = 0; cell.found && t->n_cells < MAX_COLUMNS; t->n_cells++) {
        cell = rt_str_cut(cell.tail, '\t');
        t->cell[t->n_cells] = cell.head;
    }
    return true;
}

static rt_str cell_of(const table *t, column c)
{
    int at = t->at[c];
    return at >= 0 && at < t->n_cells ? rt_str_trim(t->cell[at]) : (rt_str){"", 0};
}

static rt_code read_heading(table *t, rt_err *err)
{
    if (!next_row(t))
        return rt_fail(err, RT_EINPUT, "%s: no heading row", t->path);
    for (int c = 0; c < N_COLUMNS; c++) {
        t->at[c] = -1;
        for (int i = 0; i < t->n_cells && t->at[c] < 0; i++)
            if (rt_str_eq(rt_str_trim(t->cell[i]), rt_str_from(column_names[c])))
                t->at[c] = i;
    }
    for (int c = SENTENCE; c <= TARGET; c++)
        if (t->at[c] < 0)
            return rt_fail(err, RT_EINPUT, "%s: no column \"%s\" in the heading row", t->path,
                           column_names[c]);
    return RT_OK;
}

/* ---- the answers */

typedef struct asserter {
    rt_engine *engine;
    rt_scratch *scratch;
    rt_out out;
    rt_buf line;
    uint64_t rows, bad;
} asserter;

static rt_code answer(asserter *a, const table *t, rt_assert_view *view, rt_err *err)
{
    rt_str sentence = cell_of(t, SENTENCE), target = cell_of(t, TARGET);
    if (sentence.len == 0 || target.len == 0)
        return rt_fail(err, RT_EINPUT, "the row has no %s",
                       sentence.len == 0 ? "sentence" : "target");
    double nth = 1;
    rt_str cell = cell_of(t, OCCURRENCE);
    if (cell.len > 0 && (!rt_str_number(cell, &nth) || nth < 1 || nth > max_occurrence))
        return rt_fail(err, RT_EINPUT, "occurrence must be a number from 1");
    rt_phrase phrase = {sentence, target, cell_of(t, SECTION), (unsigned)nth};
    return rt_assert_phrase(a->engine, a->scratch, &phrase, view, err);
}

static void tell_bad(asserter *a, const table *t, rt_err *err)
{
    a->bad++;
    snprintf(err->where, sizeof err->where, "%s", t->path);
    err->line = t->line;
    rt_err_print(err, stderr);
}

/* A bad row is answered by empty cells: rows in = rows out. */
static rt_code answer_row(asserter *a, const table *t, rt_err *err)
{
    rt_assert_view view = {"", "", ""};
    rt_err row_err = {.code = RT_OK};
    if (answer(a, t, &view, &row_err) != RT_OK) {
        view = (rt_assert_view){"", "", ""};
        tell_bad(a, t, &row_err);
    }
    rt_str row = cell_of(t, ROW);
    a->rows++;
    rt_buf_clear(&a->line);
    if (t->at[ROW] >= 0)
        rt_buf_add(&a->line, row);
    else
        rt_buf_addu(&a->line, a->rows);
    rt_buf_addf(&a->line, "\t%s\t%s\t%s\n", view.presence, view.temporality, view.experiencer);
    rt_code code = rt_buf_check(&a->line, err);
    return code == RT_OK ? rt_out_write(&a->out, rt_buf_str(&a->line), err) : code;
}

static rt_code answer_all(asserter *a, table *t, rt_err *err)
{
    rt_code code = read_heading(t, err);
    if (code == RT_OK)
        code = rt_out_write(&a->out, RT_STR("row\tpresence\ttemporality\texperiencer\n"), err);
    while (code == RT_OK && next_row(t))
        if (t->n_cells > 1 || cell_of(t, SENTENCE).len > 0) /* not a blank line */
            code = answer_row(a, t, err);
    return code;
}

static int run(asserter *a, const char *path)
{
    rt_err err = {.code = RT_OK};
    rt_bytes bytes = {NULL, 0, false};
    rt_buf_init(&a->line, SIZE_MAX);
    rt_code code = rt_out_open(&a->out, NULL, &err);
    if (code == RT_OK)
        code = rt_scratch_new(a->engine, 0, &a->scratch, &err);
    if (code == RT_OK)
        code = rt_file_read(path, max_file, &bytes, &err);
    if (code == RT_OK) {
        table t = {.path = path, .rest = rt_bytes_str(&bytes)};
        code = answer_all(a, &t, &err);
    }
    rt_code closed = rt_out_close(&a->out, true, &err);
    if (code != RT_OK || closed != RT_OK)
        rt_err_print(&err, stderr);
    rt_bytes_free(&bytes);
    rt_buf_free(&a->line);
    rt_scratch_free(a->scratch);
    if (code != RT_OK || closed != RT_OK)
        return RT_EXIT_USAGE;
    return a->bad > 0 ? RT_EXIT_BAD : RT_EXIT_OK;
}

int rt_cmd_assert(int argc, char **argv)
{
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, NULL, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    asserter a = {.engine = NULL};
    status = rt_engine_open_home(&a.engine);
    if (status != RT_EXIT_OK)
        return status;
    status = run(&a, first < argc ? argv[first] : "-");
    rt_engine_close(a.engine);
    return status;
}
