/* Tests of base/err: the first error stays, and the place is where the caret shows it. */
#include <stdio.h>

#include <check.h>

#include "base/err.h"

#define HAN "\xE8\x82\xBA" /* lung: three bytes, two columns */

START_TEST(the_first_error_wins)
{
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_fail(&err, RT_EIO, "disk %d", 1), RT_EIO);
    ck_assert_int_eq(rt_fail(&err, RT_ENOMEM, "later"), RT_ENOMEM);
    ck_assert_int_eq(rt_fail_at(&err, RT_EINPUT, "f", RT_STR("x"), 0, "later"), RT_EINPUT);
    ck_assert_int_eq(err.code, RT_EIO);
    ck_assert_str_eq(err.msg, "disk 1");
    ck_assert_int_eq(rt_fail(NULL, RT_EIO, "nobody asks"), RT_EIO);
    ck_assert_int_eq(rt_fail_at(NULL, RT_EIO, "f", RT_STR("x"), 0, "nobody asks"), RT_EIO);
}
END_TEST

static void expect_place(rt_str text, size_t at, uint32_t line, uint32_t col, const char *shown)
{
    rt_err err = {.code = RT_OK};
    rt_fail_at(&err, RT_EINPUT, "file", text, at, "bad");
    ck_assert_str_eq(err.where, "file");
    ck_assert_uint_eq(err.line, line);
    ck_assert_uint_eq(err.col, col);
    ck_assert_str_eq(err.text, shown);
}

START_TEST(line_and_column)
{
    rt_str text = RT_STR("one\n" HAN "b x\n\nlast");
    /*                     0123  4   7 89  A  B             */
    expect_place(text, 0, 1, 1, "one");
    expect_place(text, 3, 1, 4, "one"); /* the line end itself */
    expect_place(text, 4, 2, 1, HAN "b x");
    expect_place(text, 7, 2, 3, HAN "b x"); /* a Han character is two columns */
    expect_place(text, 9, 2, 5, HAN "b x");
    expect_place(text, 11, 3, 1, "");
    expect_place(text, 99, 4, 5, "last"); /* behind the end: at the end */
    expect_place(RT_STR(""), 0, 1, 1, "");
}
END_TEST

START_TEST(what_a_terminal_would_obey_is_not_shown)
{
    expect_place(RT_STR("a\x1B[2J\xFF\xC2\x9Bz\r\nb"), 5, 1, 6, "a [2J? z");
}
END_TEST

START_TEST(a_long_line_shows_the_fault)
{
    char line[1000];
    memset(line, 'a', sizeof line);
    line[700] = '!';
    rt_err err = {.code = RT_OK};
    rt_fail_at(&err, RT_EINPUT, "f", (rt_str){line, sizeof line}, 700, "bad");
    ck_assert_uint_eq(err.col, 701);
    ck_assert_uint_gt(err.caret, 0);
    ck_assert_int_eq(err.text[err.caret - 1], '!');
    for (size_t i = 0; i + 3 <= sizeof line; i += 3)
        memcpy(line + i, HAN, 3);
    err = (rt_err){.code = RT_OK};
    rt_fail_at(&err, RT_EINPUT, "f", (rt_str){line, 999}, 600, "bad");
    ck_assert_uint_eq(err.col, 401);
    ck_assert_int_eq((unsigned char)err.text[0], 0xE8); /* cut between characters */
}
END_TEST

START_TEST(messages_are_cut_to_their_room)
{
    char long_message[1000];
    memset(long_message, 'm', sizeof long_message - 1);
    long_message[sizeof long_message - 1] = '\0';
    rt_err err = {.code = RT_OK};
    rt_fail_at(&err, RT_EIO, long_message, RT_STR(""), 0, "%s", long_message);
    ck_assert_uint_eq(strlen(err.msg), sizeof err.msg - 1);
    ck_assert_uint_eq(strlen(err.where), sizeof err.where - 1);
}
END_TEST

static void expect_print(const rt_err *err, const char *expected)
{
    char got[1024];
    FILE *f = tmpfile();
    ck_assert_ptr_nonnull(f);
    rt_err_print(err, f);
    rewind(f);
    size_t n = fread(got, 1, sizeof got - 1, f);
    got[n] = '\0';
    fclose(f);
    ck_assert_str_eq(got, expected);
}

START_TEST(prints_place_line_and_caret)
{
    rt_err err = {.code = RT_OK};
    rt_fail_at(&err, RT_EINPUT, "cues.tsv", RT_STR("a\n" HAN "\tx"), 6, "unknown category");
    expect_print(&err, "cues.tsv:2:4: unknown category\n    " HAN " x\n       ^\n");
    err = (rt_err){.code = RT_OK};
    rt_fail(&err, RT_EIO, "cannot open x");
    expect_print(&err, "cannot open x\n");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("err");
    TCase *t = tcase_create("err");
    tcase_add_test(t, the_first_error_wins);
    tcase_add_test(t, line_and_column);
    tcase_add_test(t, what_a_terminal_would_obey_is_not_shown);
    tcase_add_test(t, a_long_line_shows_the_fault);
    tcase_add_test(t, messages_are_cut_to_their_room);
    tcase_add_test(t, prints_place_line_and_caret);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
