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

/* Whose fields are written: those of the second exam have its id before theirs. */
typedef struct exam {
    uint32_t index; /* of its template */
    const rt_template *template;
    rt_str prefix;
} exam;

static exam exam_of(const rt_json *w, uint32_t index)
{
    const rt_template *t = rt_templates_at(w->k->templates, index);
    return (exam){index, t, index != w->d->template_index ? rt_str_from(t->id) : RT_STR("")};
}

/* Identifiers of templates, groups and fields need no escapes. */
static char *put_id(char *p, rt_str prefix, rt_str id)
{
    if (prefix.len > 0)
        p = rt_put(rt_put_short(p, prefix), RT_STR("."));
    return rt_put_short(p, id);
}

/* Of a field that repeats: which of its group. */
static char *put_instance(const rt_json *w, char *p, const exam *e, const rt_instance *i)
{
    const rt_template_group *g = &e->template->groups[i->group];
    bool item = i->item != RT_NIL;
    rt_str id = rt_str_from(g->id), value = rt_str_from(item ? g->items[i->item].value : NULL);
    p = rt_buf_more(w->out, p, CONSTANT + e->prefix.len + id.len + RT_JSON_TEXT(value));
    if (p == NULL)
        return NULL;
    p = put_id(rt_put(p, RT_STR(",\"group\":\"")), e->prefix, id);
    if (i->n > 0)
        p = rt_put_u(rt_put(p, RT_STR("@")), i->n);
    p = rt_put(p, RT_STR("\""));
    return item ? rt_json_quoted(rt_put(p, RT_STR(",\"item\":")), value) : p;
}

static char *put_name(const rt_json *w, char *p, const exam *e, const rt_slot *s)
{
    rt_str id = id_of(&e->template->fields[s->field]);
    p = rt_buf_more(w->out, p, CONSTANT + e->prefix.len + id.len);
    if (p == NULL)
        return NULL;
    p = rt_put(put_id(rt_put(p, RT_STR("{\"id\":\"")), e->prefix, id), RT_STR("\""));
    return s->instance != RT_NIL ? put_instance(w, p, e, &w->d->instances.at[s->instance]) : p;
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
    if (w->d->slots.len == 0)
        return;
    char *p = rt_buf_room(w->out, CONSTANT);
    exam e = exam_of(w, w->d->slots.at[0].template_index);
    for (uint32_t i = 0; p != NULL && i < w->d->slots.len; i++) {
        const rt_slot *s = &w->d->slots.at[i];
        if (s->template_index != e.index)
            e = exam_of(w, s->template_index);
        *p = ',';
        p = put_name(w, p + (i > 0), &e, s);
        if (p != NULL && is_empty(s))
            p = rt_put(p, RT_STR(",\"state\":\"not-mentioned\",\"value\":null,\"findings\":[]}"));
        else if (p != NULL)
            p = put_said(w, p, s);
    }
    if (p != NULL)
        rt_buf_wrote(w->out, p);
}
