/* A sentence ends behind a line end, or behind a stop and the quotes and blanks that follow it. So
 * the text is searched for stops, eight ASCII bytes or one Han character at a time, and only what
 * stands around a stop is looked at more closely.
 *
 * Rules are named as in UAX #29. SB5 (marks and format characters belong to the character before
 * them) is what tells a `unit` from a character. */
#include "text/sentence_ends.h"

#include <unicode/uchar.h>

#include "base/eight.h"
#include "base/utf8.h"

enum { /* classes, as bits */
       LOWER = 1 << 0,
       UPPER = 1 << 1,
       OLETTER = 1 << 2, /* letters without case: Han */
       DIGIT = 1 << 3,
       PARA = 1 << 4, /* line ends */
       BLANK = 1 << 5,
       STOP = 1 << 6,     /* ATerm: the full stop, which may end no sentence */
       TERM = 1 << 7,     /* STerm: ! ? 。 */
       CLOSE = 1 << 8,    /* quotes and brackets */
       CONTINUE = 1 << 9, /* SContinue */
       MARK = 1 << 10,    /* Extend and Format */
       OTHER = 1 << 11,   /* 0 is the end of the text */
       ENDS = STOP | TERM,
};

static unsigned look_up(uint32_t cp)
{
    static const uint16_t bits[] = {
        [U_SB_ATERM] = STOP,    [U_SB_CLOSE] = CLOSE,
        [U_SB_FORMAT] = MARK,   [U_SB_LOWER] = LOWER,
        [U_SB_NUMERIC] = DIGIT, [U_SB_OLETTER] = OLETTER,
        [U_SB_SEP] = PARA,      [U_SB_SP] = BLANK,
        [U_SB_STERM] = TERM,    [U_SB_UPPER] = UPPER,
        [U_SB_CR] = PARA,       [U_SB_EXTEND] = MARK,
        [U_SB_LF] = PARA,       [U_SB_SCONTINUE] = CONTINUE,
    };
    int32_t value = u_getIntPropertyValue((UChar32)cp, UCHAR_SENTENCE_BREAK);
    return value > 0 && (size_t)value < sizeof bits / sizeof *bits ? bits[value] : OTHER;
}

static void fill(uint16_t *classes, uint32_t n, uint32_t first)
{
    for (uint32_t i = 0; i < n; i++)
        classes[i] = (uint16_t)look_up(first + i);
}

void rt_sentence_classes_fill(rt_sentence_classes *classes)
{
    fill(classes->latin, 0x100, 0);
    fill(classes->general, 0x40, 0x2000);
    fill(classes->cjk, 0x40, 0x3000);
    fill(classes->full_width, 0x80, 0xFF00);
}

static unsigned class_of(const rt_sentence_classes *known, uint32_t cp)
{
    if (cp < 0x100)
        return known->latin[cp];
    if (cp >= 0x4E00 && cp <= 0x9FA5)
        return OLETTER;
    if (cp >= 0xFF00 && cp < 0xFF80)
        return known->full_width[cp - 0xFF00];
    if (cp >= 0x3000 && cp < 0x3040)
        return known->cjk[cp - 0x3000];
    return cp >= 0x2000 && cp < 0x2040 ? known->general[cp - 0x2000] : look_up(cp);
}

typedef struct source {
    const rt_sentence_classes *known;
    rt_str text;
} source;

/* What was read last: its place and its class; 0 behind the last. */
typedef struct unit {
    uint32_t beg, end;
    unsigned is;
} unit;

static bool is_ascii(const source *s, size_t pos)
{
    return pos < s->text.len && (unsigned char)s->text.ptr[pos] < 0x80;
}

static unsigned char_at(const source *s, size_t *pos)
{
    if (is_ascii(s, *pos))
        return s->known->latin[(unsigned char)s->text.ptr[(*pos)++]];
    return *pos < s->text.len ? class_of(s->known, rt_utf8_next(s->text, pos)) : 0;
}

static size_t pass_marks(const source *s, size_t pos)
{
    for (size_t behind = pos; !is_ascii(s, pos) && (char_at(s, &behind) & MARK) != 0;)
        pos = behind;
    return pos;
}

static unit read_at(const source *s, uint32_t beg)
{
    size_t pos = beg;
    unsigned is = char_at(s, &pos);
    if ((is & PARA) == 0)
        pos = pass_marks(s, pos); /* SB5 */
    else if (s->text.ptr[beg] == '\r' && pos < s->text.len && s->text.ptr[pos] == '\n')
        pos++; /* SB3 */
    return (unit){beg, (uint32_t)pos, is};
}

static unit pass(const source *s, unit u, unsigned of)
{
    while ((u.is & of) != 0)
        u = read_at(s, u.end);
    return u;
}

/* SB8: a lower case letter comes before anything that could begin or end a sentence. */
static bool goes_on_in_lower_case(const source *s, unit u)
{
    while (u.is != 0 && (u.is & (LOWER | UPPER | OLETTER | PARA | ENDS)) == 0)
        u = read_at(s, u.end);
    return (u.is & LOWER) != 0;
}

static bool behind_cased_letter(const source *s, unit stop)
{
    unsigned before = MARK;
    for (size_t i = stop.beg; i > 0 && (before & MARK) != 0;)
        before = class_of(s->known, rt_utf8_prev(s->text, &i));
    return (before & (LOWER | UPPER)) != 0;
}

/* The end of the sentence that a stop ends; 0 if it ends none. */
static uint32_t behind_stop(const source *s, unit stop)
{
    unit u = read_at(s, stop.end);
    if (stop.is == STOP && ((u.is & DIGIT) != 0 || /* SB6, SB7 */
                            ((u.is & UPPER) != 0 && behind_cased_letter(s, stop))))
        return 0;
    u = pass(s, u, CLOSE); /* SB9 */
    u = pass(s, u, BLANK); /* SB10 */
    if ((stop.is == STOP && goes_on_in_lower_case(s, u)) || (u.is & (CONTINUE | ENDS)) != 0)
        return 0;                              /* SB8, SB8a */
    return (u.is & PARA) != 0 ? u.end : u.beg; /* SB11 */
}

/* The next character of PARA or ENDS. */
static uint32_t next_stop(const rt_sentence_classes *known, rt_str s, uint32_t i)
{
    while (i < s.len) {
        uint64_t w = rt_eight_at(s.ptr, s.len, i);
        if ((w & RT_EIGHT_TOPS) == 0) {
            uint64_t stops = rt_some_is(w, '\n') | rt_some_is(w, '\r') | rt_some_is(w, '.') |
                             rt_some_is(w, '!') | rt_some_is(w, '?');
            if (stops != 0)
                return i + (uint32_t)rt_eight_first(stops);
            i += 8;
            continue;
        }
        while (i < s.len && (unsigned char)s.ptr[i] >= 0xE4 && (unsigned char)s.ptr[i] <= 0xE9)
            i += 3; /* U+4000 to U+9FFF: no stops */
        size_t behind = i;
        if (i < s.len && (class_of(known, rt_utf8_next(s, &behind)) & (PARA | ENDS)) != 0)
            return i;
        i = (uint32_t)behind;
    }
    return (uint32_t)s.len;
}

uint32_t rt_sentence_end(const rt_sentence_classes *classes, rt_str text, uint32_t at)
{
    const source s = {classes, text};
    for (uint32_t i = next_stop(classes, text, at); i < text.len;) {
        unit u = read_at(&s, i);
        uint32_t end = (u.is & PARA) != 0 ? u.end /* SB4 */ : behind_stop(&s, u);
        if (end != 0)
            return end;
        i = next_stop(classes, text, u.end);
    }
    return (uint32_t)text.len;
}
