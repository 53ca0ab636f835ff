/* Rows of a CSV file: the heading, and where a row ends.
 *
 *            quote            quote             quote
 *   START -----------> QUOTED <-----> CLOSING -------- (doubled)
 *     |  \ other            separator |  \ line end: the row ends
 *     |   PLAIN -- separator -> START-+   \ anything else: BROKEN
 *
 * A row whose quotes do not match might swallow the whole file. So of a broken row only the first
 * line is given out, which the parser refuses, and cutting begins anew at the next line: good rows
 * go on. Looking ahead for nothing is paid from a budget, so that time stays linear.
 *
 * Quote, separators and line ends are never part of a character in any charset that is read here
 * (UTF-8, GB18030, Big5, Windows), so rows are cut before decoding. */
#include <stdlib.h>

#include "base/utf8.h"
#include "input/format.h"
#include "input/reader.h"
#include "text/decode.h"

enum {
    MAX_COLUMNS = 4096,
    MAX_HEADING = 256 * 1024, /* bytes */
    SAMPLE = 64 * 1024,       /* bytes that tell the charset of the file */
    LOOK_AHEAD = 8,           /* bytes that may be scanned in vain for each byte of the source */
    ARENA = 1024 * 1024,      /* for the heading and the sample, decoded */
};

typedef enum state { START, PLAIN, QUOTED, CLOSING, BROKEN, ENDED } state;

static const char *const field_names[RT_FIELD_COUNT] = {
#define X(upper, lower) #lower,
    RT_FIELDS(X)
#undef X
};

/* ---- where a row ends */

static state step(state s, char c, char separator)
{
    if (s == QUOTED)
        return c == '"' ? CLOSING : QUOTED;
    if (c == '\n')
        return ENDED;
    if (c == separator)
        return START;
    if (c == '"' && s != PLAIN)
        return QUOTED;
    return s != CLOSING ? PLAIN : c == '\r' ? CLOSING : BROKEN;
}

/* Looks at the bytes that are there, from `scanned` on. */
static state scan(rt_reader *r)
{
    state s = (state)r->state;
    while (r->scanned < r->len && s < BROKEN) {
        if (s == QUOTED) {
            const char *quote = memchr(r->buf + r->scanned, '"', r->len - r->scanned);
            r->scanned = quote != NULL ? (size_t)(quote - r->buf) : r->len;
            if (quote == NULL)
                break;
        }
        s = step(s, r->buf[r->scanned++], r->csv.separator);
    }
    r->state = s;
    return s;
}

static size_t first_line(const rt_reader *r) /* its length */
{
    const char *end = r->pos < r->len ? memchr(r->buf + r->pos, '\n', r->len - r->pos) : NULL;
    return end != NULL ? (size_t)(end - r->buf) - r->pos : r->len - r->pos;
}

/* Of a broken row the first line. */
static rt_raw give_broken(rt_reader *r)
{
    size_t stop = r->pos + first_line(r);
    r->wasted += r->scanned - r->pos;
    return rt_reader_give(r, stop, stop < r->len ? stop + 1 : stop, false, 1);
}

/* The row is too long, or looking ahead has cost too much: what was scanned is passed over, and the
 * rest of the line if the row has not ended. */
static rt_code give_oversize(rt_reader *r, bool ended, rt_raw *out, rt_err *err)
{
    size_t n = r->scanned - r->pos;
    size_t kept = n < RT_KEPT_OF_OVERSIZE ? n : RT_KEPT_OF_OVERSIZE;
    uint32_t lines = rt_count_lines(rt_str_slice((rt_str){r->buf, r->len}, r->pos, r->scanned));
    rt_code code = ended || n < RT_KEPT_OF_OVERSIZE ? RT_OK : rt_reader_skip_line(r, err);
    size_t next = !ended && r->scanned < r->len ? r->scanned + 1 : r->scanned;
    *out = rt_reader_give(r, r->pos + kept, next, true, lines + !ended);
    return code;
}

static rt_code give_row(rt_reader *r, rt_raw *out, rt_err *err)
{
    state s = (state)r->state;
    bool ended = s == ENDED, broken = s == QUOTED || s == BROKEN;
    bool lavish = r->wasted > LOOK_AHEAD * (r->gone + r->pos) + 2 * r->ceiling;
    size_t end = ended ? r->scanned - 1 : r->scanned;
    r->state = START;
    if (broken && !lavish && first_line(r) <= r->ceiling) {
        *out = give_broken(r);
        return RT_OK;
    }
    if (broken || end - r->pos > r->ceiling)
        return give_oversize(r, ended, out, err);
    rt_str row = rt_str_slice((rt_str){r->buf, r->len}, r->pos, r->scanned);
    *out = rt_reader_give(r, end, r->scanned, false, rt_count_lines(row));
    return RT_OK;
}

static rt_code next_row(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    *more = false;
    while (!*more && (r->pos < r->len || !r->ended)) {
        while (scan(r) < BROKEN && !r->ended && r->scanned - r->pos <= r->ceiling) {
            rt_code code = rt_reader_fill(r, err);
            if (code != RT_OK)
                return code;
        }
        rt_code code = give_row(r, out, err);
        if (code != RT_OK)
            return code;
        *more = rt_str_trim(out->bytes).len > 0;
    }
    return RT_OK;
}

/* ---- the map: how the caller calls the columns */

static rt_str next_pair(rt_str *map, rt_str *column)
{
    rt_cut pair = rt_str_cut(*map, ',');
    rt_cut halves = rt_str_cut(pair.head, '=');
    *map = pair.tail;
    *column = rt_str_trim(halves.tail);
    return rt_str_trim(halves.head);
}

static unsigned field_of(rt_str name)
{
    unsigned f = 0;
    while (f < RT_FIELD_COUNT && !rt_str_eq_nocase(name, rt_str_from(field_names[f])))
        f++;
    return f;
}

rt_code rt_csv_check_map(const char *map, rt_err *err)
{
    rt_str rest = rt_str_from(map), column;
    while (rest.len > 0) {
        rt_str name = next_pair(&rest, &column);
        if (column.len == 0)
            return rt_fail(err, RT_EUSAGE, "map: \"%.*s\" is not of the form field=column",
                           (int)name.len, name.ptr);
        if (field_of(name) == RT_FIELD_COUNT)
            return rt_fail(err, RT_EUSAGE, "map: there is no field \"%.*s\"; text is one, or id",
                           (int)name.len, name.ptr);
    }
    return RT_OK;
}

/* The column that the map names for the field, or else the field's own name. */
static rt_str wanted_name(const char *map, unsigned field, bool *mapped)
{
    rt_str rest = rt_str_from(map), column;
    *mapped = true;
    while (rest.len > 0)
        if (field_of(next_pair(&rest, &column)) == field)
            return column;
    *mapped = false;
    return rt_str_from(field_names[field]);
}

/* ---- the heading */

static char separator_of(rt_str line)
{
    static const char candidates[] = {',', '\t', ';'};
    for (size_t i = 0; i < sizeof candidates; i++)
        if (line.len > 0 && memchr(line.ptr, candidates[i], line.len) != NULL)
            return candidates[i];
    return ',';
}

static rt_code fail_heading(const rt_reader *r, uint32_t line, rt_err *err, const char *what,
                            rt_str name)
{
    rt_fail(err, RT_EINPUT, "CSV: the heading %s \"%.*s\"; --map FIELD=COLUMN names another", what,
            (int)name.len, name.ptr);
    if (err != NULL) {
        snprintf(err->where, sizeof err->where, "%s", r->path);
        err->line = line;
    }
    return RT_EINPUT;
}

/* Columns called `name`; *at: the last of them, from 1. */
static uint32_t find_column(rt_arena a, rt_str row, char separator, rt_str name, uint16_t *at)
{
    uint32_t found = 0, column = 0;
    for (size_t pos = 0; pos != SIZE_MAX && column < MAX_COLUMNS;) {
        rt_str cell;
        column++;
        if (!rt_csv_cell(&a, row, separator, &pos, &cell))
            break;
        if (!rt_str_eq_nocase(rt_str_trim(cell), name))
            continue;
        *at = (uint16_t)column;
        found++;
    }
    return found;
}

static rt_code name_columns(rt_reader *r, rt_arena a, rt_str row, uint32_t line, rt_err *err)
{
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++) {
        bool mapped = false;
        rt_str name = wanted_name(r->map, f, &mapped);
        uint32_t found = find_column(a, row, r->csv.separator, name, &r->csv.column[f]);
        if (found == 0 && f == RT_FIELD_ID && !mapped)
            found = find_column(a, row, r->csv.separator, RT_STR("uid"), &r->csv.column[f]);
        if (found > 1)
            return fail_heading(r, line, err, "has more than one column", name);
        if (found == 0 && (mapped || f == RT_FIELD_TEXT))
            return fail_heading(r, line, err, "has no column", name);
    }
    return RT_OK;
}

static rt_code count_columns(rt_reader *r, rt_arena a, rt_str row, rt_err *err)
{
    for (size_t pos = 0; pos != SIZE_MAX;) {
        rt_str cell;
        if (!rt_csv_cell(&a, row, r->csv.separator, &pos, &cell))
            return rt_fail(err, RT_EINPUT, "%s: CSV: a quote of the heading is not closed",
                           r->path);
        if (++r->csv.columns > MAX_COLUMNS)
            return rt_fail(err, RT_ELIMIT, "%s: CSV: more than %d columns", r->path, MAX_COLUMNS);
    }
    return RT_OK;
}

static rt_code read_names(rt_reader *r, rt_arena a, const rt_raw *heading, rt_err *err)
{
    rt_str row = heading->bytes;
    if (row.len > MAX_HEADING || heading->oversize)
        return rt_fail(err, RT_ELIMIT, "%s: CSV: the heading has more than %d bytes", r->path,
                       MAX_HEADING);
    if (row.len > 0 && row.ptr[row.len - 1] == '\r')
        row.len--;
    rt_decoded d;
    rt_code code = rt_decode(&a, row, rt_str_from(r->csv.charset), &d, err);
    if (code == RT_OK)
        code = count_columns(r, a, d.text, err);
    return code == RT_OK ? name_columns(r, a, d.text, heading->line, err) : code;
}

/* NULL when the beginning of the file is UTF-8; it may end inside a character. */
static rt_code find_charset(rt_reader *r, rt_arena a, rt_err *err)
{
    while (r->len - r->pos < SAMPLE && !r->ended) {
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
    size_t bad = 0, n = r->len - r->pos < SAMPLE ? r->len - r->pos : SAMPLE;
    rt_str sample = {r->buf + r->pos, n};
    /* cppcheck-suppress knownConditionTrueFalse ; it misreads the loop above */
    if (rt_utf8_valid(sample, &bad) || (n == SAMPLE && bad + 4 > n))
        return RT_OK;
    rt_decoded d;
    rt_code code = rt_decode(&a, sample, RT_STR(""), &d, err);
    if (code == RT_OK)
        r->csv.charset = d.charset;
    return code;
}

static void skip_blank_lines(rt_reader *r) /* of those that are in the buffer */
{
    size_t n = first_line(r);
    while (r->pos + n < r->len && rt_str_trim((rt_str){r->buf + r->pos, n}).len == 0) {
        r->line++;
        r->pos = r->scanned = r->pos + n + 1;
        n = first_line(r);
    }
}

static rt_code read_heading(rt_reader *r, rt_err *err)
{
    bool full = false, more = false;
    rt_raw heading;
    char *memory = malloc(ARENA);
    if (memory == NULL)
        return rt_fail(err, RT_ENOMEM, "%s: out of memory", r->path);
    rt_arena a = {memory, memory + ARENA, &full};
    rt_code code = find_charset(r, a, err);
    if (code == RT_OK) {
        skip_blank_lines(r);
        rt_str line = {r->buf + r->pos, first_line(r)};
        r->csv.separator = separator_of(line);
        code = next_row(r, &heading, &more, err);
    }
    if (code == RT_OK && more)
        code = read_names(r, a, &heading, err);
    free(memory);
    return code;
}

rt_code rt_cut_csv(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    *more = false;
    if (r->csv.separator == 0) {
        rt_code code = read_heading(r, err);
        if (code != RT_OK)
            return code;
    }
    return next_row(r, out, more, err);
}

bool rt_csv_recognise(rt_str beginning)
{
    rt_str line = rt_str_cut(beginning, '\n').head;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    char separator = separator_of(line);
    if (line.len == 0 || memchr(line.ptr, separator, line.len) == NULL)
        return false;
    uint16_t at;
    bool full = false;
    rt_arena none = {NULL, NULL, &full};
    return find_column(none, line, separator, RT_STR("text"), &at) == 1;
}
