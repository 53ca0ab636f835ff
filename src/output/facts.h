/* What several outputs say of a report beyond its findings: dates and times of the record, who the
 * patient is, identifiers that are made for it. A value of a record that is not what it should be
 * is left out by every output; the native XML names it as an issue. */
#ifndef RT_OUTPUT_FACTS_H
#define RT_OUTPUT_FACTS_H

#include "model/doc.h"

typedef enum rt_given { RT_GIVEN_NOT, RT_GIVEN_BAD, RT_GIVEN_GOOD } rt_given;

typedef struct rt_date {
    unsigned year, month, day;
} rt_date;

typedef struct rt_clock {
    unsigned hour, minute, second;
} rt_clock;

rt_str rt_fact(const rt_record *r, rt_field_id f); /* trimmed; from outside: not clean */
rt_given rt_fact_date(const rt_record *r, rt_field_id f, rt_date *out);   /* 2024-06-01, 20240601 */
rt_given rt_fact_clock(const rt_record *r, rt_field_id f, rt_clock *out); /* 09:30, 093000.123 */
rt_given rt_fact_sex(const rt_record *r, char *out);                      /* 'M' 'F' 'O' */
rt_given rt_fact_age(const rt_record *r, unsigned *years);
rt_given rt_fact_status(const rt_record *r, const char **out); /* preliminary final ... */

/* The same report has the same identifiers, every time; another one has others. */
typedef struct rt_identity {
    char report[37]; /* UUID, lower case */
    char study[37];  /* of patient and accession number, or of the report when it has none */
} rt_identity;

void rt_identify(const rt_record *r, rt_identity *out);
/* The n-th thing within the report: an UUID that differs from it in the last 12 digits. */
void rt_identity_nth(const rt_identity *i, uint32_t n, char out[37]);
/* DICOM: an UUID as an unique identifier of the arc 2.25. */
void rt_identity_uid(const char uuid[37], char out[65]);

/* Is a critical rule met by the finding? The first flag, or NULL. */
const rt_flag *rt_finding_flag(const rt_doc *d, uint32_t finding);

/* Is the field filled, negated, uncertain or in conflict? Else it says why it is empty. */
bool rt_slot_says(const rt_slot *s);

/* What kind of error it is, in the words of the schemas. */
const char *rt_error_word(rt_code code);

#endif
