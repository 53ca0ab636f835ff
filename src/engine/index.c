/* Hands an index the knowledge of the engine: the index folder knows no engines. */
#include "index/index.h"
#include "engine/engine.h"

rt_code rt_index_open(const rt_engine *e, const char *path, rt_index_mode mode, rt_index **out,
                      rt_err *err)
{
    return rt_index_open_with(&e->know, path, mode, out, err);
}
