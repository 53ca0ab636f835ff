/* Stage segment: sentences. Those of UAX #29, with layout on top: a line end breaks a sentence
 * unless the line looks wrapped (the next one goes on in lower case or with a Han character behind
 * a Han character), and so do blank lines, list items and, in Chinese, 。 and ; whatever the rules
 * of UAX #29 say. A label ("LUNGS:") is cut off its sentence and governs the lines below it until
 * the next label. */
#include "base/eight.h"
#include "base/utf8.h"
#include "stage/stage.h"

enum {
    LABEL_MAX = 40, /* bytes of "Mediastinum and hila:"; longer is a sentence with a colon */
    /* Bytes after which a sentence is cut at the next blank or comma, at twice as many anywhere:
     * five times the longest runs that reports hold. It bounds every nested loop over the mentions
     * and cues of one sentence. */
    SENTENCE_MAX = 8192,
};

/* ① to ⑳, as many departments number their conclusions. */
static bool is_circled(rt_str s, uint32_t i, uint32_t end)
{
    return i + 3 <= end && memcmp(s.ptr + i, "\xE2\x91", 2) == 0 &&
           (unsigned char)s.ptr[i + 2] >= 0xA0 && (unsigned char)s.ptr[i + 2] <= 0xB3;
}

/* Without a look at more: the first byte of what is_item_start takes. */
static bool may_start_item(char c)
{
    return rt_is_digit(c) || c == '\xE2';
}

static bool is_item_start(rt_str s, uint32_t i, uint32_t end, uint32_t *content)
{
    uint32_t j = i;
    if (is_circled(s, i, end)) {
        *content = i + 3;
        return true;
    }
    while (j < end && rt_is_digit(s.ptr[j]))
        j++;
    if (j == i || j - i > 2 || j >= end)
        return false;
    if (s.ptr[j] == '.' || s.ptr[j] == ')') {
        if (j + 1 < end && rt_is_digit(s.ptr[j + 1]))
            return false; /* 1.5 */
        *content = j + 1;
        return true;
    }
    if (j + 3 <= end && memcmp(s.ptr + j, "、", 3) == 0) {
        *content = j + 3;
        return true;
    }
    return false;
}

/* Is the line end at i a mere wrap? */
static bool is_wrap(const rt_doc *d, uint32_t i, uint32_t end)
{
    rt_str s = d->text.folded;
    uint32_t content;
    if (i + 1 >= end || s.ptr[i + 1] == '\n' || (i > 0 && strchr(".:;\n", s.ptr[i - 1])) ||
        is_item_start(s, i + 1, end, &content) || s.ptr[i + 1] == '-')
        return false;
    size_t pos = rt_doc_span(d, (rt_fspan){i + 1, i + 2}).beg;
    uint32_t c = rt_utf8_half(rt_utf8_next(d->text.doc, &pos));
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '(';
}

static bool has_han(rt_str s)
{
    size_t i = 0;
    while (s.len - i >= 8 && (rt_eight(s.ptr + i) & RT_EIGHT_TOPS) == 0)
        i += 8;
    for (; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0xE3 && (unsigned char)s.ptr[i] <= 0xE9)
            return true;
    return false;
}

/* The first colon, or what no label holds, from i on and before `end`. */
static uint32_t next_mark(rt_str s, uint32_t i, uint32_t end)
{
    while (i < end) {
        uint64_t w = rt_eight_at(s.ptr, s.len, i);
        uint64_t marks = rt_some_is(w, ':') | rt_some_is(w, '.') | rt_some_is(w, ';') |
                         rt_some_is(w, '\n') | rt_some_is(w, '(');
        if (marks != 0)
            return i + (uint32_t)rt_eight_first(marks);
        i += 8;
    }
    return i;
}

/* A short piece before a colon, of letters and blanks. */
static rt_fspan find_label(rt_str s, rt_fspan at)
{
    uint32_t end = at.end - at.beg > LABEL_MAX ? at.beg + LABEL_MAX : at.end;
    uint32_t i = next_mark(s, at.beg, end);
    if (i == at.beg && i < end && s.ptr[i] == ':')
        i = next_mark(s, i + 1, end);
    if (i < end && s.ptr[i] == ':')
        return (rt_fspan){at.beg, i};
    return (rt_fspan){at.beg, at.beg};
}

/* Blanks, line ends and marks of lists before a sentence. */
static bool begins_line(char c)
{
    return c == ' ' || c == '\n' || c == '-' || c == '*';
}

static void push_sentence(rt_ctx *c, rt_doc *d, rt_fspan at, uint32_t section)
{
    rt_str s = d->text.folded;
    while (at.beg < at.end && begins_line(s.ptr[at.beg]))
        at.beg++;
    while (at.end > at.beg && (s.ptr[at.end - 1] == ' ' || s.ptr[at.end - 1] == '\n'))
        at.end--;
    uint32_t content;
    bool item = is_item_start(s, at.beg, at.end, &content);
    if (item)
        at.beg = content;
    while (at.beg < at.end && s.ptr[at.beg] == ' ')
        at.beg++;
    if (at.beg == at.end)
        return;
    rt_sentence n = {.at = at, .section = section, .item = item, .heading = RT_NIL};
    bool han = !d->text.ascii && has_han(rt_str_slice(s, at.beg, at.end));
    n.lang = han ? RT_LANG_ZH : RT_LANG_EN;
    n.label = find_label(s, at);
    uint32_t last = d->sentences.len;
    if (n.label.end > n.label.beg)
        n.heading = last;
    else if (last > 0 && d->sentences.at[last - 1].section == section)
        n.heading = d->sentences.at[last - 1].heading;
    RT_PUSH(c->perm, &d->sentences, n);
}

static uint32_t word_start(rt_str s, uint32_t i)
{
    while (i > 0 && s.ptr[i - 1] >= 'a' && s.ptr[i - 1] <= 'z')
        i--;
    return i;
}

static bool ends_form(const rt_ctx *c, rt_str s, uint32_t beg, uint32_t end)
{
    enum { MAX_MATCHES = 16 };
    rt_match m[MAX_MATCHES];
    uint32_t n = rt_lexicon_match(c->know->lexicon, s, beg, m, MAX_MATCHES);
    return n > 0 && m[n - 1].end == end;
}

/* Does the full stop at i belong to a form of the lexicon ("approx." "dr."), or to an initial
 * behind one ("dr. j. smith")? */
static bool of_form(const rt_ctx *c, rt_str s, uint32_t i)
{
    uint32_t beg = word_start(s, i);
    if (i - beg == 1 && beg >= 4 && s.ptr[beg - 1] == ' ' && s.ptr[beg - 2] == '.')
        beg = word_start(s, i = beg - 2);
    return beg < i && ends_form(c, s, beg, i + 1);
}

/* "4.7 cm." */
static bool behind_unit(rt_str s, uint32_t i)
{
    uint32_t w = word_start(s, i);
    return w < i && w >= 2 && s.ptr[w - 1] == ' ' && rt_is_digit(s.ptr[w - 2]);
}

/* A full stop behind a word of four letters or more, or behind a size, ends a sentence, also before
 * a number or in a report without capitals, where ICU sees none ("No effusion. 8 mm nodule"). */
static bool full_stop(const rt_ctx *c, rt_str s, uint32_t i, uint32_t end)
{
    enum { WORD = 4 };
    return s.ptr[i] == '.' && i + 1 < end && s.ptr[i + 1] == ' ' &&
           (i - word_start(s, i) >= WORD || behind_unit(s, i)) && !of_form(c, s, i);
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A question mark that opens a doubt and ends nothing: "opacity ? consolidation", "fever, ? PE". */
static bool opens_question(const rt_doc *d, uint32_t i, uint32_t end)
{
    rt_str s = d->text.folded;
    if (s.ptr[i] != '?' || (i > 0 && strchr(" \n:(,/-.?", s.ptr[i - 1]) == NULL))
        return false;
    uint32_t w = i + 1;
    while (w < end && s.ptr[w] == ' ')
        w++;
    if (w + 1 >= end || s.ptr[w] == '\n')
        return false;
    if (w == i + 1)
        return true;
    rt_str doc = d->text.doc;
    size_t at = rt_doc_span(d, (rt_fspan){w, w + 1}).beg;
    return is_lower(doc.ptr[at]) ||
           (is_upper(doc.ptr[at]) && at + 1 < doc.len && is_upper(doc.ptr[at + 1]));
}

/* Does a sentence end behind byte i, by our own rules? */
static bool breaks(const rt_doc *d, uint32_t i, uint32_t end)
{
    rt_str s = d->text.folded;
    uint32_t content;
    if (s.ptr[i] == '\n')
        return !is_wrap(d, i, end);
    if (i >= 2 && memcmp(s.ptr + i - 2, "。", 3) == 0)
        return true;
    if (s.ptr[i] == ';')
        return true;
    /* an item number glued to Chinese text: 变化不著2.双肺; no slice numbers: 肺窗(5-13、15) */
    return i + 1 < end && (unsigned char)s.ptr[i] >= 0x80 &&
           is_item_start(s, i + 1, end, &content) && content < end && s.ptr[content - 1] != ')' &&
           (unsigned char)s.ptr[content] >= 0xE4; /* no 、 */
}

static bool too_long(rt_str s, uint32_t beg, uint32_t i)
{
    uint32_t len = i + 1 - beg;
    if (len < SENTENCE_MAX || (i + 1 < s.len && rt_utf8_cont(s.ptr[i + 1])))
        return false;
    return len >= 2 * SENTENCE_MAX || s.ptr[i] == ' ' || s.ptr[i] == ',';
}

/* Cut, and say so once a report. */
static void cut_long(rt_ctx *c, rt_doc *d, rt_fspan at)
{
    for (uint32_t i = 0; i < d->issues.len; i++)
        if (d->issues.at[i].type == RT_ISSUE_LONG_SENTENCE)
            return;
    rt_doc_issue(c->perm, d, RT_ISSUE_LONG_SENTENCE, rt_doc_span(d, at), RT_STR(""));
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Does a break of our own end at the last byte of a character that is not ASCII? */
static bool may_break_behind(rt_str s, uint32_t last)
{
    return s.ptr[last] == '\x82' || (last + 1 < s.len && may_start_item(s.ptr[last + 1]));
}

/* The next byte from i on, before `end`, behind which our own rules may end a sentence: line ends,
 * ; and ., the last byte of 。, and what stands before an item number. */
static uint32_t next_break(rt_str s, uint32_t i, uint32_t end)
{
    while (i < end) {
        uint64_t w = rt_eight_at(s.ptr, s.len, i);
        uint64_t ends = rt_some_is(w, '\n') | rt_some_is(w, ';') | rt_some_is(w, '.');
        ends |= w & RT_EIGHT_TOPS;
        if (ends == 0) {
            i += 8;
            continue;
        }
        i += (uint32_t)rt_eight_first(ends);
        if ((unsigned char)s.ptr[i] < 0x80)
            break;
        for (; i < end && (unsigned char)s.ptr[i] >= 0x80; i++) { /* by characters */
            i += (unsigned char)s.ptr[i] < 0xE0 ? 1 : (unsigned char)s.ptr[i] < 0xF0 ? 2 : 3;
            if (may_break_behind(s, i))
                return least(i, end);
        }
    }
    return least(i, end);
}

/* next: the first of the bounds that may concern the section; moves on. */
static void cut_section(rt_ctx *c, rt_doc *d, uint32_t section, const rt_bounds *icu,
                        uint32_t *next)
{
    rt_fspan at = d->sections.at[section].at;
    uint32_t beg = at.beg, k = *next;
    for (uint32_t i = at.beg; i < at.end; i++) {
        while (k < icu->len && icu->at[k] <= i)
            k++;
        uint32_t stop = least(k < icu->len ? icu->at[k] - 1 : at.end, at.end);
        uint32_t long_at = beg + SENTENCE_MAX - 1;
        i = next_break(d->text.folded, i, least(stop, long_at > i ? long_at : i));
        if (i >= at.end)
            break;
        bool icu_end = k < icu->len && icu->at[k] == i + 1 && d->text.folded.ptr[i] != '\n' &&
                       (i + 1 >= at.end || d->text.folded.ptr[i + 1] != '\n' ||
                        strchr(".!?", d->text.folded.ptr[i])) &&
                       (d->text.folded.ptr[i] != '.' || !of_form(c, d->text.folded, i)) &&
                       !opens_question(d, i, at.end);
        bool ends = icu_end || breaks(d, i, at.end) || full_stop(c, d->text.folded, i, at.end);
        bool cut = !ends && too_long(d->text.folded, beg, i);
        if (cut)
            cut_long(c, d, (rt_fspan){beg, i + 1});
        if (ends || cut) {
            push_sentence(c, d, (rt_fspan){beg, i + 1}, section);
            beg = i + 1;
        }
    }
    push_sentence(c, d, (rt_fspan){beg, at.end}, section);
    *next = k;
}

static rt_code fill_tokens(rt_ctx *c, rt_doc *d)
{
    rt_words words = {0};
    rt_code code = rt_segment_words(c->seg, c->perm, d->text.doc, &words, c->err);
    for (uint32_t i = 0; i < words.len; i++)
        RT_PUSH(c->perm, &d->tokens, (rt_token){words.at[i].at, words.at[i].is_word});
    return code;
}

rt_code rt_stage_segment(rt_ctx *c, rt_doc *d)
{
    rt_bounds icu = {0};
    rt_code code = rt_segment_sentences(c->seg, c->perm, d->text.doc, &icu, c->err);
    if (code != RT_OK)
        return code;
    for (uint32_t i = 0; i < icu.len; i++) /* document to folded offsets, in place */
        icu.at[i] = rt_text_folded(&d->text, icu.at[i]);
    for (uint32_t i = 0; i < icu.len; i++) { /* blanks behind the full stop belong to nobody */
        while (icu.at[i] > 0 && d->text.folded.ptr[icu.at[i] - 1] == ' ')
            icu.at[i]--;
    }
    uint32_t next = 0;
    for (uint32_t i = 0; i < d->sections.len; i++)
        cut_section(c, d, i, &icu, &next);
    return c->want_tokens ? fill_tokens(c, d) : RT_OK;
}
