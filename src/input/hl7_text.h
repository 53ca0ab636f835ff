/* The report text of a message, put together from its OBX segments. Private to input/. */
#ifndef RT_INPUT_HL7_TEXT_H
#define RT_INPUT_HL7_TEXT_H

#include "input/hl7_message.h"
#include "knowledge/knowledge.h"

typedef struct rt_hl7_text {
    rt_arena *a;
    const rt_knowledge *know; /* may be NULL: no section marks */
    char *ptr;
    size_t len, cap;
    rt_str group;   /* OBX-3 of the group of segments that is being read */
    rt_str heading; /* of the group, not yet written */
    bool grouped;
    bool has_text;
    unsigned segments, withdrawn; /* OBX seen; of them taken back */
    rt_str type;                  /* OBX-2 of the last that was no text */
    uint32_t line;                /* of the last OBX */
} rt_hl7_text;

/* Adds what the OBX says. */
void rt_hl7_add(rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx);

/* Was the value of this OBX taken back (OBX-11)? */
bool rt_hl7_withdrawn(const rt_knowledge *know, const rt_hl7 *m, const rt_hl7_segment *obx);

#endif
