/* Makes src/text/fold_table.h from ICU: what each code point becomes in folded text.
 *
 *   gcc $(pkg-config --cflags icu-i18n) src/text/tools/gen_fold_table.c \
 *       $(pkg-config --libs icu-i18n icu-uc) -o /tmp/gen && /tmp/gen > src/text/fold_table.h
 *
 * Run by hand when ICU or the rules below change; the table is committed, so that the folding is
 * the same whatever ICU a machine has. The rules, first match wins:
 *
 *   1. kinds: blank, line end, dash, nothing (zero width, accents), twin (two that sound alike and
 *      are typed for each other)
 *   2. `own`: pairs that we decide
 *   3. `kept`: ranges that stay because NFKC would glue them to numbers or make words of them
 *      (5mm(2) with a circled two would read 5mm2, the numero sign would read "no")
 *   4. NFKC_Casefold, accents off Latin letters, Traditional to Simplified, again until nothing
 *      changes; a result with a blank or longer than twice its source is not taken */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { LAST = 0x2FFFF, PAGE = 64, PAGES = (LAST + 1) / PAGE, MAX_RESULT = 16 };
enum { SAME, NOTHING, BLANK, LINE, DASH, TWIN, FIRST_STRING = 8 }; /* as in fold.c */

static const struct {
    uint32_t from;
    const char *to;
} own[] = {
    {0x60, "'"},
    {0xB4, "'"},
    {0xD7, "x"},
    {0x2DC, "~"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201A, "'"},
    {0x201B, "'"},
    {0x201C, "\""},
    {0x201D, "\""},
    {0x201E, "\""},
    {0x201F, "\""},
    {0x2032, "'"},
    {0x2033, "\""},
    {0x2044, "/"},
    {0x2053, "~"},
    {0x2103, "\xC2\xB0"
             "c"},
    {0x2109, "\xC2\xB0"
             "f"},
    {0x2215, "/"},
    {0x2217, "*"},
    {0x2236, ":"},
    {0x223C, "~"},
    {0x2266, "\xE2\x89\xA4"},
    {0x2267, "\xE2\x89\xA5"},
    {0x2573, "x"},
    {0x2715, "x"},
    {0x2716, "x"},
    {0x2A09, "x"},
    {0x2A2F, "x"},
    {0x2A7D, "\xE2\x89\xA4"},
    {0x2A7E, "\xE2\x89\xA5"},
    {0x301C, "~"},
    {0xFE30, ":"},
    {0xFF07, "'"},
    {0xFF40, "'"},
    {0x62F4, "\xE6\xA0\x93"}, /* to tie, typed for what plugs a vessel */
};

static const struct {
    uint32_t first, last;
} kept[] = {
    {0xA8, 0xA8},     {0xAF, 0xAF},     {0xB8, 0xB8},     {0xBC, 0xBE},     {0x2100, 0x2102},
    {0x2104, 0x2108}, {0x2116, 0x2116}, {0x2120, 0x2122}, {0x213B, 0x213B}, {0x2150, 0x215F},
    {0x2189, 0x2189}, {0x2460, 0x24FF}, {0x3200, 0x3370}, {0x33E0, 0x33FF}, {0x1F100, 0x1F2FF},
};

/* Twins: a partition and the diaphragm sound alike. What stands beside the one typed tells which is
 * meant. */
enum { PARTITION = 0x9694, DIAPHRAGM = 0x8188 };
static const struct {
    const char *name;
    uint32_t at[8];
} beside[] = {
    {"fold_partition", {PARTITION}},
    {"fold_diaphragm", {DIAPHRAGM}},
    {"fold_before_partition", {0x7EB5}},                                         /* 纵 */
    {"fold_before_diaphragm", {0x6A2A, 0x808B, 0x5FC3}},                         /* 横肋心 */
    {"fold_behind_diaphragm", {0x808C, 0x4E0B, 0x9762, 0x9876, 0x9802, 0x759D}}, /* 肌下面顶頂疝 */
    {"fold_never_diaphragm",
     {0x95F4, 0x4E2D, 0x5206, 0x7EB5, 0x963B, 0x76F8}}, /* behind 间中分纵阻相 */
};

typedef struct result {
    int kind;
    char text[MAX_RESULT + 1];
} result;

static result results[LAST + 1];
static const UNormalizer2 *casefold, *decompose;
static UTransliterator *simplify;

static void check(UErrorCode status, const char *what)
{
    if (U_FAILURE(status)) {
        fprintf(stderr, "%s: %s\n", what, u_errorName(status));
        exit(1);
    }
}

static int kind_of(uint32_t cp)
{
    if (cp == '\n' || cp == 0x85 || cp == 0x2028 || cp == 0x2029)
        return LINE;
    if (cp == '-' || cp == 0x2212 || cp == 0x2043)
        return DASH;
    if (u_charType((UChar32)cp) == U_DASH_PUNCTUATION)
        return cp == 0x301C || cp == 0x3030 ? SAME : DASH;
    if (cp < 0x20 || u_charType((UChar32)cp) == U_SPACE_SEPARATOR)
        return BLANK;
    if (cp == PARTITION || cp == DIAPHRAGM)
        return TWIN;
    if ((cp >= 0x300 && cp <= 0x36F) ||
        u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return NOTHING;
    return SAME;
}

static const char *own_of(uint32_t cp)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].from == cp)
            return own[i].to;
    return NULL;
}

static bool is_kept(uint32_t cp)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (cp >= kept[i].first && cp <= kept[i].last)
            return true;
    return false;
}

/* A Latin letter with accents becomes the letter; s holds one code point. */
static int32_t strip_accents(UChar *s, int32_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar parts[64];
    int32_t m = unorm2_normalize(decompose, s, n, parts, 64, &status);
    check(status, "decompose");
    if (m < 2 || parts[0] < 'a' || parts[0] > 'z')
        return n;
    int32_t kept_units = 0;
    for (int32_t i = 0; i < m; i++)
        if (parts[i] < 0x300 || parts[i] > 0x36F)
            parts[kept_units++] = parts[i];
    u_memcpy(s, parts, kept_units);
    return kept_units;
}

static int32_t fold_once(UChar *s, int32_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar folded[64];
    int32_t m = unorm2_normalize(casefold, s, n, folded, 64, &status);
    check(status, "casefold");
    u_memcpy(s, folded, m);
    m = strip_accents(s, m);
    int32_t limit = m;
    utrans_transUChars(simplify, s, &m, 64, 0, &limit, &status);
    check(status, "simplify");
    return m;
}

/* Folds the parts of a result by rules 1 and 2, so that folding twice changes nothing. */
static bool settle(UChar *s, int32_t *n)
{
    UChar out[64];
    int32_t m = 0;
    for (int32_t i = 0; i < *n;) {
        UChar32 cp;
        U16_NEXT(s, i, *n, cp);
        const char *mine = own_of((uint32_t)cp);
        if (kind_of((uint32_t)cp) == DASH)
            mine = "-";
        else if (kind_of((uint32_t)cp) != SAME)
            return false;
        for (const char *p = mine; p != NULL && *p != '\0'; p++) {
            if ((unsigned char)*p >= 0x80)
                return false;
            out[m++] = (UChar)*p;
        }
        if (mine == NULL) {
            U16_APPEND_UNSAFE(out, m, cp);
        }
    }
    u_memcpy(s, out, m);
    *n = m;
    return true;
}

/* Until nothing changes. ICU sends a few characters in a circle of two (U+82CE and U+82E7): both
 * become the smaller. */
static int32_t fold_fully(UChar *s, int32_t n)
{
    UChar before[64];
    for (int round = 0; round < 8; round++) {
        int32_t old = n;
        u_memcpy(before, s, n);
        n = fold_once(s, n);
        if (n == old && u_memcmp(s, before, n) == 0)
            return n;
    }
    if (n == 1 && before[0] < s[0])
        s[0] = before[0];
    return n;
}

static void fold_code_point(uint32_t cp, result *r)
{
    UChar s[64];
    int32_t n = 0;
    U16_APPEND_UNSAFE(s, n, (UChar32)cp);
    n = fold_fully(s, n);
    UErrorCode status = U_ZERO_ERROR;
    char text[256];
    int32_t bytes;
    if (n == 0) {
        r->kind = NOTHING;
        return;
    }
    if (n == 1 && kind_of(s[0]) != SAME) {
        r->kind = kind_of(s[0]);
        return;
    }
    if (!settle(s, &n))
        return;
    u_strToUTF8(text, sizeof text, &bytes, s, n, &status);
    check(status, "UTF-8");
    if (bytes > 2 * U8_LENGTH(cp) || bytes > MAX_RESULT)
        return;
    text[bytes] = '\0';
    memcpy(r->text, text, (size_t)bytes + 1);
}

static void fold_all(void)
{
    for (uint32_t cp = 0; cp <= LAST; cp++) {
        result *r = &results[cp];
        char same[8];
        int32_t n = 0;
        r->kind = kind_of(cp);
        if (r->kind != SAME || U_IS_SURROGATE(cp) || is_kept(cp))
            continue;
        const char *mine = own_of(cp);
        if (mine != NULL)
            memcpy(r->text, mine, strlen(mine) + 1);
        else
            fold_code_point(cp, r);
        U8_APPEND_UNSAFE(same, n, cp);
        same[n] = '\0';
        if (strcmp(r->text, same) == 0)
            r->text[0] = '\0';
    }
}

/* ---- the table ---- */

static char strings[65536]; /* each: length byte, bytes */
static unsigned n_strings = FIRST_STRING;
static uint16_t pages[PAGES], entries[PAGES][PAGE];
static unsigned n_pages;

static uint16_t string_of(const char *text)
{
    size_t n = strlen(text);
    for (unsigned i = FIRST_STRING; i < n_strings; i += (unsigned)strings[i] + 1)
        if ((size_t)strings[i] == n && memcmp(strings + i + 1, text, n) == 0)
            return (uint16_t)i;
    if (n_strings + n + 1 > sizeof strings) {
        fprintf(stderr, "too many strings\n");
        exit(1);
    }
    unsigned at = n_strings;
    strings[n_strings++] = (char)n;
    memcpy(strings + n_strings, text, n);
    n_strings += (unsigned)n;
    return (uint16_t)at;
}

static void build(void)
{
    for (uint32_t page = 0; page < PAGES; page++) {
        uint16_t row[PAGE];
        for (uint32_t i = 0; i < PAGE; i++) {
            const result *r = &results[page * PAGE + i];
            row[i] = r->text[0] != '\0' ? string_of(r->text) : (uint16_t)r->kind;
        }
        unsigned p = 0;
        while (p < n_pages && memcmp(entries[p], row, sizeof row) != 0)
            p++;
        if (p == n_pages)
            memcpy(entries[n_pages++], row, sizeof row);
        pages[page] = (uint16_t)p;
    }
}

static void print(const char *type, const char *name, const uint16_t *v, size_t n)
{
    printf("static const %s %s[] = {", type, name);
    for (size_t i = 0; i < n; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", v[i]);
    printf("\n};\n\n");
}

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[32];
    casefold = unorm2_getNFKCCasefoldInstance(&status);
    decompose = unorm2_getNFDInstance(&status);
    u_uastrcpy(id, "Traditional-Simplified");
    simplify = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    check(status, "open");
    fold_all();
    build();
    static uint16_t copy[65536];
    for (uint32_t c = 0; c < 256; c++)
        copy[c] = c >= 0x80 || (results[c].kind != SAME && c != ' ') ? 0
                  : results[c].text[0] != '\0'                       ? (uint16_t)results[c].text[0]
                                                                     : (uint16_t)c;
    printf("/* Made by src/text/tools/gen_fold_table.c from ICU %s (Unicode %s). Do not edit. */\n"
           "/* clang-format off */\n"
           "#ifndef RT_TEXT_FOLD_TABLE_H\n#define RT_TEXT_FOLD_TABLE_H\n\n#include <stdint.h>\n\n",
           U_ICU_VERSION, U_UNICODE_VERSION);
    printf("enum { FOLD_LAST = 0x%X };\n\n", LAST);
    print("unsigned char", "fold_ascii", copy, 256);
    print("uint16_t", "fold_pages", pages, PAGES);
    print("uint16_t", "fold_entries", entries[0], (size_t)n_pages * PAGE);
    for (unsigned i = 0; i < n_strings; i++)
        copy[i] = (unsigned char)strings[i];
    print("unsigned char", "fold_strings", copy, n_strings);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        char text[32];
        int32_t n = 0;
        for (const uint32_t *c = beside[i].at; *c != 0; c++)
            U8_APPEND_UNSAFE(text, n, *c);
        for (int32_t k = 0; k <= n; k++)
            copy[k] = k < n ? (unsigned char)text[k] : 0;
        print("unsigned char", beside[i].name, copy, (size_t)n + 1);
    }
    printf("#endif\n");
    utrans_close(simplify);
    return 0;
}
