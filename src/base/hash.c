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

/* Both halves of a product. */
static inline uint64_t mix(uint64_t sum, uint64_t word)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)sum * (word ^ 0x9E3779B97F4A7C15ULL);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

static inline uint64_t add_two(uint64_t sum, const char *words)
{
    return mix(sum ^ word_at(words), word_at(words + sizeof sum));
}

/* Four sums beside each other, so that none waits for the product of the one before. */
void rt_hash_add(rt_hash *h, rt_str blocks)
{
    uint64_t a = h->lane[0], b = h->lane[1], c = h->lane[2], d = h->lane[3];
    const char *p = blocks.ptr;
    for (size_t n = blocks.len / RT_HASH_BLOCK; n > 0; n--, p += RT_HASH_BLOCK) {
        a = add_two(a, p);
        b = add_two(b, p + 16);
        c = add_two(c, p + 32);
        d = add_two(d, p + 48);
    }
    *h = (rt_hash){{a, b, c, d}, h->bytes + blocks.len};
}

uint64_t rt_hash_end(const rt_hash *h, rt_str tail)
{
    uint64_t sum = h->bytes + tail.len;
    for (size_t k = 0; k < 4; k++)
        sum = mix(sum ^ h->lane[k], k);
    return rt_hash64(tail, sum);
}

uint64_t rt_hash_file(rt_str bytes)
{
    rt_hash h = RT_HASH_START;
    size_t whole = bytes.len - bytes.len % RT_HASH_BLOCK;
    rt_hash_add(&h, rt_str_slice(bytes, 0, whole));
    return rt_hash_end(&h, rt_str_slice(bytes, whole, bytes.len));
}
