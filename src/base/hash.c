#include "base/hash.h"

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
