/* Rules are named as in UAX #29; those about combining marks and other scripts cannot apply. */
#include "text/ascii_words.h"

#include <string.h>

enum { /* classes, as bits */
       LETTER = 1 << 0,
       DIGIT = 1 << 1,
       NEWLINE = 1 << 2, /* line ends, vertical tab and form feed */
       SPACE = 1 << 3,   /* the blank alone */
       MIDDLE = 1 << 4,  /* between letters or between digits: . ' */
       MIDNUM = 1 << 5,  /* between digits: , ; */
       COLON = 1 << 6,   /* between letters, in some versions */
       CONNECT = 1 << 7, /* underline */
};

#define FIVE(c, v) [c] = (v), [(c) + 1] = (v), [(c) + 2] = (v), [(c) + 3] = (v), [(c) + 4] = (v)
#define LETTERS(a, v)                                                                              \
    FIVE(a, v), FIVE((a) + 5, v), FIVE((a) + 10, v), FIVE((a) + 15, v), FIVE((a) + 20, v),         \
        [(a) + 25] = (v)

static const uint8_t classes[128] = {
    ['\n'] = NEWLINE, ['\v'] = NEWLINE,     ['\f'] = NEWLINE,     ['\r'] = NEWLINE,
    [' '] = SPACE,    ['.'] = MIDDLE,       ['\''] = MIDDLE,      [','] = MIDNUM,
    [';'] = MIDNUM,   [':'] = COLON,        ['_'] = CONNECT,      FIVE('0', DIGIT),
    FIVE('5', DIGIT), LETTERS('A', LETTER), LETTERS('a', LETTER),
};

bool rt_is_ascii(rt_str s)
{
    uint64_t all = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= s.len; i += sizeof word) {
        memcpy(&word, s.ptr + i, sizeof word);
        all |= word;
    }
    for (; i < s.len; i++)
        all |= (unsigned char)s.ptr[i] & 0x80U;
    return (all & 0x8080808080808080ULL) == 0;
}

/* 0 at the end of the text. */
static unsigned class_at(rt_str s, uint32_t i)
{
    return i < s.len ? classes[(unsigned char)s.ptr[i] & 0x7F] : 0;
}

static uint32_t pass(rt_str s, uint32_t i, unsigned of)
{
    while ((class_at(s, i) & of) != 0)
        i++;
    return i;
}

static uint32_t pass_line_end(rt_str s, uint32_t i) /* WB3 */
{
    return i + (s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n' ? 2 : 1);
}

/* WB6, WB7, WB11, WB12: does what stands at i join a letter to a letter, or a digit to a digit? */
static bool joins(rt_str s, uint32_t i, bool colon_joins)
{
    unsigned before = class_at(s, i - 1), c = class_at(s, i), behind = class_at(s, i + 1);
    unsigned letters = MIDDLE | (colon_joins ? COLON : 0U);
    return ((before & behind & DIGIT) != 0 && (c & (MIDDLE | MIDNUM)) != 0) ||
           ((before & LETTER) != 0 && (behind & LETTER) != 0 && (c & letters) != 0);
}

uint32_t rt_ascii_word_end(rt_str text, uint32_t at, bool colon_joins, bool *is_word)
{
    unsigned c = class_at(text, at), seen = 0;
    *is_word = false;
    if ((c & NEWLINE) != 0)
        return pass_line_end(text, at); /* WB3a, WB3b */
    if ((c & SPACE) != 0)
        return pass(text, at, SPACE); /* WB3d */
    if ((c & (LETTER | DIGIT | CONNECT)) == 0)
        return at + 1;
    uint32_t i = at;
    do { /* WB5, WB8 to WB10, WB13a, WB13b */
        for (i += i > at; (class_at(text, i) & (LETTER | DIGIT | CONNECT)) != 0; i++)
            seen |= class_at(text, i);
    } while (i < text.len && joins(text, i, colon_joins));
    *is_word = (seen & (LETTER | DIGIT)) != 0 || i - at > 1; /* ICU: "__" is one, "_" is not */
    return i;
}
