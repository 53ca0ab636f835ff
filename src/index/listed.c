/* What is listed of a report in tables of its own: critical flags, recommendations, issues, removed
 * organs. For the writer. */
#include "index/index.h"

#include <stdlib.h>

static void bind_span(sqlite3_stmt *s, int at, rt_span span)
{
    sqlite3_bind_int64(s, at, span.beg);
    sqlite3_bind_int64(s, at + 1, span.end);
}

static void bind_rule(sqlite3_stmt *s, const rt_rule_info *rule)
{
    rt_db_bind(s, 1, rt_str_from(rule->id));
    rt_db_bind(s, 2, rt_str_from(rule->family));
    sqlite3_bind_int64(s, 3, rule->category);
    sqlite3_bind_int64(s, 4, rule->minutes);
    rt_db_bind(s, 5, rt_str_from(rule->name_en));
    rt_db_bind(s, 6, rt_str_from(rule->name_zh));
}

/* Numbers of rules that were stored once stay, whatever profile comes. */
static rt_code number_rule(rt_index *x, uint32_t rule, int64_t *number, rt_err *err)
{
    const rt_rule_info *info = rt_rules_info(x->know->rules, rule);
    sqlite3_stmt *find = x->sql[RT_SQL_FIND_RULE];
    bool found = false;
    bind_rule(find, info);
    rt_code code = rt_db_step(x, find, &found, err);
    if (code == RT_OK && found) {
        *number = sqlite3_column_int64(find, 0);
        sqlite3_reset(find);
    } else if (code == RT_OK) {
        bind_rule(x->sql[RT_SQL_ADD_RULE], info);
        code = rt_db_run(x, x->sql[RT_SQL_ADD_RULE], err);
        *number = sqlite3_last_insert_rowid(x->db);
    }
    return code;
}

static rt_code rule_of(rt_index *x, uint32_t rule, int64_t *number, rt_err *err)
{
    if (x->rules == NULL)
        x->rules = calloc(rt_rules_count(x->know->rules), sizeof *x->rules);
    if (x->rules == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    rt_code code = x->rules[rule] == 0 ? number_rule(x, rule, &x->rules[rule], err) : RT_OK;
    *number = x->rules[rule];
    return code;
}

static rt_code add_flag(rt_index *x, const rt_flag *f, uint32_t i, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_FLAG];
    int64_t rule = 0;
    rt_code code = rule_of(x, f->rule, &rule, err);
    if (code != RT_OK)
        return code;
    sqlite3_bind_int64(s, 1, x->next);
    sqlite3_bind_int64(s, 2, i);
    sqlite3_bind_int64(s, 3, rule);
    sqlite3_bind_int64(s, 4, f->equivocal);
    sqlite3_bind_int64(s, 5, f->communicated);
    sqlite3_bind_int64(s, 6, f->finding);
    bind_span(s, 7, f->at);
    return rt_db_run(x, s, err);
}

static void bind_concept(const rt_index *x, sqlite3_stmt *s, int at, uint32_t concept)
{
    const rt_lexicon *lex = x->know->lexicon;
    if (concept < lex->n_concepts)
        rt_db_bind(s, at, rt_str_from(rt_lexicon_text(lex, lex->concepts[concept].id)));
    else
        sqlite3_bind_null(s, at);
}

static void bind_interval(sqlite3_stmt *s, int at, double value)
{
    if (value > 0)
        sqlite3_bind_double(s, at, value);
    else
        sqlite3_bind_null(s, at);
}

static rt_code add_advice(rt_index *x, const rt_advice *a, uint32_t i, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_ADVICE];
    sqlite3_bind_int64(s, 1, x->next);
    sqlite3_bind_int64(s, 2, i);
    rt_db_bind(s, 3, rt_str_from(a->action));
    bind_concept(x, s, 4, a->modality);
    bind_concept(x, s, 5, a->anatomy);
    bind_interval(s, 6, a->interval);
    bind_interval(s, 7, a->interval_high);
    rt_db_bind(s, 8, rt_str_from(a->unit));
    bind_span(s, 9, a->at);
    return rt_db_run(x, s, err);
}

static rt_code add_qa(rt_index *x, const rt_qa_issue *q, uint32_t i, rt_err *err)
{
    const rt_check_info *check = rt_checks_info(x->know->checks, q->check);
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_QA];
    sqlite3_bind_int64(s, 1, x->next);
    sqlite3_bind_int64(s, 2, i);
    rt_db_bind(s, 3, rt_str_from(check->id));
    sqlite3_bind_int64(s, 4, check->severity);
    rt_db_bind(s, 5, q->message);
    bind_span(s, 6, q->at[0]);
    bind_span(s, 8, q->at[1]);
    return rt_db_run(x, s, err);
}

static rt_code add_removed(rt_index *x, const rt_removed *gone, uint32_t i, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_REMOVED];
    sqlite3_bind_int64(s, 1, x->next);
    sqlite3_bind_int64(s, 2, i);
    bind_concept(x, s, 3, gone->organ);
    sqlite3_bind_int64(s, 4, gone->side);
    bind_span(s, 5, gone->at);
    return rt_db_run(x, s, err);
}

rt_code rt_listed_add(rt_index *x, const rt_row *row, rt_err *err)
{
    const rt_flag *flags = (const void *)row->flags.ptr;
    const rt_advice *advice = (const void *)row->advice.ptr;
    const rt_qa_issue *qa = (const void *)row->qa.ptr;
    const rt_removed *removed = (const void *)row->removed.ptr;
    rt_code code = RT_OK;
    for (uint32_t i = 0; i < row->flags.len / sizeof *flags && code == RT_OK; i++)
        code = add_flag(x, &flags[i], i, err);
    for (uint32_t i = 0; i < row->advice.len / sizeof *advice && code == RT_OK; i++)
        code = add_advice(x, &advice[i], i, err);
    for (uint32_t i = 0; i < row->qa.len / sizeof *qa && code == RT_OK; i++)
        code = add_qa(x, &qa[i], i, err);
    for (uint32_t i = 0; i < row->removed.len / sizeof *removed && code == RT_OK; i++)
        code = add_removed(x, &removed[i], i, err);
    return code;
}
