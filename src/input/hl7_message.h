/* The syntax of an HL7 v2 message: segments, fields, components, escapes. Private to input/.
 *
 *   OBX|1|FT|59776-5^检查所见^LN||first line\.br\second line||||||F
 *       1  2  3.1    3.2     3.3
 *
 * Everything is a slice of the decoded message, counted from 1; what is not there is empty. */
#ifndef RT_INPUT_HL7_MESSAGE_H
#define RT_INPUT_HL7_MESSAGE_H

#include "base/arena.h"

typedef struct rt_hl7 {
    rt_str rest;                                    /* segments not yet read */
    char field, component, repetition, escape, sub; /* separators, of MSH-1 and MSH-2 */
    uint32_t line;                                  /* of `rest`, from 1 in the source */
    rt_str charset;                                 /* of \X..\ escapes; empty: detect */
} rt_hl7;

typedef struct rt_hl7_segment {
    rt_str bytes; /* from its name on; line ends inside belong to its fields */
    uint32_t line;
} rt_hl7_segment;

/* The separators of a message that begins with MSH. false: it does not, or they are no
 * separators. */
bool rt_hl7_open(rt_hl7 *m, rt_str message, uint32_t line);

/* The next segment. A line that does not begin like one continues the field before it: senders do
 * put line ends into texts. */
bool rt_hl7_next(rt_hl7 *m, rt_hl7_segment *out);
bool rt_hl7_is(const rt_hl7_segment *s, const char *name);

rt_str rt_hl7_field(const rt_hl7 *m, const rt_hl7_segment *s, unsigned n); /* MSH: n > 1 */
/* Component c of the first repetition of field n, trimmed; escapes stand. */
rt_str rt_hl7_get(const rt_hl7 *m, const rt_hl7_segment *s, unsigned n, unsigned c);
rt_str rt_hl7_part(rt_str s, char separator, unsigned n);

/* The value with its escapes replaced, line ends as LF; the slice itself if it has none. */
rt_str rt_hl7_plain(rt_arena *a, const rt_hl7 *m, rt_str value);

#endif
