/* Shared by mrrt_map.c, which says what a field of MRRT is to us, and mrrt_write.c. */
#ifndef RT_KNOWLEDGE_MRRT_MAP_H
#define RT_KNOWLEDGE_MRRT_MAP_H

#include "knowledge/mrrt.h"

typedef struct rt_mrrt_choice { /* an option that we can fill */
    const rt_mrrt_option *from; /* NULL: ours, with a label of our own */
    rt_str value;               /* of a closed list: present, left, mild; else empty */
    uint32_t concept;           /* option of a concept; else RT_NIL */
} rt_mrrt_choice;

enum { RT_MRRT_CHOICES = 64 }; /* of one field */

typedef struct rt_mrrt_target {
    rt_field_from from;
    uint32_t concept, place; /* what the field asks about, RT_NIL: nothing, or nowhere special */
    const char *unit;
    rt_mrrt_choice choice[RT_MRRT_CHOICES];
    uint32_t n_choices;
} rt_mrrt_target;

typedef struct rt_mrrt_mapper {
    const rt_mrrt *m;
    const rt_knowledge *k;
    rt_buf *notes;
} rt_mrrt_mapper;

/* false: nothing of ours fits; *why says so, NULL when there is nothing to be said. */
bool rt_mrrt_target_of(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *out,
                       const char **why);

/* rt_section_type of a section by its name; those of no known name belong to the findings. */
unsigned rt_mrrt_section(const rt_mrrt_mapper *p, uint32_t section);

/* The concept that a code or a name stands for, RT_NIL: none. Anatomy and observations only, unless
 * `modifiers`. */
uint32_t rt_mrrt_concept(const rt_mrrt_mapper *p, const rt_mrrt_codes *codes, rt_str name,
                         bool modifiers);

#endif
