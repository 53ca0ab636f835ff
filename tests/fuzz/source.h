/* Shared by the fuzz targets of the input formats: the bytes are a source with a small ceiling,
 * which is read and parsed to its end.
 *
 * Traps when a record breaks what input/parser.h promises: an id always, fields that are valid
 * UTF-8 without controls, a text when it is good and a message when it is bad; and when the reader
 * gives a blank record, one longer than the ceiling, or lines that go back. */
#ifndef RT_FUZZ_SOURCE_H
#define RT_FUZZ_SOURCE_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "input/parser.h"

enum { CEILING = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void check_field(rt_str s)
{
    require(s.len == 0 || rt_utf8_valid(s, NULL));
    for (size_t i = 0; i < s.len; i++)
        require((unsigned char)s.ptr[i] >= 0x20 && s.ptr[i] != 0x7f);
}

static void check_record(const rt_record *r, rt_code code, const rt_err *err)
{
    require(r->field[RT_FIELD_ID].len > 0);
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++)
        if (f != RT_FIELD_TEXT && (code == RT_OK || f == RT_FIELD_ID))
            check_field(r->field[f]);
    if (code == RT_OK)
        require(rt_str_trim(r->field[RT_FIELD_TEXT]).len > 0 &&
                rt_utf8_valid(r->field[RT_FIELD_TEXT], NULL));
    else
        require(err->code == code && err->msg[0] != '\0' && err->line >= r->line);
}

/* Several HL7 messages may stand in one line; of the others each begins a new one. */
static void check_raw(const rt_raw *raw, uint32_t line)
{
    require(raw->line > line || (raw->format == RT_FORMAT_HL7 && raw->line == line));
    require(raw->bytes.len > 0 && raw->bytes.len <= CEILING);
}

static void read_all(rt_reader *reader, rt_parser *parser)
{
    uint32_t line = 0;
    for (;;) {
        rt_raw raw;
        rt_record record;
        rt_err err = {.code = RT_OK};
        bool more = false;
        rt_code code = rt_reader_next(reader, &raw, &more, &err);
        require(code == RT_OK || line == 0); /* a heading may be bad */
        if (code != RT_OK || !more)
            return;
        check_raw(&raw, line);
        line = raw.line;
        code = rt_parser_parse(parser, &raw, &record, &err);
        require(!raw.oversize || code == RT_ELIMIT);
        check_record(&record, code, &err);
    }
}

/* The reader wants a file: one without a name, seen through /proc. map may be NULL. */
static int fuzz_source(const uint8_t *data, size_t size, rt_format format, const rt_knowledge *know,
                       const char *map)
{
    char path[32];
    FILE *file = tmpfile();
    if (file == NULL)
        return 0;
    require(fwrite(data, 1, size, file) == size && fflush(file) == 0);
    rewind(file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    rt_reader *reader = NULL;
    rt_parser *parser = NULL;
    rt_err err = {.code = RT_OK};
    require(rt_parser_new(know, &parser, &err) == RT_OK);
    rt_code code = rt_reader_open(path, format, CEILING, &reader, &err);
    require(code == RT_OK || code == RT_EINPUT); /* EINPUT: UTF-16 */
    if (code == RT_OK && map != NULL)
        require(rt_reader_map(reader, map, &err) == RT_OK);
    if (code == RT_OK)
        read_all(reader, parser);
    rt_reader_close(reader);
    rt_parser_free(parser);
    fclose(file);
    return 0;
}

#endif
