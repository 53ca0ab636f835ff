/* The compiled lexicon: one memory-mapped file, versioned, checksummed, byte-identical from the
 * same sources. */
#ifndef RT_KNOWLEDGE_COMPILED_H
#define RT_KNOWLEDGE_COMPILED_H

#include "knowledge/lexicon.h"

rt_code rt_compiled_write(const rt_lexicon *x, const char *path, rt_err *err);
/* Fails with RT_EINPUT on a file that is not ours, of another version, truncated, or whose checksum
 * is wrong. */
rt_code rt_compiled_open(const char *path, rt_lexicon **out, rt_err *err);

#endif
