#include "base/hash.h"

#include <string.h>

#include <nettle/base64.h>
#include <nettle/sha2.h>

void rt_sha256_hex(rt_str bytes, char out[65])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx c;
    sha256_init(&c);
    sha256_update(&c, bytes.len, (const uint8_t *)bytes.ptr);
    sha256_digest(&c, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 15];
    }
    out[64] = '\0';
}

void rt_base64(rt_str bytes, char *out)
{
    base64_encode_raw(out, bytes.len, (const uint8_t *)bytes.ptr);
}

uint64_t rt_hash_file(rt_str bytes)
{
    uint64_t h = 0xcbf29ce484222325ULL, word;
    size_t i = 0;
    for (; i + sizeof word <= bytes.len; i += sizeof word) {
        memcpy(&word, bytes.ptr + i, sizeof word);
        h = (h ^ word) * 0x100000001b3ULL;
        h ^= h >> 29;
    }
    return rt_hash64(rt_str_slice(bytes, i, bytes.len), h);
}
