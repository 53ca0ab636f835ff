/* XML schema validation. See validate.h. libxml2 reports through callbacks: the first report of an
 * error becomes the rt_err, the rest follow from it. */
#include "knowledge/validate.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <limits.h>

#include "base/file.h"

#define MAX_SCHEMA (4U << 20) /* bytes; ours have 30 KB */

enum {
    PARSE_FLAGS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT
};

void rt_xml_init(void)
{
    xmlInitParser();
}

struct rt_validator {
    xmlDocPtr source;
    xmlSchemaPtr schema;
};

typedef struct complaint {
    const char *where;
    rt_err *err;
} complaint;

/* A message of libxml2 on one line. */
static void add_complaint(const char *where, const xmlError *e, rt_err *err)
{
    rt_str message = rt_str_trim(rt_str_from(e->message));
    if (err == NULL || err->code != RT_OK)
        return;
    rt_fail(err, RT_EINPUT, "%.*s", (int)message.len, message.ptr);
    for (char *c = err->msg; *c != '\0'; c++)
        *c = *c == '\n' ? ' ' : *c;
    snprintf(err->where, sizeof err->where, "%s", where);
    err->line = e->line > 0 ? (uint32_t)e->line : 0;
}

static void on_error(void *user, xmlErrorPtr e)
{
    const complaint *c = user;
    if (e->level >= XML_ERR_ERROR)
        add_complaint(c->where, e, c->err);
}

/* where is the base of relative names in the document, too */
rt_code rt_xml_parse(const char *where, rt_str xml, xmlDocPtr *doc, rt_err *err)
{
    xmlParserCtxtPtr parser = xml.len <= INT_MAX ? xmlNewParserCtxt() : NULL;
    if (parser == NULL)
        return rt_fail(err, RT_ENOMEM, "%s: too large to parse", where);
    xmlDocPtr d = xmlCtxtReadMemory(parser, xml.ptr, (int)xml.len, where, NULL, PARSE_FLAGS);
    rt_code code = RT_OK;
    if (d == NULL) {
        code = RT_EINPUT;
        add_complaint(where, &parser->lastError, err);
    } else if (d->intSubset != NULL) {
        code = rt_fail(err, RT_EINPUT, "%s: a DOCTYPE is not allowed", where);
    }
    xmlFreeParserCtxt(parser);
    if (code == RT_OK)
        *doc = d;
    else
        xmlFreeDoc(d);
    return code;
}

/* Read by us, not by the schema parser: that one would print what it cannot open. */
static rt_code read_document(const char *path, xmlDocPtr *doc, rt_err *err)
{
    rt_bytes bytes;
    rt_code code = rt_file_read(path, MAX_SCHEMA, &bytes, err);
    if (code != RT_OK)
        return code;
    code = rt_xml_parse(path, rt_bytes_str(&bytes), doc, err);
    rt_bytes_free(&bytes);
    return code;
}

static rt_code compile(const char *path, rt_validator *v, rt_err *err)
{
    complaint c = {path, err};
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewDocParserCtxt(v->source);
    if (parser == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory for the schema %s", path);
    xmlSchemaSetParserStructuredErrors(parser, on_error, &c);
    v->schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    return v->schema != NULL ? RT_OK : rt_fail(err, RT_EINPUT, "%s: not a schema", path);
}

rt_code rt_validator_open(const char *path, rt_validator **out, rt_err *err)
{
    rt_validator *v = xmlMalloc(sizeof *v);
    if (v == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory for the schema %s", path);
    *v = (rt_validator){.schema = NULL};
    rt_code code = read_document(path, &v->source, err);
    if (code == RT_OK)
        code = compile(path, v, err);
    if (code == RT_OK)
        *out = v;
    else
        rt_validator_close(v);
    return code;
}

void rt_validator_close(rt_validator *v)
{
    if (v == NULL)
        return;
    xmlSchemaFree(v->schema);
    xmlFreeDoc(v->source); /* the schema points into it */
    xmlFree(v);
}

static rt_code validate(const rt_validator *v, const char *where, xmlDocPtr doc, rt_err *err)
{
    complaint c = {where, err};
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(v->schema);
    if (valid == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory to validate %s", where);
    xmlSchemaSetValidStructuredErrors(valid, on_error, &c);
    int result = xmlSchemaValidateDoc(valid, doc);
    xmlSchemaFreeValidCtxt(valid);
    if (result == 0)
        return RT_OK;
    return rt_fail(err, RT_EINPUT, "%s: does not follow the schema", where);
}

rt_code rt_validator_read(const rt_validator *v, const char *where, rt_str xml, xmlDocPtr *doc,
                          rt_err *err)
{
    xmlDocPtr d = NULL;
    rt_code code = rt_xml_parse(where, xml, &d, err);
    if (code != RT_OK)
        return code;
    code = validate(v, where, d, err);
    if (code == RT_OK)
        *doc = d;
    else
        xmlFreeDoc(d);
    return code;
}

rt_code rt_validator_check(const rt_validator *v, const char *where, rt_str xml, rt_err *err)
{
    xmlDocPtr doc;
    rt_code code = rt_validator_read(v, where, xml, &doc, err);
    if (code == RT_OK)
        xmlFreeDoc(doc);
    return code;
}
