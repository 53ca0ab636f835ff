/* Tests of output/facts and output/codes: what a record may say, identifiers that stay the same,
 * and code lists without holes. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "output/codes.h"
#include "output/facts.h"

static rt_record record_with(rt_field_id f, const char *value)
{
    rt_record r = {.line = 1};
    r.field[f] = rt_str_from(value);
    return r;
}

/* ---- values of a record */

static const struct {
    const char *in;
    rt_given given;
    rt_date date;
} dates[] = {
    {"", RT_GIVEN_NOT, {0, 0, 0}},
    {"   ", RT_GIVEN_NOT, {0, 0, 0}},
    {"2024-06-01", RT_GIVEN_GOOD, {2024, 6, 1}},
    {" 20240229 ", RT_GIVEN_GOOD, {2024, 2, 29}},
    {"2024/12/31", RT_GIVEN_GOOD, {2024, 12, 31}},
    {"20230229", RT_GIVEN_BAD, {0, 0, 0}},
    {"2024-13-01", RT_GIVEN_BAD, {0, 0, 0}},
    {"2024-00-01", RT_GIVEN_BAD, {0, 0, 0}},
    {"2024-1-1", RT_GIVEN_BAD, {0, 0, 0}},
    {"2024-06/01", RT_GIVEN_BAD, {0, 0, 0}},
    {"00000101", RT_GIVEN_BAD, {0, 0, 0}},
    {"yesterday", RT_GIVEN_BAD, {0, 0, 0}},
};

START_TEST(date)
{
    rt_date d = {0, 0, 0};
    rt_record r = record_with(RT_FIELD_DATE, dates[_i].in);
    ck_assert_int_eq(rt_fact_date(&r, RT_FIELD_DATE, &d), dates[_i].given);
    if (dates[_i].given == RT_GIVEN_GOOD) {
        ck_assert_uint_eq(d.year, dates[_i].date.year);
        ck_assert_uint_eq(d.month, dates[_i].date.month);
        ck_assert_uint_eq(d.day, dates[_i].date.day);
    }
}
END_TEST

static const struct {
    const char *in;
    rt_given given;
    rt_clock clock;
} clocks[] = {
    {"", RT_GIVEN_NOT, {0, 0, 0}},
    {"09:30", RT_GIVEN_GOOD, {9, 30, 0}},
    {"093005", RT_GIVEN_GOOD, {9, 30, 5}},
    {"093005.123", RT_GIVEN_GOOD, {9, 30, 5}},
    {"23:59:59", RT_GIVEN_GOOD, {23, 59, 59}},
    {"24:00", RT_GIVEN_BAD, {0, 0, 0}},
    {"12:60", RT_GIVEN_BAD, {0, 0, 0}},
    {"12:00:60", RT_GIVEN_BAD, {0, 0, 0}},
    {"9", RT_GIVEN_BAD, {0, 0, 0}},
    {"noon", RT_GIVEN_BAD, {0, 0, 0}},
};

START_TEST(clock_time)
{
    rt_clock t = {0, 0, 0};
    rt_record r = record_with(RT_FIELD_TIME, clocks[_i].in);
    ck_assert_int_eq(rt_fact_clock(&r, RT_FIELD_TIME, &t), clocks[_i].given);
    if (clocks[_i].given == RT_GIVEN_GOOD) {
        ck_assert_uint_eq(t.hour, clocks[_i].clock.hour);
        ck_assert_uint_eq(t.minute, clocks[_i].clock.minute);
        ck_assert_uint_eq(t.second, clocks[_i].clock.second);
    }
}
END_TEST

START_TEST(words)
{
    char sex = 0;
    unsigned years = 0;
    const char *status = NULL;
    rt_record r = record_with(RT_FIELD_SEX, "f");
    ck_assert_int_eq(rt_fact_sex(&r, &sex), RT_GIVEN_GOOD);
    ck_assert_int_eq(sex, 'F');
    r = record_with(RT_FIELD_SEX, "female");
    ck_assert_int_eq(rt_fact_sex(&r, &sex), RT_GIVEN_BAD);
    r = record_with(RT_FIELD_AGE, "64");
    ck_assert_int_eq(rt_fact_age(&r, &years), RT_GIVEN_GOOD);
    ck_assert_uint_eq(years, 64);
    r = record_with(RT_FIELD_AGE, "-1");
    ck_assert_int_eq(rt_fact_age(&r, &years), RT_GIVEN_BAD);
    r = record_with(RT_FIELD_STATUS, "Final");
    ck_assert_int_eq(rt_fact_status(&r, &status), RT_GIVEN_GOOD);
    ck_assert_str_eq(status, "final");
    r = record_with(RT_FIELD_STATUS, "done");
    ck_assert_int_eq(rt_fact_status(&r, &status), RT_GIVEN_BAD);
    r = record_with(RT_FIELD_ID, "1");
    ck_assert_int_eq(rt_fact_status(&r, &status), RT_GIVEN_NOT);
}
END_TEST

/* ---- identifiers */

START_TEST(identity)
{
    rt_record a = record_with(RT_FIELD_ID, "1"), b = record_with(RT_FIELD_ID, "2");
    rt_identity one, again, other;
    rt_identify(&a, &one);
    rt_identify(&a, &again);
    rt_identify(&b, &other);
    ck_assert_str_eq(one.report, again.report);
    ck_assert_str_eq(one.study, again.study);
    ck_assert_str_ne(one.report, other.report);
    ck_assert_str_ne(one.study, other.study);
    ck_assert_uint_eq(strlen(one.report), 36);
    ck_assert_int_eq(one.report[14], '8'); /* version */
    ck_assert_ptr_nonnull(strchr("89ab", one.report[19]));

    a.field[RT_FIELD_ACCESSION] = b.field[RT_FIELD_ACCESSION] = RT_STR("A1");
    rt_identify(&a, &one);
    rt_identify(&b, &other);
    ck_assert_str_eq(one.study, other.study); /* two reports of one exam */
    ck_assert_str_ne(one.report, other.report);

    char nth[37];
    rt_identity_nth(&one, 0x2A, nth);
    ck_assert_str_eq(nth + 24, "00000000002a");
    ck_assert_int_eq(memcmp(nth, one.report, 24), 0);
}
END_TEST

START_TEST(uid)
{
    char out[65];
    rt_identity_uid("ffffffff-ffff-ffff-ffff-ffffffffffff", out);
    ck_assert_str_eq(out, "2.25.340282366920938463463374607431768211455");
    rt_identity_uid("00000000-0000-0000-0000-00000000000a", out);
    ck_assert_str_eq(out, "2.25.10");
    rt_identity_uid("00000000-0000-0000-0000-000000000000", out);
    ck_assert_str_eq(out, "2.25.0");
    rt_identity_uid("56be0588-ee03-5fdf-890e-6ac9ca5cecd9", out);
    ck_assert_str_eq(out, "2.25.115300256301364014380704953690228583641");
}
END_TEST

/* ---- codes */

static void complete(rt_code_ref c)
{
    ck_assert_ptr_nonnull(c.system);
    ck_assert_ptr_nonnull(c.code);
    ck_assert_ptr_nonnull(c.display);
    ck_assert_str_eq(rt_system_of(c.system)->name, c.system);
    ck_assert_uint_le(strlen(c.code), 16); /* what DICOM holds */
    ck_assert_uint_le(strlen(c.display), 64);
}

START_TEST(code_lists)
{
    for (unsigned i = 0; i < RT_PRESENCE_END; i++)
        complete(rt_presence_code(i));
    for (unsigned i = 0; i < RT_SIDE_END; i++)
        complete(rt_side_code(i));
    for (unsigned i = 0; i < RT_SEVERITY_END; i++)
        complete(rt_severity_code(i));
    for (unsigned i = 0; i < RT_CHANGE_END; i++)
        complete(rt_change_code(i));
    for (unsigned i = 0; i < RT_SECTION_OTHER; i++)
        complete(rt_section_code(i));
    for (unsigned i = 1; i <= 3; i++)
        complete(rt_category_code(i));
    ck_assert_ptr_null(rt_section_code(RT_SECTION_OTHER).code);
    ck_assert_ptr_null(rt_category_code(0).code);
    ck_assert_ptr_null(rt_category_code(4).code);
    ck_assert_str_eq(rt_presence_code(RT_PRESENCE_QUERIED).system, "ROENTEXT");
    ck_assert_str_eq(rt_side_code(RT_SIDE_LEFT).code, "RID5824");
    ck_assert_str_eq(rt_ucum_code("HU"), "[hnsf'U]");
    ck_assert_ptr_null(rt_ucum_code("furlong"));
    ck_assert_str_eq(rt_system_of("nothing known")->name, "ROENTEXT");
}
END_TEST

START_TEST(every_unit_has_a_code)
{
    rt_lexicon *x = NULL;
    ck_assert_int_eq(rt_lexicon_load("lexicons", NULL, &x, NULL), RT_OK);
    ck_assert_uint_gt(x->n_units, 50);
    for (uint32_t i = 0; i < x->n_units; i++) {
        const char *unit = rt_lexicon_text(x, x->units[i].unit);
        ck_assert_msg(rt_ucum_code(unit) != NULL, "no UCUM code of %s", unit);
    }
    rt_lexicon_close(x);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("facts");
    TCase *t = tcase_create("facts");
    tcase_add_loop_test(t, date, 0, sizeof dates / sizeof dates[0]);
    tcase_add_loop_test(t, clock_time, 0, sizeof clocks / sizeof clocks[0]);
    tcase_add_test(t, words);
    tcase_add_test(t, identity);
    tcase_add_test(t, uid);
    tcase_add_test(t, code_lists);
    tcase_add_test(t, every_unit_has_a_code);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
