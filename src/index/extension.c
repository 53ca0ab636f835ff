/* roentext_fts5.so: lets any SQLite program read and query an index. It brings the tokenizer and
 * the functions behind the view report_section; what else it needs stands in the database.
 *
 *   sqlite3 all.db '.load roentext_fts5' "SELECT rowid FROM report_fts('effusion AND rid5352p')" */
#include "index/sqlite.h"

#include "index/content.h"
#include "index/tokenizer.h"

/* The one name that SQLite looks for in every library, and its own pointer to the program's
 * SQLite. */
const sqlite3_api_routines *sqlite3_api;

int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

__attribute__((visibility("default"))) int sqlite3_extension_init(sqlite3 *db, char **message,
                                                                  const sqlite3_api_routines *api)
{
    sqlite3_api = api;
    int rc = rt_tokenizer_register(db);
    if (rc != SQLITE_OK)
        *message = sqlite3_mprintf("roentext: this SQLite has no FTS5");
    return rc == SQLITE_OK ? rt_content_register(db) : rc;
}
