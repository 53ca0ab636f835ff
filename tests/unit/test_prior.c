/* Tests of the comparison of a patient's reports: facts made by hand, one report after the other.
 */
#include <stdlib.h>

#include <check.h>

#include "index/prior.h"
#include "model/doc.h"

static rt_knowledge know;
static rt_lexicon *lexicon;
static rt_checks *checks;
static rt_prior *patient;
static rt_prior_report *now;
static rt_prior_issue issues[RT_PRIOR_ISSUES];

static uint32_t concept(const char *name)
{
    uint32_t c = RT_NIL;
    ck_assert_msg(rt_lexicon_by_name(lexicon, rt_str_from(name), &c), "no concept %s", name);
    return c;
}

static void begin(int64_t row, int64_t day)
{
    *now = (rt_prior_report){.row = row, .day = day};
}

static rt_prior_fact *fact(const char *name, const char *place, unsigned side, unsigned change)
{
    rt_prior_fact *f = &now->facts[now->n_facts];
    *f = (rt_prior_fact){.concept = concept(name),
                         .place = place ? concept(place) : RT_NIL,
                         .beg = now->n_facts * 10,
                         .end = now->n_facts * 10 + 5,
                         .letter = RT_LETTER_PRESENT,
                         .section = RT_SECTION_FINDINGS,
                         .side = (uint8_t)side,
                         .change = (uint8_t)change};
    now->n_facts++;
    return f;
}

/* The checks that fire, as one number each; 0: none. */
static uint32_t next(void)
{
    uint32_t n = rt_prior_next(patient, &know, now, issues);
    ck_assert_uint_le(n, 1);
    return n == 0 ? 0 : issues[0].check;
}

static void setup(void)
{
    rt_err err;
    ck_assert_int_eq(rt_lexicon_load("lexicons", NULL, &lexicon, &err), RT_OK);
    ck_assert_int_eq(rt_checks_load("lexicons", lexicon, &checks, &err), RT_OK);
    know = (rt_knowledge){.lexicon = lexicon, .checks = checks};
    patient = calloc(1, sizeof *patient);
    now = calloc(1, sizeof *now);
    ck_assert(patient != NULL && now != NULL);
}

static void teardown(void)
{
    free(patient);
    free(now);
    rt_checks_close(checks);
    rt_lexicon_close(lexicon);
}

START_TEST(a_removed_organ_is_back)
{
    begin(1, 20230105);
    now->removed[now->n_removed++] = (rt_prior_removed){concept("kidney"), RT_SIDE_LEFT, 3, 9};
    ck_assert_uint_eq(next(), 0);
    begin(2, 20230205);
    fact("renal cyst", "kidney", RT_SIDE_RIGHT, 0); /* the other one */
    ck_assert_uint_eq(next(), 0);
    begin(3, 20230305);
    fact("scar", "kidney", RT_SIDE_LEFT, 0); /* what remains */
    ck_assert_uint_eq(next(), 0);
    begin(4, 20230405);
    fact("renal cyst", "kidney", RT_SIDE_LEFT, 0);
    ck_assert_uint_eq(next(), RT_CHECK_PRIOR_REMOVED);
    ck_assert_int_eq(issues[0].row, 1);
    ck_assert_uint_eq(issues[0].prior_beg, 3);
}
END_TEST

START_TEST(a_known_lesion_changes_its_side)
{
    begin(1, 20230105);
    fact("adrenal nodule", "adrenal gland", RT_SIDE_LEFT, 0);
    ck_assert_uint_eq(next(), 0);
    begin(2, 20230205);
    fact("adrenal nodule", "adrenal gland", RT_SIDE_RIGHT, 0); /* not called known */
    ck_assert_uint_eq(next(), 0);
    patient->n_known = 0;
    begin(3, 20230305);
    fact("adrenal nodule", "adrenal gland", RT_SIDE_LEFT, 0);
    ck_assert_uint_eq(next(), 0);
    begin(4, 20230405);
    fact("adrenal nodule", "adrenal gland", RT_SIDE_RIGHT, RT_CHANGE_STABLE);
    ck_assert_uint_eq(next(), RT_CHECK_PRIOR_SIDE);
    begin(5, 20230505); /* by now both sides are known */
    fact("adrenal nodule", "adrenal gland", RT_SIDE_RIGHT, RT_CHANGE_STABLE);
    ck_assert_uint_eq(next(), 0);
}
END_TEST

START_TEST(sizes_contradict_the_change)
{
    begin(1, 20230105);
    fact("nodule", "right upper lobe", RT_SIDE_RIGHT, 0)->tenths = 60;
    ck_assert_uint_eq(next(), 0);
    begin(2, 20230205);
    fact("nodule", "right upper lobe", RT_SIDE_RIGHT, RT_CHANGE_STABLE)->tenths = 65;
    ck_assert_uint_eq(next(), 0);
    begin(3, 20230305);
    fact("nodule", "right upper lobe", RT_SIDE_RIGHT, RT_CHANGE_DECREASED)->tenths = 120;
    ck_assert_uint_eq(next(), RT_CHECK_PRIOR_TREND);
    begin(4, 20230405); /* two of them: no telling which */
    fact("nodule", "right upper lobe", RT_SIDE_RIGHT, RT_CHANGE_DECREASED)->tenths = 200;
    fact("nodule", "right upper lobe", RT_SIDE_RIGHT, 0)->tenths = 40;
    ck_assert_uint_eq(next(), 0);
}
END_TEST

START_TEST(new_is_not_what_was_there)
{
    begin(1, 20230105);
    fact("pleural effusion", "pleura", RT_SIDE_LEFT, 0);
    ck_assert_uint_eq(next(), 0);
    begin(2, 20230120);
    fact("pleural effusion", "pleura", RT_SIDE_LEFT, RT_CHANGE_NEW);
    ck_assert_uint_eq(next(), RT_CHECK_PRIOR_NEW);
    begin(3, 20230130);
    fact("pleural effusion", "pleura", RT_SIDE_LEFT, 0)->letter = RT_LETTER_ABSENT;
    ck_assert_uint_eq(next(), 0);
    begin(4, 20230210); /* gone in between */
    fact("pleural effusion", "pleura", RT_SIDE_LEFT, RT_CHANGE_NEW);
    ck_assert_uint_eq(next(), 0);
    begin(5, 20240210); /* long ago */
    fact("pleural effusion", "pleura", RT_SIDE_LEFT, RT_CHANGE_NEW);
    ck_assert_uint_eq(next(), 0);
}
END_TEST

START_TEST(what_is_known_is_bounded)
{
    uint32_t places[] = {concept("right upper lobe"), concept("left upper lobe"), concept("liver")};
    for (int64_t r = 1; r < 40; r++) {
        begin(r, 20230100 + r);
        for (uint32_t i = 0; i < RT_PRIOR_FACTS; i++) {
            fact("nodule", NULL, RT_SIDE_NONE, 0)->place = places[i % 3];
            now->facts[i].concept = (i * 7 + (uint32_t)r) % lexicon->n_concepts;
        }
        ck_assert_uint_le(rt_prior_next(patient, &know, now, issues), RT_PRIOR_ISSUES);
        ck_assert_uint_le(patient->n_known, RT_PRIOR_KNOWN);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("prior");
    TCase *t = tcase_create("prior");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_removed_organ_is_back);
    tcase_add_test(t, a_known_lesion_changes_its_side);
    tcase_add_test(t, sizes_contradict_the_change);
    tcase_add_test(t, new_is_not_what_was_there);
    tcase_add_test(t, what_is_known_is_bounded);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
