/* What FTS5 was made of, read back from the compact form by SQL functions; FTS5 asks when it takes
 * words out, checks itself, or highlights. Part of the loadable extension.
 *
 *   rt_section(text, sections, type)   the pieces of one section type, apart by line ends
 *   rt_concepts(findings)              the concept tokens of a report, in the order of rt_row_fill
 */
#ifndef RT_INDEX_CONTENT_H
#define RT_INDEX_CONTENT_H

#include "index/sqlite.h"

int rt_content_register(sqlite3 *db); /* an SQLite code */

#endif
