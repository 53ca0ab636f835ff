/* Schemas for what the outputs write: shipped ones, or one of the caller's. */
#include "engine/engine.h"

#include <stdatomic.h>
#include <stdlib.h>

struct rt_xsd {
    rt_validator *validator;
};

/* In templates/schema; NULL: none is shipped. */
static const char *const shipped[RT_OUTPUT_COUNT] = {
    [RT_OUTPUT_XML] = "roentext-report.xsd",
    [RT_OUTPUT_FHIR_XML] = "fhir-r4.xsd",
    [RT_OUTPUT_DSR] = "dsr2xml.xsd",
};

rt_code rt_xsd_open(const rt_engine *e, rt_output as, const char *path, rt_xsd **out, rt_err *err)
{
    char own[sizeof e->schemas + 64];
    if (path == NULL && shipped[as] == NULL)
        return rt_fail(err, RT_EUSAGE, "no schema of this format is shipped");
    if (path == NULL) {
        snprintf(own, sizeof own, "%s/%s", e->schemas, shipped[as]);
        path = own;
    }
    rt_xsd *s = calloc(1, sizeof *s);
    if (s == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory for the schema %s", path);
    rt_code code = rt_validator_open(path, &s->validator, err);
    if (code == RT_OK)
        *out = s;
    else
        rt_xsd_close(s);
    return code;
}

void rt_xsd_close(rt_xsd *s)
{
    if (s == NULL)
        return;
    rt_validator_close(s->validator);
    free(s);
}

rt_code rt_xsd_check(const rt_xsd *s, rt_str document, rt_err *err)
{
    return rt_validator_check(s->validator, "document", document, err);
}

/* NULL: it cannot be read. Of two that make it at the same time one throws its own away. */
static const rt_validator *native(const rt_engine *e)
{
    char path[sizeof e->schemas + 64];
    rt_validator *v = e->validator ? atomic_load(e->validator) : NULL, *before = NULL;
    snprintf(path, sizeof path, "%s/%s", e->schemas, shipped[RT_OUTPUT_XML]);
    if (v != NULL || !e->validator || rt_validator_open(path, &v, NULL) != RT_OK ||
        atomic_compare_exchange_strong(e->validator, &before, v))
        return v;
    rt_validator_close(v);
    return before;
}

rt_code rt_validate_xml(const rt_engine *e, rt_str xml, rt_err *err)
{
    const rt_validator *v = native(e);
    if (!v)
        return rt_fail(err, RT_EIO, "templates/schema/roentext-report.xsd is missing or malformed");
    return rt_validator_check(v, "report", xml, err);
}
