/* Bytes to document text. Nearly all reports are clean UTF-8: two passes of eight bytes at a time
 * prove it, and the input itself is the text. The rest goes through one writer, which sees code
 * points and so knows about line ends and forbidden characters only once; UTF-8 and UTF-16 are read
 * by hand, the legacy charsets by ICU. */
#include "text/decode.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "base/utf8.h"
#include "text/charset.h"

enum {
    CHUNK = 1024, /* UTF-16 units converted at a time */
    REPLACEMENT = 0xFFFD,
};

/* In the order of rt_charset: the name that we report, and the converter of ICU. */
static const struct {
    const char *name, *icu;
} charsets[] = {
    {"unknown", NULL},
    {"UTF-8", NULL},
    {"UTF-16LE", NULL},
    {"UTF-16BE", NULL},
    {"GB18030", "GB18030"},
    {"Big5", "Big5-HKSCS"},
    {"windows-1252", "windows-1252"},
};

/* ---- the writer ---- */

typedef struct writer {
    char *beg, *at, *end; /* in the arena */
    bool full;
    bool after_cr; /* a LF now belongs to the line end that is already written */
    bool gap;      /* a forbidden character was left out just now */
    bool has_bad;
    uint32_t replaced, removed;
    size_t first_bad;
} writer;

static void put_raw(writer *w, const char *bytes, size_t n)
{
    if (n > (size_t)(w->end - w->at)) {
        w->full = true;
        return;
    }
    memcpy(w->at, bytes, n);
    w->at += n;
}

static bool is_letter_or_digit(uint32_t cp)
{
    rt_script script = rt_utf8_script(cp);
    return script == RT_SCRIPT_LATIN || script == RT_SCRIPT_DIGIT;
}

/* "lung\0nodule" must not become one word. */
static void close_gap(writer *w, uint32_t next)
{
    w->gap = false;
    rt_str before = {w->beg, (size_t)(w->at - w->beg)};
    size_t pos = before.len;
    if (pos > 0 && is_letter_or_digit(next) && is_letter_or_digit(rt_utf8_prev(before, &pos)))
        put_raw(w, " ", 1);
}

static void mark_bad(writer *w)
{
    if (!w->has_bad)
        w->first_bad = (size_t)(w->at - w->beg);
    w->has_bad = true;
}

static bool is_forbidden(uint32_t cp) /* by XML 1.0 */
{
    return (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') ||
           (cp >= 0xD800 && cp <= 0xDFFF) || cp == 0xFFFE || cp == 0xFFFF;
}

static bool ends_line(uint32_t cp)
{
    return cp == '\r' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

static void put(writer *w, uint32_t cp)
{
    char bytes[4];
    bool second_half = cp == '\n' && w->after_cr;
    w->after_cr = cp == '\r';
    if (second_half || cp == 0xFEFF)
        return;
    if (is_forbidden(cp)) {
        mark_bad(w);
        w->removed++;
        w->gap = true;
        return;
    }
    if (w->gap)
        close_gap(w, cp);
    put_raw(w, bytes, rt_utf8_put(bytes, ends_line(cp) ? '\n' : cp));
}

static void put_bad(writer *w)
{
    mark_bad(w);
    put(w, REPLACEMENT);
    w->replaced++;
}

/* ---- UTF-8 ---- */

/* Does a block hold a byte below 0x20 other than tab and line end, or one that may begin U+0085,
 * U+2028, U+FEFF or U+FFFE (0xC2 0xE2 0xEF)? False alarms are sorted out by the caller. */
static bool is_suspicious(uint64_t block)
{
    const uint64_t ones = 0x0101010101010101ULL, tops = 0x8080808080808080ULL;
    uint64_t control = (block - ones * 0x20) & ~block & tops;
    uint64_t c2 = block ^ ones * 0xC2, e2 = block ^ ones * 0xE2, ef = block ^ ones * 0xEF;
    uint64_t lead = ((c2 - ones) & ~c2) | ((e2 - ones) & ~e2) | ((ef - ones) & ~ef);
    return (control | (lead & tops)) != 0;
}

/* Does the writer have to do with the character at pos? */
static bool is_special(rt_str s, size_t pos)
{
    const unsigned char *p = (const unsigned char *)s.ptr + pos;
    if (p[0] < 0x20)
        return p[0] != '\t' && p[0] != '\n';
    if (p[0] == 0xC2)
        return p[1] == 0x85;
    if (p[0] == 0xE2)
        return p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9);
    return p[0] == 0xEF && ((p[1] == 0xBB && p[2] == 0xBF) || (p[1] == 0xBF && p[2] >= 0xBE));
}

/* Where the next special character of valid UTF-8 stands, else s.len. */
static size_t next_special(rt_str s, size_t pos)
{
    uint64_t block;
    while (pos < s.len) {
        if (s.len - pos >= sizeof block) {
            memcpy(&block, s.ptr + pos, sizeof block);
            if (!is_suspicious(block)) {
                pos += sizeof block;
                continue;
            }
        }
        size_t end = s.len - pos < sizeof block ? s.len : pos + sizeof block;
        for (; pos < end; pos++)
            if (is_special(s, pos))
                return pos;
    }
    return pos;
}

/* Valid UTF-8: runs without specials at once. */
static void put_valid(writer *w, rt_str s)
{
    for (size_t pos = 0; pos < s.len;) {
        size_t special = next_special(s, pos), first = pos;
        if (special > pos) { /* what stands before may have to do with the first character */
            put(w, rt_utf8_next(s, &first));
            if (first < special)
                put_raw(w, s.ptr + first, special - first);
            pos = special;
        }
        if (pos < s.len)
            put(w, rt_utf8_next(s, &pos));
    }
}

static void put_utf8(writer *w, rt_str s)
{
    size_t bad;
    while (!rt_utf8_valid(s, &bad)) {
        bool good;
        put_valid(w, rt_str_slice(s, 0, bad));
        put_bad(w);
        s = rt_str_slice(s, bad + rt_utf8_length(s, bad, &good), s.len);
    }
    put_valid(w, s);
}

/* ---- UTF-16 ---- */

static bool is_high_half(uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static uint32_t join(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static void put_utf16(writer *w, rt_str s, rt_charset order)
{
    size_t pos = 0;
    while (s.len - pos >= 2) {
        uint32_t high = rt_utf16_unit(s, pos, order), low = 0;
        pos += 2;
        if (is_high_half(high) && s.len - pos >= 2)
            low = rt_utf16_unit(s, pos, order);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            put(w, join(high, low));
            pos += 2;
        } else if (high >= 0xD800 && high <= 0xDFFF) {
            put_bad(w);
        } else {
            put(w, high);
        }
    }
    if (pos < s.len)
        put_bad(w);
}

/* ---- the legacy charsets ---- */

/* What does not convert becomes U+FFFD, as by ICU's own callback, but counted. */
typedef struct counter {
    uint32_t *bad; /* ICU hands the context on as const */
} counter;

static void on_bad(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t n,
                   UConverterCallbackReason reason, UErrorCode *status)
{
    static const UChar replacement = REPLACEMENT;
    (void)bytes, (void)n;
    if (reason > UCNV_IRREGULAR)
        return;
    ++*((const counter *)context)->bad;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

/* ICU gives halves in pairs only. */
static void put_units(writer *w, const UChar *units, int32_t n)
{
    for (int32_t i = 0; i < n;) {
        uint32_t cp = units[i++];
        if (is_high_half(cp) && i < n)
            cp = join(cp, units[i++]);
        if (cp == REPLACEMENT)
            mark_bad(w);
        put(w, cp);
    }
}

/* Half a pair at the end of a chunk waits for its other half in the next. */
static rt_code put_legacy(writer *w, rt_str s, rt_charset c, rt_err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    counter count = {&w->replaced};
    UConverter *converter = ucnv_open(charsets[c].icu, &status);
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(converter, on_bad, &count, NULL, NULL, &status);
    const char *from = s.ptr, *end = s.ptr + s.len;
    bool more = U_SUCCESS(status);
    UChar units[CHUNK] = {0}, *to = units;
    while (more) {
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + CHUNK, &from, end, NULL, true, &status);
        more = status == U_BUFFER_OVERFLOW_ERROR && !w->full;
        bool half = more && is_high_half(to[-1]);
        put_units(w, units, (int32_t)(to - units) - half);
        if (half)
            units[0] = to[-1];
        to = units + half;
    }
    ucnv_close(converter);
    if (U_SUCCESS(status) || w->full)
        return RT_OK;
    return rt_fail(err, RT_ENOMEM, "ICU cannot convert from %s: %s", charsets[c].name,
                   u_errorName(status));
}

/* ---- all together ---- */

static rt_code convert(rt_arena *a, rt_str s, rt_charset c, rt_decoded *out, rt_err *err)
{
    writer w = {.beg = a->beg, .at = a->beg, .end = a->end};
    rt_code code = RT_OK;
    if (c == RT_CHARSET_UTF8)
        put_utf8(&w, s);
    else if (c == RT_CHARSET_UTF16LE || c == RT_CHARSET_UTF16BE)
        put_utf16(&w, s, c);
    else
        code = put_legacy(&w, s, c, err);
    if (code != RT_OK)
        return code;
    if (w.full) {
        *a->full = true;
        return RT_OK;
    }
    a->beg = w.at;
    out->text = (rt_str){w.beg, (size_t)(w.at - w.beg)};
    out->replaced = w.replaced;
    out->removed = w.removed;
    out->first_bad = (uint32_t)w.first_bad;
    return RT_OK;
}

rt_code rt_decode(rt_arena *a, rt_str raw, rt_str declared, rt_decoded *out, rt_err *err)
{
    rt_charset_guess guess = rt_charset_of(raw, declared);
    rt_charset c = guess.charset;
    rt_str s = rt_str_slice(raw, guess.mark, raw.len);
    rt_decoded d = {.text = {"", 0}, .charset = charsets[c].name, .declared = guess.declared};
    rt_code code = RT_OK;
    bool valid = c == RT_CHARSET_UTF8 && (guess.valid || rt_utf8_valid(s, NULL));
    if (valid && next_special(s, 0) == s.len)
        d.text = s;
    else
        code = convert(a, s, c, &d, err);
    if (code == RT_OK)
        *out = d;
    return code;
}
