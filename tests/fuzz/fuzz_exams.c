/* The table of words that name exams: any bytes end in a table or in an error with a place in them;
 * what a table finds in a text are classes that it has. */
#include "knowledge/exam_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[] = "/tmp/fuzz_exams.XXXXXX";

static void forget(void)
{
    unlink(path);
}

static void put(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0) {
        fd = mkstemp(path);
        atexit(forget);
    }
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char room[1 << 22];
    bool full = false;
    rt_arena arena = {room, room + sizeof room, &full};
    rt_exam_words *w = NULL;
    rt_err err = {0};
    put(data, size);
    rt_code code = rt_exam_words_load(path, &arena, &w, &err);
    if (code != RT_OK) {
        if (err.msg[0] == '\0')
            abort();
        return 0;
    }
    rt_str text = {(const char *)data, size};
    if (!full && rt_utf8_valid(text, NULL))
        (void)rt_exam_words_scan(w, text);
    return 0;
}
