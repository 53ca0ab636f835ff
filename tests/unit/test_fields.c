/* Template fields of whole reports, with the shipped lexicon and templates: repeating groups,
 * stated categories, the second exam of a report. Run from the repository's root. */
#include <check.h>
#include <stdlib.h>

#include "base/buf.h"

static rt_engine *engine;
static rt_buf table; /* of the last report: template, field, state, value ... */

static void open_engine(void)
{
    rt_err err = {0};
    rt_code code = rt_engine_open(".", NULL, &engine, &err);
    ck_assert_msg(code == RT_OK, "%s:%u:%u: %s", err.where, err.line, err.col, err.msg);
    rt_buf_init(&table, SIZE_MAX);
}

static void close_engine(void)
{
    rt_buf_free(&table);
    rt_engine_close(engine);
}

static rt_code collect(void *user, const char *p, size_t n, rt_err *err)
{
    rt_buf_add(user, (rt_str){p, n});
    return rt_buf_check(user, err);
}

static void read_report(const char *text)
{
    rt_scratch *s;
    const rt_report *r;
    rt_err err = {0};
    rt_record in = {.format = RT_FORMAT_TEXT};
    in.field[RT_FIELD_ID] = RT_STR("t");
    in.field[RT_FIELD_TEXT] = rt_str_from(text);
    rt_buf_clear(&table);
    ck_assert_int_eq(rt_scratch_new(engine, 0, &s, &err), RT_OK);
    ck_assert_int_eq(rt_analyze(engine, s, &in, &r, &err), RT_OK);
    ck_assert_int_eq(rt_report_dump(r, "field", (rt_sink){collect, &table}, &err), RT_OK);
    rt_scratch_free(s);
}

static bool has(const char *row)
{
    return rt_str_find(rt_buf_str(&table), rt_str_from(row), NULL);
}

/* A report, rows that must be there, and one that must not. */
static const struct {
    const char *text, *rows[4], *none;
} cases[] = {
    /* one instance a lesion; what repeats in the impression is none of its own */
    {"CT CHEST\nFINDINGS: 8 mm nodule in the right upper lobe. 5 mm nodule in the left lower "
     "lobe.\n"
     "IMPRESSION: 8 mm right upper lobe nodule.",
     {"\tnodule@1.nodule_size\tfilled\t8\t", "\tnodule@1.nodule_lobe\tfilled\tRUL\t",
      "\tnodule@2.nodule_size\tfilled\t5\t", "\tnodule@2.nodule_lobe\tfilled\tLLL\t"},
     "nodule@3"},
    /* a level governs what stands under it, */
    {"MRI LUMBAR SPINE\nL3-L4: Mild disc bulge.\nL4-L5: Disc protrusion. Mild canal stenosis.",
     {"\tlevel@L3-4.level_bulge\tfilled\tpresent\t", "\tlevel@L4-5.level_herniation\tfilled\t",
      "\tlevel@L4-5.level_stenosis\tfilled\tpresent\t",
      "\tlevel@L4-5.level_stenosis_severity\tfilled\tmild\t"},
     "level@L3-4.level_stenosis\tfilled"},
    /* and what stands behind it in its sentence, but nothing behind the next one */
    {"腰椎MR平扫：L3/4椎间盘膨出。L4/5椎间盘突出，椎管狭窄。L5/S1椎间盘膨出。",
     {"\tlevel@L4-5.level_stenosis\tfilled\tpresent\t", "\tlevel@L3-4.level_bulge\tfilled\t",
      "\tlevel@L5-S1.level_bulge\tfilled\tpresent\t", "\tlevel@L4-5.level_herniation\tfilled\t"},
     "level@L5-S1.level_stenosis\tfilled"},
    /* categories by side, as they are written */
    {"BILATERAL MAMMOGRAM\nRight breast: BI-RADS 4A. Left breast: BI-RADS 2.",
     {"\tside@right.side_birads\tfilled\t4A\t", "\tside@left.side_birads\tfilled\t2\t"},
     "side_birads\tfilled\t3"},
    /* a category is never concluded */
    {"BILATERAL MAMMOGRAM\nSpiculated mass in the right breast, highly suspicious.",
     {"breast\t"},
     "side_birads\tfilled\t4"},
    /* two exams: each fills its own template */
    {"CT CHEST, ABDOMEN AND PELVIS\nCHEST: 8 mm nodule in the right upper lobe.\n"
     "ABDOMEN: Cholelithiasis. No hydronephrosis.",
     {"ct.chest\tnodule\tfilled\tpresent\t", "ct.abdomen\tgallstone\tfilled\tpresent\t"},
     "ct.abdomen\tnodule"},
    /* history fills the field of surgery alone */
    {"CT CHEST\nCLINICAL HISTORY: Prior lobectomy. History of pneumonia.\nFINDINGS: No effusion.",
     {"\tsurgery\tfilled\tpresent\t", "\tpleural_effusion\tnegated\tabsent\t"},
     "\tconsolidation\tfilled"},
    /* the name of a finding is no place of it */
    {"CT HEAD\nRight subdural hematoma, 4 mm.",
     {"\themorrhage_site@1.hemorrhage_site_size\tfilled\t4\t"},
     "hemorrhage_site_place\tfilled"},
    /* a heart in a sentence is no title; a part is not the whole */
    {"Heart contour and size are normal. No pleural effusion. Both lungs are clear. Thoracic "
     "esophageal calibration was normal. No lymphadenopathy in the mediastinum. Trachea is open.",
     {"ct.chest\tpleural_effusion\tnegated\tabsent\t"},
     "\tpneumothorax\tnegated"},
};

START_TEST(fields)
{
    read_report(cases[_i].text);
    for (unsigned i = 0; i < 4 && cases[_i].rows[i] != NULL; i++)
        ck_assert_msg(has(cases[_i].rows[i]), "'%s' is not in\n%.*s", cases[_i].rows[i],
                      (int)(table.len < 1500 ? table.len : 1500), table.ptr);
    ck_assert_msg(!has(cases[_i].none), "'%s' is in\n%.*s", cases[_i].none, (int)table.len,
                  table.ptr);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fields");
    TCase *t = tcase_create("fields");
    tcase_add_unchecked_fixture(t, open_engine, close_engine);
    tcase_add_loop_test(t, fields, 0, sizeof cases / sizeof cases[0]);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
