/* Fuzzes the import of MRRT templates: the bytes are a file of HTML.
 *
 * Traps when what comes out is not well-formed, is not valid against the schema of templates, or
 * cannot be read as a template. Run from the repository's root. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "knowledge/mrrt.h"
#include "knowledge/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static rt_knowledge know;
static rt_validator *schema;

static void start(void)
{
    static rt_lexicon *lexicon;
    static rt_word_table *words;
    if (lexicon != NULL)
        return;
    require(rt_lexicon_load("lexicons", NULL, &lexicon, NULL) == RT_OK);
    require(rt_mrrt_words_load("lexicons/mrrt.tsv", &words, NULL) == RT_OK);
    require(rt_validator_open("templates/schema/roentext-template.xsd", &schema, NULL) == RT_OK);
    know = (rt_knowledge){.lexicon = lexicon, .mrrt = words};
}

static void check(rt_str xml)
{
    xmlDocPtr doc = NULL;
    rt_err err = {.code = RT_OK};
    rt_code code = rt_validator_read(schema, "fuzz.xml", xml, &doc, &err);
    if (code != RT_OK)
        fprintf(stderr, "%u: %s\n%.*s\n", (unsigned)err.line, err.msg, (int)xml.len, xml.ptr);
    require(code == RT_OK);
    xmlFreeDoc(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MEMORY = 8 << 20 };
    static char *memory;
    bool full = false;
    rt_mrrt m;
    rt_buf xml, notes;
    start();
    if (memory == NULL)
        memory = malloc(MEMORY);
    require(memory != NULL);
    rt_str html = {(const char *)data, size};
    if (!rt_utf8_valid(html, NULL) || memchr(html.ptr, '\0', size) != NULL)
        return 0; /* what is decoded is valid and without NUL */
    rt_arena a = {memory, memory + MEMORY, &full};
    rt_buf_init(&xml, 1 << 22);
    rt_buf_init(&notes, 1 << 22);
    rt_mrrt_check(html, "fuzz.html", &notes);
    if (rt_mrrt_read(html, "fuzz.html", &a, &m, NULL) == RT_OK && !full) {
        require(rt_mrrt_map(&m, &know, &xml, &notes, NULL) == RT_OK);
        if (!full)
            check(rt_buf_str(&xml));
    }
    rt_buf_free(&xml);
    rt_buf_free(&notes);
    return 0;
}
