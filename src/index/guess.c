/* "Did you mean": the term of the lexicon that is least different from a word nobody knows. */
#include "index/lex.h"

#include "base/utf8.h"
#include "text/fold.h"

/* Limits: characters of a word; longer ones are not guessed at. */
enum { MAX_WORD = 48 };

typedef struct word {
    uint32_t at[MAX_WORD];
    unsigned n;
} word;

static bool read_word(word *w, rt_str s)
{
    w->n = 0;
    for (size_t i = 0; i < s.len;) {
        if (w->n == MAX_WORD)
            return false;
        w->at[w->n++] = rt_utf8_next(s, &i);
    }
    return w->n > 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Characters to add, leave out, change or swap with their neighbour (optimal string alignment);
 * `most` and one more when it is more than most. */
static unsigned difference(const word *a, const word *b, unsigned most)
{
    unsigned rows[3][MAX_WORD + 1];
    unsigned apart = a->n > b->n ? a->n - b->n : b->n - a->n;
    if (apart > most)
        return most + 1;
    for (unsigned k = 0; k <= b->n; k++)
        rows[0][k] = k;
    for (unsigned i = 1; i <= a->n; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        unsigned best = now[0] = i;
        for (unsigned k = 1; k <= b->n; k++) {
            unsigned change = last[k - 1] + (a->at[i - 1] != b->at[k - 1]);
            now[k] = least(change, least(last[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && a->at[i - 1] == b->at[k - 2] && a->at[i - 2] == b->at[k - 1])
                now[k] = least(now[k], before[k - 2] + 1);
            best = least(best, now[k]);
        }
        if (best > most)
            return most + 1;
    }
    return rows[a->n % 3][b->n];
}

/* A Chinese word of two characters has no near ones; English ones begin with 4 letters. */
static unsigned most_of(const word *w)
{
    bool han = rt_utf8_script(w->at[0]) == RT_SCRIPT_HAN;
    if (han)
        return w->n < 3 ? 0 : 1;
    return w->n < 4 ? 0 : w->n < 7 ? 1 : 2;
}

rt_str rt_terms_near(rt_arena *a, const rt_lexicon *x, rt_str text)
{
    word wanted, here;
    rt_str found = RT_STR("");
    rt_str folded = rt_fold_term(a, text);
    if (!read_word(&wanted, folded))
        return found;
    unsigned most = most_of(&wanted);
    for (uint32_t i = 0; i < x->n_entries && most > 0; i++) {
        const rt_entry *e = &x->entries[i];
        rt_str form = rt_str_from(rt_lexicon_text(x, e->written));
        if (e->kind != RT_ENTRY_CONCEPT || form.len > folded.len * 2 + 4 || !read_word(&here, form))
            continue;
        for (unsigned k = 0; k < here.n; k++)
            if (here.at[k] >= 'A' && here.at[k] <= 'Z')
                here.at[k] += 'a' - 'A';
        unsigned d = difference(&wanted, &here, most);
        if (d > most || d == 0)
            continue;
        found = form;
        most = d - 1; /* the first of the nearest */
    }
    return found;
}

void rt_terms_unknown(rt_lex *p, size_t at, rt_str name, const char *what)
{
    rt_str near = rt_terms_near(p->arena, p->lexicon, name);
    if (near.len > 0)
        rt_lex_fail(p, at, "the lexicon knows no %s \"%.*s\"; did you mean \"%.*s\"?", what,
                    (int)name.len, name.ptr, (int)near.len, near.ptr);
    else
        rt_lex_fail(p, at, "the lexicon knows no %s \"%.*s\"", what, (int)name.len, name.ptr);
}
