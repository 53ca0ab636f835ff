/* Tests of MRRT in: the rules, what is read of a form, and what its fields become. Uses the shipped
 * lexicon; run from the repository's root. */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "knowledge/mrrt.h"

static rt_lexicon *lexicon;
static rt_word_table *words;
static rt_knowledge know;
static rt_buf xml, notes;
static char *memory;
enum { MEMORY = 16 << 20 };

static void load(void)
{
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_lexicon_load("lexicons", NULL, &lexicon, &err), RT_OK);
    rt_code code = rt_mrrt_words_load("lexicons/mrrt.tsv", &words, &err);
    ck_assert_msg(code == RT_OK, "%s:%u:%u: %s", err.where, err.line, err.col, err.msg);
    know = (rt_knowledge){.lexicon = lexicon, .mrrt = words};
    memory = malloc(MEMORY);
    ck_assert_ptr_nonnull(memory);
    rt_buf_init(&xml, 1 << 20);
    rt_buf_init(&notes, 1 << 20);
}

static void unload(void)
{
    rt_buf_free(&xml);
    rt_buf_free(&notes);
    free(memory);
    rt_word_table_close(words);
    rt_lexicon_close(lexicon);
}

static rt_code import(const char *html)
{
    bool full = false;
    rt_arena a = {memory, memory + MEMORY, &full};
    rt_mrrt m;
    rt_buf_clear(&xml);
    rt_buf_clear(&notes);
    rt_code code = rt_mrrt_read(rt_str_from(html), "t.html", &a, &m, NULL);
    if (code == RT_OK)
        code = rt_mrrt_map(&m, &know, &xml, &notes, NULL);
    ck_assert(!full);
    return code;
}

static void findings(const char *body)
{
    char html[4096];
    snprintf(html, sizeof html,
             "<html><body><section data-section-name=\"Findings\">%s</section></body></html>",
             body);
    ck_assert_int_eq(import(html), RT_OK);
}

static void has(const rt_buf *b, const char *what)
{
    ck_assert_msg(rt_str_find(rt_buf_str(b), rt_str_from(what), NULL), "no %s in:\n%.*s", what,
                  (int)b->len, b->ptr);
}

static void has_not(const rt_buf *b, const char *what)
{
    ck_assert_msg(!rt_str_find(rt_buf_str(b), rt_str_from(what), NULL), "%s in:\n%.*s", what,
                  (int)b->len, b->ptr);
}

START_TEST(labels)
{
    findings("<label for=\"a\">Pneumothorax:</label><input type=checkbox id=a>");
    has(&xml, "id=\"a\" label=\"Pneumothorax\" from=\"presence\"");
    findings("<label>Pneumothorax <select id=b><option>yes<option>no</select></label>");
    has(&xml, "id=\"b\" label=\"Pneumothorax\" from=\"presence\"");
    findings("<p>Pneumothorax&nbsp;: <textarea id=c></textarea>");
    has(&xml, "id=\"c\" label=\"Pneumothorax\" from=\"text\"");
    findings("<label for=d>Luft</label><input type=checkbox id=d data-en=pneumothorax>");
    has(&xml, "<trigger concepts=\"RID5352\"/>");
    findings("<label for=e>Luft</label><input type=checkbox id=e data-radlex=RID5352>");
    has(&xml, "label=\"Luft\"");
}
END_TEST

START_TEST(lists)
{
    findings("Pneumothorax <select><option>-<option>present<option>absent</select>");
    has(&xml, "<option value=\"present\" label=\"present\"/>");
    has(&xml, "<option value=\"possible\" label=\"possible\"/>");
    has_not(&notes, "left out");
    findings(
        "Pneumothorax <input type=radio name=s value=l>left <input type=radio name=s value=r>");
    has(&notes, "left out");
    findings("Pneumothorax <select><option>links<option>rechts</select>");
    has(&xml, "from=\"side\"");
    findings("Pneumothorax <select><option>mild<option>severe</select>");
    has(&xml, "from=\"severity\"");
    findings("Liver <select><option>normal<option>abnormal</select>");
    has(&xml, "<trigger places=\"RID58\"/>");
    has(&xml, "<option value=\"absent\" label=\"normal\"/>");
    findings("Opacity <select><option>pneumonia<option>atelectasis<option>zzz</select>");
    has(&xml, "from=\"option\"");
    has(&notes, "the option 'zzz' is left out");
}
END_TEST

START_TEST(numbers)
{
    findings("<label for=a>Nodule size (mm)</label><input type=number id=a>");
    has(&xml, "from=\"size\" unit=\"mm\"");
    findings("<label for=a>Aorta diameter</label><input type=number id=a data-field-units=cm>");
    has(&xml, "from=\"dimension\" unit=\"mm\"");
    has(&notes, "in mm now, not in cm");
    findings("<label for=a>结节最大径</label><input type=number id=a data-field-units=mm>");
    has(&xml, "from=\"size\"");
    findings("<label for=a>Nodule size</label><input type=number id=a>");
    has(&notes, "it has no unit");
    findings("<label for=a>Nodule</label><input type=number id=a data-field-units=furlong>");
    has(&notes, "its unit is not one");
}
END_TEST

/* What a form has preset is no statement of anybody. */
START_TEST(defaults_are_not_taken)
{
    findings("Pneumothorax <select><option selected>yes<option>no</select>"
             "<p>Pneumonia <input type=checkbox checked><p>Liver <textarea>sick</textarea>");
    has_not(&xml, "selected");
    has_not(&xml, "checked");
    has_not(&xml, "sick");
    has(&notes, "its preset answer is not taken");
}
END_TEST

/* Two fields for one statement could not be told apart. */
START_TEST(what_is_asked_twice)
{
    findings("Pneumonia <input type=checkbox id=a><p>Pneumonia <input type=checkbox id=b>");
    has(&xml, "id=\"a\"");
    has_not(&xml, "id=\"b\"");
    has(&notes, "asks what another field asks");
}
END_TEST

START_TEST(sections_and_names)
{
    ck_assert_int_eq(import("<html><head><title>A &lt; B</title><meta name=dcterms.identifier "
                            "content=\"http://x/y/12 3\"><meta name=dcterms.language content=zh>"
                            "</head><body><section data-section-name=\"诊断意见\">肺炎"
                            "<input type=checkbox id=\"1 a\"></section></body></html>"),
                     RT_OK);
    has(&xml, "id=\"mrrt.t12_3\" version=\"1\" xml:lang=\"zh\" title=\"A &lt; B\"");
    has(&xml, "manual=\"true\"");
    has(&xml, "<section type=\"impression\" title=\"诊断意见\">");
    has(&xml, "id=\"f1_a\"");
    has(&xml, "<option value=\"absent\" label=\"无\"/>");
    ck_assert_int_eq(import(""), RT_EINPUT);
}
END_TEST

static uint32_t complaints(const char *html)
{
    rt_buf_clear(&notes);
    return rt_mrrt_check(rt_str_from(html), "t.html", &notes);
}

#define HEAD                                                                                       \
    "<!DOCTYPE html><html><head><title>T</title><meta charset='UTF-8'/>"                           \
    "<meta name=\"dcterms.title\" content=\"T\"/>"
#define SCRIPT(x)                                                                                  \
    "<script type=\"text/xml\"><template_attributes>" x "</template_attributes></script>"
#define BODY "</head><body></body></html>"

START_TEST(rules)
{
    ck_assert_uint_eq(complaints(HEAD SCRIPT("<coded_content/>") BODY), 0);
    ck_assert_uint_eq(complaints(HEAD "<!-- <head> -->" SCRIPT("<coded_content/>") BODY), 0);
    ck_assert_uint_eq(complaints(HEAD SCRIPT("") BODY), 1);
    has(&notes, "t.html: MRRT: no element coded_content");
    ck_assert_uint_eq(complaints(HEAD BODY), 1);
    has(&notes, "no element script of type text/xml");
    ck_assert_uint_eq(
        complaints(HEAD SCRIPT("<coded_content>\n<term><code meaning='a' value='b'/></term>"
                               "</coded_content>") BODY),
        1);
    has(&notes, "t.html:2: MRRT: code without the attribute scheme");
    ck_assert_uint_eq(complaints(HEAD SCRIPT("<term></term><coded_content/>") BODY), 1);
    has(&notes, "a term has 0 codes, not one");
    ck_assert_uint_eq(complaints(HEAD "<script>if (1 < 2) '<head>';</script>" SCRIPT(
                          "<coding_schemes></coding_schemes><coded_content/>") BODY),
                      2);
    has(&notes, "script of another type");
    has(&notes, "coding_schemes without a coding_scheme");
    ck_assert_uint_gt(complaints("<"), 3);
    ck_assert_uint_gt(complaints("<!-- <html>"), 3);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mrrt");
    TCase *t = tcase_create("mrrt");
    tcase_add_unchecked_fixture(t, load, unload);
    tcase_add_test(t, labels);
    tcase_add_test(t, lists);
    tcase_add_test(t, numbers);
    tcase_add_test(t, defaults_are_not_taken);
    tcase_add_test(t, what_is_asked_twice);
    tcase_add_test(t, sections_and_names);
    tcase_add_test(t, rules);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
