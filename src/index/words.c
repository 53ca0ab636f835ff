/* The words of a batch. See words.h.
 *
 * Terms are told apart by their first eight bytes in a register, and by the rest if there is one.
 * `order` is all tokens by report, column and position: numbers of terms between marks. From it the
 * lists are written in one pass, each into room that was counted before. */
#include "index/words.h"

#include <stdlib.h>

#include "base/eight.h"
#include "index/segment.h"

/* Limits. */
enum {
    FULL = 1 << 20,          /* tokens in memory: some 30 MB */
    MAX_TOKEN = 32768,       /* FTS5 cuts them there, too */
    LIST_BYTES_A_TOKEN = 14, /* report, length, column, position: 4 + 4 + 2 + 4 */
    LIST_BYTES_A_TERM = 9,   /* the first report */
    SHORT_LENGTH = 64,       /* positions whose doubled length is a byte */
};

/* Marks in `order`: a report, whose number follows in two parts, and columns. */
#define REPORT 0xFFFFFFFFU
#define COLUMN 0xFFFFFF00U

typedef struct term {
    uint64_t first;            /* eight bytes, zero where there are less; the lowest is the first */
    uint32_t at, len;          /* in bytes */
    uint32_t count;            /* tokens */
    uint32_t beg, end;         /* of its list */
    uint32_t positions;        /* where those of the current report begin; 0: none yet */
    uint32_t column, position; /* of its last token */
    int64_t report;
} term;

typedef struct slot {
    uint64_t first;
    uint32_t len;
    uint32_t term; /* one more than its number; 0: empty */
} slot;

struct rt_word_batch {
    slot *slots; /* open addressing, at most half full */
    size_t cap;
    term *terms;
    size_t n_terms, cap_terms;
    size_t n_keys; /* slots that keys of concept tokens have beside those of their names */
    rt_buf bytes;
    uint32_t *order;
    size_t n_order, cap_order;
    uint64_t n_tokens, reports, tokens[RT_WORD_COLUMNS];
    char *lists;
    size_t cap_lists;
};

rt_word_batch *rt_word_batch_new(void)
{
    rt_word_batch *w = calloc(1, sizeof *w);
    if (w != NULL)
        rt_buf_init(&w->bytes, UINT32_MAX);
    return w;
}

void rt_word_batch_free(rt_word_batch *w)
{
    if (w == NULL)
        return;
    free(w->slots);
    free(w->terms);
    rt_buf_free(&w->bytes);
    free(w->order);
    free(w->lists);
    free(w);
}

bool rt_word_batch_full(const rt_word_batch *w)
{
    return w->n_tokens >= FULL;
}

/* ---- terms */

static uint64_t hash_of(rt_str s, uint64_t first)
{
    static const uint64_t odd = 0x9E3779B97F4A7C15U;
    uint64_t h = (first ^ s.len) * odd;
    for (size_t i = 8; i < s.len; i += 8)
        h = ((h ^ h >> 32) ^ rt_eight_at(s.ptr, s.len, i)) * odd;
    return h >> 24;
}

static slot *find(const rt_word_batch *w, rt_str s, uint64_t first)
{
    size_t mask = w->cap - 1;
    for (size_t i = hash_of(s, first) & mask;; i = (i + 1) & mask) {
        slot *p = &w->slots[i];
        if (p->term == 0)
            return p;
        if (p->first == first && p->len == s.len &&
            (s.len <= 8 || memcmp(w->bytes.ptr + w->terms[p->term - 1].at, s.ptr, s.len) == 0))
            return p;
    }
}

static bool grow_slots(rt_word_batch *w)
{
    size_t cap = w->cap == 0 ? 8192 : w->cap * 2;
    slot *slots = calloc(cap, sizeof *slots);
    if (slots == NULL)
        return false;
    free(w->slots);
    w->slots = slots;
    w->cap = cap;
    w->n_keys = 0; /* they come again */
    for (size_t i = 0; i < w->n_terms; i++) {
        const term *t = &w->terms[i];
        rt_str s = {w->bytes.ptr + t->at, t->len};
        *find(w, s, t->first) = (slot){t->first, t->len, (uint32_t)i + 1};
    }
    return true;
}

/* More room for `n` at least; NULL: no memory, and the old room stays. */
static void *grow(void *at, size_t *cap, size_t n, size_t size)
{
    size_t larger = *cap == 0 ? 4096 : *cap * 2;
    while (larger < n)
        larger *= 2;
    void *p = realloc(at, larger * size);
    if (p != NULL)
        *cap = larger;
    return p;
}

static bool new_term(rt_word_batch *w, slot *to, rt_str s, uint64_t first)
{
    uint32_t at = (uint32_t)w->bytes.len;
    if (w->n_terms == w->cap_terms) {
        term *terms = grow(w->terms, &w->cap_terms, w->n_terms + 1, sizeof *terms);
        if (terms == NULL)
            return false;
        w->terms = terms;
    }
    rt_buf_add(&w->bytes, s);
    w->terms[w->n_terms++] = (term){.first = first, .at = at, .len = (uint32_t)s.len};
    *to = (slot){first, (uint32_t)s.len, (uint32_t)w->n_terms};
    return w->bytes.code == RT_OK;
}

/* ---- tokens. There is room for them in `order`. */

static bool add_term(rt_word_batch *w, uint32_t number)
{
    w->terms[number].count++;
    w->order[w->n_order++] = number;
    return true;
}

/* The slot of a token, whose term is made if it is new; NULL: no memory. */
static slot *take(rt_word_batch *w, rt_str s)
{
    s.len = s.len < MAX_TOKEN ? s.len : MAX_TOKEN;
    uint64_t first = rt_eight_at(s.ptr, s.len, 0);
    if ((w->n_terms + w->n_keys) * 2 >= w->cap && !grow_slots(w))
        return NULL;
    slot *p = find(w, s, first);
    return p->term != 0 || new_term(w, p, s, first) ? p : NULL;
}

/* A concept token, for which its key stands in a slot of its own: a token of no length. */
static bool add_key(rt_word_batch *w, const rt_lexicon *x, uint32_t key)
{
    char name[RT_TOKEN_SIZE];
    slot *p = w->cap > 0 ? find(w, RT_STR(""), key) : NULL;
    if (p != NULL && p->term != 0)
        return add_term(w, p->term - 1);
    slot *named = take(w, rt_token_name(name, x, key));
    if (named == NULL)
        return false;
    uint32_t number = named->term;
    *find(w, RT_STR(""), key) = (slot){key, 0, number};
    w->n_keys++;
    return add_term(w, number - 1);
}

static bool add_keys(rt_word_batch *w, const rt_row *row)
{
    const uint32_t *keys = (const void *)row->concepts.ptr;
    size_t n = row->concepts.len / sizeof *keys;
    for (size_t i = 0; i < n; i++)
        if (!add_key(w, row->lexicon, keys[i]))
            return false;
    return true;
}

static bool add_words(rt_word_batch *w, const rt_buf *list)
{
    rt_str s;
    for (size_t pos = 0; rt_tokens_next(rt_buf_str(list), &pos, &s);) {
        const slot *p = take(w, s);
        if (p == NULL)
            return false;
        add_term(w, p->term - 1);
    }
    return true;
}

static bool add_column(rt_word_batch *w, uint32_t column, const rt_row *row)
{
    const rt_buf *list = column > 0 ? &row->words[column - 1] : &row->concepts;
    if (list->len == 0)
        return true;
    w->order[w->n_order++] = COLUMN + column;
    size_t before = w->n_order;
    bool good = column > 0 ? add_words(w, list) : add_keys(w, row);
    w->tokens[column] += w->n_order - before;
    w->n_tokens += w->n_order - before;
    return good;
}

bool rt_word_batch_add(rt_word_batch *w, int64_t report, const rt_row *row)
{
    size_t most = w->n_order + 3 + RT_WORD_COLUMNS + row->concepts.len / 2; /* a length, a byte */
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        most += row->words[i].len / 2;
    if (most > w->cap_order) {
        uint32_t *order = grow(w->order, &w->cap_order, most, sizeof *order);
        if (order == NULL)
            return false;
        w->order = order;
    }
    w->order[w->n_order++] = REPORT;
    w->order[w->n_order++] = (uint32_t)report;
    w->order[w->n_order++] = (uint32_t)((uint64_t)report >> 32);
    w->reports++;
    bool good = true;
    for (uint32_t i = 0; i < RT_WORD_COLUMNS && good; i++)
        good = add_column(w, i, row);
    return good;
}

/* ---- lists */

static bool make_room(rt_word_batch *w)
{
    size_t size = 1; /* so that no positions begin at 0 */
    for (size_t i = 0; i < w->n_terms; i++) {
        term *t = &w->terms[i];
        t->beg = t->end = (uint32_t)size;
        size += (size_t)t->count * LIST_BYTES_A_TOKEN + LIST_BYTES_A_TERM;
    }
    if (size > w->cap_lists) {
        free(w->lists);
        w->lists = malloc(size);
        w->cap_lists = w->lists != NULL ? size : 0;
    }
    return w->lists != NULL;
}

/* The length of the positions, now that it is known: a byte was left for it. */
static void end_positions(rt_word_batch *w, term *t)
{
    char length[9];
    uint32_t n = t->end - t->positions;
    char *at = w->lists + t->positions;
    if (t->positions == 0)
        return;
    if (n < SHORT_LENGTH) {
        at[-1] = (char)(n * 2);
        return;
    }
    size_t more = (size_t)(rt_varint_put(length, (uint64_t)n * 2) - length);
    memmove(at - 1 + more, at, n);
    memcpy(at - 1, length, more);
    t->end += (uint32_t)more - 1;
}

static void begin_positions(rt_word_batch *w, term *t, int64_t report)
{
    end_positions(w, t);
    char *p = rt_varint_put(w->lists + t->end, (uint64_t)(report - t->report));
    t->end = t->positions = (uint32_t)(p + 1 - w->lists);
    t->report = report;
    t->column = t->position = 0;
}

static void add_position(rt_word_batch *w, term *t, uint32_t column, uint32_t position)
{
    char *p = w->lists + t->end;
    if (column != t->column) {
        *p++ = 1;
        *p++ = (char)column;
        t->column = column;
        t->position = 0;
    }
    p = rt_varint_put(p, (uint64_t)(position - t->position) + 2);
    t->position = position;
    t->end = (uint32_t)(p - w->lists);
}

static void write_lists(rt_word_batch *w)
{
    int64_t report = 0;
    uint32_t column = 0, position = 0;
    for (size_t i = 0; i < w->n_order; i++) {
        uint32_t v = w->order[i];
        if (v == REPORT) {
            report = (int64_t)(w->order[i + 1] | (uint64_t)w->order[i + 2] << 32);
            i += 2;
        } else if (v >= COLUMN) {
            column = v - COLUMN;
            position = 0;
        } else {
            term *t = &w->terms[v];
            if (t->report != report)
                begin_positions(w, t, report);
            add_position(w, t, column, position++);
        }
    }
    for (size_t i = 0; i < w->n_terms; i++)
        end_positions(w, &w->terms[i]);
}

/* ---- the segment */

typedef struct place { /* of a term in their order */
    uint64_t first;    /* the highest is the first */
    const char *rest;
    size_t n_rest;
    const term *term;
} place;

static int compare(const void *a, const void *b)
{
    const place *p = a, *q = b;
    if (p->first != q->first)
        return p->first < q->first ? -1 : 1;
    size_t n = p->n_rest < q->n_rest ? p->n_rest : q->n_rest;
    int c = n > 0 ? memcmp(p->rest, q->rest, n) : 0;
    return c != 0 ? c : (p->n_rest > q->n_rest) - (p->n_rest < q->n_rest);
}

static place *sorted(const rt_word_batch *w)
{
    place *places = malloc(w->n_terms * sizeof *places);
    if (places == NULL)
        return NULL;
    for (size_t i = 0; i < w->n_terms; i++) {
        const term *t = &w->terms[i];
        size_t rest = t->len > 8 ? t->len - 8 : 0;
        places[i] =
            (place){__builtin_bswap64(t->first), w->bytes.ptr + t->at + t->len - rest, rest, t};
    }
    qsort(places, w->n_terms, sizeof *places, compare);
    return places;
}

static rt_code write_segment(rt_index *x, const rt_word_batch *w, const place *places, rt_err *err)
{
    rt_segment *s = NULL;
    rt_code code = rt_segment_open(x, &s, err);
    for (size_t i = 0; i < w->n_terms && code == RT_OK; i++) {
        const term *t = places[i].term;
        code = rt_segment_add(s, (rt_str){w->bytes.ptr + t->at, t->len},
                              (rt_str){w->lists + t->beg, t->end - t->beg}, err);
    }
    if (code == RT_OK)
        code = rt_segment_finish(s, w->reports, w->tokens, err);
    rt_segment_close(s);
    return code;
}

static void forget(rt_word_batch *w)
{
    if (w->slots != NULL)
        memset(w->slots, 0, w->cap * sizeof *w->slots);
    memset(w->tokens, 0, sizeof w->tokens);
    rt_buf_clear(&w->bytes);
    w->n_terms = w->n_keys = w->n_order = 0;
    w->n_tokens = w->reports = 0;
}

rt_code rt_word_batch_store(rt_index *x, rt_err *err)
{
    rt_word_batch *w = x->tokens;
    if (w->reports == 0)
        return RT_OK;
    place *places = w->n_terms > 0 && make_room(w) ? sorted(w) : NULL;
    if (places == NULL && w->n_terms > 0)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    write_lists(w);
    rt_code code = write_segment(x, w, places, err);
    free(places);
    forget(w);
    return code;
}
