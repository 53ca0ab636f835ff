/* Whole files within a limit, memory maps, and sorted listings. */
#ifndef RT_BASE_FILE_H
#define RT_BASE_FILE_H

#include "base/err.h"

typedef struct rt_bytes { /* owned: free with rt_bytes_free */
    char *ptr;
    size_t len;
    bool mapped;
} rt_bytes;

rt_code rt_file_read(const char *path, size_t limit, rt_bytes *out, rt_err *err); /* "-" is stdin */
rt_code rt_file_map(const char *path, rt_bytes *out, rt_err *err); /* read-only map */
/* rt_hash_file of its bytes, without keeping them. */
rt_code rt_file_hash(const char *path, uint64_t *out, rt_err *err);
void rt_bytes_free(rt_bytes *b);

/* Written beside the target and renamed, so that a reader never sees half a file. */
rt_code rt_file_write(const char *path, rt_str bytes, rt_err *err);

/* Names (not paths) of the regular files in dir that end with suffix, sorted by bytes; heap,
 * NULL-terminated. */
rt_code rt_dir_list(const char *dir, const char *suffix, char ***out, rt_err *err);
void rt_dir_free(char **names);

static inline rt_str rt_bytes_str(const rt_bytes *b)
{
    return (rt_str){b->ptr ? b->ptr : "", b->len};
}

#endif
