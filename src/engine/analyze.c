/* The pipeline: the table of stages, and running a report through it. The order of stages stands
 * here and nowhere else. */
#include "engine/engine.h"

#include <stdlib.h>

#include "base/eight.h"
#include "base/utf8.h"
#include "stage/stage.h"
#include "text/decode.h"
#include "text/fold.h"

static rt_stage *const stages[] = {
    rt_stage_scan,    rt_stage_section, rt_stage_segment,   rt_stage_mention,  rt_stage_exam,
    rt_stage_intact,  rt_stage_measure, rt_stage_assertion, rt_stage_relation, rt_stage_sizing,
    rt_stage_finding, rt_stage_advice,  rt_stage_told,      rt_stage_grade,    rt_stage_critical,
    rt_stage_qa,      rt_stage_fill,
};
enum { N_STAGES = sizeof stages / sizeof *stages };

/* More Han characters than words: a rough count is enough, it only chooses languages of names and
 * templates. */
static bool is_chinese(const rt_text *t)
{
    size_t han = 0, letters = 0;
    rt_str folded = t->folded;
    if (t->ascii)
        return false;
    size_t i = 0;
    for (; i + 8 <= folded.len; i += 8) {
        uint64_t w = rt_eight(folded.ptr + i), low = w & ~RT_EIGHT_TOPS;
        han += rt_eight_count(rt_each_within(low, 0xE4 - 0x80, 0xE9 - 0x80) & w);
        letters += rt_eight_count(rt_each_within(low, 'a', 'z') & ~w);
    }
    for (; i < folded.len; i++) {
        unsigned char c = (unsigned char)folded.ptr[i];
        han += c >= 0xE4 && c <= 0xE9;
        letters += c >= 'a' && c <= 'z';
    }
    return han * 5 > letters;
}

static rt_code read_text(rt_ctx *c, rt_doc *d)
{
    rt_decoded text;
    rt_str raw = d->record->field[RT_FIELD_TEXT];
    rt_code code = rt_decode(c->perm, raw, d->record->charset, &text, c->err);
    if (code != RT_OK)
        return code;
    if (rt_str_trim(text.text).len == 0)
        return rt_fail(c->err, RT_EINPUT, "the record has no text");
    d->charset = text.charset;
    rt_span bad = {text.first_bad, text.first_bad};
    if (text.replaced + d->record->replaced > 0)
        rt_doc_issue(c->perm, d, RT_ISSUE_UNDECODABLE, bad, RT_STR(""));
    if (text.removed > 0)
        rt_doc_issue(c->perm, d, RT_ISSUE_FORBIDDEN, bad, RT_STR(""));
    rt_fold(c->perm, text.text, &d->text);
    d->zh = is_chinese(&d->text);
    return RT_OK;
}

rt_code rt_run_stage(rt_ctx *c, rt_doc *d, rt_stage *stage)
{
    char *end = c->perm->end;
    c->temp = (rt_arena){end - (end - c->perm->beg) / 4, end, c->perm->full};
    c->perm->end = c->temp.beg; /* the two must never meet */
    rt_code code = stage(c, d);
    c->perm->end = end;
    return code;
}

static rt_code run_stages(rt_ctx *c, rt_doc *d, size_t n)
{
    rt_code code = read_text(c, d);
    for (size_t i = 0; code == RT_OK && i < n; i++) {
        if (*c->perm->full)
            return RT_OK;
        code = rt_run_stage(c, d, stages[i]);
    }
    return code;
}

static rt_code grow(rt_scratch *s, rt_err *err)
{
    if (s->size * 2 > s->limit)
        return rt_fail(err, RT_ELIMIT, "the report needs more than %zu bytes of memory", s->limit);
    free(s->memory);
    s->memory = malloc(s->size * 2);
    if (!s->memory) {
        s->size = 0;
        return rt_fail(err, RT_ENOMEM, "no memory for the report");
    }
    s->size *= 2;
    return RT_OK;
}

/* A pure function of the record: when the arena was too small, it is doubled and everything is done
 * again. */
rt_code rt_analyze(const rt_engine *e, rt_scratch *s, const rt_record *in, const rt_report **out,
                   rt_err *err)
{
    if (in->field[RT_FIELD_TEXT].len > s->max_report)
        return rt_fail(err, RT_ELIMIT, "the text is longer than %zu bytes", s->max_report);
    for (;;) {
        bool full = false;
        rt_arena arena = {s->memory, s->memory + s->size, &full};
        rt_ctx c = {.know = &e->know,
                    .seg = s->segmenter,
                    .perm = &arena,
                    .template_id = rt_str_from(s->template_id),
                    .err = err};
        rt_doc_reset(&s->doc, in);
        rt_err problem = {0};
        c.err = &problem;
        rt_code code = run_stages(&c, &s->doc, s->findings_only ? N_STAGES - 1 : N_STAGES);
        if (full) {
            code = grow(s, err);
            if (code != RT_OK)
                return code;
            continue;
        }
        if (code != RT_OK) {
            if (err && err->code == RT_OK)
                *err = problem;
            return code;
        }
        s->report = (rt_report){&s->doc, &e->know};
        *out = &s->report;
        return RT_OK;
    }
}
