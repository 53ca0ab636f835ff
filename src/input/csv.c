/* A row of CSV (RFC 4180) to a record. Where its fields stand was read from the heading by the
 * reader (csv_rows.c).
 *
 * A row with more or fewer cells than the heading is refused: an unquoted separator within the text
 * would cut the text short without a word. Quotes inside of an unquoted cell are taken as they
 * are. */
#include "input/format.h"

#include "base/utf8.h"
#include "text/decode.h"

/* ---- cells */

/* A quoted cell from the byte behind its quote: *end is its closing quote. */
static bool find_close(rt_str row, size_t from, size_t *end, size_t *doubled)
{
    for (size_t at = from; at < row.len; at++) {
        const char *quote = memchr(row.ptr + at, '"', row.len - at);
        if (quote == NULL)
            return false;
        at = (size_t)(quote - row.ptr);
        *end = at;
        if (at + 1 == row.len || row.ptr[at + 1] != '"')
            return true;
        at++;
        ++*doubled;
    }
    return false;
}

static rt_str undouble(rt_arena *a, rt_str cell, size_t doubled)
{
    if (doubled == 0)
        return cell;
    char *to = RT_NEW(a, char, cell.len - doubled);
    if (to == NULL)
        return (rt_str){"", 0};
    size_t n = 0;
    for (size_t i = 0; i < cell.len; i++) {
        to[n++] = cell.ptr[i];
        i += cell.ptr[i] == '"';
    }
    return (rt_str){to, n};
}

bool rt_csv_cell(rt_arena *a, rt_str row, char separator, size_t *pos, rt_str *cell)
{
    size_t end = *pos;
    if (end < row.len && row.ptr[end] == '"') {
        size_t doubled = 0, from = end + 1;
        if (!find_close(row, from, &end, &doubled))
            return false;
        *cell = undouble(a, rt_str_slice(row, from, end), doubled);
        end++;
    } else {
        const char *stop = end < row.len ? memchr(row.ptr + end, separator, row.len - end) : NULL;
        end = stop != NULL ? (size_t)(stop - row.ptr) : row.len;
        *cell = rt_str_slice(row, *pos, end);
    }
    *pos = end < row.len ? end + 1 : SIZE_MAX;
    return end == row.len || row.ptr[end] == separator;
}

/* ---- the row */

static rt_code fail_row(const rt_raw *raw, rt_err *err, uint32_t column, const char *why)
{
    rt_fail(err, RT_EINPUT, "CSV: cell %u of the row %s", (unsigned)column, why);
    return rt_raw_place(raw, RT_EINPUT, err);
}

static rt_code decode_row(rt_arena *a, const rt_raw *raw, rt_str *row, rt_record *out, rt_err *err)
{
    const char *charset = raw->csv.charset;
    if (charset == NULL && rt_utf8_valid(*row, NULL))
        return RT_OK;
    rt_decoded d;
    rt_code code = rt_decode(a, *row, rt_str_from(charset), &d, err);
    if (code != RT_OK)
        return rt_raw_place(raw, code, err);
    *row = d.text;
    out->replaced += d.replaced;
    return RT_OK;
}

static void take_cell(rt_arena *a, const rt_raw *raw, uint32_t column, rt_str cell, rt_record *out)
{
    if (rt_str_trim(cell).len == 0)
        return;
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++) {
        if (raw->csv.column[f] != column)
            continue;
        out->field[f] =
            f == RT_FIELD_TEXT ? cell : rt_field_clean(a, rt_str_trim(cell), &out->replaced);
    }
}

static rt_code take_cells(rt_arena *a, const rt_raw *raw, rt_str row, rt_record *out, rt_err *err)
{
    uint32_t column = 0;
    for (size_t pos = 0; pos != SIZE_MAX;) {
        rt_str cell;
        column++;
        if (!rt_csv_cell(a, row, raw->csv.separator, &pos, &cell))
            return fail_row(raw, err, column,
                            "has a quote that is not closed, or not doubled inside of quotes");
        take_cell(a, raw, column, cell, out);
    }
    if (column == raw->csv.columns)
        return RT_OK;
    rt_fail(err, RT_EINPUT, "CSV: the row has %u cells, the heading %u", (unsigned)column,
            (unsigned)raw->csv.columns);
    return rt_raw_place(raw, RT_EINPUT, err);
}

rt_code rt_parse_csv(rt_arena *a, const rt_raw *raw, rt_parse_env *env, rt_record *out, rt_err *err)
{
    (void)env;
    if (raw->oversize)
        return rt_raw_oversize(raw, err);
    rt_str row = raw->bytes;
    if (row.len > 0 && row.ptr[row.len - 1] == '\r')
        row.len--;
    rt_code code = decode_row(a, raw, &row, out, err);
    if (code == RT_OK)
        code = take_cells(a, raw, row, out, err);
    if (code != RT_OK)
        return code;
    out->charset = RT_STR("UTF-8");
    if (out->field[RT_FIELD_TEXT].len > 0)
        return RT_OK;
    return fail_row(raw, err, raw->csv.column[RT_FIELD_TEXT], "is empty: it should hold the text");
}
