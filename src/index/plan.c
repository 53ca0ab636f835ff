/* A query tree to SQL. See plan.h. */
#include "index/plan.h"

/* ---- parameters */

void rt_plan_param(rt_plan *p, rt_buf *sql, rt_str value)
{
    RT_PUSH(p->arena, &p->params, value);
    rt_buf_addf(sql, "?%u", p->params.len);
}

void rt_plan_param_buf(rt_plan *p, rt_buf *sql, const rt_buf *value)
{
    rt_plan_param(p, sql, rt_arena_copy(p->arena, rt_buf_str(value)));
}

/* ---- the whole: what must hold together is one MATCH and the rest */

typedef struct parts {
    rt_buf match; /* empty: none */
    rt_buf rest;  /* conditions, each begun with " AND " */
} parts;

static void write_node(rt_plan *p, rt_buf *sql, const rt_query_node *n);

static void add_match(const rt_plan *p, rt_buf *match, const rt_query_node *n)
{
    rt_buf_addz(match, match->len > 0 ? " AND " : "");
    rt_match_node(p, match, n);
}

static void split_one(rt_plan *p, parts *to, const rt_query_node *n)
{
    bool whole = rt_match_able(n);
    bool finding = n->kind == RT_QUERY_FINDING;
    if (whole || (finding && rt_match_has_token(&n->atom)))
        add_match(p, &to->match, n);
    if (whole)
        return;
    rt_buf_addz(&to->rest, " AND ");
    if (finding)
        rt_where_exists(p, &to->rest, &n->atom);
    else
        write_node(p, &to->rest, n);
}

static void split(rt_plan *p, parts *to, const rt_query_node *n)
{
    rt_buf_init(&to->match, SIZE_MAX);
    rt_buf_init(&to->rest, SIZE_MAX);
    if (n->kind != RT_QUERY_AND || rt_match_able(n)) {
        split_one(p, to, n);
        return;
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        if (c->kind != RT_QUERY_NOT)
            split_one(p, to, c);
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind != RT_QUERY_NOT)
            continue;
        rt_buf_addz(&to->rest, " AND NOT ");
        write_node(p, &to->rest, c->child);
    }
}

static void parts_free(parts *s)
{
    rt_buf_free(&s->match);
    rt_buf_free(&s->rest);
}

static void write_in_match(rt_plan *p, rt_buf *sql, const rt_buf *match)
{
    rt_buf_addz(sql, "r.rowid IN (SELECT rowid FROM report_fts WHERE report_fts MATCH ");
    rt_plan_param_buf(p, sql, match);
    rt_buf_addc(sql, ')');
}

static void write_together(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    parts s;
    split(p, &s, n);
    rt_buf_addc(sql, '(');
    if (s.match.len > 0)
        write_in_match(p, sql, &s.match);
    else
        rt_buf_addc(sql, '1');
    rt_buf_add(sql, rt_buf_str(&s.rest));
    rt_buf_addc(sql, ')');
    parts_free(&s);
}

static void write_node(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    const char *between = "(";
    switch (n->kind) {
    case RT_QUERY_AND:
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
    case RT_QUERY_FINDING:
        write_together(p, sql, n);
        break;
    case RT_QUERY_OR:
        if (rt_match_able(n)) {
            write_together(p, sql, n);
            break;
        }
        for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
            rt_buf_addz(sql, between);
            write_node(p, sql, c);
            between = " OR ";
        }
        rt_buf_addc(sql, ')');
        break;
    case RT_QUERY_NOT:
        rt_buf_addz(sql, "NOT ");
        write_node(p, sql, n->child);
        break;
    case RT_QUERY_FIELD:
        rt_where_field(p, sql, n);
        break;
    case RT_QUERY_SECTION:
        rt_where_section(sql, n->sections);
        break;
    }
}

bool rt_plan_from(rt_plan *p, const rt_query_node *root, bool joined, rt_buf *sql)
{
    parts s;
    split(p, &s, root);
    bool words = s.match.len > 0;
    if (!words) {
        rt_buf_addz(sql, " FROM report r WHERE 1");
    } else {
        joined = joined || s.rest.len > 0;
        rt_buf_addz(sql, joined
                             ? " FROM report_fts CROSS JOIN report r ON r.rowid = report_fts.rowid"
                             : " FROM report_fts");
        rt_buf_addz(sql, " WHERE report_fts MATCH ");
        rt_plan_param_buf(p, sql, &s.match);
    }
    rt_buf_add(sql, rt_buf_str(&s.rest));
    parts_free(&s);
    return words;
}

bool rt_plan_marks(rt_plan *p, const rt_query_node *n, rt_buf *sql)
{
    bool any = false;
    if (n->kind == RT_QUERY_NOT)
        return false;
    if (n->kind == RT_QUERY_FINDING) {
        rt_buf_addz(sql, sql->len > 0 ? " OR " : "");
        rt_where_atom(p, sql, &n->atom);
        return true;
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        any = rt_plan_marks(p, c, sql) || any;
    return any;
}
