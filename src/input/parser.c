/* One raw record to an rt_record: memory and the choice of the format.
 *
 * The arena is a guess that is doubled until the record fits; after a few records it always does.
 * Parsing is a pure function of the raw bytes, so a run that did not fit is simply run again. */
#include "input/parser.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/eight.h"
#include "base/put.h"
#include "base/utf8.h"
#include "input/format.h"

#ifdef RT_HARD
enum { FIRST_BLOCK = 64 };
#else
enum { FIRST_BLOCK = 16 * 1024 };
#endif

struct rt_parser {
    char *block; /* of the arena */
    size_t size;
    rt_parse_env env;       /* its tree is freed before the next record */
    char line_id[RT_PUT_U]; /* the id of a record that names none */
};

rt_code rt_parser_new(const rt_knowledge *know, rt_parser **out, rt_err *err)
{
    rt_parser *p = calloc(1, sizeof *p);
    char *block = malloc(FIRST_BLOCK);
    if (p == NULL || block == NULL) {
        free(p);
        free(block);
        return rt_fail(err, RT_ENOMEM, "out of memory");
    }
    p->block = block;
    p->size = FIRST_BLOCK;
    p->env.know = know;
    *out = p;
    return RT_OK;
}

void rt_parser_free(rt_parser *p)
{
    if (p == NULL)
        return;
    rt_parse_jsonl_free(p->env.tree);
    free(p->block);
    free(p);
}

static rt_parse_format *format_parser(rt_format format)
{
    switch (format) {
    case RT_FORMAT_TEXT:
        return rt_parse_text;
    case RT_FORMAT_JSONL:
        return rt_parse_jsonl;
    case RT_FORMAT_CSV:
        return rt_parse_csv;
    case RT_FORMAT_HL7:
        return rt_parse_hl7;
    case RT_FORMAT_AUTO:
        break;
    }
    return NULL;
}

/* A record of which nothing is known yet but its place. */
static void start_record(rt_parser *p, const rt_raw *raw, rt_record *out)
{
    rt_parse_jsonl_free(p->env.tree);
    p->env.tree = NULL;
    const char *end = rt_put_u(p->line_id, raw->line);
    *out = (rt_record){.format = raw->format, .line = raw->line};
    out->field[RT_FIELD_ID] = (rt_str){p->line_id, (size_t)(end - p->line_id)};
}

static bool grow(rt_parser *p)
{
    char *larger = malloc(p->size * 2);
    if (larger == NULL)
        return false;
    free(p->block);
    p->block = larger;
    p->size *= 2;
    return true;
}

rt_code rt_parser_parse(rt_parser *p, const rt_raw *raw, rt_record *out, rt_err *err)
{
    rt_parse_format *parse = format_parser(raw->format);
    for (;;) {
        start_record(p, raw, out);
        if (parse == NULL)
            return rt_fail(err, RT_EUSAGE, "this input format is not supported yet");
        bool full = false;
        rt_arena a = {p->block, p->block + p->size, &full};
        rt_err trial = {.code = RT_OK};
        rt_code code = parse(&a, raw, &p->env, out, &trial);
        if (!full) {
            if (code != RT_OK && err != NULL && err->code == RT_OK)
                *err = trial;
            return code;
        }
        if (!grow(p))
            return rt_fail(err, RT_ENOMEM, "out of memory while parsing a record");
    }
}

rt_code rt_raw_place(const rt_raw *raw, rt_code code, rt_err *err)
{
    if (err != NULL && err->where[0] == '\0')
        snprintf(err->where, sizeof err->where, "%s", raw->source);
    if (err != NULL)
        err->line = raw->line;
    return code;
}

rt_code rt_raw_oversize(const rt_raw *raw, rt_err *err)
{
    rt_fail(err, RT_ELIMIT, "the record is longer than the ceiling for one record; skipped");
    return rt_raw_place(raw, RT_ELIMIT, err);
}

/* The length of a clean character at `at`; 0 when what stands there must be replaced. */
static size_t clean_length(rt_str s, size_t at)
{
    unsigned char c = (unsigned char)s.ptr[at];
    if (c < 0x80)
        return c >= 0x20 && c != 0x7f;
    size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (len > s.len - at || !rt_utf8_valid(rt_str_slice(s, at, at + len), NULL))
        return 0;
    bool noncharacter = len == 3 && c == 0xef && (unsigned char)s.ptr[at + 1] == 0xbf &&
                        (unsigned char)s.ptr[at + 2] >= 0xbe;
    return noncharacter ? 0 : len;
}

/* Eight characters of ASCII that may stay. */
static bool plain(uint64_t w)
{
    return ((w & RT_EIGHT_TOPS) | rt_some_below(w, 0x20) | rt_some_is(w, 0x7f)) == 0;
}

static size_t clean_prefix(rt_str s, size_t from)
{
    size_t at = from;
    while (at < s.len) {
        if (s.len - at >= 8 && plain(rt_eight(s.ptr + at))) {
            at += 8;
            continue;
        }
        size_t len = clean_length(s, at);
        if (len == 0)
            break;
        at += len;
    }
    return at;
}

rt_str rt_field_clean(rt_arena *a, rt_str s, uint32_t *replaced)
{
    size_t at = clean_prefix(s, 0);
    if (at == s.len)
        return s;
    char *to = RT_NEW(a, char, s.len * 3);
    if (to == NULL)
        return (rt_str){"", 0};
    size_t n = at;
    memcpy(to, s.ptr, at);
    while (at < s.len) {
        rt_str bad = (unsigned char)s.ptr[at] < 0x80 ? RT_STR(" ") : RT_STR("\xef\xbf\xbd");
        memcpy(to + n, bad.ptr, bad.len);
        n += bad.len;
        ++*replaced;
        at++;
        while (bad.len > 1 && at < s.len && rt_utf8_cont(s.ptr[at]))
            at++;
        size_t from = at;
        at = clean_prefix(s, from);
        memcpy(to + n, s.ptr + from, at - from);
        n += at - from;
    }
    return (rt_str){to, n};
}
