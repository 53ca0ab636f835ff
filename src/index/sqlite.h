/* SQLite as the program links it, or as a loadable extension is handed it. */
#ifndef RT_INDEX_SQLITE_H
#define RT_INDEX_SQLITE_H

#ifdef RT_SQLITE_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

#endif
