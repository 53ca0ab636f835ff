/* Shared by json.c, json_finding.c and json_field.c. Findings and fields, which are nearly all of
 * the output, are put down in place (base/put.h); what is rare is written value by value. */
#ifndef RT_OUTPUT_JSON_WRITER_H
#define RT_OUTPUT_JSON_WRITER_H

#include "base/put.h"
#include "knowledge/knowledge.h"
#include "output/cp.h"
#include "output/json_text.h"

typedef struct rt_json {
    rt_buf *out;
    const rt_doc *d;
    const rt_knowledge *k;
    const rt_cp *cp; /* large: not cleared with the rest */
    bool comma;      /* due before the next member or element; of json.c alone */
} rt_json;

/* The elements of the lists, with the commas between them. */
void rt_json_findings(rt_json *w);
void rt_json_fields(rt_json *w);

/* ---- pieces */

enum {
    RT_JSON_ID = RT_PUT_U + 4,        /* bytes of a finding's id in a list */
    RT_JSON_SPAN = 2 * RT_PUT_U + 16, /* of a span */
    RT_JSON_BE = 2 * RT_PUT_U + 16,   /* of its two ends as members */
};

static inline char *rt_json_quoted(char *p, rt_str s) /* RT_JSON_TEXT(s) + 2 */
{
    *p++ = '"';
    p = rt_json_put(p, s);
    *p++ = '"';
    return p;
}

static inline char *rt_json_name(char *p, rt_str s, bool plain) /* the same, of a concept */
{
    *p++ = '"';
    p = plain ? rt_put_short(p, s) : rt_json_put(p, s);
    *p++ = '"';
    return p;
}

static inline char *rt_json_id(char *p, uint32_t finding) /* "f1" */
{
    p = rt_put_u(rt_put(p, RT_STR("\"f")), finding + 1U);
    *p++ = '"';
    return p;
}

static inline char *rt_json_ids(char *p, const uint32_t *at, rt_range r) /* of findings */
{
    *p++ = '[';
    for (uint32_t i = 0; i < r.count; i++) {
        *p = ',';
        p = rt_json_id(p + (i > 0), at[r.first + i]);
    }
    *p++ = ']';
    return p;
}

static inline char *rt_json_be(const rt_json *w, char *p, rt_span at) /* ,"b":b,"e":e */
{
    p = rt_put_u(rt_put(p, RT_STR(",\"b\":")), rt_cp_of(w->cp, at.beg));
    return rt_put_u(rt_put(p, RT_STR(",\"e\":")), rt_cp_of(w->cp, at.end));
}

static inline char *rt_json_span(const rt_json *w, char *p, rt_span at) /* [b,e] */
{
    *p++ = '[';
    p = rt_put_u(p, rt_cp_of(w->cp, at.beg));
    *p++ = ',';
    p = rt_put_u(p, rt_cp_of(w->cp, at.end));
    *p++ = ']';
    return p;
}

#endif
