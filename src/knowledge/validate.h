/* XML documents against a W3C schema (libxml2), with the place of the first complaint. */
#ifndef RT_KNOWLEDGE_VALIDATE_H
#define RT_KNOWLEDGE_VALIDATE_H

#include "base/err.h"

void rt_xml_init(void); /* libxml2: once before threads use it */

typedef struct rt_validator rt_validator; /* a compiled schema: const, shared by threads */

/* path: the .xsd; what it imports stands beside it. Call once a schema; 1 ms. */
rt_code rt_validator_open(const char *path, rt_validator **out, rt_err *err);
void rt_validator_close(rt_validator *v);

/* A whole document in memory; where: its name for messages. RT_EINPUT with line and message if it
 * is not well-formed, has a DOCTYPE, or does not follow the schema. No network, no entities. */
rt_code rt_validator_check(const rt_validator *v, const char *where, rt_str xml, rt_err *err);

/* The same, and the parsed document (an xmlDoc, the caller's to free) for whom it is good. */
struct _xmlDoc;
rt_code rt_validator_read(const rt_validator *v, const char *where, rt_str xml,
                          struct _xmlDoc **doc, rt_err *err);

/* Well-formed and without a DOCTYPE, and no more asked: for what was found valid before. */
rt_code rt_xml_parse(const char *where, rt_str xml, struct _xmlDoc **doc, rt_err *err);

#endif
