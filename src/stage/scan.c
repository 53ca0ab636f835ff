/* Stage scan: one pass over the folded text; every lexicon pattern and the start of every number.
 *
 * Patterns are tried at the start of a run of ASCII letters or digits, behind a digit (8mm), and at
 * every other character. A pattern that ends in an ASCII letter or digit must not be followed by
 * one. */
#include "base/eight.h"
#include "base/utf8.h"
#include "stage/stage.h"

enum {
    MAX_MATCHES =
        64, /* nested patterns at one place; a form holds at most that many shorter ones */
    MAX_HITS =
        4000000, /* of one report; beyond it the rest is not analysed (issue ceiling-reached) */
};

/* Eight bytes of text; bits as in base/eight. */
typedef struct block {
    uint64_t starts, letters, digits; /* letters: digits among them */
} block;

/* With the answers of the bytes before it. */
static block look(uint64_t w, const block *before)
{
    uint64_t ascii = w & ~RT_EIGHT_TOPS, tops = w & RT_EIGHT_TOPS;
    block b = {.letters = rt_starts_letters(w), .digits = rt_each_within(ascii, '0', '9') & ~tops};
    uint64_t behind_letter = b.letters << 8 | before->letters >> 56;
    uint64_t behind_digit = b.digits << 8 | before->digits >> 56;
    uint64_t inside =
        (tops & ~(w << 1)) | (b.letters & behind_letter & ~(behind_digit & ~b.digits));
    b.starts =
        ~(inside | ((rt_each_is(ascii, ' ') | rt_each_is(ascii, '\n')) & ~tops)) & RT_EIGHT_TOPS;
    return b;
}

/* Both answers are taken, so that nothing is guessed at. */
static bool ends_here(rt_str s, uint32_t end)
{
    unsigned last = end == s.len, after = rt_is_word(s.ptr[end - last]);
    unsigned inside = after & (unsigned)rt_is_word(s.ptr[end - 1]) & ~last;
    return inside == 0;
}

/* Room for as many in both lists. */
static bool have_room(rt_ctx *c, rt_doc *d, uint32_t n)
{
    bool ok = true;
    while (ok && d->hits.cap - d->hits.len < n)
        ok = rt_vec_grow(c->perm, (void **)&d->hits.at, &d->hits.cap, d->hits.len, sizeof(rt_hit));
    while (ok && d->marks.cap - d->marks.len < n)
        ok = rt_vec_grow(c->perm, (void **)&d->marks.at, &d->marks.cap, d->marks.len,
                         sizeof(rt_hit));
    return ok;
}

/* Words for quality checks alone go into a list of their own: no other stage may see them. What a
 * pattern reads comes late from memory: each hit is put down in both lists, and what it reads says
 * where it stays, without a branch that would have to wait. */
static void match_at(rt_ctx *c, rt_doc *d, uint32_t at, rt_match *m)
{
    const rt_lexicon *lex = c->know->lexicon;
    rt_str s = d->text.folded;
    uint32_t n = rt_lexicon_match(lex, s, at, m, MAX_MATCHES);
    if (!have_room(c, d, n))
        return;
    for (uint32_t i = 0; i < n; i++) {
        const rt_pattern *p = &lex->patterns[m[i].pattern];
        uint32_t reads = p->reads;
        __builtin_prefetch(&lex->entries[p->entries.first]); /* for stage/mention */
        rt_hit h = {{at, m[i].end}, m[i].pattern, reads};
        bool ends = ends_here(s, m[i].end);
        d->marks.at[d->marks.len] = h;
        d->marks.len += ends & ((reads & RT_READS(RT_ENTRY_MARK)) != 0);
        d->hits.at[d->hits.len] = h;
        d->hits.len += ends & (reads != RT_READS(RT_ENTRY_MARK));
    }
}

static void push_numbers(rt_ctx *c, rt_doc *d, uint32_t at, uint64_t starts)
{
    rt_str s = d->text.folded;
    for (; starts != 0; starts &= starts - 1) {
        uint32_t beg = at + (uint32_t)rt_eight_first(starts), end = beg;
        while (end < s.len && rt_is_digit(s.ptr[end]))
            end++;
        RT_PUSH(c->perm, &d->numbers, (rt_number){{beg, end}});
    }
}

/* For as many hits as most reports have, at once; more grow it. */
static void make_room(rt_ctx *c, rt_doc *d)
{
    uint32_t n = (uint32_t)d->text.folded.len / 4 + 8;
    d->hits.at = rt_arena_raw(c->perm, n, sizeof *d->hits.at, _Alignof(rt_hit));
    d->hits.cap = d->hits.at ? n : 0;
    d->marks.at = rt_arena_raw(c->perm, n / 4, sizeof *d->marks.at, _Alignof(rt_hit));
    d->marks.cap = d->marks.at ? n / 4 : 0;
}

rt_code rt_stage_scan(rt_ctx *c, rt_doc *d)
{
    rt_match matches[MAX_MATCHES];
    rt_str s = d->text.folded;
    block b = {0};
    make_room(c, d);
    for (uint32_t at = 0; at < s.len; at += 8) {
        uint64_t digits_before = b.digits >> 56;
        b = look(rt_eight_at(s.ptr, s.len, at), &b);
        if (s.len - at < 8)
            b.starts &= (1ULL << 8 * (s.len - at)) - 1;
        push_numbers(c, d, at, b.digits & ~(b.digits << 8 | digits_before));
        for (; b.starts != 0; b.starts &= b.starts - 1)
            match_at(c, d, at + (uint32_t)rt_eight_first(b.starts), matches);
        if (d->hits.len + d->marks.len > MAX_HITS) {
            rt_doc_issue(c->perm, d, RT_ISSUE_TOO_MANY, (rt_span){0, 0}, RT_STR("lexicon hits"));
            break;
        }
    }
    return RT_OK;
}
