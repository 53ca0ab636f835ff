/* knowledge/sieve: which strings a pattern needs, and which of many stand in a text. That patterns
 * are found as without a sieve is the business of tests/fuzz/fuzz_pattern.c. */
#include "knowledge/sieve.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/* The needles of a pattern, joined by '|'; "*" behind them: nothing else is needed. */
static const char *needles(const char *pattern)
{
    static _Thread_local char out[512];
    rt_needle n[48];
    bool whole = false;
    uint32_t count = rt_needles_of(rt_str_from(pattern), n, 48, &whole);
    size_t len = 0;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(out + len, n[i].bytes, n[i].len);
        len += n[i].len;
        out[len++] = '|';
    }
    out[len > 0 ? len - 1 : 0] = whole && count > 0 ? '*' : '\0';
    out[len] = '\0';
    return out;
}

START_TEST(plain_alternatives_are_all_that_is_needed)
{
    ck_assert_str_eq(needles("Cyst|囊肿"), "cyst|囊肿*");
    ck_assert_str_eq(needles("a\\?b"), "a?b*");
}
END_TEST

START_TEST(the_longest_part_is_needed)
{
    ck_assert_str_eq(needles("(no|without)( \\w+){0,3} (obstruct|hydro)|nonob"),
                     "obstruct|hydro|nonob");
    ck_assert_str_eq(needles("\\bgrade (1|2)"), "grade ");
    ck_assert_str_eq(needles("favou?r"), "favo");
    ck_assert_str_eq(needles("ab+c"), "ab");
    ck_assert_str_eq(needles("(?<!no )acute(?! on)"), "acute");
    ck_assert_str_eq(needles("[xy]*known{2,3}"), "known");
}
END_TEST

START_TEST(nothing_is_told_of_what_may_be_empty_or_unknown)
{
    ck_assert_str_eq(needles("(abc)?"), "");
    ck_assert_str_eq(needles("abc|\\w+"), "");
    ck_assert_str_eq(needles("(?i)abc"), "");
    ck_assert_str_eq(needles("(a)\\1"), "");
    ck_assert_str_eq(needles("é"), ""); /* it has a case */
    ck_assert_str_eq(needles(""), "");
}
END_TEST

static bool stands(const char *needle, const char *text)
{
    rt_sieve *s = rt_sieve_new();
    rt_needle n = {.len = (unsigned char)strlen(needle)};
    memcpy(n.bytes, needle, n.len);
    ck_assert(s != NULL);
    ck_assert_uint_eq(rt_sieve_add(s, &n), 0);
    ck_assert_uint_eq(rt_sieve_add(s, &n), 0);
    uint64_t found[1];
    ck_assert_uint_eq(rt_sieve_words(s), 1);
    rt_sieve_scan(s, rt_str_from(text), found);
    rt_sieve_free(s);
    return found[0] == 1;
}

START_TEST(needles_of_every_length_at_every_place)
{
    static const char *const needle[] = {"z", "zy", "zyx", "zyxw", "囊", "囊肿"};
    for (size_t i = 0; i < sizeof needle / sizeof *needle; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", needle[i]);
        ck_assert(stands(needle[i], text));
        snprintf(text, sizeof text, "a%sb", needle[i]);
        ck_assert(stands(needle[i], text));
        snprintf(text, sizeof text, "abc%s", needle[i]);
        ck_assert(stands(needle[i], text));
        text[strlen(text) - 1] = '\0';
        ck_assert(!stands(needle[i], text));
        ck_assert(!stands(needle[i], ""));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve");
    TCase *all = tcase_create("all");
    tcase_add_test(all, plain_alternatives_are_all_that_is_needed);
    tcase_add_test(all, the_longest_part_is_needed);
    tcase_add_test(all, nothing_is_told_of_what_may_be_empty_or_unknown);
    tcase_add_test(all, needles_of_every_length_at_every_place);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
