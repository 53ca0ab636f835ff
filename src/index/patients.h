/* Reports of one patient that contradict each other, found when they are asked for. */
#ifndef RT_INDEX_PATIENTS_H
#define RT_INDEX_PATIENTS_H

#include "index/index.h"

/* Fills the temporary table prior_issue: the columns of qa_issue, b2 and e2 in the text of `prior`,
 * the number of the earlier report. One pass over the reports that have a patient and a day. */
rt_code rt_patients_compare(rt_index *x, rt_err *err);

#endif
