/* Fields of the report's templates in XML. What of a field is the same in every report has been
 * prepared with the template. */
#include <math.h>

#include "output/xml_put.h"

#define STATE(name, constant, word) RT_PIECE_OF(word "\""),
static const rt_piece states[] = {RT_FIELD_STATES(STATE, "")};
#undef STATE

static const rt_piece by_words = RT_PIECE_OF("<evidence method=\"dict\"");
static const rt_piece derived = RT_PIECE_OF("<evidence method=\"derived\"");
static const rt_piece by_pattern = RT_PIECE_OF("<evidence method=\"pattern\"");

static bool is_second(const rt_xml *x, const rt_slot *s)
{
    return s->template_index != x->d->template_index;
}

static const rt_template_field *field_of(const rt_xml *x, const rt_slot *s)
{
    return (is_second(x, s) ? x->also : x->own) + s->field;
}

/* ---- value */

static char *put_prepared(const rt_xml *x, char *p, unsigned depth, rt_str line)
{
    if (line.len == 0)
        return p;
    p = rt_xml_room(x, p, line.len);
    return p != NULL ? rt_put_short(rt_put_indent(p, depth), line) : NULL;
}

static char *put_option(const rt_xml *x, char *p, unsigned depth, const rt_template_option *o)
{
    p = put_prepared(x, p, depth, o->xml);
    if (p == NULL)
        return NULL;
    if (o->xml_code.len == 0)
        return rt_put(p, RT_STR("/>\n"));
    p = put_prepared(x, rt_put(p, RT_STR(">\n")), depth + 1, o->xml_code);
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</value>\n")) : NULL;
}

static void write_number_or_text(rt_xml *x, const rt_slot *s, bool number)
{
    double v = 0;
    rt_xml_open(x, "value");
    if (!number)
        rt_tag_text(&x->m, "text", s->value);
    else if (rt_str_number(s->value, &v))
        rt_xml_quantity(x, "quantity", v, (double)NAN, NULL, s->unit);
    rt_xml_close(x);
}

static char *put_value(rt_xml *x, char *p, const rt_slot *s, const rt_template_field *f)
{
    if (s->value.len == 0 || p == NULL)
        return p;
    if (s->option != RT_NIL)
        return put_option(x, p, x->m.depth + 1, &f->options[s->option]);
    rt_xml_markup_begin(x, p, 1);
    write_number_or_text(x, s, f->type == RT_FIELD_TYPE_NUMBER);
    return rt_xml_markup_end(x, 1);
}

/* ---- evidence */

static const rt_finding *finding_of(const rt_xml *x, const rt_slot *s, uint32_t i)
{
    return &x->d->findings.at[x->d->slot_findings.at[s->findings.first + i]];
}

static bool all_derived(const rt_xml *x, const rt_slot *s)
{
    uint32_t i = 0;
    while (i < s->findings.count && finding_of(x, s, i)->derived)
        i++;
    return i == s->findings.count;
}

/* Findings that one normal statement implies share its span: it is written once. */
static char *put_spans(const rt_xml *x, char *p, unsigned depth, const rt_slot *s)
{
    rt_span last = {0, 0};
    for (uint32_t i = 0; i < s->findings.count; i++) {
        rt_span at = finding_of(x, s, i)->at;
        if (at.beg != last.beg || at.end != last.end)
            p = rt_xml_put_span(x, p, depth, at, RT_STR(""));
        last = at;
    }
    return p;
}

static char *put_evidence(const rt_xml *x, char *p, const rt_slot *s)
{
    unsigned depth = x->m.depth + 1;
    p = rt_xml_put_evidence(x, p, depth, &by_pattern, s->at);
    if (s->findings.count == 0)
        return p;
    p = rt_xml_room(x, p, 0);
    if (p == NULL)
        return NULL;
    p = rt_put_piece(rt_put_indent(p, depth), all_derived(x, s) ? &derived : &by_words);
    p = put_spans(x, rt_put(p, RT_STR(">\n")), depth + 1, s);
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</evidence>\n")) : NULL;
}

/* ---- a field */

static char *put_findings(const rt_xml *x, char *p, const rt_slot *s)
{
    if (s->findings.count == 0)
        return p;
    p = rt_put(p, RT_STR(" findings=\""));
    for (uint32_t i = 0; i < s->findings.count; i++) {
        *p = ' ';
        p += i > 0;
        *p++ = 'f';
        p = rt_put_u(p, x->d->slot_findings.at[s->findings.first + i] + 1U);
    }
    *p++ = '"';
    return p;
}

/* Its start tag without the bracket. Fields of a second exam have its template before their id. */
static char *put_start(const rt_xml *x, char *p, const rt_slot *s, const rt_template_field *f)
{
    p = rt_xml_room(x, p, x->also_id.len + f->xml.len + (size_t)s->findings.count * (RT_PUT_U + 2));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, x->m.depth), RT_STR("<field id=\""));
    if (is_second(x, s))
        p = rt_put(rt_put_short(p, x->also_id), RT_STR("."));
    p = rt_put_piece(rt_put_short(p, f->xml), &states[s->state]);
    if (f->required)
        p = rt_put(p, RT_STR(" required=\"true\""));
    return put_findings(x, p, s);
}

static char *put_field(rt_xml *x, char *p, const rt_slot *s, const rt_template_field *f)
{
    p = put_start(x, p, s, f);
    if (p == NULL)
        return NULL;
    if (f->xml_code.len == 0 && s->value.len == 0 && s->at.beg >= s->at.end &&
        s->findings.count == 0)
        return rt_put(p, RT_STR("/>\n"));
    p = put_prepared(x, rt_put(p, RT_STR(">\n")), x->m.depth + 1, f->xml_code);
    p = put_evidence(x, put_value(x, p, s, f), s);
    return p != NULL ? rt_put(rt_put_indent(p, x->m.depth), RT_STR("</field>\n")) : NULL;
}

/* ---- the fields of a section */

static void open_group(rt_xml *x, const rt_slot *s, const rt_template_group *g)
{
    rt_slot_name name = rt_slot_name_of(x->k->templates, x->d, s);
    rt_xml_open(x, "group");
    if (*name.dot == '\0')
        rt_xml_attr(x, "id", name.group);
    else
        rt_attr_printf(&x->m, "id", "%s%s%s", name.prefix, name.dot, name.group);
    rt_xml_attr_u(x, "n", name.n);
    rt_xml_attr(x, "label", name.label != NULL ? name.label : g->label);
    rt_tag_inside(&x->m);
}

/* Fields of one instance stand together; all groups stand behind the fields that do not repeat. */
static void write_groups(rt_xml *x, unsigned section)
{
    uint32_t open = RT_NIL;
    for (uint32_t i = x->slots[section].first; i < x->slots[section].end; i++) {
        const rt_slot *s = &x->d->slots.at[i];
        const rt_template_field *f = field_of(x, s);
        if (s->instance == RT_NIL || f->section != section)
            continue;
        if (s->instance != open) {
            if (open != RT_NIL)
                rt_xml_close(x);
            open_group(x, s,
                       &rt_templates_at(x->k->templates, s->template_index)->groups[f->group]);
            open = s->instance;
        }
        char *p = put_field(x, rt_buf_room(x->m.out, RT_XML_SPARE), s, f);
        if (p != NULL)
            rt_buf_wrote(x->m.out, p);
    }
    if (open != RT_NIL)
        rt_xml_close(x);
}

void rt_xml_fields(rt_xml *x, unsigned section)
{
    bool groups = false;
    if (x->slots[section].end == 0)
        return;
    rt_tag_inside(&x->m);
    char *p = rt_buf_room(x->m.out, RT_XML_SPARE);
    for (uint32_t i = x->slots[section].first; i < x->slots[section].end; i++) {
        const rt_slot *s = &x->d->slots.at[i];
        const rt_template_field *f = field_of(x, s);
        groups = groups || s->instance != RT_NIL;
        if (s->instance == RT_NIL && f->section == section)
            p = put_field(x, p, s, f);
    }
    if (p != NULL)
        rt_buf_wrote(x->m.out, p);
    if (groups)
        write_groups(x, section);
}

static const rt_template *template_of(const rt_xml *x, uint32_t index)
{
    return index != RT_NIL ? rt_templates_at(x->k->templates, index) : NULL;
}

void rt_xml_find_fields(rt_xml *x)
{
    const rt_template *own = template_of(x, x->d->template_index);
    const rt_template *also = template_of(x, x->d->template_also);
    x->own = own != NULL ? own->fields : NULL;
    x->also = also != NULL ? also->fields : NULL;
    x->also_id = rt_str_from(also != NULL ? also->id : NULL);
    for (uint32_t i = 0; i < x->d->slots.len; i++) {
        rt_xml_slots *of = &x->slots[field_of(x, &x->d->slots.at[i])->section];
        if (of->end == 0)
            of->first = i;
        of->end = i + 1;
    }
}
