/* Tests of output/html, terminal and paint: findings are marked, and nothing of the text can break
 * out of the page or speak to the terminal. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "made_doc.h"
#include "mini_lexicon.h"
#include "output/html.h"
#include "output/paint.h"

static rt_lexicon *x;
static rt_templates *templates;
static rt_knowledge k;
static rt_buf out;
static made m;

static void begin(const char *text)
{
    made_init(&m, x, text);
    m.doc.template_index = 0;
    made_section(&m, RT_SECTION_FINDINGS, NULL, text);
    rt_buf_init(&out, 1 << 20);
}

static void end(void)
{
    rt_buf_free(&out);
    made_done(&m);
}

static bool says(const char *words)
{
    return rt_str_find(rt_buf_str(&out), rt_str_from(words), NULL);
}

static void expect(const char *words)
{
    ck_assert_msg(says(words), "missing: %s\n%.*s", words, (int)out.len, out.ptr);
}

/* A statement implies two findings; within it stand a cue and a head of another finding:
 *
 *   No acute effusion here.
 *   implied    cue    head     */
START_TEST(runs)
{
    static const struct {
        uint32_t beg, end, finding;
        bool cue;
    } expected[] = {{0, 3, 1, true},
                    {3, 9, 2, false},
                    {9, 17, 1, false},
                    {17, 22, 2, false},
                    {22, 23, RT_NIL, false}};
    begin("No acute effusion here.");
    rt_finding *f = made_finding(&m, "RID3875", RT_PRESENCE_ABSENT, "No acute effusion here");
    f->derived = true;
    f = made_finding(&m, "RID34539", RT_PRESENCE_ABSENT, "effusion");
    f->cue = (rt_span){0, 3};
    f = made_finding(&m, "RID5350", RT_PRESENCE_ABSENT, "No acute effusion here");
    f->derived = true;
    rt_paint p;
    rt_run run;
    uint32_t pos = 0;
    ck_assert_int_eq(rt_paint_init(&p, &m.doc, NULL), RT_OK);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        ck_assert(rt_paint_next(&p, &pos, &run));
        ck_assert_uint_eq(run.at.beg, expected[i].beg);
        ck_assert_uint_eq(run.at.end, expected[i].end);
        ck_assert_uint_eq(run.finding, expected[i].finding);
        ck_assert_int_eq(run.cue, expected[i].cue);
    }
    ck_assert(!rt_paint_next(&p, &pos, &run));
    rt_paint_done(&p);
    end();
}
END_TEST

START_TEST(html)
{
    begin("<script>alert(\"1\")</script> '&' possible nodule.");
    m.record.field[RT_FIELD_ID] = RT_STR("<id>");
    rt_finding *f = made_finding(&m, "RID3875", RT_PRESENCE_POSSIBLE, "nodule");
    f->side = RT_SIDE_LEFT;
    f->cue = (rt_span){f->at.beg - 9, f->at.beg - 1};
    made_length(&m, 8, true);
    made_place(&m, "RID1301", "nodule");
    ck_assert_int_eq(rt_write_html(&m.doc, &k, &out, NULL), RT_OK);
    ck_assert(!says("<script>"));
    expect("<title>&lt;id&gt;</title>");
    expect("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &#39;&amp;&#39; <mark class=\"cue\"");
    expect("<mark class=\"possible\" title=\"nodule \xE7\xBB\x93\xE8\x8A\x82&#10;presence: possible"
           "&#10;side: left&#10;size: was 8 mm&#10;anatomy: lung \xE8\x82\xBA\">nodule</mark>");
    expect("</body>\n</html>\n");
    end();
}
END_TEST

START_TEST(terminal)
{
    begin("A \x1B[2J nodule \xC2\x9B \x7F.");
    rt_finding *f = made_finding(&m, "RID3875", RT_PRESENCE_PRESENT, "nodule");
    f->severity = RT_SEVERITY_MILD;
    ck_assert_int_eq(rt_write_terminal(&m.doc, &k, &out, NULL), RT_OK);
    expect("A ?[2J \033[1;31mnodule\033[0m ? ?.");
    expect("nodule \xE7\xBB\x93\xE8\x8A\x82, mild");
    expect("because of \"nodule\", in findings");
    end();
}
END_TEST

int main(void)
{
    x = mini_lexicon();
    templates = mini_templates(x);
    k = (rt_knowledge){.lexicon = x, .templates = templates};
    Suite *s = suite_create("html");
    TCase *t = tcase_create("html");
    tcase_add_test(t, runs);
    tcase_add_test(t, html);
    tcase_add_test(t, terminal);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_templates_close(templates);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
