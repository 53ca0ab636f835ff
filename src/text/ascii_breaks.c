/* Rules are named as in UAX #29 (SB: sentences, WB: words); those about combining marks and other
 * scripts cannot apply. */
#include "text/ascii_breaks.h"

#include <string.h>

#include "base/eight.h"

enum { /* classes of both kinds of rules, as bits */
       LOWER = 1 << 0,
       UPPER = 1 << 1,
       DIGIT = 1 << 2,
       PARA = 1 << 3,     /* line ends */
       BLANK = 1 << 4,    /* blank, tab, vertical tab, form feed */
       STOP = 1 << 5,     /* ATerm */
       TERM = 1 << 6,     /* STerm */
       CLOSE = 1 << 7,    /* quotes and brackets */
       CONTINUE = 1 << 8, /* SContinue */
       NEWLINE = 1 << 9,  /* of words: line ends, vertical tab and form feed */
       SPACE = 1 << 10,   /* the blank alone */
       MIDDLE = 1 << 11,  /* between letters or between digits: . ' */
       MIDNUM = 1 << 12,  /* between digits: , ; */
       COLON = 1 << 13,   /* between letters, in some versions */
       CONNECT = 1 << 14, /* underline */
       LETTER = LOWER | UPPER,
       ENDS = STOP | TERM,
};

#define FIVE(c, v) [c] = (v), [(c) + 1] = (v), [(c) + 2] = (v), [(c) + 3] = (v), [(c) + 4] = (v)
#define LETTERS(a, v)                                                                              \
    FIVE(a, v), FIVE((a) + 5, v), FIVE((a) + 10, v), FIVE((a) + 15, v), FIVE((a) + 20, v),         \
        [(a) + 25] = (v)

static const uint16_t classes[128] = {
    ['\t'] = BLANK,
    ['\n'] = PARA | NEWLINE,
    ['\v'] = BLANK | NEWLINE,
    ['\f'] = BLANK | NEWLINE,
    ['\r'] = PARA | NEWLINE,
    [' '] = BLANK | SPACE,
    ['.'] = STOP | MIDDLE,
    ['!'] = TERM,
    ['?'] = TERM,
    ['"'] = CLOSE,
    ['\''] = CLOSE | MIDDLE,
    ['('] = CLOSE,
    [')'] = CLOSE,
    ['['] = CLOSE,
    [']'] = CLOSE,
    ['{'] = CLOSE,
    ['}'] = CLOSE,
    [','] = CONTINUE | MIDNUM,
    ['-'] = CONTINUE,
    [':'] = CONTINUE | COLON,
    [';'] = MIDNUM,
    ['_'] = CONNECT,
    FIVE('0', DIGIT),
    FIVE('5', DIGIT),
    LETTERS('A', UPPER),
    LETTERS('a', LOWER),
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

static uint32_t pass_line_end(rt_str s, uint32_t i) /* SB3, WB3 */
{
    return i + (s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n' ? 2 : 1);
}

/* ---- sentences */

/* SB8: a lower case letter comes before anything that could begin or end a sentence. */
static bool goes_on_in_lower_case(rt_str s, uint32_t i)
{
    while (i < s.len && (class_at(s, i) & (LETTER | PARA | ENDS)) == 0)
        i++;
    return (class_at(s, i) & LOWER) != 0;
}

/* The end of the sentence that the stop at `i` ends; `i` itself if it ends none. */
static uint32_t behind_stop(rt_str s, uint32_t i)
{
    bool full_stop = (class_at(s, i) & STOP) != 0;
    unsigned next = class_at(s, i + 1);
    if (full_stop && (next & DIGIT) != 0)
        return i; /* SB6 */
    if (full_stop && (next & UPPER) != 0 && i > 0 && (class_at(s, i - 1) & LETTER) != 0)
        return i;                                         /* SB7 */
    uint32_t end = pass(s, pass(s, i + 1, CLOSE), BLANK); /* SB9, SB10 */
    if (full_stop && goes_on_in_lower_case(s, end))
        return i;
    if ((class_at(s, end) & (CONTINUE | ENDS)) != 0)
        return i;                                                        /* SB8a */
    return (class_at(s, end) & PARA) != 0 ? pass_line_end(s, end) : end; /* SB11 */
}

/* The next byte of PARA or ENDS. */
static uint32_t next_stop(rt_str s, uint32_t i)
{
    for (; s.len - i >= 8; i += 8) {
        uint64_t w = rt_eight(s.ptr + i);
        uint64_t stops = rt_some_is(w, '\n') | rt_some_is(w, '\r') | rt_some_is(w, '.') |
                         rt_some_is(w, '!') | rt_some_is(w, '?');
        if (stops != 0)
            return i + (uint32_t)rt_eight_first(stops);
    }
    while (i < s.len && (class_at(s, i) & (PARA | ENDS)) == 0)
        i++;
    return i;
}

uint32_t rt_ascii_sentence_end(rt_str text, uint32_t at)
{
    for (uint32_t i = next_stop(text, at); i < text.len; i = next_stop(text, i + 1)) {
        if ((class_at(text, i) & PARA) != 0)
            return pass_line_end(text, i); /* SB4 */
        uint32_t end = behind_stop(text, i);
        if (end != i)
            return end;
    }
    return (uint32_t)text.len;
}

/* ---- words */

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
