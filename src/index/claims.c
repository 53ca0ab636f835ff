/* Claims to numbers, for the writer. See claims.h. */
#include "index/claims.h"

#include <stdlib.h>

#include "base/eight.h"

typedef struct slot {
    uint64_t hash;
    uint32_t at, len; /* in bytes */
    uint32_t number;  /* 0: empty */
} slot;

typedef struct numbering { /* bytes to numbers: open addressing, at most half full */
    slot *slots;
    size_t cap, used;
    rt_buf bytes;
    uint32_t last; /* highest number so far */
} numbering;

struct rt_claims {
    sqlite3 *db;
    const rt_lexicon *lexicon;
    sqlite3_stmt *add_claim, *add_above;
    numbering claims, above;
    rt_buf concepts; /* uint32_t: of what stands above it, by number; RT_NIL: none of today */
    rt_buf text, ids;
};

/* ---- numberings */

static uint64_t hash_of(rt_str s)
{
    static const uint64_t odd = 0x9E3779B97F4A7C15U;
    uint64_t h = s.len * odd;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8)
        h = (h ^ h >> 32 ^ rt_eight(s.ptr + i)) * odd;
    for (; i < s.len; i++)
        h = (h ^ h >> 32 ^ (unsigned char)s.ptr[i]) * odd;
    return h ^ h >> 32;
}

static slot *find(const numbering *t, rt_str key, uint64_t hash)
{
    for (size_t i = hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
        slot *s = &t->slots[i];
        if (s->number == 0)
            return s;
        if (s->hash == hash && s->len == key.len &&
            memcmp(t->bytes.ptr + s->at, key.ptr, key.len) == 0)
            return s;
    }
}

static bool grow(numbering *t)
{
    slot *old = t->slots;
    size_t n = t->cap;
    size_t cap = n == 0 ? 4096 : n * 2;
    slot *slots = calloc(cap, sizeof *slots);
    if (slots == NULL)
        return false;
    t->slots = slots;
    t->cap = cap;
    for (size_t i = 0; i < n; i++) {
        if (old[i].number == 0)
            continue;
        size_t k = old[i].hash & (cap - 1);
        while (slots[k].number != 0)
            k = (k + 1) & (cap - 1);
        slots[k] = old[i];
    }
    free(old);
    return true;
}

static int keep(numbering *t, rt_str key, uint64_t hash, uint32_t number)
{
    if ((t->used + 1) * 2 > t->cap && !grow(t))
        return SQLITE_NOMEM;
    slot *s = find(t, key, hash);
    uint32_t at = (uint32_t)t->bytes.len;
    rt_buf_add(&t->bytes, key);
    if (t->bytes.code != RT_OK)
        return SQLITE_NOMEM;
    *s = (slot){hash, at, (uint32_t)key.len, number};
    t->used++;
    t->last = number > t->last ? number : t->last;
    return SQLITE_OK;
}

/* ---- to the database; ORDER CLAIM: the columns of the tables (tables.c) */

static int step(sqlite3_stmt *s)
{
    int rc = sqlite3_step(s);
    sqlite3_reset(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void bind_buf(sqlite3_stmt *s, int at, const rt_buf *b)
{
    if (b->len == 0)
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_text64(s, at, b->ptr, b->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static const char *id_of(const rt_claims *c, uint32_t concept)
{
    return rt_lexicon_text(c->lexicon, c->lexicon->concepts[concept].id);
}

static void keep_concept(rt_claims *c, uint32_t number, uint32_t concept)
{
    static const uint32_t none = RT_NIL;
    while (c->concepts.len / sizeof none < number && c->concepts.code == RT_OK)
        rt_buf_add(&c->concepts, (rt_str){(const char *)&none, sizeof none});
    if (c->concepts.len / sizeof none == number)
        rt_buf_add(&c->concepts, (rt_str){(const char *)&concept, sizeof concept});
}

/* ids: of a concept and what stands above it. */
static int insert_above(rt_claims *c, rt_str ids, uint32_t number)
{
    rt_cut cut = rt_str_cut(ids, ' ');
    sqlite3_bind_int64(c->add_above, 1, number);
    sqlite3_bind_text64(c->add_above, 2, cut.head.ptr, cut.head.len, SQLITE_STATIC, SQLITE_UTF8);
    if (cut.tail.len > 0)
        sqlite3_bind_text64(c->add_above, 3, cut.tail.ptr, cut.tail.len, SQLITE_STATIC,
                            SQLITE_UTF8);
    else
        sqlite3_bind_null(c->add_above, 3);
    return step(c->add_above);
}

/* Appends the number of what stands above a concept, itself first; it is stored if it is new. */
static int add_above(rt_claims *c, rt_buf *to, uint32_t concept, rt_range links)
{
    rt_buf_clear(&c->ids);
    rt_buf_addz(&c->ids, id_of(c, concept));
    for (uint32_t i = 0; i < links.count; i++)
        rt_buf_addf(&c->ids, " %s", id_of(c, c->lexicon->links[links.first + i]));
    rt_str key = rt_buf_str(&c->ids);
    uint64_t hash = hash_of(key);
    uint32_t number = find(&c->above, key, hash)->number;
    int rc = c->ids.code == RT_OK ? SQLITE_OK : SQLITE_NOMEM;
    if (rc == SQLITE_OK && number == 0) {
        number = c->above.last + 1;
        rc = insert_above(c, key, number);
        if (rc == SQLITE_OK)
            rc = keep(&c->above, key, hash, number);
        if (rc == SQLITE_OK)
            keep_concept(c, number, concept);
    }
    rt_buf_addf(to, "%s%u", to->len > 0 ? " " : "", number);
    return rc;
}

static void add_code(rt_buf *b, const rt_claim *k)
{
    const uint8_t values[] = {k->presence, k->section,     k->side,        k->severity,
                              k->change,   k->temporality, k->experiencer, k->derived};
    rt_buf_addc(b, rt_state_letters[k->letter]);
    for (size_t i = 0; i < sizeof values; i++)
        rt_buf_addc(b, (char)('0' + values[i]));
}

static int add_all_above(rt_claims *c, rt_buf *to, const rt_claim *k, const uint32_t *places)
{
    const rt_concept *concepts = c->lexicon->concepts;
    int rc = add_above(c, to, k->concept, concepts[k->concept].kinds);
    for (uint16_t i = 0; i < k->n_places && rc == SQLITE_OK; i++)
        rc = add_above(c, to, places[i], concepts[places[i]].parts);
    return rc;
}

static int insert(rt_claims *c, const rt_claim *k, uint32_t number)
{
    const uint32_t *places = (const uint32_t *)(const void *)(k + 1);
    sqlite3_stmt *s = c->add_claim;
    rt_buf_clear(&c->text);
    int rc = add_all_above(c, &c->text, k, places);
    if (rc != SQLITE_OK)
        return rc;
    bind_buf(s, 3, &c->text);
    sqlite3_bind_int64(s, 1, number);
    rt_buf_clear(&c->text);
    add_code(&c->text, k);
    bind_buf(s, 2, &c->text);
    return c->text.code == RT_OK ? step(s) : SQLITE_NOMEM;
}

/* ---- from the database */

static rt_str column(sqlite3_stmt *s, int i)
{
    const char *text = (const char *)sqlite3_column_text(s, i);
    return text == NULL ? RT_STR("") : (rt_str){text, (size_t)sqlite3_column_bytes(s, i)};
}

bool rt_claim_read_code(rt_claim *k, rt_str code)
{
    uint8_t *const values[] = {&k->presence, &k->section,     &k->side,        &k->severity,
                               &k->change,   &k->temporality, &k->experiencer, &k->derived};
    const char *letter = code.len > 0 ? strchr(rt_state_letters, code.ptr[0]) : NULL;
    if (letter == NULL || *letter == '\0' || code.len != 1 + sizeof values / sizeof values[0])
        return false;
    k->letter = (uint8_t)(letter - rt_state_letters);
    for (size_t i = 0; i + 1 < code.len; i++)
        *values[i] = (uint8_t)(code.ptr[i + 1] - '0');
    return true;
}

bool rt_claim_next_above(rt_str *list, uint32_t *number)
{
    size_t i = 0;
    if (list->len == 0)
        return false;
    for (*number = 0; i < list->len && list->ptr[i] != ' '; i++)
        *number = *number * 10 + (uint32_t)(list->ptr[i] - '0');
    *list = rt_str_slice(*list, i < list->len ? i + 1 : i, list->len);
    return true;
}

static uint32_t concept_of(const rt_claims *c, uint32_t number)
{
    uint32_t concept = RT_NIL;
    if (number < c->concepts.len / sizeof concept)
        memcpy(&concept, c->concepts.ptr + number * sizeof concept, sizeof concept);
    return concept;
}

/* False: it names what the lexicon does not know. */
static bool read_claim(rt_claims *c, sqlite3_stmt *row)
{
    rt_claim k = {0};
    uint32_t number = 0;
    rt_str list = column(row, 2);
    bool known = rt_claim_read_code(&k, column(row, 1)) && rt_claim_next_above(&list, &number);
    k.concept = concept_of(c, number);
    known = known && k.concept != RT_NIL;
    rt_buf_clear(&c->text);
    rt_buf_add(&c->text, (rt_str){(const char *)&k, sizeof k});
    for (; known && rt_claim_next_above(&list, &number); k.n_places++) {
        uint32_t place = concept_of(c, number);
        known = place != RT_NIL;
        rt_buf_add(&c->text, (rt_str){(const char *)&place, sizeof place});
    }
    if (!known || c->text.code != RT_OK)
        return false;
    memcpy(c->text.ptr, &k, sizeof k);
    return true;
}

static void read_above(rt_claims *c, sqlite3_stmt *row, uint32_t number)
{
    uint32_t concept = RT_NIL;
    rt_str id = column(row, 1), ids = column(row, 2);
    rt_buf_clear(&c->text);
    rt_buf_add(&c->text, id);
    rt_buf_addz(&c->text, ids.len > 0 ? " " : "");
    rt_buf_add(&c->text, ids);
    if (rt_lexicon_by_id(c->lexicon, id, &concept))
        keep_concept(c, number, concept);
}

static int load(rt_claims *c, const char *sql, numbering *into)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(c->db, sql, -1, &s, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        uint32_t number = (uint32_t)sqlite3_column_int64(s, 0);
        rc = SQLITE_OK;
        if (into == &c->above)
            read_above(c, s, number);
        else if (!read_claim(c, s))
            continue;
        rt_str key = rt_buf_str(&c->text);
        rc = keep(into, key, hash_of(key), number);
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int load_last(sqlite3 *db, const char *sql, numbering *of)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    if (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        of->last = (uint32_t)sqlite3_column_int64(s, 0);
    int closed = sqlite3_finalize(s);
    return rc == SQLITE_OK ? closed : rc;
}

static int load_all(rt_claims *c, bool fresh)
{
    int rc = load(c, "SELECT n, id, ids FROM concept_above ORDER BY n", &c->above);
    if (rc == SQLITE_OK && !fresh)
        rc = load(c, "SELECT n, code, above FROM claim", &c->claims);
    if (rc == SQLITE_OK)
        rc = load_last(c->db, "SELECT coalesce(max(n), 0) FROM claim", &c->claims);
    return rc;
}

int rt_claims_open(sqlite3 *db, const rt_lexicon *x, bool fresh, rt_claims **out)
{
    rt_claims *c = calloc(1, sizeof *c);
    if (c == NULL)
        return SQLITE_NOMEM;
    c->db = db;
    c->lexicon = x;
    rt_buf_init(&c->claims.bytes, UINT32_MAX);
    rt_buf_init(&c->above.bytes, UINT32_MAX);
    rt_buf_init(&c->concepts, SIZE_MAX);
    rt_buf_init(&c->text, SIZE_MAX);
    rt_buf_init(&c->ids, SIZE_MAX);
    int rc = grow(&c->claims) && grow(&c->above) ? load_all(c, fresh) : SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v3(db, "INSERT INTO claim VALUES(?1, ?2, ?3)", -1,
                                SQLITE_PREPARE_PERSISTENT, &c->add_claim, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v3(db, "INSERT INTO concept_above VALUES(?1, ?2, ?3)", -1,
                                SQLITE_PREPARE_PERSISTENT, &c->add_above, NULL);
    if (rc == SQLITE_OK)
        *out = c;
    else
        rt_claims_close(c);
    return rc;
}

void rt_claims_close(rt_claims *c)
{
    if (c == NULL)
        return;
    sqlite3_finalize(c->add_claim);
    sqlite3_finalize(c->add_above);
    rt_buf_free(&c->claims.bytes);
    rt_buf_free(&c->above.bytes);
    rt_buf_free(&c->concepts);
    rt_buf_free(&c->text);
    rt_buf_free(&c->ids);
    free(c->claims.slots);
    free(c->above.slots);
    free(c);
}

int rt_claims_number(rt_claims *c, const rt_claim *claim, uint32_t *number)
{
    rt_str key = {(const char *)claim, sizeof *claim + claim->n_places * sizeof(uint32_t)};
    uint64_t hash = hash_of(key);
    *number = find(&c->claims, key, hash)->number;
    if (*number != 0)
        return SQLITE_OK;
    *number = c->claims.last + 1;
    int rc = insert(c, claim, *number);
    return rc == SQLITE_OK ? keep(&c->claims, key, hash, *number) : rc;
}
