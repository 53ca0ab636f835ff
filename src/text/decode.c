/* Bytes to document text. Nearly all reports are clean UTF-8: two passes of eight bytes at a time
 * prove it, and the input itself is the text. The rest goes through one writer, which sees code
 * points and so knows about line ends and forbidden characters only once; UTF-8 and UTF-16 are read
 * by hand, the legacy charsets by ICU.
 *
 * Detection asks the cheap and certain questions first: a BOM, NULs at every other byte, valid
 * UTF-8, mostly valid UTF-8, lone high bytes between letters; only then are GB18030 and Big5 tried
 * on a sample, and the one whose characters are commoner wins. ICU's own detector was rejected: it
 * is built for pages, and takes short reports for Korean or Turkish. */
#include "text/decode.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "base/utf8.h"

enum {
    SAMPLE = 4096,     /* bytes that detection reads from the first that is not ASCII on */
    CHUNK = 1024,      /* UTF-16 units converted at a time */
    LABEL_LENGTH = 24, /* of a charset label without its punctuation */
    REPLACEMENT = 0xFFFD,
};

typedef enum charset { UNKNOWN, UTF8, UTF16LE, UTF16BE, GB18030, BIG5, WINDOWS1252 } charset;

/* In the order of the enum: the name that we report, and the converter of ICU. */
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
    put(w, REPLACEMENT);
    mark_bad(w);
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

static uint32_t unit_at(rt_str s, size_t pos, charset order)
{
    unsigned a = (unsigned char)s.ptr[pos], b = (unsigned char)s.ptr[pos + 1];
    return order == UTF16BE ? a << 8 | b : b << 8 | a;
}

static void put_utf16(writer *w, rt_str s, charset order)
{
    size_t pos = 0;
    while (s.len - pos >= 2) {
        uint32_t high = unit_at(s, pos, order), low = 0;
        pos += 2;
        if (high >= 0xD800 && high < 0xDC00 && s.len - pos >= 2)
            low = unit_at(s, pos, order);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            put(w, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
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

static void put_units(writer *w, const UChar *units, int32_t n)
{
    for (int32_t i = 0; i < n;) {
        UChar32 cp;
        U16_NEXT(units, i, n, cp);
        if (cp == REPLACEMENT)
            mark_bad(w);
        put(w, (uint32_t)cp);
    }
}

/* Half a pair at the end of a chunk waits for its other half in the next. */
static rt_code put_legacy(writer *w, rt_str s, charset c, rt_err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    counter count = {&w->replaced};
    UConverter *converter = ucnv_open(charsets[c].icu, &status);
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(converter, on_bad, &count, NULL, NULL, &status);
    const char *from = s.ptr, *end = s.ptr + s.len;
    bool more = U_SUCCESS(status);
    UChar units[CHUNK], *to = units;
    while (more) {
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + CHUNK, &from, end, NULL, true, &status);
        more = status == U_BUFFER_OVERFLOW_ERROR && !w->full;
        bool half = more && U16_IS_LEAD(to[-1]);
        put_units(w, units, (int32_t)(to - units) - half);
        units[0] = to[-1];
        to = units + half;
    }
    ucnv_close(converter);
    if (U_SUCCESS(status) || w->full)
        return RT_OK;
    return rt_fail(err, RT_ENOMEM, "ICU cannot convert from %s: %s", charsets[c].name,
                   u_errorName(status));
}

/* ---- detection ---- */

/* The commonest characters of Chinese texts and reports, Simplified and Traditional, in code point
 * order. */
static const UChar common[] =
    u"一三上下不与世业两个中临为主么义之九也乳了事二于五些产人从他代以们件任会似但位体作你"
    u"使來侧信個們做側先光党入全公关其内军农决几出分列则別利别到制則前力加动動化区十压原去"
    u"又及双反发取变只可右叶号各合同后向呈员命和品員問囊四回因国图國在地块基塊增壓处复外多"
    u"大天头奶她好如子学學它定实室宫宮家密實对将將對小少就展山工左已師常干平年并床应度建开"
    u"异式強强当形影很後得從心必性总情想意慮應成我或战戰房所手扫把指据掃接描提據放政数數文"
    u"斑料断新斷方无日时明是显時晰書最會月有期未本术机条来東果查样根條检椎業樂樣機檢次歡正"
    u"此歲比民气氣水求決沒没法活流液清滑灣炎点為無然爺片物特状狀狭狹现現理生產用由甲电畫異"
    u"當症瘤癌發的盘盤直相看着知硬示社种积程種積突窄窦竇立第等管節系組結給統經線緣縣縱總織"
    u"级纵线组织经结统缘老考者而聽肋肝肺肾肿胆胰胸能脉脑脾腎腦腫腹腺膈膜膽臨自臺與节萬葉著"
    u"虑處號行術表被裡複西要見见角解計設許診話該認語說誰課請論識議讀變讓计议论设诊说请象買"
    u"資賣質质资起路車軍較车软较農边过运还这进這通進運過道達還邊那部都鄉里重量鈣錢鎮钙長长"
    u"門開間關门问间附隔雙電静面革頭頸題顯颈题骨髓體高點黨齡";

static bool is_common(UChar c)
{
    size_t lo = 0, hi = sizeof common / sizeof *common - 1;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (common[mid] < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return common[lo] == c;
}

static int score_unit(UChar c)
{
    if (c == REPLACEMENT)
        return -8;
    if (c < 0x400 || (c >= 0x2000 && c < 0x2700)) /* ASCII, Greek, symbols: in both */
        return 0;
    if (is_common(c))
        return 4;
    if ((c > 0x3000 && c < 0x3018) || (c > 0xFF00 && c < 0xFF5F)) /* punctuation */
        return 3;
    return c >= 0x4E00 && c < 0x9FA6 ? 1 : -3;
}

/* How much the sample looks like Chinese when read as c; 0 or less: not at all. */
static int score(rt_str sample, charset c)
{
    UErrorCode status = U_ZERO_ERROR;
    int sum = 0;
    UConverter *converter = ucnv_open(charsets[c].icu, &status);
    const char *from = sample.ptr, *end = sample.ptr + sample.len;
    bool more = U_SUCCESS(status);
    while (more) { /* no flush: the sample may end in the middle of a character */
        UChar units[CHUNK], *to = units;
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + CHUNK, &from, end, NULL, false, &status);
        for (const UChar *u = units; u < to; u++)
            sum += score_unit(*u);
        more = status == U_BUFFER_OVERFLOW_ERROR;
    }
    ucnv_close(converter);
    return sum;
}

/* UTF-8 with some damage: at least as many characters of three bytes as bad places, or twice as
 * many of two (which other charsets make by chance more often). */
static bool is_mostly_utf8(rt_str s)
{
    size_t three = 0, two = 0, bad = 0;
    for (size_t pos = 0; pos < s.len;) {
        bool good;
        size_t n = rt_utf8_length(s, pos, &good);
        three += good && n >= 3;
        two += good && n == 2;
        bad += !good;
        pos += n;
    }
    return (three > 0 && three >= bad) || (two > 0 && two >= 2 * bad);
}

static bool is_high(rt_str s, size_t pos)
{
    return pos < s.len && (unsigned char)s.ptr[pos] >= 0x80;
}

static bool is_alpha(rt_str s, size_t pos)
{
    return pos < s.len && rt_is_word(s.ptr[pos]) && !rt_is_digit(s.ptr[pos]);
}

/* A byte of windows-1252 that one expects where it stands: a letter beside a letter, or one of the
 * signs that Western reports use. */
static bool is_western(rt_str s, size_t pos)
{
    unsigned char c = (unsigned char)s.ptr[pos];
    if (c >= 0xC0 && c != 0xD7 && c != 0xF7)
        return is_alpha(s, pos + 1) || (pos > 0 && is_alpha(s, pos - 1));
    return memchr("\x85\x91\x92\x93\x94\x95\x96\x97\xA0\xA7\xA9\xAE\xB0\xB1\xB2\xB3\xB5\xB7"
                  "\xBC\xBD\xBE\xD7",
                  c, 22) != NULL;
}

static bool is_mostly_western(rt_str s)
{
    size_t high = 0, western = 0;
    for (size_t pos = 0; pos < s.len; pos++) {
        if (!is_high(s, pos))
            continue;
        bool lone = !is_high(s, pos + 1) && (pos == 0 || !is_high(s, pos - 1));
        high++;
        western += lone && is_western(s, pos);
    }
    return western * 5 >= high * 4;
}

/* Units that a report in UTF-16 of that order would have: printable ASCII, Han, their punctuation.
 */
static size_t likely_units(rt_str s, charset order)
{
    size_t likely = 0;
    for (size_t pos = 0; pos + 2 <= s.len; pos += 2) {
        uint32_t u = unit_at(s, pos, order);
        likely += (u >= 0x20 && u < 0x7F) || u == '\n' || u == '\r' || u == '\t' ||
                  (u >= 0x3000 && u < 0xA000) || (u > 0xFF00 && u < 0xFF5F);
    }
    return likely;
}

static charset likelier_order(rt_str s)
{
    return likely_units(s, UTF16BE) > likely_units(s, UTF16LE) ? UTF16BE : UTF16LE;
}

/* Without a BOM. English: nearly every second byte is NUL. Chinese: the NULs of the few ASCII
 * characters stand all on one side, and half of the other bytes are high. */
static charset detect_utf16(rt_str s)
{
    s.len = s.len < SAMPLE ? s.len : SAMPLE;
    size_t nul[2] = {0, 0}, high = 0, units = s.len / 2;
    for (size_t pos = 0; pos < s.len; pos++) {
        nul[pos % 2] += s.ptr[pos] == '\0';
        high += is_high(s, pos);
    }
    if (nul[0] + nul[1] == 0 || s.len < 4)
        return UNKNOWN;
    charset order = nul[1] > nul[0] ? UTF16LE : UTF16BE;
    size_t more = nul[order == UTF16LE], fewer = nul[order != UTF16LE];
    bool english = more * 10 >= units * 7 && fewer * 20 <= more;
    bool chinese = fewer == 0 && high * 7 >= s.len && likely_units(s, order) * 10 >= units * 9 &&
                   !rt_utf8_valid(s, NULL);
    return english || chinese ? order : UNKNOWN;
}

static charset detect(rt_str s)
{
    charset wide = detect_utf16(s);
    size_t bad;
    if (wide != UNKNOWN)
        return wide;
    if (rt_utf8_valid(s, &bad))
        return UTF8;
    size_t beg = 0;
    while (!is_high(s, beg))
        beg++;
    beg -= beg > 0; /* the letter before */
    size_t end = s.len - beg < SAMPLE ? s.len : beg + SAMPLE;
    rt_str sample = rt_str_slice(s, beg, end);
    if (bad - beg >= SAMPLE || is_mostly_utf8(sample))
        return UTF8;
    if (is_mostly_western(sample))
        return WINDOWS1252;
    int gb18030 = score(sample, GB18030), big5 = score(sample, BIG5);
    if (gb18030 <= 0 && big5 <= 0)
        return UTF8;
    return big5 > gb18030 ? BIG5 : GB18030;
}

/* ---- what the sender says ---- */

enum { ASCII_LABEL = 100, LATIN_LABEL, UTF16_LABEL };

/* Without case and punctuation, sorted. HL7 table 0211, DICOM defined terms, IANA, code pages. */
static const struct {
    const char *label;
    int charset;
} labels[] = {
    {"88591", LATIN_LABEL},
    {"950", BIG5},
    {"ansix341968", ASCII_LABEL},
    {"ascii", ASCII_LABEL},
    {"big5", BIG5},
    {"big5hkscs", BIG5},
    {"cp1252", LATIN_LABEL},
    {"cp65001", UTF8},
    {"cp936", GB18030},
    {"cp950", BIG5},
    {"csbig5", BIG5},
    {"euccn", GB18030},
    {"gb18030", GB18030},
    {"gb180302000", GB18030},
    {"gb2312", GB18030},
    {"gb231280", GB18030},
    {"gbk", GB18030},
    {"iso646us", ASCII_LABEL},
    {"iso88591", LATIN_LABEL},
    {"isoir100", LATIN_LABEL},
    {"isoir192", UTF8},
    {"isoir58", GB18030},
    {"isoir6", ASCII_LABEL},
    {"latin1", LATIN_LABEL},
    {"ms936", GB18030},
    {"unicodeutf16", UTF16_LABEL},
    {"unicodeutf8", UTF8},
    {"usascii", ASCII_LABEL},
    {"utf16", UTF16_LABEL},
    {"utf16be", UTF16BE},
    {"utf16le", UTF16LE},
    {"utf8", UTF8},
    {"windows1252", LATIN_LABEL},
    {"windows936", GB18030},
};

static int find_label(rt_str label)
{
    char key[LABEL_LENGTH];
    size_t n = 0;
    for (size_t i = 0; i < label.len; i++) {
        if (!rt_is_word(label.ptr[i]))
            continue;
        if (n == sizeof key)
            return UNKNOWN;
        char c = label.ptr[i];
        key[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (rt_str_eq((rt_str){key, n}, rt_str_from(labels[i].label)))
            return labels[i].charset;
    return UNKNOWN;
}

/* The sender's word, where it can be true. Systems say ASCII or 8859/1 by default and then send
 * UTF-8, or anything. */
static charset declared_charset(rt_str s, rt_str label)
{
    int known = find_label(label);
    switch (known) {
    case ASCII_LABEL:
        return UNKNOWN;
    case LATIN_LABEL:
        return rt_utf8_valid(s, NULL) ? UTF8 : WINDOWS1252;
    case UTF16_LABEL:
        return likelier_order(s);
    default:
        return (charset)known;
    }
}

/* A byte order mark tells more than any label; *n bytes long. */
static charset mark_of(rt_str s, size_t *n)
{
    *n = 2;
    if (rt_str_starts(s, RT_STR("\xFF\xFE")))
        return UTF16LE;
    if (rt_str_starts(s, RT_STR("\xFE\xFF")))
        return UTF16BE;
    *n = rt_str_starts(s, RT_STR("\xEF\xBB\xBF")) ? 3 : 0;
    return *n > 0 ? UTF8 : UNKNOWN;
}

/* ---- all together ---- */

static rt_code convert(rt_arena *a, rt_str s, charset c, rt_decoded *out, rt_err *err)
{
    writer w = {.beg = a->beg, .at = a->beg, .end = a->end};
    rt_code code = RT_OK;
    if (c == UTF8)
        put_utf8(&w, s);
    else if (c == UTF16LE || c == UTF16BE)
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
    size_t skip;
    charset mark = mark_of(raw, &skip), said = declared_charset(raw, declared), c = mark;
    rt_str s = rt_str_slice(raw, skip, raw.len);
    if (c == UNKNOWN)
        c = said != UNKNOWN ? said : detect(s);
    rt_decoded d = {.text = {"", 0}, .charset = charsets[c].name, .declared = c == said};
    rt_code code = RT_OK;
    if (c == UTF8 && rt_utf8_valid(s, NULL) && next_special(s, 0) == s.len)
        d.text = s;
    else
        code = convert(a, s, c, &d, err);
    if (code == RT_OK)
        *out = d;
    return code;
}
