/* Tests of the query language: what a query means, in words, and where a mistake stands. */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/buf.h"
#include "index/eval.h"
#include "index/query.h"
#include "mini_lexicon.h"

static rt_lexicon *lexicon;

static void setup(void)
{
    lexicon = mini_lexicon();
}

static void teardown(void)
{
    rt_lexicon_close(lexicon);
}

typedef struct parsed {
    char *block;
    bool full;
    rt_arena arena;
    rt_query_node *root;
    rt_err err;
    rt_code code;
} parsed;

static void parse(parsed *p, rt_str query)
{
    size_t size = (size_t)8 << 20;
    *p = (parsed){.block = malloc(size)};
    p->arena = (rt_arena){p->block, p->block + size, &p->full};
    p->code = rt_query_parse(&p->arena, lexicon, query, &p->root, &p->err);
}

static void means(const char *query, const char *words)
{
    parsed p;
    rt_buf b;
    rt_buf_init(&b, SIZE_MAX);
    parse(&p, rt_str_from(query));
    ck_assert_msg(p.code == RT_OK, "%s: %s", query, p.err.msg);
    rt_query_explain(&b, lexicon, p.root);
    rt_buf_addc(&b, '\0');
    ck_assert_str_eq(b.ptr, words);
    rt_buf_free(&b);
    free(p.block);
}

#define PTX "pneumothorax 气胸 (RID5352)"
#define NODULE "nodule 结节 (RID3875)"

START_TEST(words)
{
    means("chair", "the words \"chair\"\n");
    means("chair table", "all of\n  the words \"chair\", \"table\"\n");
    means("chair AND table", "all of\n  the words \"chair\", \"table\"\n");
    means("chair OR table", "any of\n  the words \"chair\", \"table\"\n");
    means("a OR b c", "any of\n  the word \"a\"\n  all of\n    the words \"b\", \"c\"\n");
    means("a NOT b", "all of\n  the word \"a\"\n  not\n    the word \"b\"\n");
    means("NOT NOT a", "the words \"a\"\n");
    means("a -b", "all of\n  the word \"a\"\n  not\n    the word \"b\"\n");
    means("-(a b) x-ray",
          "all of\n  not\n    all of\n      the words \"a\", \"b\"\n  the word \"x-ray\"\n");
    means("-5 a", "all of\n  the words \"-5\", \"a\"\n");
    means("(a OR b) c", "all of\n  any of\n    the words \"a\", \"b\"\n  the word \"c\"\n");
    means("\"no acute\"", "the words \"no acute\"\n");
    means("pneumo* \"pleural eff\"*", "all of\n  the words \"pneumo...\", \"pleural eff...\"\n");
    means("a NEAR b", "\"a\" and \"b\" within 10 words of each other\n");
    means("a NEAR/3 \"b c\" NEAR/5 d",
          "\"a\" and \"b c\" and \"d\" within 5 words of each other\n");
    means("and or not near", "all of\n  the words \"and\", \"or\", \"not\", \"near\"\n");
    means("12:30", "the words \"12:30\"\n");
    means("（a　OR　“b c”）", "any of\n  the words \"a\", \"b c\"\n");
}
END_TEST

START_TEST(terms)
{
    means("=pneumothorax", "the words \"pneumothorax\"\n");
    means("pneumothorax",
          "any of\n  the word \"pneumothorax\"\n  a finding: " PTX ", named as present or not\n");
    means("气胸", "any of\n  the word \"气胸\"\n  a finding: " PTX ", named as present or not\n");
    means("PTX", "any of\n  the word \"PTX\"\n  a finding: " PTX ", named as present or not\n");
    means("Pleural  Effusion",
          "any of\n  all of\n    the words \"Pleural\", \"Effusion\"\n"
          "  a finding: pleural effusion 胸腔积液 (RID34539), named as present or not\n");
    means("right nodule", "all of\n  any of\n    the words \"right\", \"右\"\n"
                          "  any of\n    the word \"nodule\"\n    a finding: " NODULE
                          ", named as present or not\n");
    means("finding:rid5352", "a finding: " PTX ", present or not\n");
    means("finding:气胸", "a finding: " PTX ", present or not\n");
    means("finding：气胸", "a finding: " PTX ", present or not\n");
    means("finding:\"pleural effusion\"",
          "a finding: pleural effusion 胸腔积液 (RID34539), present or not\n");
    means("finding:nodule|pneumothorax", "a finding: " NODULE " or " PTX ", present or not\n");
    means("anatomy:lung", "a finding, in lung 肺 (RID1301), present or not\n");
}
END_TEST

START_TEST(groups)
{
    means("finding:pneumothorax presence:present", "a finding: " PTX ", presence present\n");
    means("presence:present|possible pneumothorax",
          "a finding: " PTX ", presence present or possible\n");
    means("presence:absent", "a finding, presence absent\n");
    means("presence:absent chair", "all of\n  a finding, presence absent\n  the word \"chair\"\n");
    means("presence:present (pneumothorax OR nodule)",
          "any of\n  a finding: " PTX ", presence present\n  a finding: " NODULE
          ", presence present\n");
    means("finding:nodule presence:present OR chair",
          "any of\n  a finding: " NODULE ", presence present\n  the word \"chair\"\n");
    means("finding:nodule presence:present NOT finding:pneumothorax",
          "all of\n  a finding: " NODULE ", presence present\n  not\n    a finding: " PTX
          ", presence present\n");
    means("section:impression chair", "the words \"chair\", section impression\n");
    means("section:impression", "the report has the section impression\n");
    means("section:impression chair (section:findings table)",
          "all of\n  the words \"chair\", \"table\", section findings\n");
    means("section:impression|findings finding:nodule",
          "a finding: " NODULE ", section findings or impression, present or not\n");
}
END_TEST

START_TEST(one_finding)
{
    means("[nodule right size>8mm present]",
          "a finding: " NODULE ", presence present, side right, larger than 8 mm\n");
    means("[结节 右侧 左侧]", "a finding: " NODULE ", side left or right, present or not\n");
    means("[finding:nodule size:5..10mm]",
          "a finding: " NODULE ", at least 5 mm, at most 10 mm, present or not\n");
    means("[size<=1.2cm]", "a finding, at most 12 mm, present or not\n");
    means("[nodule right upper lobe]",
          "a finding: " NODULE ", in right upper lobe 右肺上叶 (RID1303), present or not\n");
    means("[\"pleural effusion\" small new possible]",
          "a finding: pleural effusion 胸腔积液 (RID34539), presence possible, severity mild,"
          " change new\n");
    means("[side:左]", "a finding, side left, present or not\n");
}
END_TEST

START_TEST(fields)
{
    means("modality:CT|MR", "any of\n  modality is CT\n  modality is MR\n");
    means("age:40..60", "age from 40 to 60\n");
    means("age>60", "age after 60\n");
    means("date:2024-01..2024-06", "date from 2024-01 to 2024-06\n");
    means("critical:1 NOT communicated:yes",
          "all of\n  critical is 1\n  not\n    communicated is yes\n");
    means("exam:\"chest ct\"", "exam is chest ct\n");
}
END_TEST

/* col counts display columns from 1; 0: the mistake has no line. */
static void fails(const char *query, uint32_t col, const char *msg)
{
    parsed p;
    parse(&p, rt_str_from(query));
    ck_assert_msg(p.code != RT_OK, "%s was accepted", query);
    ck_assert_msg(strstr(p.err.msg, msg) != NULL, "%s: %s", query, p.err.msg);
    ck_assert_msg(p.err.col == col, "%s: column %u, not %u: %s", query, p.err.col, col, p.err.msg);
    free(p.block);
}

START_TEST(mistakes)
{
    fails("", 1, "something to search for");
    fails("a OR", 5, "something to search for");
    /*     a OR
               ^ */
    fails("a AND AND b", 7, "something to search for");
    fails("( )", 3, "something to search for");
    fails("(a", 1, "not closed");
    fails("a ) b", 3, "not opened");
    fails("胸 ] b", 4, "not opened");
    /*     胸 ] b
              ^ */
    fails("\"abc", 2, "quotation mark");
    fails("***", 1, "no word");
    fails("colour:red", 1, "no field \"colour\"");
    fails("finding:chair", 9, "no finding \"chair\"");
    fails("finding:", 9, "wants a value");
    fails("anatomy:nodule", 9, "no place in the body");
    fails("presence:perhaps", 10, "no value \"perhaps\"");
    fails("presence:present presence:absent", 18, "stands twice");
    fails("NOT section:findings", 5, "belongs to its group");
    fails("modality>CT", 1, "only size, age and date");
    fails("size>big", 6, "a length was expected");
    fails("age:young", 5, "an age was expected");
    fails("date:may", 6, "a date was expected");
    fails("date:2024-13", 6, "a date was expected");
    fails("date:2024-1", 6, "a date was expected");
    fails("date:2024-01-32", 6, "a date was expected");
    fails("date:2024-06..2024-05", 6, "ends before it begins");
    fails("age:60..40", 5, "ends before it begins");
    fails("[nodule size:2..1cm]", 14, "ends before it begins");
    fails("-presence:absent", 2, "belongs to its group");
    fails("[]", 1, "no condition");
    fails("[nodule", 1, "not closed");
    fails("[nodule chair]", 9, "\"chair\" is neither");
    fails("[nodule finding:pneumothorax]", 9, "asked twice");
    fails("[modality:CT]", 2, "belongs outside");
    fails("a NEAR (b OR c)", 3, "NEAR stands between words");
    fails("a \xff", 0, "byte 3 is not UTF-8");
}
END_TEST

START_TEST(limits)
{
    parsed p;
    rt_buf b;
    rt_buf_init(&b, SIZE_MAX);
    for (int i = 0; i < 1000; i++)
        rt_buf_addc(&b, '(');
    parse(&p, rt_buf_str(&b));
    ck_assert_int_ne(p.code, RT_OK);
    ck_assert_ptr_nonnull(strstr(p.err.msg, "brackets within brackets"));
    free(p.block);
    rt_buf_clear(&b);
    for (int i = 0; i < 3000; i++)
        rt_buf_addz(&b, "a ");
    parse(&p, rt_buf_str(&b));
    ck_assert_int_ne(p.code, RT_OK);
    ck_assert_ptr_nonnull(strstr(p.err.msg, "too long"));
    free(p.block);
    rt_buf_clear(&b);
    for (int i = 0; i < RT_QUERY_BYTES + 1; i++)
        rt_buf_addc(&b, 'a');
    parse(&p, rt_buf_str(&b));
    ck_assert_int_eq(p.code, RT_ELIMIT);
    free(p.block);
    rt_buf_free(&b);
}
END_TEST

/* What a user writes is never syntax of SQL or FTS5: it stands in parameters, quoted. */
START_TEST(values_are_parameters)
{
    parsed p;
    rt_buf sql;
    rt_buf_init(&sql, SIZE_MAX);
    parse(&p, RT_STR("it's;DROP modality:\"x' OR 1\" NOT NEAR(a"));
    ck_assert_int_ne(p.code, RT_OK);
    free(p.block);
    parse(&p, RT_STR("it's;DROP modality:\"x' OR 1\""));
    ck_assert_int_eq(p.code, RT_OK);
    rt_params params = {0};
    const rt_query_node *said = p.root->child, *field = said->next;
    ck_assert_int_eq(said->kind, RT_QUERY_WORDS);
    ck_assert_int_eq(field->kind, RT_QUERY_FIELD);
    rt_where_field(&p.arena, &params, &sql, field);
    rt_buf_addc(&sql, '\0');
    ck_assert_ptr_null(strstr(sql.ptr, "x'"));
    ck_assert_uint_eq(params.len, 1);
    rt_buf_clear(&sql);
    rt_match_node(lexicon, &sql, said);
    ck_assert(rt_str_eq(rt_buf_str(&sql), RT_STR("\"it's;DROP\" ")));
    free(p.block);
    rt_buf_free(&sql);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("query");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, words);
    tcase_add_test(tc, terms);
    tcase_add_test(tc, groups);
    tcase_add_test(tc, one_finding);
    tcase_add_test(tc, fields);
    tcase_add_test(tc, mistakes);
    tcase_add_test(tc, limits);
    tcase_add_test(tc, values_are_parameters);
    suite_add_tcase(s, tc);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
