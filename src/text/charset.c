/* Asks the cheap and certain questions first: a byte order mark, what the sender says, NULs at
 * every other byte, valid UTF-8, mostly valid UTF-8, lone high bytes where Western letters stand;
 * only then is a sample read as GB18030 and as Big5, and the one whose characters are commoner
 * wins. ICU's own detector was rejected: it is made for pages, and takes short reports for Korean
 * or Turkish. */
#include "text/charset.h"

#include "base/utf8.h"

enum {
    SAMPLE = 4096,     /* bytes that detection reads, from the first that is not ASCII on */
    CONTEXT = 64,      /* bytes before that: is it a Western text? */
    LABEL_LENGTH = 24, /* of a charset label without its punctuation */
};

/* ---- GB18030 or Big5 ---- */

/* Both charsets order their characters by how common they are: the first plane of each holds what
 * nearly all of a text is made of, and where one has it the other has kana, letters, or rare
 * characters. Points for a pair of bytes read as GB18030: GB 2312 has punctuation in rows A1 and
 * A3, the 3755 commonest characters in rows B0 to D7, the others up to F7; GBK put the Traditional
 * ones where a byte is below A1. */
static int points_gb18030(unsigned char lead, unsigned char trail)
{
    if (trail < 0xA1)
        return 0;
    if (lead >= 0xB0)
        return lead <= 0xD7 ? 4 : lead <= 0xF7 ? 1 : -3;
    return lead == 0xA1 || lead == 0xA3 ? 3 : lead < 0xA1 ? 0 : -3;
}

/* Big5 has punctuation up to A3, the 5401 commonest characters up to C6, the others from C9 on. */
static int points_big5(unsigned char lead, unsigned char trail)
{
    if (trail > 0x7E && trail < 0xA1)
        return -8;
    if (lead < 0xA1)
        return -1;
    return lead <= 0xA3 ? 3 : lead <= 0xC6 ? 4 : lead >= 0xC9 && lead <= 0xF9 ? 1 : -3;
}

/* How much the sample looks like Chinese when read as c; 0 or less: not at all. */
static int score(rt_str sample, rt_charset c)
{
    int sum = 0;
    for (size_t pos = 0; pos + 1 < sample.len; pos++) { /* it may end inside a character */
        unsigned char lead = (unsigned char)sample.ptr[pos];
        unsigned char trail = (unsigned char)sample.ptr[pos + 1];
        if (lead < 0x80)
            continue;
        bool four = c == RT_CHARSET_GB18030 && trail >= '0' && trail <= '9';
        if (lead == 0x80 || lead == 0xFF || trail == 0xFF || (trail < 0x40 && !four)) {
            sum -= 8;
            continue;
        }
        if (!four)
            sum += c == RT_CHARSET_GB18030 ? points_gb18030(lead, trail) : points_big5(lead, trail);
        pos += four ? 3 : 1;
    }
    return sum;
}

/* ---- one of the others ---- */

/* Does a well-formed sequence of n bytes hold a character of reports: Latin or Greek, signs, Han,
 * full width? Other charsets make sequences by chance, but seldom these. */
static bool is_likely_utf8(unsigned char lead, size_t n)
{
    if (n == 2)
        return lead <= 0xC5 || lead == 0xCE || lead == 0xCF;
    return n > 3 || (lead >= 0xE2 && lead <= 0xE9) || lead == 0xEF;
}

/* UTF-8 with some damage: at least as many characters of three bytes as bad places, or twice as
 * many of two. */
static bool is_mostly_utf8(rt_str s)
{
    size_t three = 0, two = 0, bad = 0;
    for (size_t pos = 0; pos < s.len;) {
        bool good;
        size_t n = rt_utf8_length(s, pos, &good);
        good = good && (n == 1 || is_likely_utf8((unsigned char)s.ptr[pos], n));
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

/* A byte of windows-1252 that one expects where it stands: a letter beside a letter, one more such
 * letter between them at most, or one of the signs that Western reports use, alone. */
static bool is_western(rt_str s, size_t pos)
{
    unsigned char c = (unsigned char)s.ptr[pos];
    bool before = pos > 0 && is_high(s, pos - 1), behind = is_high(s, pos + 1);
    if (c >= 0xC0 && c != 0xD7 && c != 0xF7)
        return (pos > 0 && is_alpha(s, pos - 1) && !(behind && is_high(s, pos + 2))) ||
               (is_alpha(s, pos + 1) && !(before && pos > 1 && is_high(s, pos - 2)));
    return !before && !behind &&
           strchr("\x85\x91\x92\x93\x94\x95\x96\x97\xA0\xA7\xA9\xAE\xB0\xB1\xB2\xB3\xB5\xB7"
                  "\xBC\xBD\xBE\xD7",
                  c) != NULL;
}

/* Most of a Western text is ASCII, even of three words. */
static bool is_mostly_western(rt_str s)
{
    size_t high = 0, western = 0;
    for (size_t pos = 0; pos < s.len; pos++) {
        high += is_high(s, pos);
        western += is_high(s, pos) && is_western(s, pos);
    }
    return high * 3 <= s.len && western * 5 >= high * 4;
}

/* Units that a report in UTF-16 of that order would have: printable ASCII, Han, their punctuation.
 */
static size_t likely_units(rt_str s, rt_charset order)
{
    size_t likely = 0;
    for (size_t pos = 0; pos + 2 <= s.len; pos += 2) {
        uint32_t u = rt_utf16_unit(s, pos, order);
        likely += (u >= 0x20 && u < 0x7F) || u == '\n' || u == '\r' || u == '\t' ||
                  (u >= 0x3000 && u < 0xA000) || (u > 0xFF00 && u < 0xFF5F);
    }
    return likely;
}

static rt_charset likelier_order(rt_str s)
{
    return likely_units(s, RT_CHARSET_UTF16BE) > likely_units(s, RT_CHARSET_UTF16LE)
               ? RT_CHARSET_UTF16BE
               : RT_CHARSET_UTF16LE;
}

/* Without a byte order mark. English: nearly every second byte is NUL. Chinese: NULs only beside
 * the few ASCII characters (and in U+4E00), but half of the bytes are high. */
static rt_charset detect_utf16(rt_str raw)
{
    rt_str s = rt_str_slice(raw, 0, raw.len < SAMPLE ? raw.len : SAMPLE);
    if (s.len < 4 || memchr(s.ptr, '\0', s.len) == NULL)
        return RT_CHARSET_UNKNOWN;
    size_t nul[2] = {0, 0}, high = 0, units = s.len / 2;
    for (size_t pos = 0; pos < s.len; pos++) {
        nul[pos % 2] += s.ptr[pos] == '\0';
        high += is_high(s, pos);
    }
    if (nul[1] * 10 >= units * 7 && nul[0] * 20 <= nul[1])
        return RT_CHARSET_UTF16LE;
    if (nul[0] * 10 >= units * 7 && nul[1] * 20 <= nul[0])
        return RT_CHARSET_UTF16BE;
    rt_charset order = likelier_order(s);
    bool chinese = high * 7 >= s.len && likely_units(s, order) * 10 >= units * 9;
    return chinese && !rt_utf8_valid(s, NULL) ? order : RT_CHARSET_UNKNOWN;
}

static rt_charset detect(rt_str s, bool *valid)
{
    rt_charset wide = detect_utf16(s);
    size_t bad;
    if (wide != RT_CHARSET_UNKNOWN)
        return wide;
    *valid = rt_utf8_valid(s, &bad);
    if (*valid)
        return RT_CHARSET_UTF8;
    size_t beg = 0;
    while (!is_high(s, beg))
        beg++;
    beg -= beg < CONTEXT ? beg : CONTEXT;
    size_t end = s.len - beg < SAMPLE ? s.len : beg + SAMPLE;
    rt_str sample = rt_str_slice(s, beg, end);
    if (bad - beg >= SAMPLE || is_mostly_utf8(sample))
        return RT_CHARSET_UTF8;
    if (is_mostly_western(sample))
        return RT_CHARSET_WINDOWS1252;
    int gb18030 = score(sample, RT_CHARSET_GB18030), big5 = score(sample, RT_CHARSET_BIG5);
    if (gb18030 <= 0 && big5 <= 0)
        return RT_CHARSET_UTF8;
    return big5 > gb18030 ? RT_CHARSET_BIG5 : RT_CHARSET_GB18030;
}

/* ---- what the sender says ---- */

enum { ASCII_LABEL = 100, LATIN_LABEL, UTF16_LABEL };

/* Without case and punctuation. HL7 table 0211, DICOM defined terms, IANA, code pages; first what
 * nearly all say. */
static const struct {
    char label[LABEL_LENGTH];
    int charset;
} labels[] = {
    {"utf8", RT_CHARSET_UTF8},
    {"88591", LATIN_LABEL},
    {"950", RT_CHARSET_BIG5},
    {"ansix341968", ASCII_LABEL},
    {"ascii", ASCII_LABEL},
    {"big5", RT_CHARSET_BIG5},
    {"big5hkscs", RT_CHARSET_BIG5},
    {"cp1252", LATIN_LABEL},
    {"cp65001", RT_CHARSET_UTF8},
    {"cp936", RT_CHARSET_GB18030},
    {"cp950", RT_CHARSET_BIG5},
    {"csbig5", RT_CHARSET_BIG5},
    {"euccn", RT_CHARSET_GB18030},
    {"gb18030", RT_CHARSET_GB18030},
    {"gb180302000", RT_CHARSET_GB18030},
    {"gb2312", RT_CHARSET_GB18030},
    {"gb231280", RT_CHARSET_GB18030},
    {"gbk", RT_CHARSET_GB18030},
    {"iso646us", ASCII_LABEL},
    {"iso88591", LATIN_LABEL},
    {"isoir100", LATIN_LABEL},
    {"isoir192", RT_CHARSET_UTF8},
    {"isoir58", RT_CHARSET_GB18030},
    {"isoir6", ASCII_LABEL},
    {"latin1", LATIN_LABEL},
    {"ms936", RT_CHARSET_GB18030},
    {"unicodeutf16", UTF16_LABEL},
    {"unicodeutf8", RT_CHARSET_UTF8},
    {"usascii", ASCII_LABEL},
    {"utf16", UTF16_LABEL},
    {"utf16be", RT_CHARSET_UTF16BE},
    {"utf16le", RT_CHARSET_UTF16LE},
    {"windows1252", LATIN_LABEL},
    {"windows936", RT_CHARSET_GB18030},
};

static int find_label(rt_str label)
{
    char key[LABEL_LENGTH] = {0};
    size_t n = 0;
    for (size_t i = 0; i < label.len; i++) {
        if (!rt_is_word(label.ptr[i]))
            continue;
        if (n == sizeof key - 1)
            return RT_CHARSET_UNKNOWN;
        char c = label.ptr[i];
        key[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (memcmp(key, labels[i].label, sizeof key) == 0)
            return labels[i].charset;
    return RT_CHARSET_UNKNOWN;
}

bool rt_charset_known(rt_str label)
{
    return find_label(label) != RT_CHARSET_UNKNOWN;
}

/* Declared as Latin-1: believed unless the bytes are Chinese beyond doubt. */
static rt_charset latin_or_chinese(rt_str s)
{
    bool valid = false;
    rt_charset found = detect(s, &valid);
    return valid || found == RT_CHARSET_GB18030 || found == RT_CHARSET_BIG5
               ? found
               : RT_CHARSET_WINDOWS1252;
}

/* The sender's word, where it can be true. Systems say ASCII or 8859/1 by default and then send
 * UTF-8, or anything. */
static rt_charset declared_charset(rt_str s, rt_str label)
{
    int known = find_label(label);
    switch (known) {
    case ASCII_LABEL:
        return RT_CHARSET_UNKNOWN;
    case LATIN_LABEL:
        return latin_or_chinese(s);
    case UTF16_LABEL:
        return likelier_order(s);
    default:
        return (rt_charset)known;
    }
}

/* A byte order mark tells more than any label; *n bytes long. */
static rt_charset mark_of(rt_str s, size_t *n)
{
    *n = 2;
    if (rt_str_starts(s, RT_STR("\xFF\xFE")))
        return RT_CHARSET_UTF16LE;
    if (rt_str_starts(s, RT_STR("\xFE\xFF")))
        return RT_CHARSET_UTF16BE;
    *n = rt_str_starts(s, RT_STR("\xEF\xBB\xBF")) ? 3 : 0;
    return *n > 0 ? RT_CHARSET_UTF8 : RT_CHARSET_UNKNOWN;
}

/* ---- all together ---- */

rt_charset_guess rt_charset_of(rt_str raw, rt_str label)
{
    rt_charset_guess g = {.valid = false};
    rt_charset said = declared_charset(raw, label);
    g.charset = mark_of(raw, &g.mark);
    if (g.charset == RT_CHARSET_UNKNOWN)
        g.charset = said != RT_CHARSET_UNKNOWN ? said : detect(raw, &g.valid);
    g.declared = g.charset == said;
    return g;
}
