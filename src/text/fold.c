/* Three loops inside each other's reach: plain ASCII by a table of bytes, other characters by a
 * table of pages (made by tools/gen_fold_table.c), and the few that need to look around them:
 * blanks, line ends, dashes and twins.
 *
 * Folded bytes and steps are written into the two ends of the arena's free space, so that neither
 * needs a size beforehand; at the end the steps are moved down behind the bytes.
 *
 *   arena->beg |folded bytes ->          free          <- steps, last first| arena->end
 *
 * The delta (document offset minus folded offset) is wanted for every byte, but changes seldom in
 * English and at full-width characters in Chinese; a step is written only when it changes. */
#include "text/fold.h"

#include "base/eight.h"
#include "base/utf8.h"
#include "text/fold_table.h"

/* What a table entry says; from 8 on: where its string stands in fold_strings. As in the generator.
 */
enum { SAME, NOTHING, BLANK, LINE, DASH, TWIN, FIRST_STRING = 8 };

enum {
    SLACK = 64,           /* bytes kept free between the ends: more than one character can need */
    TAGS_FIRST = 0xE0000, /* invisible tags and variation selectors, far behind the table */
    TAGS_LAST = 0xE0FFF,
};

typedef struct folder {
    rt_str doc;
    size_t pos;     /* in doc */
    char *out;      /* folded bytes */
    size_t len;     /* of out */
    rt_step *top;   /* the end of the free space */
    rt_step *steps; /* the last written; they grow downwards */
    size_t delta;   /* document offset minus folded offset; wraps */
    bool ascii, full;
} folder;

/* Bytes that may be copied at once. */
static size_t spare(const folder *f)
{
    size_t room = (size_t)((const char *)f->steps - (f->out + f->len));
    return room > SLACK ? room - SLACK : 0;
}

static void push_step(folder *f, size_t doc)
{
    f->delta = doc - f->len;
    if (f->steps < f->top - 1 && f->steps->fold == f->len)
        f->steps->doc = (uint32_t)doc; /* the blank that stood here was taken back */
    else
        *--f->steps = (rt_step){(uint32_t)f->len, (uint32_t)doc};
}

/* The next folded byte comes from the document byte `doc`. */
static void map(folder *f, size_t doc)
{
    if (doc - f->len != f->delta)
        push_step(f, doc);
}

/* Folds eight bytes of which none needs a look around; false when some byte does. One byte stands
 * before them: a second blank behind a blank is dropped. */
static inline bool fold_eight(const char *from, char *to)
{
    uint64_t w = rt_eight(from), blanks = rt_each_is(w, ' ');
    if ((w & RT_EIGHT_TOPS) != 0 ||
        (rt_some_below(w, ' ') | rt_some_is(w, '-') | rt_some_is(w, '`')) != 0 ||
        (blanks & rt_each_is(rt_eight(from - 1), ' ')) != 0)
        return false;
    w += rt_each_within(w, 'A', 'Z') >> 2; /* 0x20: the lower case */
    rt_eight_put(to, w);
    return true;
}

/* Everything that is ASCII, visible and no hyphen, and single blanks. */
static void copy_ascii(folder *f)
{
    const char *p = f->doc.ptr + f->pos;
    size_t left = f->doc.len - f->pos, most = spare(f);
    const char *end = p + (left < most ? left : most);
    char *out = f->out + f->len, last = '\0';
    bool more = true;
    for (size_t slowly = 1; more && p < end; slowly = 8) { /* what eight bytes at once refused */
        const char *stop = (size_t)(end - p) > slowly ? p + slowly : end;
        for (; more && p < stop; p += more) {
            char c = (char)fold_ascii[(unsigned char)*p];
            more = c != '\0' && (c != ' ' || last != ' ');
            if (more)
                *out++ = last = c;
        }
        for (; more && end - p >= 8 && fold_eight(p, out); p += 8, out += 8)
            last = out[7];
    }
    size_t n = (size_t)(out - (f->out + f->len));
    f->pos += n;
    f->len += n;
}

/* The entry of the character at pos, and its length. */
static unsigned entry_at(rt_str doc, size_t pos, size_t *n)
{
    size_t next = pos;
    uint32_t cp = rt_utf8_next(doc, &next);
    *n = next - pos;
    if (cp > FOLD_LAST)
        return cp >= TAGS_FIRST && cp <= TAGS_LAST ? NOTHING : SAME;
    return fold_entries[(size_t)fold_pages[cp >> 6] * 64 + (cp & 63U)];
}

/* Characters of three bytes that stay as they are: most of a Chinese text. */
static void copy_same(folder *f)
{
    const unsigned char *doc = (const unsigned char *)f->doc.ptr;
    size_t pos = f->pos, most = spare(f);
    size_t limit = f->doc.len - pos < most ? f->doc.len : pos + most;
    while (pos + 3 <= limit && doc[pos] >= 0xE0 && doc[pos] < 0xF0) {
        unsigned page = (doc[pos] & 15U) << 6 | (doc[pos + 1] & 63U);
        if (fold_entries[(size_t)fold_pages[page] * 64 + (doc[pos + 2] & 63U)] != SAME)
            break;
        pos += 3;
    }
    memcpy(f->out + f->len, doc + f->pos, pos - f->pos);
    f->len += pos - f->pos;
    f->pos = pos;
}

/* Puts the string of an entry in the place of a character of n bytes. A result that is longer than
 * its source gets a step for its first byte and one for each byte too many, all to the source. */
static void put_string(folder *f, unsigned entry, size_t n)
{
    size_t m = fold_strings[entry];
    const unsigned char *bytes = fold_strings + entry + 1;
    for (size_t i = 0; i < m; i++) {
        if (m > n && (i == 0 || i >= n))
            push_step(f, f->pos);
        else if (i == 0)
            map(f, f->pos);
        f->out[f->len++] = (char)bytes[i];
    }
    f->pos += n;
}

/* A run of blanks and line ends becomes one blank, one line end, or a blank line; at the beginning
 * and the end of the text it becomes nothing. A blank that copy_ascii has already written is taken
 * back first. */
static void put_blanks(folder *f)
{
    size_t blank = f->pos, first_line = 0, last_line = 0, lines = 0, n;
    if (f->len > 0 && f->out[f->len - 1] == ' ')
        blank = --f->len + f->delta;
    while (f->pos < f->doc.len) {
        unsigned entry = entry_at(f->doc, f->pos, &n);
        if (entry != BLANK && entry != LINE && entry != NOTHING)
            break;
        if (entry == LINE) {
            first_line = lines++ == 0 ? f->pos : first_line;
            last_line = f->pos;
        }
        f->ascii = f->ascii && n == 1;
        f->pos += n;
    }
    if (f->len == 0 || f->pos == f->doc.len)
        return;
    map(f, lines > 0 ? first_line : blank);
    f->out[f->len++] = lines > 0 ? '\n' : ' ';
    if (lines > 1) {
        map(f, last_line);
        f->out[f->len++] = '\n';
    }
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Does an ASCII letter come next, looking through what folds to nothing? */
static bool letter_follows(const folder *f, size_t pos)
{
    while (pos < f->doc.len) {
        size_t n;
        unsigned entry = entry_at(f->doc, pos, &n);
        if (entry >= FIRST_STRING)
            return is_letter((char)fold_strings[entry + 1]);
        if (entry != NOTHING)
            return entry == SAME && is_letter(f->doc.ptr[pos]);
        pos += n;
    }
    return false;
}

static void put_dash(folder *f, size_t n)
{
    bool joins = f->len > 0 && is_letter(f->out[f->len - 1]) && letter_follows(f, f->pos + n);
    map(f, f->pos);
    f->out[f->len++] = joins ? ' ' : '-';
    f->pos += n;
}

/* Is the Han character at p one of the list? */
static bool is_one_of(const char *p, const unsigned char *list)
{
    for (; *list != '\0'; list += 3)
        if (memcmp(p, list, 3) == 0)
            return true;
    return false;
}

/* 隔 (a partition) and 膈 (the diaphragm) are typed for each other: 纵膈, 横隔, 隔肌, 隔下. What
 * stands beside them tells which is meant; a partition of two words stays (室间隔下部). */
static void put_twin(folder *f, size_t n)
{
    const char *typed = f->doc.ptr + f->pos;
    const char *before = f->len >= 3 ? f->out + f->len - 3 : "   ";
    const char *behind = f->doc.len - f->pos >= n + 3 ? typed + n : "   ";
    bool diaphragm =
        is_one_of(before, fold_before_diaphragm) ||
        (is_one_of(behind, fold_behind_diaphragm) && !is_one_of(before, fold_never_diaphragm)) ||
        (is_one_of(typed, fold_diaphragm) && !is_one_of(before, fold_before_partition));
    map(f, f->pos);
    memcpy(f->out + f->len, diaphragm ? fold_diaphragm : fold_partition, 3);
    f->len += 3;
    f->pos += n;
}

static void put_one(folder *f)
{
    size_t n;
    unsigned entry = entry_at(f->doc, f->pos, &n);
    f->ascii = f->ascii && n == 1;
    if (entry == BLANK || entry == LINE) {
        put_blanks(f);
    } else if (entry == DASH) {
        put_dash(f, n);
    } else if (entry >= FIRST_STRING) {
        put_string(f, entry, n);
    } else if (entry == NOTHING) {
        f->pos += n;
    } else if (entry == TWIN) {
        f->ascii = false;
        put_twin(f, n);
    } else {
        map(f, f->pos);
        memcpy(f->out + f->len, f->doc.ptr + f->pos, n);
        f->len += n;
        f->pos += n;
        if (n == 3)
            copy_same(f);
    }
}

/* Is the character at pos one for copy_ascii? A blank is not, where one stands already. */
static bool is_plain(const folder *f)
{
    char c = (char)fold_ascii[(unsigned char)f->doc.ptr[f->pos]];
    return c != '\0' && (c != ' ' || (f->len > 0 && f->out[f->len - 1] != ' '));
}

static void fold_all(folder *f)
{
    while (f->pos < f->doc.len) {
        if (spare(f) == 0) {
            f->full = true;
            return;
        }
        if (is_plain(f)) {
            map(f, f->pos);
            copy_ascii(f);
        } else {
            put_one(f);
        }
    }
    if (f->len > 0 && f->out[f->len - 1] == ' ')
        f->len--;
}

/* Moves the steps, in ascending order, behind the folded bytes. */
static void close_steps(folder *f, rt_arena *a, rt_text *t)
{
    size_t n = (size_t)(f->top - f->steps);
    char *free = f->out + f->len;
    rt_step *to = (rt_step *)(void *)(free + (-(uintptr_t)free & (_Alignof(rt_step) - 1)));
    memmove(to, f->steps, n * sizeof *to);
    for (size_t i = 0; i < n / 2; i++) {
        rt_step swap = to[i];
        to[i] = to[n - 1 - i];
        to[n - 1 - i] = swap;
    }
    t->steps.at = to;
    t->steps.len = t->steps.cap = (uint32_t)n;
    a->beg = (char *)(to + n);
}

void rt_fold(rt_arena *a, rt_str doc, rt_text *t)
{
    *t = (rt_text){.doc = doc, .folded = {"", 0}};
    folder f = {.doc = doc, .out = a->beg, .ascii = true};
    uintptr_t end = (uintptr_t)a->end & ~(uintptr_t)(_Alignof(rt_step) - 1);
    f.top = f.steps = (rt_step *)(void *)(a->end - ((uintptr_t)a->end - end));
    f.full = a->beg == NULL || (size_t)(a->end - a->beg) < (size_t)2 * SLACK;
    if (!f.full) {
        *--f.steps = (rt_step){0, 0};
        fold_all(&f);
    }
    if (f.full) {
        *a->full = true;
        return;
    }
    close_steps(&f, a, t);
    t->folded = (rt_str){f.out, f.len};
    t->ascii = f.ascii;
}

/* A field of a record may hold NUL, which the document text never does. */
static rt_str without_nul(rt_arena *a, rt_str s)
{
    if (s.len == 0 || memchr(s.ptr, '\0', s.len) == NULL)
        return s;
    char *copy = RT_NEW(a, char, s.len);
    if (copy == NULL)
        return (rt_str){"", 0};
    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.ptr[i] == '\0' ? ' ' : s.ptr[i];
    return (rt_str){copy, s.len};
}

rt_str rt_fold_term(rt_arena *a, rt_str term)
{
    term = without_nul(a, term);
    rt_arena temp = *a;
    rt_text t;
    rt_fold(&temp, term, &t);
    a->beg += t.folded.len; /* the bytes stand first, what is behind them is forgotten */
    return t.folded;
}
