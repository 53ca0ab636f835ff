/* Fuzzes the reader and the parser of JSONL; see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_source(data, size, RT_FORMAT_JSONL, NULL, NULL);
}
