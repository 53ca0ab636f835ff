/* Tests of base/pairs: a word that stands in the text may, whatever its place; one without its
 * pairs may not. */
#include <stdlib.h>

#include <check.h>

#include "base/pairs.h"

START_TEST(what_stands_there_may)
{
    static const char text[] = "no acute fracture; 未见骨折";
    rt_pairs p = {.in = {NULL, 0}};
    rt_pairs_read(&p, RT_STR("no acute fracture; 未见骨折"));
    for (size_t beg = 0; beg < sizeof text - 1; beg++)
        ck_assert(rt_pairs_may(&p, text + beg));
    ck_assert(rt_pairs_may(&p, ""));
    ck_assert(rt_pairs_may(&p, "x"));
}
END_TEST

START_TEST(without_a_pair_of_its_start_it_may_not)
{
    rt_pairs p = {.in = {NULL, 0}};
    rt_pairs_read(&p, RT_STR("no acute fracture"));
    ck_assert(!rt_pairs_may(&p, "xyz"));
    ck_assert(!rt_pairs_may(&p, "nozzle"));
    ck_assert(!rt_pairs_may(&p, "zn"));
}
END_TEST

START_TEST(another_text_is_read_anew)
{
    rt_pairs p = {.in = {NULL, 0}};
    rt_pairs_read(&p, RT_STR("chronic"));
    ck_assert(!rt_pairs_may(&p, "acute"));
    rt_pairs_read(&p, RT_STR("acute"));
    ck_assert(rt_pairs_may(&p, "acute"));
    ck_assert(!rt_pairs_may(&p, "chronic"));
    rt_pairs_read(&p, RT_STR(""));
    ck_assert(!rt_pairs_may(&p, "acute"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pairs");
    TCase *t = tcase_create("pairs");
    tcase_add_test(t, what_stands_there_may);
    tcase_add_test(t, without_a_pair_of_its_start_it_may_not);
    tcase_add_test(t, another_text_is_read_anew);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
