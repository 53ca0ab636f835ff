/* Lines of XML put down in place: what findings and fields are made of. See xml_put.h. */
#include "output/xml_put.h"

/* What a slice of the document says; most documents have nothing to be escaped. */
static char *put_slice(const rt_xml *x, char *p, rt_str s)
{
    return x->plain ? rt_put_short(p, s) : rt_put_chars(p, s);
}

char *rt_xml_put_span(const rt_xml *x, char *p, unsigned depth, rt_span at, rt_str role)
{
    if (at.beg >= at.end)
        return p;
    rt_str text = rt_text_slice(&x->d->text, at);
    p = rt_xml_room(x, p, RT_MARKUP_TEXT(text));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<span b=\""));
    p = rt_put_u(p, rt_cp_of(x->cp, at.beg));
    p = rt_put(p, RT_STR("\" e=\""));
    p = rt_put_u(p, rt_cp_of(x->cp, at.end));
    p = rt_put(rt_put_short(p, role), RT_STR("\">"));
    return rt_put(put_slice(x, p, text), RT_STR("</span>\n"));
}

char *rt_xml_put_evidence(const rt_xml *x, char *p, unsigned depth, const rt_piece *begin,
                          rt_span at)
{
    if (at.beg >= at.end)
        return p;
    p = rt_xml_room(x, p, 0);
    if (p == NULL)
        return NULL;
    p = rt_put_piece(rt_put_indent(p, depth), begin);
    p = rt_xml_put_span(x, rt_put(p, RT_STR(">\n")), depth + 1, at, RT_STR(""));
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</evidence>\n")) : NULL;
}

static char *put_name(char *p, rt_str name, bool plain)
{
    return plain ? rt_put_short(p, name) : rt_put_value(p, name);
}

char *rt_xml_put_code(const rt_xml *x, char *p, unsigned depth, const rt_code_ref *code)
{
    rt_str system = rt_str_from(code->system), id = rt_str_from(code->code);
    rt_str display = rt_str_from(code->display);
    p = rt_xml_room(x, p, system.len + id.len + display.len);
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<code system=\""));
    p = rt_put_short(rt_put(rt_put_short(p, system), RT_STR("\" code=\"")), id);
    p = rt_put_short(rt_put(p, RT_STR("\" display=\"")), display);
    return rt_put(p, RT_STR("\"/>\n"));
}

char *rt_xml_put_concept(const rt_xml *x, char *p, unsigned depth, uint32_t concept)
{
    const rt_concept *c = &x->k->lexicon->concepts[concept];
    rt_str id = rt_lexicon_id(x->k->lexicon, c), name = rt_lexicon_name(x->k->lexicon, c, false);
    p = rt_xml_room(x, p, RT_MARKUP_TEXT(id) + RT_MARKUP_TEXT(name));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<code system=\""));
    p = rt_is_radlex(id) ? rt_put(p, RT_STR("RADLEX")) : rt_put(p, RT_STR("ROENTEXT"));
    p = put_name(rt_put(p, RT_STR("\" code=\"")), id, c->plain);
    p = put_name(rt_put(p, RT_STR("\" display=\"")), name, c->plain);
    return rt_put(p, RT_STR("\"/>\n"));
}

char *rt_xml_put_name(const rt_xml *x, char *p, uint32_t concept)
{
    const rt_concept *c = &x->k->lexicon->concepts[concept];
    p = put_name(p, rt_lexicon_name(x->k->lexicon, c, x->d->zh), c->plain);
    *p++ = '"';
    return p;
}

size_t rt_xml_name_room(const rt_xml *x, uint32_t concept)
{
    const rt_concept *c = &x->k->lexicon->concepts[concept];
    return RT_MARKUP_TEXT(rt_lexicon_name(x->k->lexicon, c, x->d->zh));
}
