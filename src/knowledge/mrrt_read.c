/* From HTML to sections, fields and options, by libxml2's HTML parser, which mends what it can.
 *
 * The tree is walked in document order without recursion. A label is what <label for> says, else
 * the label or paragraph around the field, else the last words in front of it. Codes come from the
 * coded_content of the script, by the id of the element, or from an attribute data-radlex. */
#include "knowledge/mrrt.h"

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

#include "base/utf8.h"

enum {
    MAX_FIELDS = 4000, /* the largest real template has 400 */
    MAX_OPTIONS = 20000,
    MAX_LABEL = 160,    /* bytes */
    MAX_ENTRIES = 8000, /* of coded_content */
};

typedef struct coded { /* an entry of coded_content */
    rt_str id;
    rt_mrrt_codes codes;
} coded;

typedef struct reader {
    rt_mrrt *out;
    RT_VEC(coded) codes;
    RT_VEC(coded) labels; /* for="id" -> the label, in codes.rid[0] */
    rt_str words;         /* the last text that was seen: label of what has none */
    uint32_t section;
    rt_str group; /* name of the radio buttons that are being read */
} reader;

/* ---- strings */

static rt_str keep(reader *r, rt_str s)
{
    return rt_arena_copy(r->out->arena, s);
}

static rt_str attribute(reader *r, xmlNode *n, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(n, (const xmlChar *)name);
    rt_str s =
        value != NULL ? keep(r, rt_str_trim(rt_str_from((const char *)value))) : (rt_str){"", 0};
    xmlFree(value);
    return s;
}

/* One blank for many (no-break ones, too), nothing at the ends, not longer than MAX_LABEL. */
static rt_str squeeze(reader *r, rt_str s)
{
    char *to = RT_NEW(r->out->arena, char, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; to != NULL && i < s.len; i++) {
        bool wide = i + 1 < s.len && memcmp(s.ptr + i, "\xc2\xa0", 2) == 0;
        bool blank = wide || rt_is_blank(s.ptr[i]) || (unsigned char)s.ptr[i] < 0x20;
        i += wide;
        if (!blank)
            to[n++] = s.ptr[i];
        else if (n > 0 && to[n - 1] != ' ')
            to[n++] = ' ';
    }
    while (n > 0 && to[n - 1] == ' ')
        n--;
    if (n > MAX_LABEL)
        for (n = MAX_LABEL; n > 0 && rt_utf8_cont(to[n]);)
            n--;
    return (rt_str){to != NULL ? to : "", n};
}

static rt_str content(reader *r, xmlNode *n)
{
    xmlChar *text = xmlNodeGetContent(n);
    rt_str s = text != NULL ? squeeze(r, rt_str_from((const char *)text)) : (rt_str){"", 0};
    xmlFree(text);
    return s;
}

/* A label without the colon and other marks at its end, and without a RadLex id that is shown. */
static rt_str bare(rt_str s)
{
    rt_str wide = RT_STR("：");
    size_t rid;
    if (rt_str_find(s, RT_STR(" RID"), &rid))
        s.len = rid;
    for (;;) {
        s = rt_str_trim(s);
        if (s.len > 0 && strchr(":*?=-", s.ptr[s.len - 1]) != NULL)
            s.len--;
        else if (s.len >= wide.len && memcmp(s.ptr + s.len - wide.len, wide.ptr, wide.len) == 0)
            s.len -= wide.len;
        else
            return s;
    }
}

/* ---- the tree */

/* NULL: nothing there. *whole: read to the end; the parser gives up at a depth of 256 elements. */
static htmlDocPtr parse(rt_str html, bool *whole)
{
    htmlParserCtxtPtr c = htmlNewParserCtxt();
    if (c == NULL)
        return NULL;
    htmlDocPtr doc = htmlCtxtReadMemory(c, html.ptr, (int)html.len, NULL, "UTF-8",
                                        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                            HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    *whole = c->lastError.level != XML_ERR_FATAL;
    htmlFreeParserCtxt(c);
    return doc;
}

static bool is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* The next node in document order, without what is below n if `over`. */
static xmlNode *next_node(xmlNode *n, bool over)
{
    if (!over && n->children != NULL && n->type == XML_ELEMENT_NODE)
        return n->children;
    while (n != NULL && n->next == NULL)
        n = n->parent != NULL && n->parent->type == XML_ELEMENT_NODE ? n->parent : NULL;
    return n != NULL ? n->next : NULL;
}

static xmlNode *around(xmlNode *n, const char *name) /* the nearest such element around n */
{
    for (n = n->parent; n != NULL && n->type == XML_ELEMENT_NODE; n = n->parent)
        if (is(n, name))
            return n;
    return NULL;
}

/* ---- codes */

/* "RID5352", "http://radlex.org/RID/RID5352" */
static void add_code(rt_mrrt_codes *codes, rt_str value)
{
    size_t at = 0;
    for (size_t i = 0; i + 3 < value.len; i++)
        if (memcmp(value.ptr + i, "RID", 3) == 0 && rt_is_digit(value.ptr[i + 3]))
            at = i + 1;
    if (at == 0 || codes->n == RT_MRRT_CODES)
        return;
    size_t end = at + 2;
    while (end < value.len && rt_is_digit(value.ptr[end]))
        end++;
    codes->rid[codes->n++] = rt_str_slice(value, at - 1, end);
}

static rt_mrrt_codes codes_of(const reader *r, rt_str id)
{
    for (uint32_t i = 0; id.len > 0 && i < r->codes.len; i++)
        if (rt_str_eq(r->codes.at[i].id, id))
            return r->codes.at[i].codes;
    return (rt_mrrt_codes){.n = 0};
}

static rt_mrrt_codes element_codes(reader *r, xmlNode *n, rt_str id)
{
    rt_mrrt_codes codes = codes_of(r, id);
    add_code(&codes, attribute(r, n, "data-radlex"));
    return codes;
}

static rt_str code_value(reader *r, xmlNode *n)
{
    return is(n, "code")         ? attribute(r, n, "value")
           : is(n, "code_value") ? content(r, n)
                                 : (rt_str){"", 0};
}

/* template_attributes: terms of the template, entries with their terms. Names are lower case: it is
 * read as HTML, since much of it is not well-formed. */
static void read_script(reader *r, rt_str xml)
{
    bool whole;
    htmlDocPtr doc = parse(xml, &whole);
    coded *entry = NULL;
    xmlNode *n = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    for (; n != NULL; n = next_node(n, false)) {
        if (is(n, "entry") && r->codes.len < MAX_ENTRIES) {
            RT_PUSH(r->out->arena, &r->codes, (coded){attribute(r, n, "origtxt"), {.n = 0}});
            entry = r->codes.len > 0 ? &r->codes.at[r->codes.len - 1] : NULL;
        }
        rt_str value = code_value(r, n);
        if (value.len > 0)
            add_code(entry != NULL && around(n, "entry") != NULL ? &entry->codes : &r->out->terms,
                     value);
    }
    xmlFreeDoc(doc);
}

static rt_str without_comment(rt_str s)
{
    s = rt_str_trim(s);
    if (rt_str_starts(s, RT_STR("<!--")))
        s = rt_str_slice(s, 4, s.len);
    size_t end;
    return rt_str_find(s, RT_STR("-->"), &end) ? rt_str_slice(s, 0, end) : s;
}

/* ---- head */

static void read_meta(reader *r, xmlNode *n)
{
    rt_str name = attribute(r, n, "name"), value = attribute(r, n, "content");
    if (rt_str_eq_nocase(name, RT_STR("dcterms.title")))
        r->out->title = squeeze(r, value);
    else if (rt_str_eq_nocase(name, RT_STR("dcterms.identifier")))
        r->out->identifier = value;
    else if (rt_str_eq_nocase(name, RT_STR("dcterms.language")))
        r->out->language = value;
}

/* What must be known before the fields are read: codes, labels, title. */
static void read_ahead(reader *r, xmlNode *root)
{
    for (xmlNode *n = root; n != NULL; n = next_node(n, false)) {
        if (is(n, "meta"))
            read_meta(r, n);
        else if (is(n, "title") && r->out->title.len == 0)
            r->out->title = content(r, n);
        else if (is(n, "script") && rt_str_eq_nocase(attribute(r, n, "type"), RT_STR("text/xml"))) {
            xmlChar *text = xmlNodeGetContent(n);
            if (text != NULL)
                read_script(r, without_comment(rt_str_from((const char *)text)));
            xmlFree(text);
        } else if (is(n, "label")) {
            rt_str id = attribute(r, n, "for"), label = bare(content(r, n));
            if (id.len > 0 && label.len > 0 && r->labels.len < MAX_FIELDS)
                RT_PUSH(r->out->arena, &r->labels, (coded){id, {{label}, 1}});
        }
    }
}

/* ---- fields */

static rt_str label_for(const reader *r, rt_str id)
{
    for (uint32_t i = 0; id.len > 0 && i < r->labels.len; i++)
        if (rt_str_eq(r->labels.at[i].id, id))
            return r->labels.at[i].codes.rid[0];
    return (rt_str){"", 0};
}

/* What stands in a label around a field, without the field. */
static rt_str words_around(reader *r, xmlNode *label)
{
    char all[4 * MAX_LABEL];
    size_t n = 0;
    xmlNode *end = next_node(label, true), *c = next_node(label, false);
    while (c != NULL && c != end && n < sizeof all) {
        if (c->type == XML_TEXT_NODE) {
            rt_str s = rt_str_from((const char *)c->content);
            size_t fits = s.len < sizeof all - n ? s.len : sizeof all - n;
            while (fits > 0 && fits < s.len && rt_utf8_cont(s.ptr[fits]))
                fits--;
            memcpy(all + n, s.ptr, fits);
            n += fits;
        }
        c = next_node(c, is(c, "select") || is(c, "textarea") || is(c, "script"));
    }
    return bare(squeeze(r, (rt_str){all, n}));
}

static rt_str label_of(reader *r, xmlNode *n, rt_str id, rt_str name)
{
    rt_str label = label_for(r, id);
    xmlNode *wrap = around(n, "label");
    if (label.len == 0 && wrap != NULL)
        label = words_around(r, wrap);
    if (label.len == 0)
        label = bare(r->words);
    return label.len > 0 ? label : squeeze(r, name);
}

static rt_mrrt_type type_of(reader *r, xmlNode *n)
{
    rt_str type = attribute(r, n, "type"), field = attribute(r, n, "data-field-type");
    if (is(n, "textarea"))
        return RT_MRRT_TEXT;
    if (rt_str_eq_nocase(type, RT_STR("checkbox")))
        return RT_MRRT_CHECK;
    if (rt_str_eq_nocase(type, RT_STR("radio")))
        return RT_MRRT_CHOICE;
    if (rt_str_eq_nocase(type, RT_STR("number")) || rt_str_eq_nocase(field, RT_STR("NUMBER")))
        return RT_MRRT_NUMBER;
    if (type.len > 0 && !rt_str_eq_nocase(type, RT_STR("text")))
        return RT_MRRT_OTHER;
    return field.len == 0 || rt_str_starts(field, RT_STR("TEXT")) ? RT_MRRT_TEXT : RT_MRRT_OTHER;
}

static rt_mrrt_field start_field(reader *r, xmlNode *n)
{
    rt_mrrt_field f = {.id = attribute(r, n, "id"), .name = attribute(r, n, "name")};
    rt_str english = attribute(r, n, "data-en");
    f.unit = attribute(r, n, "data-field-units");
    f.label = label_of(r, n, f.id, f.name);
    f.codes = element_codes(r, n, f.id);
    f.section = r->section;
    f.english = english.len > 0 ? english : squeeze(r, f.name);
    f.line = (uint32_t)xmlGetLineNo(n);
    f.first_option = r->out->options.len;
    return f;
}

static void add_option(reader *r, rt_mrrt_field *f, rt_mrrt_option o)
{
    if (r->out->options.len >= MAX_OPTIONS)
        return;
    RT_PUSH(r->out->arena, &r->out->options, o);
    f->n_options++;
}

static void read_select(reader *r, xmlNode *select)
{
    rt_mrrt_field f = start_field(r, select);
    xmlNode *end = next_node(select, true);
    f.type = RT_MRRT_CHOICE;
    for (xmlNode *n = next_node(select, false); n != NULL && n != end; n = next_node(n, false)) {
        if (!is(n, "option"))
            continue;
        rt_mrrt_option o = {.id = attribute(r, n, "id"), .value = attribute(r, n, "value")};
        o.label = content(r, n);
        if (attribute(r, n, "data-en").len > 0)
            o.value = attribute(r, n, "data-en");
        o.codes = element_codes(r, n, o.id);
        f.preset = f.preset || xmlHasProp(n, (const xmlChar *)"selected") != NULL;
        if (o.label.len > 0)
            add_option(r, &f, o);
    }
    RT_PUSH(r->out->arena, &r->out->fields, f);
}

/* Radio buttons of one name in a row are one field. */
static void read_radio(reader *r, xmlNode *n)
{
    rt_mrrt_field f = start_field(r, n);
    rt_mrrt_option o = {.id = f.id, .value = attribute(r, n, "value"), .codes = f.codes};
    bool checked = xmlHasProp(n, (const xmlChar *)"checked") != NULL;
    o.label = label_for(r, f.id);
    if (attribute(r, n, "data-en").len > 0)
        o.value = attribute(r, n, "data-en");
    if (o.label.len == 0 && around(n, "label") != NULL)
        o.label = words_around(r, around(n, "label"));
    if (o.label.len == 0)
        o.label = squeeze(r, o.value);
    bool more = f.name.len > 0 && rt_str_eq(f.name, r->group) && r->out->fields.len > 0;
    if (!more) {
        f.type = RT_MRRT_CHOICE;
        f.label = bare(r->words).len > 0 ? bare(r->words) : squeeze(r, f.name);
        f.codes = codes_of(r, f.name);
        RT_PUSH(r->out->arena, &r->out->fields, f);
    }
    r->group = f.name;
    if (r->out->fields.len == 0)
        return;
    rt_mrrt_field *field = &r->out->fields.at[r->out->fields.len - 1];
    field->preset = field->preset || checked;
    add_option(r, field, o);
}

static void read_input(reader *r, xmlNode *n)
{
    rt_mrrt_type type = type_of(r, n);
    if (type == RT_MRRT_CHOICE) {
        read_radio(r, n);
        return;
    }
    rt_mrrt_field f = start_field(r, n);
    f.type = type;
    f.preset = type == RT_MRRT_CHECK ? xmlHasProp(n, (const xmlChar *)"checked") != NULL
               : is(n, "textarea")   ? content(r, n).len > 0
                                     : attribute(r, n, "value").len > 0;
    RT_PUSH(r->out->arena, &r->out->fields, f);
}

/* A section is named by its attribute, else by its header. */
static void read_section(reader *r, xmlNode *n)
{
    rt_str name = attribute(r, n, "data-section-name");
    xmlNode *end = next_node(n, true);
    for (xmlNode *h = next_node(n, false); name.len == 0 && h != NULL && h != end;
         h = next_node(h, false))
        if (is(h, "header") || is(h, "h1") || is(h, "h2"))
            name = bare(content(r, h));
    if (name.len == 0)
        return;
    r->section = r->out->sections.len;
    RT_PUSH(r->out->arena, &r->out->sections, bare(squeeze(r, name)));
}

static bool is_field(const xmlNode *n)
{
    return is(n, "select") || is(n, "input") || is(n, "textarea");
}

static void read_body(reader *r, xmlNode *root)
{
    xmlNode *n = root;
    while (n != NULL && r->out->fields.len < MAX_FIELDS) {
        bool over = is_field(n) || is(n, "script") || is(n, "style") || is(n, "head");
        if (n->type == XML_TEXT_NODE) {
            rt_str words = squeeze(r, rt_str_from((const char *)n->content));
            if (bare(words).len > 0)
                r->words = words;
        } else if (is(n, "section")) {
            read_section(r, n);
        } else if (is(n, "select")) {
            read_select(r, n);
        } else if (is_field(n)) {
            read_input(r, n);
        }
        if (is_field(n) && !is(n, "input"))
            r->group = (rt_str){"", 0};
        n = next_node(n, over);
    }
}

rt_code rt_mrrt_read(rt_str html, const char *path, rt_arena *arena, rt_mrrt *out, rt_err *err)
{
    *out = (rt_mrrt){.arena = arena, .path = path};
    reader r = {.out = out, .section = RT_NIL};
    bool whole = false;
    htmlDocPtr doc = parse(html, &whole);
    xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    rt_code code = RT_OK;
    if (doc != NULL && !whole)
        code = rt_fail(err, RT_ELIMIT, "%s: elements are nested too deep", path);
    else if (root == NULL)
        code = rt_fail(err, RT_EINPUT, "%s: this is no HTML", path);
    if (code == RT_OK) {
        read_ahead(&r, root);
        read_body(&r, root);
    }
    xmlFreeDoc(doc);
    if (code == RT_OK && out->fields.len >= MAX_FIELDS)
        code = rt_fail(err, RT_ELIMIT, "%s: more than %d fields", path, MAX_FIELDS);
    return code;
}
