/* A segment of report_fts. See segment.h.
 *
 *   leaf    2 bytes: where the first report stands whose term is on an earlier leaf, 0: none
 *           2 bytes: where the footer begins
 *           the rest of the list before, which begins with that report's number in full;
 *           terms with their lists: the first term in full, the others less what they share with
 *           the one before
 *           footer: where each term begins, each less the one before
 *
 * report_fts_idx leads to the leaves that a term begins on. Indexes within lists that are longer
 * than some leaves (FTS5's "doclist index") are left out: they may be, and a batch has no such
 * lists. Merged segments, which FTS5 writes, have them. */
#include "index/segment.h"

#include <stdlib.h>

enum {
    HEAD = 4,         /* bytes before the content of a leaf */
    LEAF_SIZE = 4050, /* FTS5's own */
    AVERAGES = 1,     /* ids in report_fts_data */
    STRUCTURE = 10,
    SEGMENT_SHIFT = 37, /* id of a leaf: its segment, then its number */
    COOKIE = 4,         /* bytes before the structure, which tell of changed settings */
    MAX_SEGMENTS = 2000,
    MERGE_FROM = 64,     /* segments of a level */
    MERGE_LEAVES = 1000, /* written at a time: no longer than the other threads have work */
};

struct rt_segment {
    rt_index *x;
    uint32_t number, leaf; /* leaves are numbered from 1 */
    rt_buf page, footer;
    size_t last_footer; /* what its last number counts from */
    bool has_term, has_report;
    rt_buf term; /* the last */
    rt_buf key;  /* leads to the leaf key_leaf, not yet written */
    uint32_t key_leaf;
    rt_buf structure, averages; /* as they were before */
};

/* ---- numbers */

char *rt_varint_put_long(char *to, uint64_t value)
{
    char bytes[10];
    unsigned n = 0;
    for (; value != 0; value >>= 7, n++)
        bytes[n] = (char)((value & 0x7F) | (n > 0 ? 0x80 : 0));
    while (n > 0)
        *to++ = bytes[--n];
    return to;
}

static void put(rt_buf *b, uint64_t value)
{
    char bytes[10];
    rt_buf_add(b, (rt_str){bytes, (size_t)(rt_varint_put(bytes, value) - bytes)});
}

/* 0 at the end. Numbers of nine bytes are none of ours. */
static uint64_t take(rt_str *s)
{
    uint64_t value = 0;
    size_t i = 0;
    while (i < s->len && i < 8) {
        unsigned char c = (unsigned char)s->ptr[i++];
        value = value << 7 | (c & 0x7F);
        if (c < 0x80)
            break;
    }
    *s = rt_str_slice(*s, i, s->len);
    return value;
}

/* ---- rows */

static rt_code read_row(const rt_index *x, int64_t id, rt_buf *to, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_GET_WORDS];
    bool row = false;
    sqlite3_bind_int64(s, 1, id);
    rt_code code = rt_db_step(x, s, &row, err);
    if (code != RT_OK || !row)
        return code;
    const char *bytes = sqlite3_column_blob(s, 0);
    int n = sqlite3_column_bytes(s, 0);
    rt_buf_add(to, (rt_str){bytes, bytes != NULL ? (size_t)n : 0});
    sqlite3_reset(s);
    return rt_buf_check(to, err);
}

static rt_code write_row(const rt_index *x, int64_t id, const rt_buf *b, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_PUT_WORDS];
    rt_code code = rt_buf_check(b, err);
    if (code != RT_OK)
        return code;
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_blob64(s, 2, b->ptr, b->len, SQLITE_STATIC);
    return rt_db_run(x, s, err);
}

/* ---- leaves */

static void begin_leaf(rt_segment *s)
{
    static const char head[HEAD] = {0};
    rt_buf_clear(&s->page);
    rt_buf_clear(&s->footer);
    rt_buf_add(&s->page, (rt_str){head, HEAD});
    s->last_footer = 0;
    s->has_term = s->has_report = false;
}

static void set_head(rt_segment *s, size_t at)
{
    size_t value = s->page.len;
    if (s->page.len < HEAD)
        return;
    s->page.ptr[at] = (char)(value >> 8);
    s->page.ptr[at + 1] = (char)value;
}

static rt_code end_leaf(rt_segment *s, rt_err *err)
{
    set_head(s, 2);
    rt_buf_add(&s->page, rt_buf_str(&s->footer));
    rt_code code = write_row(s->x, ((int64_t)s->number << SEGMENT_SHIFT) + s->leaf, &s->page, err);
    s->leaf++;
    begin_leaf(s);
    return code;
}

static size_t used(const rt_segment *s)
{
    return s->page.len + s->footer.len;
}

/* ---- the way to the leaves */

static rt_code write_key(rt_segment *s, rt_err *err)
{
    sqlite3_stmt *to = s->x->sql[RT_SQL_ADD_LEAF];
    rt_code code = rt_buf_check(&s->key, err);
    if (code != RT_OK)
        return code;
    sqlite3_bind_int64(to, 1, s->number);
    sqlite3_bind_blob64(to, 2, s->key.len > 0 ? s->key.ptr : "", s->key.len, SQLITE_STATIC);
    sqlite3_bind_int64(to, 3, (int64_t)s->key_leaf * 2);
    return rt_db_run(s->x, to, err);
}

/* Shared bytes of two terms. */
static size_t shared(rt_str a, rt_str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
        i++;
    return i;
}

/* A term begins the leaf: as much of it as tells it from the one before. */
static rt_code next_key(rt_segment *s, rt_str term, rt_err *err)
{
    if (s->leaf == 1)
        return RT_OK; /* the empty key leads to the first leaf */
    rt_code code = write_key(s, err);
    size_t n = shared(rt_buf_str(&s->term), term) + 1;
    rt_buf_clear(&s->key);
    rt_buf_add(&s->key, rt_str_slice(term, 0, n));
    s->key_leaf = s->leaf;
    return code;
}

/* ---- terms and their lists */

static rt_code add_term(rt_segment *s, rt_str term, rt_err *err)
{
    size_t common = 0;
    rt_code code = RT_OK;
    if (used(s) + term.len + 2 >= LEAF_SIZE && s->page.len > HEAD)
        code = end_leaf(s, err);
    put(&s->footer, s->page.len - s->last_footer);
    s->last_footer = s->page.len;
    if (!s->has_term && code == RT_OK) {
        code = next_key(s, term, err);
    } else {
        common = shared(rt_buf_str(&s->term), term);
        put(&s->page, common);
    }
    put(&s->page, term.len - common);
    rt_buf_add(&s->page, rt_str_slice(term, common, term.len));
    rt_buf_clear(&s->term);
    rt_buf_add(&s->term, term);
    s->has_term = s->has_report = true;
    return code == RT_OK ? rt_buf_check(&s->page, err) : code;
}

/* Positions may be cut between two numbers. */
static rt_code add_positions(rt_segment *s, rt_str positions, rt_err *err)
{
    rt_code code = RT_OK;
    while (used(s) + positions.len >= LEAF_SIZE && code == RT_OK) {
        size_t room = used(s) < LEAF_SIZE ? LEAF_SIZE - used(s) : 0;
        rt_str rest = positions;
        while (positions.len - rest.len < room)
            take(&rest);
        rt_buf_add(&s->page, rt_str_slice(positions, 0, positions.len - rest.len));
        positions = rest;
        code = end_leaf(s, err);
    }
    rt_buf_add(&s->page, positions);
    return code;
}

static uint64_t take_short(const unsigned char **p)
{
    uint64_t value = *(*p)++;
    if (value < 0x80)
        return value;
    for (value &= 0x7F; **p >= 0x80;)
        value = value << 7 | (*(*p)++ & 0x7F);
    return value << 7 | *(*p)++;
}

/* As many whole reports as there is room for on a leaf that has one already: copied as they are.
 * The last one of a list is never among them, so that nothing behind the list is read. */
static void add_many(rt_segment *s, rt_str *list, uint64_t *report)
{
    const unsigned char *beg = (const unsigned char *)list->ptr, *p = beg, *next = beg;
    size_t room = used(s) < LEAF_SIZE ? LEAF_SIZE - used(s) : 0;
    uint64_t last = *report;
    if (!s->has_report)
        return;
    while ((size_t)(next - beg) < room && (size_t)(next - beg) < list->len) {
        p = next;
        *report = last;
        last += take_short(&next);
        uint64_t length = take_short(&next);
        next += length / 2;
    }
    rt_buf_add(&s->page, rt_str_slice(*list, 0, (size_t)(p - beg)));
    *list = rt_str_slice(*list, (size_t)(p - beg), list->len);
}

/* A list that does not fit on the leaf. */
static rt_code add_long(rt_segment *s, rt_str list, rt_err *err)
{
    uint64_t report = 0;
    rt_code code = RT_OK;
    while (list.len > 0 && code == RT_OK) {
        add_many(s, &list, &report);
        uint64_t more = take(&list), length = take(&list);
        report += more;
        if (used(s) >= LEAF_SIZE)
            code = end_leaf(s, err);
        if (!s->has_report)
            set_head(s, 0);
        put(&s->page, s->has_report ? more : report);
        put(&s->page, length);
        s->has_report = true;
        if (code == RT_OK)
            code = add_positions(s, rt_str_slice(list, 0, length / 2), err);
        list = rt_str_slice(list, length / 2, list.len);
    }
    return code == RT_OK ? rt_buf_check(&s->page, err) : code;
}

/* FTS5 puts this before every term: they belong to its main index. */
static const char main_index = '0';

rt_code rt_segment_add(rt_segment *s, rt_str term, rt_str list, rt_err *err)
{
    rt_buf whole;
    rt_buf_init(&whole, SIZE_MAX);
    rt_buf_addc(&whole, main_index);
    rt_buf_add(&whole, term);
    rt_code code = rt_buf_check(&whole, err);
    if (code == RT_OK)
        code = add_term(s, rt_buf_str(&whole), err);
    rt_buf_free(&whole);
    if (code != RT_OK)
        return code;
    if (used(s) + list.len >= LEAF_SIZE)
        return add_long(s, list, err);
    rt_buf_add(&s->page, list);
    return RT_OK;
}

/* ---- the structure: which segments there are, level by level */

static rt_code strange(const rt_index *x, rt_err *err)
{
    return rt_fail(err, RT_EDB, "%s: its index of words is written in a way that is not known here",
                   x->path);
}

typedef struct level {
    uint64_t merging, n;
    rt_str segments; /* three numbers each */
} level;

static level take_level(rt_str *s)
{
    level l = {.merging = take(s)};
    l.n = take(s);
    l.segments = *s;
    for (uint64_t i = 0; i < l.n * 3 && s->len > 0; i++)
        take(s);
    l.segments.len -= s->len;
    return l;
}

/* The lowest number that no segment has. */
static rt_code free_number(rt_segment *s, rt_err *err)
{
    bool taken[MAX_SEGMENTS] = {false};
    rt_str rest = rt_str_slice(rt_buf_str(&s->structure), COOKIE, s->structure.len);
    if (s->structure.len < COOKIE + 3 || rest.ptr[0] == '\xff')
        return strange(s->x, err);
    uint64_t levels = take(&rest);
    take(&rest);
    take(&rest);
    for (uint64_t i = 0; i < levels; i++) {
        level l = take_level(&rest);
        while (l.segments.len > 0) {
            uint64_t number = take(&l.segments);
            take(&l.segments);
            take(&l.segments);
            if (number < MAX_SEGMENTS)
                taken[number] = true;
        }
    }
    for (s->number = 1; s->number < MAX_SEGMENTS && taken[s->number];)
        s->number++;
    return s->number < MAX_SEGMENTS ? RT_OK : strange(s->x, err);
}

/* This one is the newest of the lowest level. *merge: the level is full, or being merged. */
static rt_code add_to_structure(const rt_segment *s, bool *merge, rt_err *err)
{
    rt_buf b;
    rt_str old = rt_buf_str(&s->structure);
    rt_buf_init(&b, SIZE_MAX);
    rt_buf_add(&b, rt_str_slice(old, 0, COOKIE));
    old = rt_str_slice(old, COOKIE, old.len);
    uint64_t levels = take(&old), segments = take(&old), written = take(&old);
    put(&b, levels > 0 ? levels : 1);
    put(&b, segments + 1);
    put(&b, written + s->leaf - 1);
    level lowest = levels > 0 ? take_level(&old) : (level){0};
    put(&b, lowest.merging);
    put(&b, lowest.n + 1);
    rt_buf_add(&b, lowest.segments);
    put(&b, s->number);
    put(&b, 1);
    put(&b, s->leaf - 1);
    rt_buf_add(&b, old);
    *merge = lowest.merging > 0 || lowest.n + 1 >= MERGE_FROM;
    rt_code code = write_row(s->x, STRUCTURE, &b, err);
    rt_buf_free(&b);
    return code;
}

static rt_code add_to_averages(const rt_segment *s, uint64_t reports, const uint64_t *tokens,
                               rt_err *err)
{
    rt_buf b;
    rt_str old = rt_buf_str(&s->averages);
    rt_buf_init(&b, SIZE_MAX);
    put(&b, take(&old) + reports);
    for (unsigned i = 0; i < RT_WORD_COLUMNS; i++)
        put(&b, take(&old) + tokens[i]);
    rt_code code = write_row(s->x, AVERAGES, &b, err);
    rt_buf_free(&b);
    return code;
}

/* FTS5 remembers the structure. After a change that was taken back it reads it again. */
static rt_code tell(const rt_index *x, bool merge, rt_err *err)
{
    rt_code code = rt_db_exec(x,
                              "SAVEPOINT words; INSERT INTO report_fts(report_fts, rank)"
                              " VALUES('usermerge', 16); ROLLBACK TO words; RELEASE words;",
                              err);
    if (code != RT_OK || !merge)
        return code;
    char sql[160];
    snprintf(sql, sizeof sql,
             "INSERT INTO report_fts(report_fts, rank) VALUES('usermerge', 16);"
             "INSERT INTO report_fts(report_fts, rank) VALUES('merge', %d);",
             MERGE_LEAVES);
    return rt_db_exec(x, sql, err);
}

/* ---- one segment */

rt_code rt_segment_open(rt_index *x, rt_segment **out, rt_err *err)
{
    rt_segment *s = calloc(1, sizeof *s);
    if (s == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    s->x = x;
    s->leaf = s->key_leaf = 1;
    rt_buf *const all[] = {&s->page, &s->footer, &s->term, &s->key, &s->structure, &s->averages};
    for (unsigned i = 0; i < 6; i++)
        rt_buf_init(all[i], SIZE_MAX);
    begin_leaf(s);
    rt_code code = read_row(x, STRUCTURE, &s->structure, err);
    if (code == RT_OK)
        code = read_row(x, AVERAGES, &s->averages, err);
    if (code == RT_OK)
        code = free_number(s, err);
    if (code == RT_OK)
        *out = s;
    else
        rt_segment_close(s);
    return code;
}

rt_code rt_segment_finish(rt_segment *s, uint64_t reports, const uint64_t tokens[RT_WORD_COLUMNS],
                          rt_err *err)
{
    bool merge = false;
    rt_code code = add_to_averages(s, reports, tokens, err);
    if (code == RT_OK && s->page.len > HEAD)
        code = end_leaf(s, err);
    if (code == RT_OK && s->leaf > 1)
        code = write_key(s, err);
    if (code == RT_OK && s->leaf > 1)
        code = add_to_structure(s, &merge, err);
    return code == RT_OK ? tell(s->x, merge, err) : code;
}

void rt_segment_close(rt_segment *s)
{
    if (s == NULL)
        return;
    rt_buf_free(&s->page);
    rt_buf_free(&s->footer);
    rt_buf_free(&s->term);
    rt_buf_free(&s->key);
    rt_buf_free(&s->structure);
    rt_buf_free(&s->averages);
    free(s);
}
