/* Fingerprints: SHA-256 (nettle) where it leaves the program, FNV-1a inside tables; and base64. */
#ifndef RT_BASE_HASH_H
#define RT_BASE_HASH_H

#include "base/str.h"

void rt_sha256_hex(rt_str bytes, char out[65]); /* lower-case hex, NUL-terminated */

static inline size_t rt_base64_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

void rt_base64(rt_str bytes, char *out); /* rt_base64_length letters, no NUL */

/* Sixteen bytes at a time: for whole files, against accidents and not against malice. */
uint64_t rt_hash_file(rt_str bytes);

/* The same piece by piece: whole blocks, then what is left. */
enum { RT_HASH_BLOCK = 64 };
typedef struct rt_hash {
    uint64_t lane[4], bytes;
} rt_hash;
#define RT_HASH_START                                                                              \
    {                                                                                              \
        {1, 2, 3, 4}, 0                                                                            \
    }
void rt_hash_add(rt_hash *h, rt_str blocks);
uint64_t rt_hash_end(const rt_hash *h, rt_str tail); /* shorter than a block */

static inline uint64_t rt_hash64(rt_str s, uint64_t seed)
{
    uint64_t h = seed ^ 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3ULL;
    return h;
}

#endif
