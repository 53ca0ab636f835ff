/* Tests of stage/fill: which findings fill which fields, and how. Findings are made by hand. */
#include <stdlib.h>

#include <check.h>

#include "made_doc.h"
#include "mini_lexicon.h"
#include "stage/stage.h"

static rt_lexicon *x;
static rt_templates *templates;
static made m;

static void begin(const char *findings)
{
    made_init(&m, x, findings);
    m.record.field[RT_FIELD_EXAM] = RT_STR("CT chest");
    made_section(&m, RT_SECTION_FINDINGS, NULL, findings);
}

static void fill(void)
{
    rt_knowledge k = {.lexicon = x, .templates = templates};
    rt_ctx c = {.know = &k, .perm = &m.arena};
    c.temp = (rt_arena){m.arena.end - (1 << 20), m.arena.end, &m.full};
    m.arena.end = c.temp.beg;
    ck_assert_int_eq(rt_stage_fill(&c, &m.doc), RT_OK);
    ck_assert(!m.full);
    ck_assert_str_eq(rt_templates_at(templates, m.doc.template_index)->id, "chest");
}

static const rt_slot *slot(const char *field)
{
    return &m.doc.slots.at[mini_field(rt_templates_at(templates, m.doc.template_index), field)];
}

static void expect(const char *field, rt_state_type state, const char *value, uint32_t evidence)
{
    const rt_slot *s = slot(field);
    ck_assert_msg(s->state == state, "%s is %s, not %s", field, rt_state_name(s->state),
                  rt_state_name(state));
    ck_assert_msg(rt_str_eq(s->value, rt_str_from(value)), "%s is '%.*s', not '%s'", field,
                  (int)s->value.len, s->value.ptr, value);
    ck_assert_uint_eq(s->findings.count, evidence);
}

START_TEST(states_of_presence)
{
    static const struct {
        rt_presence_type presence;
        rt_state_type state;
        const char *value;
    } cases[] = {
        {RT_PRESENCE_PRESENT, RT_STATE_FILLED, "present"},
        {RT_PRESENCE_ABSENT, RT_STATE_NEGATED, "absent"},
        {RT_PRESENCE_POSSIBLE, RT_STATE_UNCERTAIN, "possible"},
        {RT_PRESENCE_UNLIKELY, RT_STATE_UNCERTAIN, "possible"}, /* no option of its own */
    };
    begin("Pneumothorax of some kind.");
    made_finding(&m, "RID5352", cases[_i].presence, "Pneumothorax");
    fill();
    expect("ptx", cases[_i].state, cases[_i].value, 1);
    expect("lesion", RT_STATE_NOT_MENTIONED, "", 0);
    ck_assert_uint_eq(m.doc.unmapped.len, 0);
    made_done(&m);
}
END_TEST

START_TEST(what_does_not_speak)
{
    made_init(&m, x,
              "Rule out pneumothorax. Old pneumothorax. Mother had pneumothorax. "
              "Question of pneumothorax.");
    m.record.field[RT_FIELD_EXAM] = RT_STR("CT chest");
    made_section(&m, RT_SECTION_CLINICAL, NULL, "Rule out pneumothorax.");
    made_section(&m, RT_SECTION_FINDINGS, NULL,
                 "Old pneumothorax. Mother had pneumothorax. Question of pneumothorax.");
    made_finding(&m, "RID5352", RT_PRESENCE_PRESENT, "pneumothorax");
    made_finding_from(&m, "RID5352", RT_PRESENCE_PRESENT, "pneumothorax", 23)->temporality =
        RT_TEMPORALITY_HISTORICAL;
    made_finding_from(&m, "RID5352", RT_PRESENCE_PRESENT, "pneumothorax", 42)->experiencer =
        RT_EXPERIENCER_FAMILY;
    made_finding_from(&m, "RID5352", RT_PRESENCE_QUERIED, "pneumothorax", 65);
    fill();
    expect("ptx", RT_STATE_NOT_MENTIONED, "", 0);
    ck_assert_uint_eq(m.doc.unmapped.len, 3); /* of the findings section only */
    made_done(&m);
}
END_TEST

START_TEST(triggers)
{
    begin("Nodule in the lung. Consolidation in the lung. Opacity somewhere.");
    made_finding(&m, "RID3875", RT_PRESENCE_PRESENT, "Nodule"); /* is_a opacity, in the lung */
    made_place(&m, "RID1303", "lung");
    made_finding(&m, "RID43255", RT_PRESENCE_PRESENT, "Consolidation"); /* excluded */
    made_place(&m, "RID1301", "lung");
    made_finding(&m, "RX00001", RT_PRESENCE_PRESENT, "Opacity"); /* no place */
    fill();
    expect("lesion", RT_STATE_FILLED, "present", 1);
    ck_assert_uint_eq(m.doc.slot_findings.at[slot("lesion")->findings.first], 0);
    expect("kind", RT_STATE_FILLED, "cons", 1); /* the nodule meets no option, the next does */
    expect("text", RT_STATE_FILLED, "Nodule in the lung.", 1);
    made_done(&m);
}
END_TEST

START_TEST(the_largest_lesion_comes_first)
{
    begin("Nodule one. Nodule two. Nodule three.");
    made_finding(&m, "RID3875", RT_PRESENCE_PRESENT, "Nodule")->count = 3;
    made_length(&m, 5, false);
    made_length(&m, 99, true); /* of the earlier exam */
    made_place(&m, "RID1301", "one");
    rt_finding *f = made_finding_from(&m, "RID3875", RT_PRESENCE_POSSIBLE, "Nodule", 5);
    f->change = RT_CHANGE_NEW;
    made_length(&m, 8.5, false);
    made_place(&m, "RID1303", "two");
    made_finding_from(&m, "RID3875", RT_PRESENCE_ABSENT, "Nodule", 15);
    made_length(&m, 20, false);
    fill();
    expect("size", RT_STATE_UNCERTAIN, "8.5", 1);
    ck_assert_str_eq(slot("size")->unit, "mm");
    expect("place", RT_STATE_UNCERTAIN, "two", 1);
    expect("count", RT_STATE_FILLED, "3", 1);
    expect("change", RT_STATE_UNCERTAIN, "new", 1);
    made_done(&m);
}
END_TEST

/* Of two without a size: what is certain, then the more severe one; the same words are said once.
 */
START_TEST(the_place_of_the_main_one)
{
    begin("Nodule one. Nodule two. Nodule three Three.");
    made_finding(&m, "RID3875", RT_PRESENCE_POSSIBLE, "Nodule")->severity = RT_SEVERITY_SEVERE;
    made_place(&m, "RID1303", "one");
    made_finding_from(&m, "RID3875", RT_PRESENCE_PRESENT, "Nodule", 5)->severity = RT_SEVERITY_MILD;
    made_place(&m, "RID1303", "two");
    made_finding_from(&m, "RID3875", RT_PRESENCE_PRESENT, "Nodule", 15)->severity =
        RT_SEVERITY_MODERATE;
    made_place(&m, "RID1303", "three");
    made_place(&m, "RID1303", "Three");
    fill();
    expect("place", RT_STATE_FILLED, "three", 1);
    made_done(&m);
}
END_TEST

START_TEST(sides_and_amounts_join)
{
    begin("Left nodule. Right nodule. Small effusion. Large effusion.");
    made_finding(&m, "RID3875", RT_PRESENCE_PRESENT, "nodule")->side = RT_SIDE_LEFT;
    made_finding_from(&m, "RID3875", RT_PRESENCE_PRESENT, "nodule", 12)->side = RT_SIDE_RIGHT;
    made_finding(&m, "RID34539", RT_PRESENCE_PRESENT, "effusion")->severity = RT_SEVERITY_MILD;
    made_finding_from(&m, "RID34539", RT_PRESENCE_PRESENT, "effusion", 42)->severity =
        RT_SEVERITY_SEVERE;
    fill();
    expect("side", RT_STATE_FILLED, "bilateral", 2);
    expect("amount", RT_STATE_FILLED, "severe", 1);
    made_done(&m);
}
END_TEST

START_TEST(attributes_of_what_is_denied)
{
    begin("No nodule. Effusion.");
    made_finding(&m, "RID3875", RT_PRESENCE_ABSENT, "nodule")->side = RT_SIDE_LEFT;
    made_finding(&m, "RID34539", RT_PRESENCE_PRESENT, "Effusion");
    fill();
    expect("size", RT_STATE_NOT_APPLICABLE, "", 0);
    expect("side", RT_STATE_NOT_APPLICABLE, "", 0);
    expect("amount", RT_STATE_NOT_MENTIONED, "", 0); /* there, but nobody said how much */
    made_done(&m);
}
END_TEST

/* Statement one affirms, statement two denies. */
START_TEST(conflicts)
{
    static const struct {
        rt_side_type yes, no;
        bool other_section, derived, qualified;
        rt_state_type state;
    } cases[] = {
        {RT_SIDE_LEFT, RT_SIDE_LEFT, false, false, false, RT_STATE_CONFLICT},
        {RT_SIDE_NONE, RT_SIDE_NONE, false, false, false, RT_STATE_CONFLICT},
        {RT_SIDE_LEFT, RT_SIDE_RIGHT, false, false, false, RT_STATE_FILLED},
        {RT_SIDE_LEFT, RT_SIDE_BILATERAL, true, false, false, RT_STATE_CONFLICT},
        {RT_SIDE_LEFT, RT_SIDE_NONE, false, false, false, RT_STATE_FILLED}, /* "no other" */
        {RT_SIDE_LEFT, RT_SIDE_NONE, true, false, false, RT_STATE_CONFLICT},
        {RT_SIDE_LEFT, RT_SIDE_LEFT, false, true, false, RT_STATE_FILLED},
        {RT_SIDE_LEFT, RT_SIDE_LEFT, false, false, true, RT_STATE_FILLED}, /* "no new" */
    };
    made_init(&m, x, "Left pneumothorax. No pneumothorax.");
    m.record.field[RT_FIELD_EXAM] = RT_STR("CT chest");
    made_section(&m, RT_SECTION_FINDINGS, NULL, "Left pneumothorax.");
    made_section(&m, cases[_i].other_section ? RT_SECTION_IMPRESSION : RT_SECTION_FINDINGS, NULL,
                 "No pneumothorax.");
    made_finding(&m, "RID5352", RT_PRESENCE_PRESENT, "pneumothorax")->side = (uint8_t)cases[_i].yes;
    rt_finding *no = made_finding_from(&m, "RID5352", RT_PRESENCE_ABSENT, "pneumothorax", 18);
    no->side = (uint8_t)cases[_i].no;
    no->derived = cases[_i].derived;
    no->change = cases[_i].qualified ? RT_CHANGE_NEW : RT_CHANGE_NONE;
    no->section = cases[_i].other_section;
    fill();
    bool conflict = cases[_i].state == RT_STATE_CONFLICT;
    expect("ptx", cases[_i].state, conflict ? "" : "present", conflict ? 2 : 1);
    made_done(&m);
}
END_TEST

START_TEST(the_ceiling_is_told)
{
    begin("Pneumothorax.");
    for (int i = 0; i < 500; i++)
        made_finding(&m, "RID5352", RT_PRESENCE_PRESENT, "Pneumothorax");
    fill();
    expect("ptx", RT_STATE_FILLED, "present", 64);
    ck_assert_uint_eq(m.doc.issues.len, 1);
    ck_assert_uint_eq(m.doc.issues.at[0].type, RT_ISSUE_TOO_MANY);
    made_done(&m);
}
END_TEST

int main(void)
{
    x = mini_lexicon();
    templates = mini_templates(x);
    Suite *s = suite_create("fill");
    TCase *t = tcase_create("fill");
    tcase_add_loop_test(t, states_of_presence, 0, 4);
    tcase_add_test(t, what_does_not_speak);
    tcase_add_test(t, triggers);
    tcase_add_test(t, the_place_of_the_main_one);
    tcase_add_test(t, the_largest_lesion_comes_first);
    tcase_add_test(t, sides_and_amounts_join);
    tcase_add_test(t, attributes_of_what_is_denied);
    tcase_add_loop_test(t, conflicts, 0, 8);
    tcase_add_test(t, the_ceiling_is_told);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_templates_close(templates);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
