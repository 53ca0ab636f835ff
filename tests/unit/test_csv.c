/* Tests of CSV: where a row ends, which cell is which field, and what becomes of broken rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/err.h"
#include "input/parser.h"

static rt_parser *parser;
static rt_reader *reader;
static rt_raw raw;
static rt_record rec;
static rt_err err;
static char path[] = "/tmp/test_csv_XXXXXX";

static void setup(void)
{
    ck_assert_int_eq(rt_parser_new(NULL, &parser, NULL), RT_OK);
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void teardown(void)
{
    rt_reader_close(reader);
    reader = NULL;
    rt_parser_free(parser);
    unlink(path);
}

static void start_bytes(const char *p, size_t n, size_t ceiling, const char *map)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(p, 1, n, f), n);
    fclose(f);
    rt_reader_close(reader);
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_CSV, ceiling, &reader, &err), RT_OK);
    if (map != NULL)
        ck_assert_int_eq(rt_reader_map(reader, map, &err), RT_OK);
}

static void start(const char *z)
{
    start_bytes(z, strlen(z), 0, NULL);
}

static rt_code next(void)
{
    bool more = false;
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(rt_reader_next(reader, &raw, &more, &err), RT_OK);
    ck_assert(more);
    return rt_parser_parse(parser, &raw, &rec, &err);
}

static void expect(rt_field_id f, const char *want)
{
    ck_assert_msg(rt_str_eq(rec.field[f], rt_str_from(want)), "got \"%.*s\", not \"%s\"",
                  (int)rec.field[f].len, rec.field[f].ptr ? rec.field[f].ptr : "", want);
}

static void good(uint32_t line, const char *id, const char *text)
{
    rt_code code = next();
    ck_assert_msg(code == RT_OK, "%s", err.msg);
    ck_assert_uint_eq(rec.line, line);
    expect(RT_FIELD_ID, id);
    expect(RT_FIELD_TEXT, text);
}

static void bad(uint32_t line, const char *message)
{
    ck_assert_int_ne(next(), RT_OK);
    ck_assert_msg(strstr(err.msg, message) != NULL, "\"%s\" does not say \"%s\"", err.msg, message);
    ck_assert_uint_eq(err.line, line);
    ck_assert_str_eq(err.where, path);
}

static void end(void)
{
    bool more = true;
    ck_assert_int_eq(rt_reader_next(reader, &raw, &more, &err), RT_OK);
    ck_assert(!more);
}

START_TEST(quotes_and_line_breaks)
{
    start("id,text,sex\r\n"
          "1,\"a, \"\"b\"\"\r\nc\",F\r\n"
          "\r\n"
          "2,plain 5\" nail,\n"
          "3,\"\"\"\",M\n"
          "4,\"last\",");
    good(2, "1", "a, \"b\"\r\nc");
    expect(RT_FIELD_SEX, "F");
    good(5, "2", "plain 5\" nail");
    good(6, "3", "\"");
    good(7, "4", "last");
    expect(RT_FIELD_SEX, "");
    end();
}
END_TEST

START_TEST(names_of_columns)
{
    start("\xef\xbb\xbfUID,Other, TEXT ,modality\n7,x,t,CT\n,x,t,CT\n");
    good(2, "7", "t");
    expect(RT_FIELD_MODALITY, "CT");
    good(3, "3", "t"); /* no id: the line */
    const char *zh = "检查号;报告内容;text\n9;胸片;x\n";
    start_bytes(zh, strlen(zh), 0, "text=报告内容, id=检查号");
    good(2, "9", "胸片");
    start("text\tage\nx\t61\n");
    good(2, "2", "x");
    expect(RT_FIELD_AGE, "61");
}
END_TEST

/* The heading "id,text" and a row in GB18030, whose second bytes may look like anything but a
 * quote, a separator or a line end. */
START_TEST(gb18030)
{
    static const char gb[] =
        "\xb1\xe0\xba\xc5,text\n1,\"\xd7\xf3\xb2\xe0,\xc6\xf8\xd0\xd8\x81\x7c\"\n";
    start_bytes(gb, sizeof gb - 1, 0, "id=编号");
    good(2, "1", "左侧,气胸亅");
}
END_TEST

/* A row that is broken does not take the good ones behind it along. */
START_TEST(broken_rows)
{
    start("id,text\n"
          "1,\"open\n"
          "2,good\n"
          "3,\"closed\" too early\n"
          "4,one,too many\n"
          "5\n"
          "6,\" \"\n"
          "7,\"good\"\n"
          "8,\"open");
    bad(2, "cell 2 of the row has a quote that is not closed");
    good(3, "2", "good");
    bad(4, "not doubled");
    bad(5, "the row has 3 cells, the heading 2");
    bad(6, "the row has 1 cells, the heading 2");
    bad(7, "cell 2 of the row is empty");
    good(8, "7", "good");
    bad(9, "not closed");
    end();
}
END_TEST

START_TEST(ceiling)
{
    char source[4096];
    int n = snprintf(source, sizeof source,
                     "id,text\n1,%0600d\n2,ok\n3,\"%0600d\"\n4,\"%0200d\n%0200d", 0, 0, 0, 0);
    ck_assert_int_gt(n, 0);
    start_bytes(source, (size_t)n, 300, NULL);
    bad(2, "ceiling");
    good(3, "2", "ok");
    bad(4, "ceiling");
    bad(5, "not closed");
    bad(6, "1 cells");
    end();
}
END_TEST

static void heading_fails(const char *z, const char *map, const char *message)
{
    bool more = false;
    start_bytes(z, strlen(z), 0, map);
    ck_assert_int_eq(rt_reader_next(reader, &raw, &more, &err), RT_EINPUT);
    ck_assert_msg(strstr(err.msg, message) != NULL, "\"%s\" does not say \"%s\"", err.msg, message);
}

START_TEST(bad_headings)
{
    heading_fails("id,report\n1,x\n", NULL, "has no column \"text\"");
    heading_fails("id,text,Text\n1,x,y\n", NULL, "more than one column \"text\"");
    heading_fails("id,text\n1,x\n", "id=编号", "has no column \"编号\"");
    heading_fails("id,\"text\n1,x\n", NULL, "not closed");
    start("");
    end();
    start("id,text\n");
    end();
    ck_assert_int_eq(rt_reader_map(reader, "text", &err), RT_EUSAGE);
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(rt_reader_map(reader, "texts=a", &err), RT_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "no field \"texts\""));
}
END_TEST

START_TEST(many_rows)
{
    enum { ROWS = 20000 };
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    fputs("id,text\n", f);
    for (int i = 0; i < ROWS; i++)
        fprintf(f, i % 7 == 0 ? "%d,\"line\nline\"\n" : i % 7 == 3 ? "%d,\"x\" y\n" : "%d,x\n", i);
    fclose(f);
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_CSV, 1000, &reader, NULL), RT_OK);
    uint32_t line = 2;
    for (int i = 0; i < ROWS; i++) {
        ck_assert_int_eq(next(), i % 7 == 3 ? RT_EINPUT : RT_OK);
        ck_assert_uint_eq(raw.line, line);
        line += i % 7 == 0 ? 2 : 1;
    }
    end();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("csv");
    TCase *t = tcase_create("csv");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, quotes_and_line_breaks);
    tcase_add_test(t, names_of_columns);
    tcase_add_test(t, gb18030);
    tcase_add_test(t, broken_rows);
    tcase_add_test(t, ceiling);
    tcase_add_test(t, bad_headings);
    tcase_add_test(t, many_rows);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
