/* Fuzzes the reader and the parser of HL7, with the shipped lexicon and table; see source.h. Run
 * from the repository's root. */
#include "source.h"

static rt_knowledge know;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rt_lexicon *lexicon;
    static rt_word_table *table;
    if (lexicon == NULL) {
        require(rt_lexicon_load("lexicons", NULL, &lexicon, NULL) == RT_OK);
        require(rt_hl7_words_load("lexicons/hl7.tsv", &table, NULL) == RT_OK);
        know = (rt_knowledge){.lexicon = lexicon, .hl7 = table};
    }
    return fuzz_source(data, size, RT_FORMAT_HL7, &know, NULL);
}
