/* Tests of base/eight: every question at every place, against one byte after the other. */
#include <stdbool.h>
#include <stdlib.h>

#include <check.h>

#include "base/eight.h"

typedef bool holds(unsigned char c);

static bool is_quote(unsigned char c)
{
    return c == '"';
}

static bool is_zero(unsigned char c)
{
    return c == 0;
}

static bool is_control(unsigned char c)
{
    return c < ' ';
}

static bool is_blank(unsigned char c)
{
    return c == ' ';
}

static bool is_capital(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_quote_or_control(unsigned char c)
{
    return is_quote(c) || is_control(c);
}

static void expect_first(const char text[8], uint64_t answer, holds *is)
{
    size_t first = 0;
    while (first < 8 && !is((unsigned char)text[first]))
        first++;
    if ((answer != 0 ? rt_eight_first(answer) : 8) != first) /* an assertion each is too slow */
        ck_abort_msg("%02x %02x ...: not %zu", (unsigned char)text[0], (unsigned char)text[1],
                     first);
}

START_TEST(some)
{
    for (unsigned at = 0; at < 8; at++)
        for (unsigned byte = 0; byte < 256; byte++)
            for (unsigned next = 0; next < 256; next++) {
                char text[8];
                memset(text, 'm', sizeof text);
                text[at] = (char)byte;
                text[(at + 1) % 8] = (char)next;
                uint64_t w = rt_eight(text);
                expect_first(text, rt_some_is(w, '"'), is_quote);
                expect_first(text, rt_some_zero(w), is_zero);
                expect_first(text, rt_some_below(w, ' '), is_control);
                expect_first(text, rt_each_zero(w), is_zero);
                if (byte >= 0x80 || next >= 0x80)
                    continue;
                expect_first(text, rt_each_is(w, ' '), is_blank);
                expect_first(text, rt_each_within(w, 'A', 'Z'), is_capital);
            }
}
END_TEST

START_TEST(quotes)
{
    for (unsigned at = 0; at < 8; at++)
        for (unsigned byte = 0; byte < 256; byte++)
            for (unsigned next = 0; next < 256; next += next < 0x23 ? 1 : 13) {
                char text[8];
                memset(text, 'm', sizeof text);
                text[at] = (char)byte;
                text[(at + 1) % 8] = (char)next;
                expect_first(text, rt_some_quote(rt_eight(text)), is_quote_or_control);
            }
}
END_TEST

START_TEST(each_tells_all)
{
    ck_assert_uint_eq(rt_each_is(rt_eight("a  bc d "), ' '), 0x8000800000808000ULL);
    ck_assert_uint_eq(rt_each_within(rt_eight("aBCd EfG"), 'A', 'Z'), 0x8000800000808000ULL);
}
END_TEST

START_TEST(few)
{
    static const char text[] = "abcdefghijklmnopqrst";
    for (size_t len = 1; len < sizeof text; len++)
        for (size_t i = 0; i < len; i++) {
            char got[8], want[8] = {0};
            char *exact = malloc(len); /* so that a byte too many is noticed */
            memcpy(exact, text, len);
            memcpy(want, text + i, len - i < 8 ? len - i : 8);
            rt_eight_put(got, rt_eight_at(exact, len, i));
            ck_assert_mem_eq(got, want, 8);
            free(exact);
        }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("eight");
    TCase *t = tcase_create("eight");
    tcase_add_test(t, some);
    tcase_add_test(t, quotes);
    tcase_add_test(t, each_tells_all);
    tcase_add_test(t, few);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
