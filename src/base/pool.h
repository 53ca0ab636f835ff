/* N threads over a bounded queue; results are consumed in the order of submission.
 *
 *   produce (caller's thread) -> [ring of jobs] -> work (N - 1 threads, and the caller's when it
 *   would wait) -> consume (caller's thread, in order)
 *
 * A job is an opaque pointer that produce fills and consume empties; the ring holds `depth` of
 * them, so memory is bounded whatever the length of the input. With one worker everything runs in
 * the caller's thread, and each result is consumed before the next job is produced; with more, the
 * ring is filled first, so a produce that waits for input holds finished results back. The other
 * threads block all signals: they reach the caller's. */
#ifndef RT_BASE_POOL_H
#define RT_BASE_POOL_H

#include "base/err.h"

typedef struct rt_pool_ops {
    bool (*produce)(void *user, void *job);               /* false: no more input */
    void (*work)(void *user, void *job, unsigned worker); /* worker is 0..workers-1 */
    bool (*consume)(void *user, void *job); /* false: stop early (a full disk, SIGINT) */
} rt_pool_ops;

/* jobs: `depth` job objects of the caller. Returns RT_OK also when consume stopped early. */
rt_code rt_pool_run(const rt_pool_ops *ops, void *user, void **jobs, unsigned depth,
                    unsigned workers, rt_err *err);

#endif
