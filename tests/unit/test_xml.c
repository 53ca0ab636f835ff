/* Tests of output/xml and output/cp: every document is valid against the shipped schema, every span
 * proves itself, whatever the report. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/utf8.h"
#include "knowledge/validate.h"
#include "made_doc.h"
#include "mini_lexicon.h"
#include "output/cp.h"
#include "output/xml.h"

static rt_lexicon *x;
static rt_templates *templates;
static rt_validator *schema;
static rt_buf out;
static made m;

/* ---- code points */

static void check_points(rt_str s)
{
    rt_cp cp;
    rt_text t = {.doc = s};
    rt_cp_init(&cp, &t);
    uint32_t points = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i == s.len || !rt_utf8_cont(s.ptr[i]))
            ck_assert_uint_eq(rt_cp_of(&cp, (uint32_t)i), points++);
    }
    ck_assert_uint_eq(cp.total, points - 1);
}

START_TEST(code_points)
{
    static const char *const pieces[] = {"a", "\xC3\xA9", "\xE8\x82\xBA", "\xF0\xA0\x80\x80"};
    static char text[200000];
    size_t n = 0, bounds[] = {0, 1, 7, 8, 63, 64, 65, 1000, 65535, 65536, 65537, 199000};
    for (uint32_t seed = 1; n < 199500; seed = seed * 1664525U + 1013904223U) {
        const char *p = pieces[seed >> 30];
        memcpy(text + n, p, strlen(p));
        n += strlen(p);
    }
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        size_t end = bounds[i];
        while (rt_utf8_cont(text[end]))
            end++;
        check_points((rt_str){text, end});
    }
    rt_text ascii = {.doc = RT_STR("abc"), .ascii = true};
    rt_cp cp;
    rt_cp_init(&cp, &ascii);
    ck_assert_uint_eq(rt_cp_of(&cp, 2), 2);
}
END_TEST

/* ---- documents */

static void choose_template(void)
{
    m.doc.template_index = 0;
    while (strcmp(rt_templates_at(templates, m.doc.template_index)->id, "chest") != 0)
        m.doc.template_index++;
}

static void begin(const char *text)
{
    made_init(&m, x, text);
    rt_buf_init(&out, 1 << 24);
    choose_template();
}

static void end(void)
{
    rt_buf_free(&out);
    made_done(&m);
}

static const xmlNode *child(const xmlNode *n, const char *name)
{
    for (n = n->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
            return n;
    ck_abort_msg("no element %s", name);
}

static size_t attribute(const xmlNode *n, const char *name)
{
    xmlChar *v = xmlGetNoNsProp(n, (const xmlChar *)name);
    ck_assert_ptr_nonnull(v);
    size_t number = strtoul((const char *)v, NULL, 10);
    xmlFree(v);
    return number;
}

static void check_span(const xmlNode *n, rt_str source)
{
    size_t b = attribute(n, "b"), e = attribute(n, "e"), beg = 0, fin = 0;
    ck_assert_uint_lt(b, e);
    for (size_t i = 0; i < b; i++)
        rt_utf8_next(source, &beg);
    fin = beg;
    for (size_t i = b; i < e; i++)
        rt_utf8_next(source, &fin);
    xmlChar *text = xmlNodeGetContent(n);
    ck_assert(rt_str_eq(rt_str_from((const char *)text), rt_str_slice(source, beg, fin)));
    xmlFree(text);
}

static uint32_t check_spans(const xmlNode *n, rt_str source)
{
    uint32_t count = 0;
    for (n = n->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)n->name;
        bool span = strcmp(name, "span") == 0 || strcmp(name, "narrative") == 0 ||
                    strcmp(name, "heading") == 0;
        if (span)
            check_span(n, source);
        count += span + check_spans(n, source);
    }
    return count;
}

static bool says(const char *words)
{
    return rt_str_find(rt_buf_str(&out), rt_str_from(words), NULL);
}

/* Writes, validates, proves; the number of spans. */
static uint32_t write(void)
{
    rt_knowledge k = {.lexicon = x, .templates = templates};
    rt_err err = {.code = RT_OK};
    xmlDocPtr doc = NULL;
    rt_buf_clear(&out);
    ck_assert_int_eq(rt_write_xml(&m.doc, &k, &out, &err), RT_OK);
    ck_assert_msg(rt_validator_read(schema, "test", rt_buf_str(&out), &doc, &err) == RT_OK,
                  "line %u: %s\n%.*s", err.line, err.msg, (int)out.len, out.ptr);
    const xmlNode *root = xmlDocGetRootElement(doc), *source = child(root, "source");
    xmlChar *text = xmlNodeGetContent(child(source, "text"));
    ck_assert(rt_str_eq(rt_str_from((const char *)text), m.doc.text.doc));
    ck_assert_uint_eq(attribute(source, "length"), rt_utf8_count(m.doc.text.doc));
    uint32_t spans = check_spans(root, m.doc.text.doc);
    xmlFree(text);
    xmlFreeDoc(doc);
    return spans;
}

START_TEST(nothing_found)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "\n\n",
                                        "a",
                                        "\xE8\x82\xBA\xE3\x80\x82",
                                        "a <b> & \"c\" 'd' ]]> \xF0\xA0\x80\x80\t\n end "};
    begin(texts[_i]);
    bool blank = rt_str_trim(rt_str_from(texts[_i])).len == 0;
    ck_assert_uint_eq(write(), m.doc.text.doc.len > 0); /* one section holds all */
    ck_assert(says("<section type=\"other\" id=\"other\""));
    made_section(&m, RT_SECTION_FINDINGS, NULL, texts[_i]);
    ck_assert_uint_eq(write(), !blank);
    end();
}
END_TEST

static void make_all(void)
{
    made_all(&m, x);
    rt_buf_init(&out, 1 << 24);
    choose_template();
}

static rt_slot slot_of(uint32_t field, rt_state_type state)
{
    return (rt_slot){.template_index = m.doc.template_index,
                     .field = field,
                     .instance = RT_NIL,
                     .state = (uint32_t)state,
                     .option = RT_NIL};
}

static void add_slots(void)
{
    const rt_template *t = rt_templates_at(templates, m.doc.template_index);
    for (uint32_t i = 0; i < t->n_fields; i++)
        RT_PUSH(&m.arena, &m.doc.slots, slot_of(i, RT_STATE_NOT_MENTIONED));
    uint32_t ptx = mini_field(t, "ptx"), size = mini_field(t, "size"), text = mini_field(t, "text");
    RT_PUSH(&m.arena, &m.doc.slot_findings, 0);
    RT_PUSH(&m.arena, &m.doc.slot_findings, 2);
    m.doc.slots.at[ptx].state = RT_STATE_FILLED;
    m.doc.slots.at[ptx].value = RT_STR("present");
    m.doc.slots.at[ptx].option = 0;
    m.doc.slots.at[ptx].findings = (rt_range){0, 2};
    m.doc.slots.at[size] = (rt_slot){.template_index = m.doc.template_index,
                                     .instance = RT_NIL,
                                     .field = size,
                                     .state = RT_STATE_UNCERTAIN,
                                     .value = RT_STR("8.5"),
                                     .unit = "mm",
                                     .option = RT_NIL,
                                     .findings = {0, 1}};
    m.doc.slots.at[text] = (rt_slot){.template_index = m.doc.template_index,
                                     .instance = RT_NIL,
                                     .field = text,
                                     .state = RT_STATE_CONFLICT,
                                     .value = RT_STR("a < b"),
                                     .option = RT_NIL,
                                     .findings = {0, 2}};
}

START_TEST(everything)
{
    static const char *const expected[] = {
        "xml:lang=\"zh\"",
        "id=\"findings-2\"",
        "section=\"findings-2\"",
        "<code system=\"RADLEX\" code=\"RID3875\"",
        "<code system=\"ROENTEXT\" code=\"RX00001\"",
        "count=\"2\"",
        "severity=\"borderline\"",
        "<measurement name=\"length\" prior=\"true\">",
        "<quantity value=\"7.25\" unit=\"mm\" ucum=\"mm\"/>",
        "<quantity value=\"8\" high=\"12\" comparator=\"&lt;\" unit=\"mm\" ucum=\"mm\"/>",
        "<suggests finding=\"f3\"/>",
        "role=\"side\">Left</span>",
        "method=\"derived\"",
        "<interval value=\"6\" high=\"12\" unit=\"month\" ucum=\"mo\"/>",
        "readBack=\"true\"",
        "value=\"4a\" laterality=\"left\">",
        "action=\"imaging\" anatomy=",
        "<item n=\"1\" findings=\"f3\" certainty=\"unlikely\">",
        "detail=\"x\xEF\xBF\xBDy\"",
        ("<field id=\"ptx\" label=\"Pneumothorax\" type=\"choice\" state=\"filled\" "
         "required=\"true\" findings=\"f1 f3\">"),
        "<value option=\"present\">",
        "<text>a &lt; b</text>",
        "fieldsFilled=\"3\" fieldsTotal=\"10\"/>"};
    make_all();
    add_slots();
    ck_assert_uint_gt(write(), 20);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_msg(says(expected[i]), "missing: %s\n%.*s", expected[i], (int)out.len, out.ptr);
    end();
}
END_TEST

/* Fields stand in the first section of their type; if the report has none, in an empty one. */
START_TEST(fields_without_a_section)
{
    begin("Impression only.");
    made_section(&m, RT_SECTION_IMPRESSION, NULL, "Impression only.");
    add_slots();
    m.doc.slot_findings.len = 0;
    for (uint32_t i = 0; i < m.doc.slots.len; i++)
        m.doc.slots.at[i] = slot_of(i, RT_STATE_NOT_APPLICABLE);
    write();
    ck_assert(says(
        "<section type=\"findings\" id=\"findings\" title=\"Findings\">\n      "
        "<code system=\"LN\" code=\"59776-5\" display=\"Procedure findings\"/>\n      <field"));
    end();
}
END_TEST

START_TEST(same_bytes)
{
    make_all();
    write();
    char *first = malloc(out.len);
    size_t n = out.len;
    ck_assert_ptr_nonnull(first);
    memcpy(first, out.ptr, n);
    write();
    ck_assert(rt_str_eq(rt_buf_str(&out), (rt_str){first, n}));
    free(first);
    end();
}
END_TEST

/* ---- fields of the record */

static const struct {
    rt_field_id field;
    const char *value, *expected; /* NULL: left out, with an issue */
} fields[] = {
    {RT_FIELD_DATE, "2024-02-29", "date=\"2024-02-29\""},
    {RT_FIELD_DATE, "20240229", "date=\"2024-02-29\""},
    {RT_FIELD_DATE, "2023-02-29", NULL},
    {RT_FIELD_DATE, "2024-13-01", NULL},
    {RT_FIELD_DATE, "0000-01-01", NULL},
    {RT_FIELD_DATE, "2024-1-1", NULL},
    {RT_FIELD_DATE, "yesterday", NULL},
    {RT_FIELD_BIRTH_DATE, "1960/05/01", "birthDate=\"1960-05-01\""},
    {RT_FIELD_TIME, "0930", "time=\"09:30:00\""},
    {RT_FIELD_TIME, "09:30:15.25", "time=\"09:30:15\""},
    {RT_FIELD_TIME, "24:00", NULL},
    {RT_FIELD_TIME, "9", NULL},
    {RT_FIELD_REPORT_DATE, "2024-06-01", "<issued date=\"2024-06-01\"/>"},
    {RT_FIELD_SEX, "f", "sex=\"F\""},
    {RT_FIELD_SEX, "female", NULL},
    {RT_FIELD_AGE, "58", "age=\"58\""},
    {RT_FIELD_AGE, "-1", NULL},
    {RT_FIELD_AGE, "58Y", NULL},
    {RT_FIELD_STATUS, "Final", "status=\"final\""},
    {RT_FIELD_STATUS, "done", NULL},
    {RT_FIELD_PATIENT_NAME, "O'<Neil> \xFF\x01",
     "name=\"O'&lt;Neil&gt; \xEF\xBF\xBD\xEF\xBF\xBD\""},
    {RT_FIELD_ID, "a\nb", "id=\"a&#10;b\""},
    {RT_FIELD_MODALITY, "CT", "<study modality=\"CT\"/>"},
};

START_TEST(record_fields)
{
    begin("X.");
    made_section(&m, RT_SECTION_FINDINGS, NULL, "X.");
    m.record.field[fields[_i].field] = rt_str_from(fields[_i].value);
    write();
    ck_assert_int_eq(says("code=\"bad-field\""), fields[_i].expected == NULL);
    ck_assert_msg(fields[_i].expected == NULL || says(fields[_i].expected), "%.*s", (int)out.len,
                  out.ptr);
    end();
}
END_TEST

START_TEST(errors)
{
    rt_record r = {.line = 7};
    rt_err why = {.code = RT_ELIMIT, .col = 3, .msg = "too \xE8 <long>", .where = "a.jsonl"};
    rt_err err = {.code = RT_OK};
    r.field[RT_FIELD_ID] = RT_STR("r\x02");
    rt_buf_init(&out, 1 << 20);
    ck_assert_int_eq(rt_write_xml_error(&r, &why, &out, &err), RT_OK);
    ck_assert_msg(rt_validator_check(schema, "e", rt_buf_str(&out), &err) == RT_OK, "%s", err.msg);
    ck_assert(says("code=\"too-large\""));
    ck_assert(says("line=\"7\" column=\"3\""));
    rt_buf_free(&out);
}
END_TEST

START_TEST(a_full_buffer_fails)
{
    rt_knowledge k = {.lexicon = x, .templates = templates};
    rt_err err = {.code = RT_OK};
    make_all();
    rt_buf_free(&out);
    rt_buf_init(&out, 500);
    ck_assert_int_eq(rt_write_xml(&m.doc, &k, &out, &err), RT_ELIMIT);
    ck_assert_int_eq(err.code, RT_ELIMIT);
    end();
}
END_TEST

START_TEST(bad_documents_are_refused)
{
    static const char *const bad[] = {
        "", "<report", "<report xmlns='urn:roentext:report:1'/>",
        ("<!DOCTYPE error [<!ENTITY a 'b'>]><error xmlns='urn:roentext:report:1' id='&a;' "
         "version='1' code='memory' message=''/>"),
        /* from outside: a file, the network, a bomb */
        ("<!DOCTYPE error [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><error "
         "xmlns='urn:roentext:report:1' id='x' version='1' code='memory' message=''>&a;</error>"),
        ("<!DOCTYPE error SYSTEM 'http://127.0.0.1:9/x.dtd'><error xmlns='urn:roentext:report:1' "
         "id='x' version='1' code='memory' message=''/>"),
        ("<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
         "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
         "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;'>"
         "<!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;'>]><a b='&g;'>&g;</a>")};
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_validator_check(schema, "x", rt_str_from(bad[_i]), &err), RT_EINPUT);
    ck_assert_str_ne(err.msg, "");
}
END_TEST

START_TEST(depth_is_limited)
{
    rt_err err = {.code = RT_OK};
    rt_buf_init(&out, 1 << 24);
    for (int i = 0; i < 100000; i++)
        rt_buf_addz(&out, "<a>");
    ck_assert_int_eq(rt_validator_check(schema, "x", rt_buf_str(&out), &err), RT_EINPUT);
    ck_assert(rt_str_find(rt_str_from(err.msg), RT_STR("depth"), NULL));
    rt_buf_free(&out);
}
END_TEST

int main(void)
{
    rt_err err = {.code = RT_OK};
    x = mini_lexicon();
    templates = mini_templates(x);
    if (rt_validator_open("templates/schema/roentext-report.xsd", &schema, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        return EXIT_FAILURE;
    }
    Suite *s = suite_create("xml");
    TCase *t = tcase_create("xml");
    tcase_add_test(t, code_points);
    tcase_add_loop_test(t, nothing_found, 0, 6);
    tcase_add_test(t, everything);
    tcase_add_test(t, fields_without_a_section);
    tcase_add_test(t, same_bytes);
    tcase_add_loop_test(t, record_fields, 0, sizeof fields / sizeof fields[0]);
    tcase_add_test(t, errors);
    tcase_add_test(t, a_full_buffer_fails);
    tcase_add_loop_test(t, bad_documents_are_refused, 0, 7);
    tcase_add_test(t, depth_is_limited);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_validator_close(schema);
    rt_templates_close(templates);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
