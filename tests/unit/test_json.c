/* Tests of output/json and output/dump over a document made by hand: what is written is parsed back
 * and compared, the order of the members too. */
#include <math.h>

#include <check.h>
#include <jansson.h>

#include "output/dump.h"
#include "output/json.h"
#include "output/json_text.h"

/* ---- a report: "右肺" right lung, two findings, one measure */

#define TEXT "\xe5\x8f\xb3\xe8\x82\xba nodule 12x8mm\n\"likely\" tumour"
/*            0..6 (2 code points)  7..13 nodule  14..20      21..29   30..36 */

static const char pool[] = "\0RID1\0lung\0\xe8\x82\xba\0RID2\0nodule\0RX3\0tumour\0RX4\0large";
enum {
    ID_LUNG = 1,
    LUNG = 6,
    LUNG_ZH = 11,
    ID_NODULE = 15,
    NODULE = 20,
    ID_TUMOUR = 27,
    TUMOUR = 31,
    ID_LARGE = 38,
    LARGE = 42
};

static const rt_concept concepts[] = {
    {.id = ID_LUNG, .pref_en = LUNG, .pref_zh = LUNG_ZH, .type = RT_TYPE_ANATOMY},
    {.id = ID_NODULE, .pref_en = NODULE, .pref_zh = 0, .type = RT_TYPE_FINDING},
    {.id = ID_TUMOUR, .pref_en = TUMOUR, .pref_zh = 0, .type = RT_TYPE_DIAGNOSIS},
    {.id = ID_LARGE, .pref_en = LARGE, .pref_zh = 0, .type = RT_TYPE_SIZE},
};

static const rt_lexicon lexicon = {
    .pool = pool, .n_pool = sizeof pool, .concepts = concepts, .n_concepts = 4};
static const rt_knowledge know = {.lexicon = &lexicon};
static rt_step steps[] = {{0, 0}};
static rt_section sections[] = {{.at = {0, 36}, .type = RT_SECTION_FINDINGS}};
static rt_place places[] = {{.at = {3, 6}, .concept = 0, .side = RT_SIDE_RIGHT}};
static rt_modifier modifiers[] = {{.at = {7, 13}, .concept = 3}};
static rt_measure measures[] = {
    {.at = {14, 20},
     .value = {12, 8},
     .high = (double)NAN,
     .n = 2,
     .kind = RT_MEASURE_LENGTH,
     .unit = "mm",
     .mention = RT_NIL},
    {.at = {14, 16},
     .value = {3.5},
     .high = 6,
     .n = 1,
     .kind = RT_MEASURE_LENGTH,
     .unit = "mm",
     .prior = true,
     .comparator = '<',
     .mention = RT_NIL},
};
static uint32_t finding_measures[] = {0, 1};
static uint32_t suggests[] = {1};
static rt_finding findings[] = {
    {.at = {7, 13},
     .concept = 1,
     .presence = RT_PRESENCE_PRESENT,
     .side = RT_SIDE_RIGHT,
     .change = RT_CHANGE_NEW,
     .severity = RT_SEVERITY_MILD,
     .anatomy = {0, 1},
     .modifiers = {0, 1},
     .measures = {0, 2},
     .suggests = {0, 1},
     .count = 3},
    {.at = {30, 36},
     .cue = {21, 29},
     .concept = 2,
     .presence = RT_PRESENCE_POSSIBLE,
     .derived = true},
};
static rt_communication communications[] = {{.at = {21, 29}, .to = {30, 36}, .read_back = true}};
static rt_advice advice[] = {
    {.at = {21, 29},
     .action = "follow-up",
     .modality = 3,
     .interval = 6,
     .interval_high = 12,
     .unit = "month"},
    {.at = {21, 29}, .action = "biopsy", .modality = RT_NIL},
};
static rt_issue issues[] = {{.type = RT_ISSUE_NO_IMPRESSION},
                            {.type = RT_ISSUE_BAD_FIELD, .at = {0, 3}, .detail = {"age", 3}}};

static rt_record record;
static rt_doc doc;
static rt_buf out;

static void setup(void)
{
    record = (rt_record){.line = 4};
    record.field[RT_FIELD_ID] = RT_STR("r\"1\"\\\t\x01\x7f\xe8\x82\xba");
    rt_doc_reset(&doc, &record);
    doc.charset = "UTF-8";
    doc.text.doc = doc.text.folded = RT_STR(TEXT);
    doc.text.steps.at = steps;
    doc.text.steps.len = 1;
#define FILL(list, from) doc.list.at = from, doc.list.len = sizeof from / sizeof from[0]
    FILL(sections, sections);
    FILL(places, places);
    FILL(modifiers, modifiers);
    FILL(measures, measures);
    FILL(finding_measures, finding_measures);
    FILL(suggests, suggests);
    FILL(findings, findings);
    FILL(communications, communications);
    FILL(advice, advice);
    FILL(issues, issues);
    rt_buf_init(&out, SIZE_MAX);
}

static void teardown(void)
{
    rt_buf_free(&out);
}

static json_t *load_line(void)
{
    json_error_t e;
    ck_assert_uint_gt(out.len, 0);
    ck_assert_int_eq(out.ptr[out.len - 1], '\n');
    ck_assert_ptr_null(memchr(out.ptr, '\n', out.len - 1));
    json_t *tree = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES, &e);
    ck_assert_msg(tree != NULL, "%s at %d of %.*s", e.text, e.position, (int)out.len, out.ptr);
    return tree;
}

static void expect_text(const json_t *tree, const char *want)
{
    char *got = json_dumps(tree, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY);
    ck_assert_str_eq(got, want);
    free(got);
}

START_TEST(whole_report)
{
    ck_assert_int_eq(rt_write_json(&doc, &know, &out, NULL), RT_OK);
    json_t *tree = load_line();
    ck_assert_str_eq(json_string_value(json_object_get(tree, "id")),
                     "r\"1\"\\\t\x01\x7f\xe8\x82\xba");
    expect_text(json_object_get(tree, "lang"), "\"en\"");
    expect_text(json_object_get(tree, "template"), "null");
    expect_text(json_object_get(tree, "sections"), "[{\"type\":\"findings\",\"b\":0,\"e\":32}]");
    expect_text(json_object_get(tree, "communications"),
                "[{\"to\":\"tumour\",\"at\":null,\"read_back\":true,\"minutes_from_exam\":0,"
                "\"minutes_from_report\":0,\"b\":17,\"e\":25}]");
    expect_text(
        json_object_get(tree, "recommendations"),
        "[{\"action\":\"follow-up\",\"modality\":\"large\",\"interval\":{\"value\":6,\"high\":12,"
        "\"unit\":\"month\"},\"b\":17,\"e\":25},"
        "{\"action\":\"biopsy\",\"modality\":null,\"interval\":null,\"b\":17,\"e\":25}]");
    expect_text(json_object_get(tree, "critical"), "[]");
    expect_text(json_object_get(tree, "qa"), "[]");
    expect_text(json_object_get(tree, "fields"), "[]");
    json_t *issue = json_array_get(json_object_get(tree, "issues"), 1);
    ck_assert_str_eq(json_string_value(json_object_get(issue, "code")), "bad-field");
    ck_assert_str_eq(json_string_value(json_object_get(issue, "detail")), "age");
    ck_assert_int_eq(json_integer_value(json_object_get(issue, "e")), 1);
    json_decref(tree);
}
END_TEST

START_TEST(findings_as_the_contract_says)
{
    ck_assert_int_eq(rt_write_json(&doc, &know, &out, NULL), RT_OK);
    json_t *tree = load_line();
    json_t *list = json_object_get(tree, "findings");
    ck_assert_uint_eq(json_array_size(list), 2);
    expect_text(
        json_array_get(list, 0),
        "{\"id\":\"f1\",\"concept\":\"RID2\",\"name\":\"nodule\",\"name_zh\":\"\",\"type\":"
        "\"finding\","
        "\"presence\":\"present\",\"temporality\":\"current\",\"experiencer\":\"patient\","
        "\"change\":\"new\",\"severity\":\"mild\",\"laterality\":\"right\","
        "\"anatomy\":[{\"concept\":\"RID1\",\"name\":\"lung\",\"laterality\":\"right\"}],"
        "\"modifiers\":[{\"name\":\"size\",\"value\":\"large\"}],"
        "\"measurements\":[{\"values\":[12,8],\"high\":null,\"comparator\":null,\"unit\":\"mm\","
        "\"prior\":false,\"b\":10,\"e\":16},"
        "{\"values\":[3.5,6],\"high\":6,\"comparator\":\"<\",\"unit\":\"mm\",\"prior\":true,\"b\":"
        "10,"
        "\"e\":12}],"
        "\"section\":\"findings\",\"count\":3,\"suggests\":[\"f2\"],\"b\":3,\"e\":9,"
        "\"text\":\"nodule\",\"cue\":null,\"anatomy_spans\":[[1,2]],\"method\":\"dict\"}");
    expect_text(
        json_array_get(list, 1),
        "{\"id\":\"f2\",\"concept\":\"RX3\",\"name\":\"tumour\",\"name_zh\":\"\",\"type\":"
        "\"diagnosis\","
        "\"presence\":\"possible\",\"temporality\":\"current\",\"experiencer\":\"patient\","
        "\"change\":null,\"severity\":null,\"laterality\":null,\"anatomy\":[],\"modifiers\":[],"
        "\"measurements\":[],\"section\":\"findings\",\"count\":null,\"suggests\":[],\"b\":26,"
        "\"e\":32,\"text\":\"tumour\",\"cue\":[17,25],\"cue_text\":\"\\\"likely\\\"\","
        "\"anatomy_spans\":[],\"method\":\"derived\"}");
    json_decref(tree);
}
END_TEST

START_TEST(members_come_in_order)
{
    static const char *const names[] = {"id",       "lang",           "template",        "sections",
                                        "findings", "communications", "recommendations", "critical",
                                        "qa",       "fields",         "issues"};
    ck_assert_int_eq(rt_write_json(&doc, &know, &out, NULL), RT_OK);
    json_t *tree = load_line(), *value = NULL;
    const char *name = NULL;
    size_t n = 0;
    json_object_foreach(tree, name, value)
    {
        ck_assert_str_eq(name, names[n]);
        n++;
    }
    ck_assert_uint_eq(n, sizeof names / sizeof names[0]);
    json_decref(tree);
}
END_TEST

START_TEST(errors)
{
    rt_err why = {.code = RT_EINPUT, .col = 9};
    snprintf(why.msg, sizeof why.msg, "near \"x\"\xe8 and \xe8\x82\xba\xe8");
    ck_assert_int_eq(rt_write_json_error(&record, &why, &out, NULL), RT_OK);
    json_t *tree = load_line();
    expect_text(json_object_get(tree, "error"),
                "{\"code\":\"bad-record\",\"message\":\"near \\\"x\\\"? and \xe8\x82\xba?\","
                "\"line\":4,\"column\":9}");
    json_decref(tree);
    static const rt_code codes[] = {RT_ELIMIT, RT_EIO, RT_ENOMEM, RT_EUSAGE, RT_EDB};
    static const char *const names[] = {"too-large", "system", "memory", "usage", "index"};
    for (size_t i = 0; i < 5; i++) {
        rt_buf_clear(&out);
        why = (rt_err){.code = codes[i]};
        ck_assert_int_eq(rt_write_json_error(&record, &why, &out, NULL), RT_OK);
        tree = load_line();
        ck_assert_str_eq(json_string_value(json_object_get(json_object_get(tree, "error"), "code")),
                         names[i]);
        json_decref(tree);
    }
}
END_TEST

START_TEST(a_full_buffer_is_told_of)
{
    rt_err err = {.code = RT_OK};
    for (size_t limit = 100; limit < 2000; limit += 10) {
        rt_buf_free(&out);
        rt_buf_init(&out, limit);
        err.code = RT_OK;
        rt_code code = rt_write_json(&doc, &know, &out, &err);
        ck_assert_int_eq(err.code, code);
        ck_assert(code == RT_ELIMIT || (code == RT_OK && limit > 1000));
        ck_assert_uint_le(out.len, limit);
    }
}
END_TEST

/* ---- dump */

static void expect_dump(const char *stage, const char *want)
{
    rt_buf_clear(&out);
    ck_assert_int_eq(rt_write_dump(&doc, &know, stage, &out, NULL), RT_OK);
    rt_buf_addc(&out, '\0');
    ck_assert_str_eq(out.ptr, want);
}

/* What must be escaped, at every place of texts of every length, against both ways of writing. */
START_TEST(escapes)
{
    static const struct {
        char byte;
        const char *escape;
    } all[] = {{'"', "\\\""}, {'\\', "\\\\"},      {'\n', "\\n"},       {'\t', "\\t"},
               {'\r', "\\r"}, {'\x01', "\\u0001"}, {'\x1f', "\\u001f"}, {'\x7f', "\\u007f"}};
    static const char plain[] = " !az[]\x80\xff#~0123456789abcdefghijklmn";
    rt_buf b;
    rt_buf_init(&b, SIZE_MAX);
    for (size_t n = 0; n < sizeof plain; n++)
        for (size_t at = 0; at < n; at++)
            for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
                char text[sizeof plain], put[6 * sizeof plain], expected[2 * sizeof plain];
                memcpy(text, plain, n);
                text[at] = all[i].byte;
                int len = snprintf(expected, sizeof expected, "%.*s%s%.*s", (int)at, plain,
                                   all[i].escape, (int)(n - at - 1), plain + at + 1);
                char *end = rt_json_put(put, (rt_str){text, n});
                ck_assert_mem_eq(put, expected, (size_t)len);
                ck_assert_int_eq(end - put, len);
                rt_buf_clear(&b);
                rt_json_text(&b, (rt_str){text, n});
                ck_assert(rt_str_eq(rt_buf_str(&b), (rt_str){expected, (size_t)len}));
            }
    rt_buf_free(&b);
}
END_TEST

START_TEST(dumps)
{
    expect_dump(
        "finding",
        "b\te\ttext\tconcept\tpresence\ttemporality\texperiencer\tlaterality\tseverity\tchange\tsiz"
        "es_mm\t"
        "anatomy\tmethod\n"
        "3\t9\tnodule\tnodule\tpresent\tcurrent\tpatient\tright\tmild\tnew\t12x8\tlung\tdict\n"
        "26\t32\ttumour\ttumour\tpossible\tcurrent\tpatient\t-\t-\t-\t-\t-\tderived\n");
    expect_dump("measure", "b\te\ttext\tsentence\tkind\tvalues\tunit\tcomparator\ttime\tmention\n"
                           "10\t16\t12x8mm\t0\tlength\t12x8\tmm\t-\tcurrent\t-\n"
                           "10\t12\t12\t0\tlength\t3.5-6\tmm\t<\tprior\t-\n");
    expect_dump("section", "b\te\ttype\theading\n0\t32\tfindings\t\n");
    expect_dump("issue", "b\te\tseverity\tcode\tdetail\n0\t0\tinfo\tno-impression-section\t\n"
                         "0\t1\twarning\tbad-field\tage\n");
    expect_dump("text", "charset\tlang\ttext\tfolded\nUTF-8\ten\t\xe5\x8f\xb3\xe8\x82\xba nodule "
                        "12x8mm\\n\"likely\" tumour\t"
                        "\xe5\x8f\xb3\xe8\x82\xba nodule 12x8mm\\n\"likely\" tumour\n");
}
END_TEST

START_TEST(every_stage_has_a_heading)
{
    static const char *const stages[] = {"text",    "hit",      "section",   "sentence",
                                         "mention", "measure",  "assertion", "relation",
                                         "finding", "critical", "field",     "issue"};
    rt_doc empty;
    rt_err err = {.code = RT_OK};
    rt_doc_reset(&empty, &record);
    empty.charset = "UTF-8";
    empty.text.doc = empty.text.folded = RT_STR("");
    empty.text.ascii = true;
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        rt_buf_clear(&out);
        ck_assert_int_eq(rt_write_dump(&empty, &know, stages[i], &out, NULL), RT_OK);
        ck_assert_ptr_nonnull(memchr(out.ptr, '\t', out.len));
    }
    ck_assert_int_eq(rt_write_dump(&empty, &know, "nonsense", &out, &err), RT_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "nonsense"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("json");
    TCase *t = tcase_create("json");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, whole_report);
    tcase_add_test(t, findings_as_the_contract_says);
    tcase_add_test(t, members_come_in_order);
    tcase_add_test(t, errors);
    tcase_add_test(t, a_full_buffer_is_told_of);
    tcase_add_test(t, escapes);
    tcase_add_test(t, dumps);
    tcase_add_test(t, every_stage_has_a_heading);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
