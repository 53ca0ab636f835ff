/* Schemas for what the outputs write: shipped ones, or one of the caller's. */
#include "engine/engine.h"

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

rt_code rt_validate_xml(const rt_engine *e, rt_str xml, rt_err *err)
{
    if (!e->validator)
        return rt_fail(err, RT_EIO, "templates/schema/roentext-report.xsd is missing or malformed");
    return rt_validator_check(e->validator, "report", xml, err);
}
