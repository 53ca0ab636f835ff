/* The whole pipeline over the shipped lexicon: what it says, and what must hold for any report. Run
 * from the repository's root. */
#include <check.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

static rt_engine *engine;

static void open_engine(void)
{
    rt_err err = {0};
    rt_code code = rt_engine_open(".", NULL, &engine, &err);
    ck_assert_msg(code == RT_OK, "%s:%u:%u: %s", err.where, err.line, err.col, err.msg);
}

static void close_engine(void)
{
    rt_engine_close(engine);
}

typedef void look(const rt_report *r);

static void with_report(const char *text, look *see)
{
    rt_scratch *s;
    const rt_report *r;
    rt_err err = {0};
    rt_record in = {.format = RT_FORMAT_TEXT};
    in.field[RT_FIELD_ID] = RT_STR("t");
    in.field[RT_FIELD_TEXT] = rt_str_from(text);
    ck_assert_int_eq(rt_scratch_new(engine, 0, &s, &err), RT_OK);
    rt_code code = rt_analyze(engine, s, &in, &r, &err);
    ck_assert_msg(code == RT_OK, "%s", err.msg);
    see(r);
    rt_scratch_free(s);
}

/* "name presence side, ..." of the findings that are not derived, in order */
static char summary[2000];

static void summarise(const rt_report *r)
{
    size_t n = 0;
    summary[0] = '\0';
    for (size_t i = 0; i < rt_report_finding_count(r); i++) {
        rt_finding_view f = rt_report_finding(r, i);
        if (!f.derived && n < sizeof summary)
            n += (size_t)snprintf(summary + n, sizeof summary - n, "%s%s %s %s", n ? ", " : "",
                                  f.name_en, f.presence, f.laterality ? f.laterality : "-");
    }
}

static const struct {
    const char *text, *expected;
} cases[] = {
    {"No pneumothorax.", "pneumothorax absent -"},
    {"Left pneumothorax.", "pneumothorax present left"},
    {"左侧气胸。", "pneumothorax present left"},
    {"未见气胸。", "pneumothorax absent -"},
    {"Pneumothorax: none", "pneumothorax absent -"},
    {"No pleural effusion, pneumothorax or consolidation.",
     "pleural effusion absent -, pneumothorax absent -, consolidation absent -"},
    {"未见结节，右肺可见实变。", "nodule absent -, consolidation present right"},
    {"Pneumonia cannot be excluded.", "pneumonia possible -"},
    {"肺炎待排。", "pneumonia possible -"},
    {"No pleural effusion. 8 mm nodule.", "pleural effusion absent -, nodule present -"},
    {"no pleural effusion. approx. 8 mm nodule.", "pleural effusion absent -, nodule present -"},
    {"?subarachnoid hemorrhage", "subarachnoid hemorrhage possible -"},
};

START_TEST(says_what_it_reads)
{
    with_report(cases[_i].text, summarise);
    ck_assert_str_eq(summary, cases[_i].expected);
}
END_TEST

static void check_spans(const rt_report *r)
{
    rt_str t = rt_report_text(r);
    for (size_t i = 0; i < rt_report_finding_count(r); i++) {
        rt_span at = rt_report_finding(r, i).span;
        ck_assert_uint_lt(at.beg, at.end);
        ck_assert_uint_le(at.end, t.len);
        ck_assert(!rt_utf8_cont(t.ptr[at.beg]));
        ck_assert(at.end == t.len || !rt_utf8_cont(t.ptr[at.end]));
    }
}

static const char *const odd[] = {
    "a",      "\n\n\n",      "。。。",         "1.",
    "1.2.3.", ":::",         "FINDINGS:",      "FINDINGS:\nIMPRESSION:",
    "[[[[[",  "no no no no", "右右右右肺肺肺", "８ｍｍ结节",
    "12x8x",  "<<<5mm",      "x\xEF\xBF\xBDy", "0.000000000000000000001mm nodule",
};

START_TEST(spans_hold_for_odd_text)
{
    if (_i == 1)
        return; /* blank text is an error record: see blank_is_an_error */
    with_report(odd[_i], check_spans);
}
END_TEST

typedef struct pieces { /* what a sink that is no buffer was given */
    rt_buf all;
    size_t n;
} pieces;

static rt_code take_piece(void *user, const char *p, size_t n, rt_err *err)
{
    pieces *to = user;
    to->n++;
    rt_buf_add(&to->all, (rt_str){p, n});
    return rt_buf_check(&to->all, err);
}

/* Whoever takes the bytes gets the same, and a buffer keeps what it holds. */
static void write_all(const rt_report *r)
{
    for (unsigned as = 0; as < RT_OUTPUT_COUNT; as++) {
        pieces given = {.n = 0};
        rt_buf kept, small;
        rt_err err = {.code = RT_OK};
        rt_buf_init(&given.all, SIZE_MAX);
        rt_buf_init(&kept, SIZE_MAX);
        rt_buf_init(&small, 40);
        rt_buf_addz(&kept, "before");
        rt_buf_addz(&small, "before");
        ck_assert_int_eq(rt_report_write(r, (rt_output)as, (rt_sink){take_piece, &given}, &err), 0);
        ck_assert_int_eq(rt_report_write(r, (rt_output)as, rt_buf_sink(&kept), &err), 0);
        ck_assert_uint_eq(given.n, 1);
        ck_assert_uint_eq(kept.len, given.all.len + 6);
        ck_assert_mem_eq(kept.ptr, "before", 6);
        ck_assert_mem_eq(kept.ptr + 6, given.all.ptr, given.all.len);
        ck_assert_int_eq(rt_report_write(r, (rt_output)as, rt_buf_sink(&small), &err), RT_ELIMIT);
        ck_assert_uint_eq(small.len, 6);
        rt_buf_free(&given.all);
        rt_buf_free(&kept);
        rt_buf_free(&small);
    }
}

START_TEST(outputs_are_appended)
{
    with_report("FINDINGS: 8 mm nodule in the left upper lobe. No pneumothorax.\n"
                "IMPRESSION: 1. Nodule, follow-up CT in 6 months.\n",
                write_all);
}
END_TEST

START_TEST(terms_alone_analyse_nothing)
{
    rt_err err = {.code = RT_OK};
    rt_engine *terms = NULL;
    rt_scratch *none = NULL;
    ck_assert_int_eq(rt_engine_open_terms(".", NULL, &terms, &err), RT_OK);
    ck_assert_int_eq(rt_scratch_new(terms, 0, &none, &err), RT_EUSAGE);
    ck_assert_ptr_null(none);
    rt_engine_close(terms);
}
END_TEST

START_TEST(blank_is_an_error)
{
    rt_scratch *s;
    const rt_report *r;
    rt_err err = {0};
    rt_record in = {.format = RT_FORMAT_TEXT};
    in.field[RT_FIELD_TEXT] = RT_STR(" \n\t ");
    ck_assert_int_eq(rt_scratch_new(engine, 0, &s, NULL), RT_OK);
    ck_assert_int_eq(rt_analyze(engine, s, &in, &r, &err), RT_EINPUT);
    ck_assert_str_eq(err.msg, "the record has no text");
    rt_scratch_free(s);
}
END_TEST

START_TEST(too_long_is_an_error)
{
    rt_scratch *s;
    const rt_report *r;
    rt_err err = {0};
    rt_record in = {.format = RT_FORMAT_TEXT};
    in.field[RT_FIELD_TEXT] = RT_STR("No acute findings in this text.");
    ck_assert_int_eq(rt_scratch_new(engine, 10, &s, NULL), RT_OK);
    ck_assert_int_eq(rt_analyze(engine, s, &in, &r, &err), RT_ELIMIT);
    rt_scratch_free(s);
}
END_TEST

START_TEST(full_width_reads_as_half_width)
{
    with_report("右肺结节，大小约12×8mm（CT）。", summarise);
    char half[sizeof summary];
    memcpy(half, summary, sizeof half);
    ck_assert_str_eq(half, "pulmonary nodule present right");
    with_report("右肺结节,大小约１２×８ｍｍ(ＣＴ)。", summarise);
    ck_assert_str_eq(half, summary);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("analyze");
    TCase *t = tcase_create("pipeline");
    tcase_add_unchecked_fixture(t, open_engine, close_engine);
    tcase_add_loop_test(t, says_what_it_reads, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(t, spans_hold_for_odd_text, 0, sizeof odd / sizeof *odd);
    tcase_add_test(t, blank_is_an_error);
    tcase_add_test(t, outputs_are_appended);
    tcase_add_test(t, terms_alone_analyse_nothing);
    tcase_add_test(t, too_long_is_an_error);
    tcase_add_test(t, full_width_reads_as_half_width);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
