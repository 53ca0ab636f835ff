/* The fields of the report's templates as JSON. */
#include "output/json_writer.h"

#define WORD(name, constant, word) RT_PIECE_OF(",\"" name "\":\"" word "\",\"value\":"),
static const rt_piece states[] = {RT_FIELD_STATES(WORD, "state")};
#undef WORD

enum { CONSTANT = 192 }; /* bytes of all names and words of a field, and more */

static rt_str id_of(const rt_template_field *f)
{
    return f->id_bytes > 0 ? (rt_str){f->id, f->id_bytes} : rt_str_from(f->id);
}

/* Nothing was said of it: most fields of a template. */
static bool is_empty(const rt_slot *s)
{
    return s->state == RT_STATE_NOT_MENTIONED && s->value.len == 0 && s->unit == NULL &&
           s->findings.count == 0 && s->at.beg == s->at.end;
}

/* Identifiers of templates, groups and fields need no escapes. */
static char *put_id(char *p, const rt_slot_name *name, rt_str id)
{
    p = rt_put_short(p, rt_str_from(name->prefix));
    p = rt_put_short(p, rt_str_from(name->dot));
    return rt_put_short(p, id);
}

/* Of a field that repeats, or of the second exam. */
static char *put_long_name(char *p, const rt_slot_name *name, rt_str id)
{
    p = rt_put(put_id(p, name, id), RT_STR("\""));
    if (name->group != NULL) {
        p = put_id(rt_put(p, RT_STR(",\"group\":\"")), name, rt_str_from(name->group));
        if (name->n > 0)
            p = rt_put_u(rt_put(p, RT_STR("@")), name->n);
        p = rt_put(p, RT_STR("\""));
    }
    if (name->value != NULL)
        p = rt_json_quoted(rt_put(p, RT_STR(",\"item\":")), rt_str_from(name->value));
    return p;
}

static char *put_name(const rt_json *w, char *p, const rt_slot *s, rt_str id)
{
    if (s->instance == RT_NIL && s->template_index == w->d->template_index) {
        p = rt_buf_more(w->out, p, CONSTANT + id.len);
        return p != NULL ? rt_put(rt_put_short(rt_put(p, RT_STR("{\"id\":\"")), id), RT_STR("\""))
                         : NULL;
    }
    rt_slot_name name = rt_slot_name_of(w->k->templates, w->d, s);
    p = rt_buf_more(w->out, p,
                    CONSTANT + 2 * strlen(name.prefix) + id.len + rt_str_from(name.group).len +
                        RT_JSON_TEXT(rt_str_from(name.value)));
    return p != NULL ? put_long_name(rt_put(p, RT_STR("{\"id\":\"")), &name, id) : NULL;
}

static char *put_said(const rt_json *w, char *p, const rt_slot *s)
{
    rt_str unit = rt_str_from(s->unit);
    p = rt_buf_more(w->out, p,
                    CONSTANT + RT_JSON_TEXT(s->value) + RT_JSON_TEXT(unit) +
                        (size_t)s->findings.count * RT_JSON_ID);
    if (p == NULL)
        return NULL;
    p = rt_put_piece(p, &states[s->state]);
    p = s->value.len > 0 ? rt_json_quoted(p, s->value) : rt_put(p, RT_STR("null"));
    if (s->unit != NULL)
        p = rt_json_quoted(rt_put(p, RT_STR(",\"unit\":")), unit);
    p = rt_json_ids(rt_put(p, RT_STR(",\"findings\":")), w->d->slot_findings.at, s->findings);
    if (s->at.beg < s->at.end)
        p = rt_json_be(w, p, s->at);
    *p++ = '}';
    return p;
}

void rt_json_fields(rt_json *w)
{
    char *p = rt_buf_room(w->out, CONSTANT);
    for (uint32_t i = 0; p != NULL && i < w->d->slots.len; i++) {
        const rt_slot *s = &w->d->slots.at[i];
        *p = ',';
        p = put_name(w, p + (i > 0), s, id_of(rt_slot_field(w->k->templates, s)));
        if (p != NULL && is_empty(s))
            p = rt_put(p, RT_STR(",\"state\":\"not-mentioned\",\"value\":null,\"findings\":[]}"));
        else if (p != NULL)
            p = put_said(w, p, s);
    }
    if (p != NULL)
        rt_buf_wrote(w->out, p);
}
