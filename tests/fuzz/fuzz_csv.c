/* Fuzzes the reader and the parser of CSV, with and without a map; see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_source(data, size, RT_FORMAT_CSV, NULL, NULL);
    return fuzz_source(data, size, RT_FORMAT_CSV, NULL, "text=t,id=i");
}
