/* Section pieces. See pieces.h. */
#include "index/pieces.h"

#include "base/buf.h"
#include "base/utf8.h"

uint32_t rt_bytes_at_point(rt_bytes_at *p, size_t point)
{
    if (point < p->point)
        p->byte = p->point = 0;
    for (; p->point < point && p->byte < p->text.len; p->point++) {
        p->byte++;
        while (p->byte < p->text.len && rt_utf8_cont(p->text.ptr[p->byte]))
            p->byte++;
    }
    return (uint32_t)p->byte;
}

rt_pieces rt_pieces_of(rt_str text, rt_str sections)
{
    rt_bytes_at whole = {.text = text};
    return (rt_pieces){.text = whole, .sections = sections};
}

static bool next_number(rt_pieces *p, uint32_t *out)
{
    rt_str s = p->sections;
    while (p->at < s.len && !rt_is_digit(s.ptr[p->at]))
        p->at++;
    *out = 0;
    if (p->at == s.len)
        return false;
    for (; p->at < s.len && rt_is_digit(s.ptr[p->at]); p->at++)
        *out = *out * 10 + (uint32_t)(s.ptr[p->at] - '0');
    return true;
}

bool rt_pieces_next(rt_pieces *p, uint32_t *type, rt_span *bytes)
{
    uint32_t beg = 0, end = 0;
    if (!next_number(p, type) || !next_number(p, &beg) || !next_number(p, &end) || end < beg)
        return false;
    bytes->beg = rt_bytes_at_point(&p->text, beg);
    bytes->end = rt_bytes_at_point(&p->text, end);
    return true;
}

/* ---- SQL */

static rt_str text_of(sqlite3_value *v)
{
    const char *text = (const char *)sqlite3_value_text(v);
    return text == NULL ? RT_STR("") : (rt_str){text, (size_t)sqlite3_value_bytes(v)};
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
    if (rt_buf_check(&b, NULL) != RT_OK)
        sqlite3_result_error_nomem(c);
    else if (b.len > 0)
        sqlite3_result_text64(c, b.ptr, b.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    rt_buf_free(&b);
}

int rt_pieces_register(sqlite3 *db)
{
    return sqlite3_create_function_v2(db, "rt_section", 3,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                      sql_section, NULL, NULL, NULL);
}
