/* The fields of the report's templates as JSON. */
#include "output/json_writer.h"

#define WORD(name, constant, word) RT_PIECE_OF(",\"" name "\":\"" word "\",\"value\":"),
static const rt_piece states[] = {RT_FIELD_STATES(WORD, "state")};
#undef WORD

enum { CONSTANT = 192 }; /* bytes of all names and words of a field, and more */

/* Nothing was said of it: most fields of a template. */
static bool is_empty(const rt_json *w, const rt_slot *s)
{
    return s->state == RT_STATE_NOT_MENTIONED && s->instance == RT_NIL && s->value.len == 0 &&
           s->unit == NULL && s->findings.count == 0 && s->at.beg == s->at.end &&
           s->template_index == w->d->template_index;
}

static char *put_empty(const rt_json *w, char *p, rt_str id)
{
    p = rt_buf_more(w->out, p, CONSTANT + id.len);
    if (p == NULL)
        return NULL;
    p = rt_put_short(rt_put(p, RT_STR("{\"id\":\"")), id);
    return rt_put(p, RT_STR("\",\"state\":\"not-mentioned\",\"value\":null,\"findings\":[]}"));
}

/* Identifiers of templates, groups and fields need no escapes. */
static char *put_name(char *p, const rt_slot_name *name, rt_str id, uint32_t n)
{
    *p++ = '"';
    p = rt_put_short(p, rt_str_from(name->prefix));
    p = rt_put_short(p, rt_str_from(name->dot));
    p = rt_put_short(p, id);
    if (n > 0) {
        *p++ = '@';
        p = rt_put_u(p, n);
    }
    *p++ = '"';
    return p;
}

static size_t room_for(const rt_slot *s, const rt_slot_name *name)
{
    return CONSTANT + 2 * strlen(name->prefix) + strlen(name->id) + rt_str_from(name->group).len +
           RT_JSON_TEXT(rt_str_from(name->value)) + RT_JSON_TEXT(s->value) +
           RT_JSON_TEXT(rt_str_from(s->unit)) + (size_t)s->findings.count * RT_JSON_ID;
}

static char *put_full(const rt_json *w, char *p, const rt_slot *s)
{
    rt_slot_name name = rt_slot_name_of(w->k->templates, w->d, s);
    p = rt_buf_more(w->out, p, room_for(s, &name));
    if (p == NULL)
        return NULL;
    p = put_name(rt_put(p, RT_STR("{\"id\":")), &name, rt_str_from(name.id), 0);
    if (name.group != NULL)
        p = put_name(rt_put(p, RT_STR(",\"group\":")), &name, rt_str_from(name.group), name.n);
    if (name.value != NULL)
        p = rt_json_quoted(rt_put(p, RT_STR(",\"item\":")), rt_str_from(name.value));
    p = rt_put_piece(p, &states[s->state]);
    p = s->value.len > 0 ? rt_json_quoted(p, s->value) : rt_put(p, RT_STR("null"));
    if (s->unit != NULL)
        p = rt_json_quoted(rt_put(p, RT_STR(",\"unit\":")), rt_str_from(s->unit));
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
        p += i > 0;
        p = is_empty(w, s) ? put_empty(w, p, rt_str_from(rt_slot_field(w->k->templates, s)->id))
                           : put_full(w, p, s);
    }
    if (p != NULL)
        rt_buf_wrote(w->out, p);
}
