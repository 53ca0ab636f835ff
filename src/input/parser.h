/* Raw records to rt_record: one parser a thread, it owns the memory of the record parsed last. */
#ifndef RT_INPUT_PARSER_H
#define RT_INPUT_PARSER_H

#include "knowledge/knowledge.h"

typedef struct rt_parser rt_parser;

/* know must outlive the parser; NULL: HL7 is read without section marks. */
rt_code rt_parser_new(const rt_knowledge *know, rt_parser **out, rt_err *err);
void rt_parser_free(rt_parser *p);

/* What rt_record_parse promises in roentext.h; *out lives until the next call with the same p. */
rt_code rt_parser_parse(rt_parser *p, const rt_raw *raw, rt_record *out, rt_err *err);

#endif
