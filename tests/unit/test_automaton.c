/* The trie finds exactly what a naive comparison finds. */
#include <check.h>
#include <stdlib.h>

#include "knowledge/automaton.h"

static const char *const words[] = {"a",         "ab",     "abc", "b",      "lung",
                                    "lung base", "nodule", "肺",  "肺上叶", "肺炎"};
enum { N = sizeof words / sizeof *words };

static rt_automaton build(void)
{
    rt_str patterns[N];
    for (int i = 0; i < N; i++)
        patterns[i] = rt_str_from(words[i]);
    rt_cell *cells;
    uint32_t n;
    ck_assert_int_eq(rt_automaton_build(patterns, N, &cells, &n, NULL), RT_OK);
    return (rt_automaton){cells, n};
}

static void check_text(const rt_automaton *a, const char *text)
{
    rt_str s = rt_str_from(text);
    for (uint32_t at = 0; at < s.len; at++) {
        rt_match m[N];
        uint32_t n = rt_automaton_match(a, s, at, m, N), found = 0;
        for (uint32_t w = 0; w < N; w++) {
            if (!rt_str_starts(rt_str_slice(s, at, s.len), rt_str_from(words[w])))
                continue;
            ck_assert_uint_lt(found, n);
            ck_assert_uint_eq(m[found].pattern, w); /* sorted: shortest first */
            ck_assert_uint_eq(m[found].end, at + strlen(words[w]));
            found++;
        }
        ck_assert_uint_eq(found, n);
    }
}

START_TEST(equals_naive)
{
    rt_automaton a = build();
    check_text(&a, "abcab lung base nodule 右肺上叶肺炎abx");
    check_text(&a, "");
    check_text(&a, "lung bas");
    free((void *)(uintptr_t)a.cells);
}
END_TEST

START_TEST(line_end_reads_as_blank)
{
    rt_automaton a = build();
    rt_match m[N];
    ck_assert_uint_eq(rt_automaton_match(&a, RT_STR("lung\nbase"), 0, m, N), 2);
    ck_assert_uint_eq(rt_automaton_match(&a, RT_STR("lung\n\nbase"), 0, m, N), 1);
    free((void *)(uintptr_t)a.cells);
}
END_TEST

START_TEST(lookup_is_exact)
{
    rt_automaton a = build();
    uint32_t p;
    ck_assert(rt_automaton_lookup(&a, RT_STR("lung"), &p));
    ck_assert_str_eq(words[p], "lung");
    ck_assert(!rt_automaton_lookup(&a, RT_STR("lun"), &p));
    ck_assert(!rt_automaton_lookup(&a, RT_STR("lungs"), &p));
    ck_assert(!rt_automaton_lookup(&a, RT_STR(""), &p));
    free((void *)(uintptr_t)a.cells);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("automaton");
    TCase *t = tcase_create("trie");
    tcase_add_test(t, equals_naive);
    tcase_add_test(t, line_end_reads_as_blank);
    tcase_add_test(t, lookup_is_exact);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
