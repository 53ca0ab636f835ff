/* Tests of the outputs of standards: FHIR, DICOM SR, CDA and WS/T 500. Whatever the report and the
 * record, the document is valid against the schema that is shipped (of CDA and WS/T 500, whose
 * schemas are not: well-formed, and without an empty attribute), and says what the report says. */
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <jansson.h>
#include <libxml/parser.h>

#include "knowledge/validate.h"
#include "made_doc.h"
#include "mini_lexicon.h"
#include "output/cda.h"
#include "output/dsr.h"
#include "output/fhir.h"
#include "output/wst500.h"

static rt_lexicon *x;
static rt_templates *templates;
static rt_validator *fhir_schema, *dsr_schema;
static rt_buf out;
static made m;

typedef rt_code writer(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

enum { FHIR, FHIR_XML, DSR, CDA, WST500, WRITERS };
static writer *const writers[WRITERS] = {rt_write_fhir, rt_write_fhir_xml, rt_write_dsr,
                                         rt_write_cda, rt_write_wst500};

/* ---- checks */

static int shown(rt_str s) /* Check has a ceiling for messages */
{
    return (int)(s.len < 3000 ? s.len : 3000);
}

static void check_json(rt_str s)
{
    json_error_t error;
    ck_assert_uint_gt(s.len, 0);
    ck_assert_int_eq(s.ptr[s.len - 1], '\n');
    ck_assert_ptr_eq(memchr(s.ptr, '\n', s.len - 1), NULL); /* one line */
    json_t *root = json_loadb(s.ptr, s.len, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "%d: %s\n%.*s", error.position, error.text, shown(s), s.ptr);
    json_decref(root);
}

static void check_xml(rt_str s)
{
    xmlDocPtr doc = xmlReadMemory(s.ptr, (int)s.len, "test", NULL, XML_PARSE_NONET);
    ck_assert_msg(doc != NULL, "%.*s", shown(s), s.ptr);
    xmlFreeDoc(doc);
    ck_assert_msg(!rt_str_find(s, RT_STR("=\"\""), NULL), "%.*s", shown(s), s.ptr);
}

static void check_schema(const rt_validator *v, rt_str s)
{
    rt_err err = {.code = RT_OK};
    ck_assert_msg(rt_validator_check(v, "test", s, &err) == RT_OK, "line %u: %s\n%.*s", err.line,
                  err.msg, shown(s), s.ptr);
}

static void write_as(int as)
{
    rt_knowledge k = {.lexicon = x, .templates = templates};
    rt_err err = {.code = RT_OK};
    rt_buf_clear(&out);
    ck_assert_int_eq(writers[as](&m.doc, &k, &out, &err), RT_OK);
    rt_str s = rt_buf_str(&out);
    if (as == FHIR)
        check_json(s);
    else
        check_xml(s);
    if (as == FHIR_XML)
        check_schema(fhir_schema, s);
    if (as == DSR)
        check_schema(dsr_schema, s);
}

static void expect(const char *words)
{
    ck_assert_msg(rt_str_find(rt_buf_str(&out), rt_str_from(words), NULL), "missing: %s\n%.*s",
                  words, shown(rt_buf_str(&out)), out.ptr);
}

static void expect_all(int as, const char *const *words) /* NULL-terminated */
{
    write_as(as);
    for (; *words != NULL; words++)
        expect(*words);
}

/* ---- whatever the report says */

START_TEST(nothing_found)
{
    static const char *const texts[] = {"a", "\xE8\x82\xBA\xE3\x80\x82",
                                        "a <b> & \"c\" 'd' ]]> \\ \xF0\xA0\x80\x80\t\n\n end ",
                                        "\xE3\x80\x80\xC2\xA0x\xEF\xBB\xBFy\xE2\x80\x83"};
    made_init(&m, x, texts[_i]);
    m.doc.template_index = 0;
    rt_buf_init(&out, 1 << 24);
    for (int as = 0; as < WRITERS; as++)
        write_as(as);
    made_section(&m, RT_SECTION_FINDINGS, NULL, texts[_i]);
    for (int as = 0; as < WRITERS; as++)
        write_as(as);
    rt_buf_free(&out);
    made_done(&m);
}
END_TEST

static void begin_all(void)
{
    made_all(&m, x);
    m.doc.template_index = 0;
    rt_buf_init(&out, 1 << 24);
}

static void end_all(void)
{
    rt_buf_free(&out);
    made_done(&m);
}

START_TEST(everything_in_fhir)
{
    static const char *const json[] = {
        "\"text\":\"borderline\"",
        "\"code\":{\"text\":\"count\"},\"valueInteger\":2",
        "urn:roentext:fhir:prior",
        "\"value\":7.25,\"unit\":\"mm\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm\"",
        "\"valueRange\":{\"low\":{\"value\":8,",
        "\"boundsRange\":{\"low\":{\"value\":6,\"unit\":\"month\"",
        "\"high\":{\"value\":12,\"unit\":\"month\",\"system\":\"http://"
        "unitsofmeasure.org\",\"code\":\"mo\"",
        "\"derivedFrom\":[{\"reference\":\"urn:uuid:",
        "\"focus\":[{\"display\":\"family\"}]",
        "\"code\":\"RID36\"",
        "\"valueCode\":\"derived\"",
        "urn:roentext:fhir:read-back\",\"valueBoolean\":true",
        "\"valueString\":\"4a\"",
        "\"language\":\"zh\"",
        NULL};
    static const char *const xml[] = {"<valueInteger value=\"2\"/>",
                                      "<boundsRange>",
                                      "<derivedFrom>",
                                      "<display value=\"family\"/>",
                                      "<code value=\"RID28473\"/>",
                                      NULL};
    begin_all();
    expect_all(FHIR, json);
    expect_all(FHIR_XML, xml);
    end_all();
}
END_TEST

START_TEST(everything_in_dicom)
{
    static const char *const words[] = {"<value>count</value>",
                                        "<value>7.25</value>",
                                        "<value>prior</value>",
                                        "<value>upper</value>",
                                        "<meaning>less than</meaning>",
                                        "<value>interval</value>",
                                        "<value>interval-high</value>",
                                        "<value>suggests</value>",
                                        "<value>410516002</value>",
                                        "<value>family</value>",
                                        "<value>RID36</value>",
                                        "<value>mo</value>",
                                        "<value>4a</value>",
                                        NULL};
    begin_all();
    expect_all(DSR, words);
    end_all();
}
END_TEST

START_TEST(everything_in_cda)
{
    static const char *const cda[] = {"<value xsi:type=\"INT\" value=\"2\"/>",
                                      "value=\"7.25\" unit=\"mm\"",
                                      "code=\"prior\"",
                                      "<low value=\"8\" unit=\"mm\"/>",
                                      "<high value=\"12\" unit=\"mm\"/>",
                                      "<width value=\"6\" unit=\"mo\"/>",
                                      "inversionInd=\"true\"",
                                      "negationInd=\"true\"",
                                      "<relatedSubject classCode=\"PRS\">",
                                      "code=\"RID36\"",
                                      "<reference value=\"#f3\"/>",
                                      "<content ID=\"r1\">",
                                      "<value xsi:type=\"ST\">4a</value>",
                                      "<reference value=\"#g1\"/>",
                                      NULL};
    static const char *const wst[] = {
        "<value xsi:type=\"ST\">Left nodule \xE7\xBB\x93.\nNo effusion.",
        "<value xsi:type=\"ST\">Nodule, likely.", "REQ: chest.", NULL};
    begin_all();
    expect_all(CDA, cda);
    expect_all(WST500, wst);
    end_all();
}
END_TEST

/* ---- whatever the record says: each field alone, and all of them */

START_TEST(records)
{
    static const char *const values[] = {
        "x",
        " ",
        "a\\b^c=d",
        "\x01\xFF\xC2",
        "<&>\"'\n",
        "2024-06-01",
        "20240601",
        "0930",
        "M",
        "final",
        "addendum",
        "99",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        "\xE8\x82\xBA\xE3\x80\x80\xE7\xBB\x93\xE8\x8A\x82^\xE5\xBC\xA0^\xE4\xB8\x89",
        "^",
        "^^x",
        "="};
    begin_all();
    for (int f = 0; f <= RT_FIELD_COUNT; f++) {
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            rt_record kept = m.record;
            for (int g = 0; g < RT_FIELD_COUNT; g++)
                if (g != RT_FIELD_TEXT && (g == f || f == RT_FIELD_COUNT))
                    m.record.field[g] = rt_str_from(values[v]);
            for (int as = 0; as < WRITERS; as++)
                write_as(as);
            m.record = kept;
        }
    }
    end_all();
}
END_TEST

/* ---- limits */

START_TEST(full_buffers)
{
    begin_all();
    rt_knowledge k = {.lexicon = x, .templates = templates};
    for (int as = 0; as < WRITERS; as++) {
        write_as(as);
        size_t whole = out.len;
        for (size_t limit = 0; limit < whole; limit += 97) {
            rt_buf small;
            rt_err err = {.code = RT_OK};
            rt_buf_init(&small, limit);
            ck_assert_int_eq(writers[as](&m.doc, &k, &small, &err), RT_ELIMIT);
            ck_assert_int_eq(err.code, RT_ELIMIT);
            rt_buf_free(&small);
        }
    }
    end_all();
}
END_TEST

START_TEST(errors)
{
    rt_record r = {.line = 7};
    rt_err why = {.code = RT_ELIMIT, .msg = "too \xE8 <long>"};
    rt_err err = {.code = RT_OK};
    r.field[RT_FIELD_ID] = RT_STR("r\x02");
    rt_buf_init(&out, 1 << 20);
    ck_assert_int_eq(rt_write_fhir_error(&r, &why, &out, &err), RT_OK);
    check_json(rt_buf_str(&out));
    expect("\"code\":\"too-long\"");
    rt_buf_clear(&out);
    ck_assert_int_eq(rt_write_fhir_xml_error(&r, &why, &out, &err), RT_OK);
    check_schema(fhir_schema, rt_buf_str(&out));
    expect("<valueUnsignedInt value=\"7\"/>");
    rt_buf_free(&out);
}
END_TEST

int main(void)
{
    rt_err err = {.code = RT_OK};
    x = mini_lexicon();
    templates = mini_templates(x);
    if (rt_validator_open("templates/schema/fhir-r4.xsd", &fhir_schema, &err) != RT_OK ||
        rt_validator_open("templates/schema/dsr2xml.xsd", &dsr_schema, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        return EXIT_FAILURE;
    }
    Suite *s = suite_create("outputs");
    TCase *t = tcase_create("outputs");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, nothing_found, 0, 4);
    tcase_add_test(t, everything_in_fhir);
    tcase_add_test(t, everything_in_dicom);
    tcase_add_test(t, everything_in_cda);
    tcase_add_test(t, records);
    tcase_add_test(t, full_buffers);
    tcase_add_test(t, errors);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_validator_close(fhir_schema);
    rt_validator_close(dsr_schema);
    rt_templates_close(templates);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
