/* Tests of input/parser with its formats: which record a line gives, and what is wrong with it. */
#include <stdlib.h>

#include <check.h>

#include "base/utf8.h"
#include "input/parser.h"

static rt_parser *parser;
static rt_record rec;
static rt_err err;

static void setup(void)
{
    ck_assert_int_eq(rt_parser_new(NULL, &parser, NULL), RT_OK);
}

static void teardown(void)
{
    rt_parser_free(parser);
}

static rt_code parse_bytes(rt_str bytes, rt_format format)
{
    rt_raw raw = {
        .bytes = bytes, .source = "in.jsonl", .line = 7, .format = format, .oversize = false};
    err = (rt_err){.code = RT_OK};
    return rt_parser_parse(parser, &raw, &rec, &err);
}

static rt_code parse(const char *line)
{
    return parse_bytes(rt_str_from(line), RT_FORMAT_JSONL);
}

static void expect(rt_field_id field, const char *want)
{
    rt_str got = rec.field[field];
    ck_assert_msg(rt_str_eq(got, rt_str_from(want)), "got \"%.*s\", not \"%s\"", (int)got.len,
                  got.ptr == NULL ? "" : got.ptr, want);
}

static void expect_bad(const char *line, rt_code code, const char *message)
{
    ck_assert_int_eq(parse(line), code);
    ck_assert_int_eq(err.code, code);
    ck_assert_msg(strstr(err.msg, message) != NULL, "\"%s\" does not say \"%s\"", err.msg, message);
    ck_assert_uint_eq(err.line, 7);
    ck_assert_str_eq(err.where, "in.jsonl");
    ck_assert_uint_eq(rec.line, 7);
    ck_assert_uint_gt(rec.field[RT_FIELD_ID].len, 0);
}

START_TEST(every_field)
{
    static const char *const names[RT_FIELD_COUNT] = {
#define X(upper, lower) #lower,
        RT_FIELDS(X)
#undef X
    };
    char line[2000] = "{";
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++)
        snprintf(line + strlen(line), 100, "%s\"%s\":\"value of %s\"", f > 0 ? "," : "", names[f],
                 names[f]);
    snprintf(line + strlen(line), 100, ",\"other\":[{\"id\":[]}]}");
    ck_assert_int_eq(parse(line), RT_OK);
    for (unsigned f = 0; f < RT_FIELD_COUNT; f++) {
        char want[100];
        snprintf(want, sizeof want, "value of %s", names[f]);
        expect((rt_field_id)f, want);
    }
    ck_assert_uint_eq(rec.line, 7);
    ck_assert_int_eq(rec.format, RT_FORMAT_JSONL);
    ck_assert(rt_str_eq(rec.charset, RT_STR("UTF-8")));
}
END_TEST

START_TEST(where_the_id_comes_from)
{
    ck_assert_int_eq(parse("{\"id\":\"a\",\"uid\":\"b\",\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "a");
    ck_assert_int_eq(parse("{\"uid\":3826,\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "3826");
    ck_assert_int_eq(parse("{\"id\":\"\",\"uid\":\"b\",\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "b");
    ck_assert_int_eq(parse("{\"id\":null,\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "7");
    ck_assert_int_eq(parse("{\"id\":-9007199254740993,\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "-9007199254740993");
    ck_assert_int_eq(parse("{\"id\":1.5,\"age\":63,\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "1.5");
    expect(RT_FIELD_AGE, "63");
}
END_TEST

START_TEST(syntax_errors_have_their_place)
{
    expect_bad("{\"text\":\"no end", RT_EINPUT, "premature end of input");
    expect_bad("{\"id\":\"a\",\"text\":tru}", RT_EINPUT, "invalid token");
    /*          12345678901234567 ^20 */
    ck_assert_uint_eq(err.col, 20);
    expect_bad("{\"id\":\"\xe8\x82\xba\",\"text\":tru}", RT_EINPUT, "invalid token");
    ck_assert_uint_eq(err.col, 21); /* display columns: the character is two wide */
    expect_bad("{\"text\":\"x\"} {}", RT_EINPUT, "end of file expected");
    expect_bad("nonsense", RT_EINPUT, "expected");
    expect_bad("[1]", RT_EINPUT, "not a JSON object");
    expect_bad("{\"text\":\"x\",\"text\":\"y\"}", RT_EINPUT, "duplicate");
    expect_bad("{\"text\":\"x\",\"n\":1e999}", RT_EINPUT, "overflow");
}
END_TEST

START_TEST(fields_of_a_wrong_type)
{
    expect_bad("{\"id\":\"r9\",\"text\":17}", RT_EINPUT, "\"text\" must be a string");
    expect(RT_FIELD_ID, "r9");
    expect_bad("{\"id\":[1],\"text\":\"x\"}", RT_EINPUT, "\"id\" must be a string or a number");
    expect_bad("{\"sex\":true,\"text\":\"x\"}", RT_EINPUT, "\"sex\"");
    expect_bad("{\"age\":{},\"text\":\"x\"}", RT_EINPUT, "\"age\"");
}
END_TEST

START_TEST(records_without_text)
{
    expect_bad("{\"id\":\"r9\"}", RT_EINPUT, "no field \"text\"");
    expect_bad("{\"id\":\"r9\",\"text\":null}", RT_EINPUT, "no field \"text\"");
    expect_bad("{\"id\":\"r9\",\"text\":\"\"}", RT_EINPUT, "\"text\" is empty");
    expect_bad("{\"id\":\"r9\",\"text\":\" \\n\"}", RT_EINPUT, "\"text\" is empty");
    expect(RT_FIELD_ID, "r9");
}
END_TEST

START_TEST(text_is_kept_as_it_is)
{
    ck_assert_int_eq(parse("{\"text\":\"a\\u0000b\\r\\nc\"}"), RT_OK);
    ck_assert(rt_str_eq(rec.field[RT_FIELD_TEXT], RT_STR("a\0b\r\nc")));
    ck_assert_uint_eq(rec.replaced, 0);
}
END_TEST

START_TEST(other_fields_are_cleaned)
{
    ck_assert_int_eq(parse("{\"id\":\"a\\u0000b\\nc\\uffffd\\u007f\",\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "a b c\xef\xbf\xbd"
                        "d ");
    ck_assert_uint_eq(rec.replaced, 4);
}
END_TEST

START_TEST(lone_surrogates_become_replacement_characters)
{
    ck_assert_int_eq(parse("{\"text\":\"a\\ud83d b \\ude00\"}"), RT_OK);
    expect(RT_FIELD_TEXT, "a\xef\xbf\xbd b \xef\xbf\xbd");
    ck_assert_uint_eq(rec.replaced, 2);
    ck_assert_int_eq(parse("{\"text\":\"\\ud83d\\ude00 \\\\ud800 \\ud800\"}"), RT_OK);
    expect(RT_FIELD_TEXT, "\xf0\x9f\x98\x80 \\ud800 \xef\xbf\xbd");
    ck_assert_uint_eq(rec.replaced, 1);
}
END_TEST

START_TEST(lines_that_are_not_utf8)
{
    ck_assert_int_eq(parse("{\"id\":\"r1\",\"text\":\"no \xff\xff pneumothorax in this report\"}"),
                     RT_OK);
    ck_assert(rt_utf8_valid(rec.field[RT_FIELD_TEXT], NULL));
    ck_assert(rt_str_find(rec.field[RT_FIELD_TEXT], RT_STR("pneumothorax"), NULL));
    ck_assert_uint_gt(rec.replaced, 0);
    /* GB18030: the second byte of the first character is a backslash */
    ck_assert_int_eq(parse("{\"id\":\"r1\",\"text\":\"\x81\x5c\xd7\xf3\xb7\xce\xce\xb4\xbc\xfb"
                           "\xc3\xf7\xcf\xd4\xd2\xec\xb3\xa3\"}"),
                     RT_OK);
    ck_assert(rt_str_find(rec.field[RT_FIELD_TEXT],
                          RT_STR("\xe5\xb7\xa6\xe8\x82\xba\xe6\x9c\xaa\xe8\xa7\x81"), NULL));
}
END_TEST

START_TEST(large_record_grows_the_memory)
{
    enum { N = 300000 };
    char *line = malloc(N + 100);
    size_t n = (size_t)snprintf(line, 50, "{\"text\":\"x\",\"id\":\"");
    memset(line + n, 0x7f, N); /* a control: each must be replaced */
    memcpy(line + n + N, "\"}", 3);
    ck_assert_int_eq(parse(line), RT_OK);
    ck_assert_uint_eq(rec.field[RT_FIELD_ID].len, N);
    ck_assert_uint_eq(rec.replaced, N);
    ck_assert_int_eq(parse("{\"text\":\"x\"}"), RT_OK);
    expect(RT_FIELD_ID, "7");
    free(line);
}
END_TEST

START_TEST(deep_nesting_is_an_error)
{
    enum { N = 200000 };
    char *line = malloc(N + 1);
    memset(line, '[', N);
    line[N] = '\0';
    ck_assert_int_eq(parse(line), RT_EINPUT);
    free(line);
}
END_TEST

START_TEST(text_files)
{
    ck_assert_int_eq(parse_bytes(RT_STR("FINDINGS: clear.\n"), RT_FORMAT_TEXT), RT_OK);
    expect(RT_FIELD_ID, "in.jsonl");
    expect(RT_FIELD_TEXT, "FINDINGS: clear.\n");
    ck_assert_uint_eq(rec.charset.len, 0);
    ck_assert_int_eq(parse_bytes(RT_STR(""), RT_FORMAT_TEXT), RT_EINPUT);
    expect(RT_FIELD_ID, "in.jsonl");
    ck_assert_int_eq(parse_bytes(RT_STR(" \n"), RT_FORMAT_TEXT), RT_EINPUT);
    rt_raw raw = {.bytes = RT_STR("x"),
                  .source = "./a/b\xff.txt",
                  .line = 1,
                  .format = RT_FORMAT_TEXT,
                  .oversize = false};
    ck_assert_int_eq(rt_parser_parse(parser, &raw, &rec, &err), RT_OK);
    expect(RT_FIELD_ID, "a/b\xef\xbf\xbd.txt");
}
END_TEST

START_TEST(oversize_and_unknown_formats)
{
    rt_raw raw = {.bytes = RT_STR("{\"id\":"),
                  .source = "in.jsonl",
                  .line = 9,
                  .format = RT_FORMAT_JSONL,
                  .oversize = true};
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(rt_parser_parse(parser, &raw, &rec, &err), RT_ELIMIT);
    ck_assert_uint_eq(err.line, 9);
    expect(RT_FIELD_ID, "9");
    ck_assert_int_eq(parse_bytes(RT_STR("x"), RT_FORMAT_AUTO), RT_EUSAGE);
    rt_parser_free(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("jsonl");
    TCase *t = tcase_create("jsonl");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_field);
    tcase_add_test(t, where_the_id_comes_from);
    tcase_add_test(t, syntax_errors_have_their_place);
    tcase_add_test(t, fields_of_a_wrong_type);
    tcase_add_test(t, records_without_text);
    tcase_add_test(t, text_is_kept_as_it_is);
    tcase_add_test(t, other_fields_are_cleaned);
    tcase_add_test(t, lone_surrogates_become_replacement_characters);
    tcase_add_test(t, lines_that_are_not_utf8);
    tcase_add_test(t, large_record_grows_the_memory);
    tcase_add_test(t, deep_nesting_is_an_error);
    tcase_add_test(t, text_files);
    tcase_add_test(t, oversize_and_unknown_formats);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
