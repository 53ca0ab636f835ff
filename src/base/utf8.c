/* UTF-8 by hand: the few functions that we need are shorter than the calls into ICU, and text/ is
 * the only place that sees ICU. */
#include "base/utf8.h"

#include <assert.h>

#include "base/eight.h"

uint32_t rt_utf8_next(rt_str s, size_t *pos)
{
    assert(*pos < s.len);
    const unsigned char *p = (const unsigned char *)s.ptr + *pos;
    if (p[0] < 0x80) {
        *pos += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *pos += 2;
        return (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
    }
    if (p[0] < 0xF0) {
        *pos += 3;
        return (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
    }
    *pos += 4;
    return (p[0] & 0x07U) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 | (p[3] & 0x3FU);
}

uint32_t rt_utf8_prev(rt_str s, size_t *pos)
{
    assert(*pos > 0 && *pos <= s.len);
    do
        *pos -= 1;
    while (*pos > 0 && rt_utf8_cont(s.ptr[*pos]));
    size_t at = *pos;
    return rt_utf8_next(s, &at);
}

static char tail_byte(uint32_t cp, unsigned shift)
{
    return (char)(0x80U | (cp >> shift & 0x3FU));
}

size_t rt_utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0U | cp >> 6);
        out[1] = tail_byte(cp, 0);
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0U | cp >> 12);
        out[1] = tail_byte(cp, 6);
        out[2] = tail_byte(cp, 0);
        return 3;
    }
    out[0] = (char)(0xF0U | cp >> 18);
    out[1] = tail_byte(cp, 12);
    out[2] = tail_byte(cp, 6);
    out[3] = tail_byte(cp, 0);
    return 4;
}

/* Continuation bytes that a lead byte asks for; 0 for a byte that leads nothing. The second byte
 * carries what the lead cannot say: no overlong forms, no surrogates, nothing above U+10FFFF. */
static unsigned tails_of(unsigned char lead, unsigned char *lowest, unsigned char *highest)
{
    *lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

size_t rt_utf8_length(rt_str s, size_t pos, bool *good)
{
    const unsigned char *p = (const unsigned char *)s.ptr + pos;
    size_t room = s.len - pos;
    *good = true;
    if (p[0] < 0x80)
        return 1;
    unsigned char lowest, highest;
    unsigned tails = tails_of(p[0], &lowest, &highest);
    size_t n = 1;
    while (n <= tails && n < room && p[n] >= lowest && p[n] <= highest) {
        n++;
        lowest = 0x80;
        highest = 0xBF;
    }
    *good = tails > 0 && n == tails + 1;
    return n;
}

/* Does a three-byte character stand in the lowest bytes whose second byte may be anything: Han and
 * its punctuation? 0xE0 and 0xED ask more of it. */
static inline bool is_han(uint64_t w)
{
    return (w & 0xC0C0F0) == 0x8080E0 && (w & 0xFF) != 0xE0 && (w & 0xFF) != 0xED;
}

/* ASCII and Han from pos on, while eight bytes can be looked at. */
static size_t skip_usual(rt_str s, size_t pos)
{
    while (s.len - pos >= 8) {
        uint64_t w = rt_eight(s.ptr + pos), high = w & RT_EIGHT_TOPS;
        size_t ascii = high == 0 ? 8 : rt_eight_first(high);
        if (ascii > 0)
            pos += ascii;
        else if (!is_han(w))
            break;
        else
            pos += is_han(w >> 24) ? 6 : 3;
    }
    return pos;
}

bool rt_utf8_is_ascii(rt_str s)
{
    uint64_t tops = 0;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8)
        tops |= rt_eight(s.ptr + i);
    if (i < s.len)
        tops |= rt_eight_at(s.ptr, s.len, i);
    return (tops & RT_EIGHT_TOPS) == 0;
}

bool rt_utf8_valid(rt_str s, size_t *bad)
{
    for (size_t pos = skip_usual(s, 0); pos < s.len; pos = skip_usual(s, pos)) {
        bool good = true;
        size_t n = rt_utf8_length(s, pos, &good);
        if (!good) {
            if (bad != NULL)
                *bad = pos;
            return false;
        }
        pos += n;
    }
    return true;
}

size_t rt_utf8_count(rt_str s)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t count = s.len, i = 0;
    for (; i + 8 <= s.len; i += 8) { /* continuation bytes: the highest bit, not the next */
        uint64_t eight;
        memcpy(&eight, s.ptr + i, sizeof eight);
        count -= (size_t)(((eight >> 7 & ~eight >> 6 & ones) * ones) >> 56);
    }
    for (; i < s.len; i++)
        count -= rt_utf8_cont(s.ptr[i]);
    return count;
}

/* ---- what a code point is ---- */

typedef struct range {
    uint32_t first, last;
    uint32_t is;
} range;

/* The range that holds cp, else NULL. */
static const range *range_of(const range *table, size_t n, uint32_t cp)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cp > table[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && cp >= table[lo].first ? &table[lo] : NULL;
}

/* By blocks where a block is of one kind. Kana and Hangul count as letters: words of them are not
 * cut. Combining marks belong to the letter before them. */
static const range scripts[] = {
    {0x09, 0x0D, RT_SCRIPT_SPACE},     {' ', ' ', RT_SCRIPT_SPACE},
    {'0', '9', RT_SCRIPT_DIGIT},       {'A', 'Z', RT_SCRIPT_LATIN},
    {'a', 'z', RT_SCRIPT_LATIN},       {0x85, 0x85, RT_SCRIPT_SPACE},
    {0xA0, 0xA0, RT_SCRIPT_SPACE},     {0xAA, 0xAA, RT_SCRIPT_LATIN},
    {0xB5, 0xB5, RT_SCRIPT_LATIN},     {0xBA, 0xBA, RT_SCRIPT_LATIN},
    {0xC0, 0xD6, RT_SCRIPT_LATIN},     {0xD8, 0xF6, RT_SCRIPT_LATIN},
    {0xF8, 0x2C1, RT_SCRIPT_LATIN},    {0x300, 0x374, RT_SCRIPT_LATIN},
    {0x376, 0x37D, RT_SCRIPT_LATIN},   {0x37F, 0x37F, RT_SCRIPT_LATIN},
    {0x386, 0x386, RT_SCRIPT_LATIN},   {0x388, 0x481, RT_SCRIPT_LATIN},
    {0x483, 0x559, RT_SCRIPT_LATIN},   {0x560, 0x588, RT_SCRIPT_LATIN},
    {0x591, 0x5BD, RT_SCRIPT_LATIN},   {0x5D0, 0x5F2, RT_SCRIPT_LATIN},
    {0x620, 0x65F, RT_SCRIPT_LATIN},   {0x660, 0x669, RT_SCRIPT_DIGIT},
    {0x66E, 0x6D3, RT_SCRIPT_LATIN},   {0x900, 0x963, RT_SCRIPT_LATIN},
    {0xE01, 0xE4E, RT_SCRIPT_LATIN},   {0x1100, 0x11FF, RT_SCRIPT_LATIN},
    {0x1680, 0x1680, RT_SCRIPT_SPACE}, {0x1E00, 0x1FBC, RT_SCRIPT_LATIN},
    {0x2000, 0x200A, RT_SCRIPT_SPACE}, {0x2028, 0x2029, RT_SCRIPT_SPACE},
    {0x202F, 0x202F, RT_SCRIPT_SPACE}, {0x205F, 0x205F, RT_SCRIPT_SPACE},
    {0x2E80, 0x2FD5, RT_SCRIPT_HAN},   {0x3000, 0x3000, RT_SCRIPT_SPACE},
    {0x3005, 0x3007, RT_SCRIPT_HAN},   {0x3021, 0x3029, RT_SCRIPT_HAN},
    {0x3041, 0x309F, RT_SCRIPT_LATIN}, {0x30A1, 0x30FF, RT_SCRIPT_LATIN},
    {0x3131, 0x318E, RT_SCRIPT_LATIN}, {0x3400, 0x4DBF, RT_SCRIPT_HAN},
    {0x4E00, 0x9FFF, RT_SCRIPT_HAN},   {0xAC00, 0xD7A3, RT_SCRIPT_LATIN},
    {0xF900, 0xFAFF, RT_SCRIPT_HAN},   {0xFF10, 0xFF19, RT_SCRIPT_DIGIT},
    {0xFF21, 0xFF3A, RT_SCRIPT_LATIN}, {0xFF41, 0xFF5A, RT_SCRIPT_LATIN},
    {0xFF66, 0xFF9F, RT_SCRIPT_LATIN}, {0x20000, 0x323AF, RT_SCRIPT_HAN},
};

rt_script rt_utf8_script(uint32_t cp)
{
    const range *r = range_of(scripts, sizeof scripts / sizeof *scripts, cp);
    return r != NULL ? (rt_script)r->is : RT_SCRIPT_PUNCT;
}

/* After the East Asian Width property; what is in no range takes one column. */
static const range widths[] = {
    {0x0, 0x1F, 0},        {0x7F, 0x9F, 0},     {0x300, 0x36F, 0},   {0x1100, 0x115F, 2},
    {0x200B, 0x200F, 0},   {0x2E80, 0x303E, 2}, {0x3041, 0x33FF, 2}, {0x3400, 0x4DBF, 2},
    {0x4E00, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2}, {0xFE30, 0xFE4F, 2},
    {0xFEFF, 0xFEFF, 0},   {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2},
    {0x20000, 0x3FFFD, 2},
};

unsigned rt_utf8_width(uint32_t cp)
{
    const range *r = range_of(widths, sizeof widths / sizeof *widths, cp);
    return r != NULL ? r->is : 1;
}

uint32_t rt_utf8_columns(rt_str s)
{
    uint32_t columns = 0;
    for (size_t pos = 0; pos < s.len;) {
        bool good;
        size_t at = pos, n = rt_utf8_length(s, pos, &good);
        columns += good ? rt_utf8_width(rt_utf8_next(s, &at)) : 1;
        pos += n;
    }
    return columns;
}
