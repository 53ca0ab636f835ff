/* Tests of input/reader: how a source is cut into records, whatever is in it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "base/err.h"
#include "base/str.h"

static char path[64];

/* mkstemps is no POSIX: a folder of its own makes any name unique */
static int make_file(const char *suffix)
{
    char folder[] = "/tmp/test_reader_XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/r%s", folder, suffix);
    return open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

/* Writes the bytes to a new file; its name is in `path` and ends with suffix. */
static const char *source(const char *bytes, size_t len, const char *suffix)
{
    int fd = make_file(suffix);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    return path;
}

static void remove_source(void)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static rt_reader *open_bytes(const char *z, const char *suffix, rt_format format, size_t ceiling)
{
    rt_reader *r = NULL;
    rt_err err = {.code = RT_OK};
    const char *name = source(z, strlen(z), suffix);
    ck_assert_int_eq(rt_reader_open(name, format, ceiling, &r, &err), RT_OK);
    return r;
}

static void expect_record(rt_reader *r, const char *bytes, uint32_t line)
{
    rt_raw raw;
    bool more = false;
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(more);
    ck_assert_msg(rt_str_eq(raw.bytes, rt_str_from(bytes)), "got \"%.*s\", not \"%s\"",
                  (int)raw.bytes.len, raw.bytes.ptr, bytes);
    ck_assert_uint_eq(raw.line, line);
    ck_assert_str_eq(raw.source, path);
    ck_assert(!raw.oversize);
}

static void expect_end(rt_reader *r)
{
    rt_raw raw;
    bool more = true;
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(!more);
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(!more);
    rt_reader_close(r);
    remove_source();
}

START_TEST(lines_are_cut_and_counted)
{
    rt_reader *r =
        open_bytes("{\"a\":1}\n\n  \n{\"b\":2}\r\n{\"c\":3}", ".jsonl", RT_FORMAT_AUTO, 0);
    expect_record(r, "{\"a\":1}", 1);
    expect_record(r, "{\"b\":2}\r", 4);
    expect_record(r, "{\"c\":3}", 5);
    expect_end(r);
}
END_TEST

START_TEST(empty_sources)
{
    expect_end(open_bytes("", ".jsonl", RT_FORMAT_AUTO, 0));
    expect_end(open_bytes("\n \n", ".jsonl", RT_FORMAT_AUTO, 0));
    rt_reader *r = open_bytes("", ".txt", RT_FORMAT_AUTO, 0);
    expect_record(r, "", 1); /* a text file is one record, also an empty one */
    expect_end(r);
}
END_TEST

START_TEST(byte_order_mark_is_no_text)
{
    rt_reader *r = open_bytes("\xef\xbb\xbf{\"a\":1}\n", "", RT_FORMAT_AUTO, 0);
    expect_record(r, "{\"a\":1}", 1);
    expect_end(r);
}
END_TEST

static rt_format format_of(const char *bytes, const char *suffix)
{
    rt_raw raw = {.format = RT_FORMAT_AUTO};
    bool more = false;
    rt_reader *r = open_bytes(bytes, suffix, RT_FORMAT_AUTO, 0);
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(more);
    rt_reader_close(r);
    remove_source();
    return raw.format;
}

START_TEST(format_by_name_then_by_content)
{
    ck_assert_int_eq(format_of("{", ".txt"), RT_FORMAT_TEXT);
    ck_assert_int_eq(format_of("x", ".JSONL"), RT_FORMAT_JSONL);
    ck_assert_int_eq(format_of("x", ".ndjson"), RT_FORMAT_JSONL);
    ck_assert_int_eq(format_of(" \n {}", ""), RT_FORMAT_JSONL);
    ck_assert_int_eq(format_of(" \n {}", ".log"), RT_FORMAT_JSONL);
    ck_assert_int_eq(format_of("Lungs are clear.", ""), RT_FORMAT_TEXT);
    ck_assert_int_eq(format_of("", ""), RT_FORMAT_TEXT);
    ck_assert_int_eq(format_of("id,text\n1,x\n", ""), RT_FORMAT_CSV);
    ck_assert_int_eq(format_of("\n\"Text\";id\r\nx;1", ".dat"), RT_FORMAT_CSV);
    ck_assert_int_eq(format_of("No text, no id\n", ""), RT_FORMAT_TEXT);
    ck_assert_int_eq(format_of("MSH|^~", ""), RT_FORMAT_HL7);
    ck_assert_int_eq(format_of("\x0bMSH|", ""), RT_FORMAT_HL7);
    ck_assert_int_eq(format_of("FHS|^~\nMSH|", ""), RT_FORMAT_HL7);
    ck_assert_int_eq(format_of("MSH is not known.", ""), RT_FORMAT_TEXT);
}
END_TEST

/* A line of n bytes between two good ones. */
static void check_long_line(size_t n, size_t ceiling, bool oversize)
{
    static const char before[] = "{\"a\":1}\n", behind[] = "\n{\"b\":2}\n";
    size_t len = sizeof before - 1 + n + sizeof behind - 1;
    char *bytes = malloc(len);
    memcpy(bytes, before, sizeof before - 1);
    memset(bytes + sizeof before - 1, 'x', n);
    memcpy(bytes + sizeof before - 1 + n, behind, sizeof behind - 1);
    rt_reader *r = NULL;
    rt_raw raw;
    bool more = false;
    source(bytes, len, ".jsonl");
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_AUTO, ceiling, &r, NULL), RT_OK);
    expect_record(r, "{\"a\":1}", 1);
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(more);
    ck_assert_uint_eq(raw.line, 2);
    ck_assert_int_eq(raw.oversize, oversize);
    ck_assert(oversize ? raw.bytes.len <= 256 : raw.bytes.len == n);
    expect_record(r, "{\"b\":2}", 3);
    expect_end(r);
    free(bytes);
}

START_TEST(lines_around_the_ceiling)
{
    check_long_line(1000, 1000, false);
    check_long_line(1001, 1000, true);
    check_long_line(400000, 1000, true);
    check_long_line(400000, 0, false); /* longer than the first buffer */
    check_long_line(3000000, 1000000, true);
}
END_TEST

START_TEST(oversize_line_at_the_end)
{
    char bytes[2000];
    memset(bytes, 'x', sizeof bytes);
    rt_reader *r = NULL;
    rt_raw raw;
    bool more = false;
    source(bytes, sizeof bytes, ".jsonl");
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_AUTO, 1000, &r, NULL), RT_OK);
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(more && raw.oversize && raw.line == 1);
    expect_end(r);
}
END_TEST

START_TEST(oversize_text)
{
    char bytes[2000];
    memset(bytes, 'x', sizeof bytes);
    rt_reader *r = NULL;
    rt_raw raw;
    bool more = false;
    source(bytes, sizeof bytes, ".txt");
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_AUTO, 1000, &r, NULL), RT_OK);
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, NULL), RT_OK);
    ck_assert(more && raw.oversize);
    expect_end(r);
}
END_TEST

/* Every record of many comes out whole, whatever piece of the buffer it lies in. */
START_TEST(many_lines)
{
    enum { LINES = 30000 };
    char *bytes = malloc(LINES * 24);
    size_t len = 0;
    for (int i = 0; i < LINES; i++)
        len += (size_t)snprintf(bytes + len, 24, "%0*d\n", 1 + i % 15, i);
    rt_reader *r = NULL;
    source(bytes, len, ".jsonl");
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_AUTO, 0, &r, NULL), RT_OK);
    for (int i = 0; i < LINES; i++) {
        char want[24];
        snprintf(want, sizeof want, "%0*d", 1 + i % 15, i);
        expect_record(r, want, (uint32_t)i + 1);
    }
    expect_end(r);
    free(bytes);
}
END_TEST

static rt_err open_fails(const char *name, rt_code code)
{
    rt_reader *r = NULL;
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_reader_open(name, RT_FORMAT_AUTO, 0, &r, &err), code);
    ck_assert_ptr_null(r);
    ck_assert_ptr_nonnull(strstr(err.msg, name));
    return err;
}

START_TEST(what_cannot_be_opened)
{
    ck_assert_ptr_nonnull(strstr(open_fails("/no/such.txt", RT_EIO).msg, "No such file"));
    ck_assert_ptr_nonnull(strstr(open_fails("/tmp", RT_EIO).msg, "directory"));
    open_fails(source("\xff\xfe,,", 4, ".csv"), RT_EINPUT);
    remove_source();
    open_fails(source("\xff\xfe{\0", 4, ".jsonl"), RT_EINPUT);
    remove_source();
    rt_reader_close(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("reader");
    TCase *t = tcase_create("reader");
    tcase_add_test(t, lines_are_cut_and_counted);
    tcase_add_test(t, empty_sources);
    tcase_add_test(t, byte_order_mark_is_no_text);
    tcase_add_test(t, format_by_name_then_by_content);
    tcase_add_test(t, lines_around_the_ceiling);
    tcase_add_test(t, oversize_line_at_the_end);
    tcase_add_test(t, oversize_text);
    tcase_add_test(t, many_lines);
    tcase_add_test(t, what_cannot_be_opened);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
