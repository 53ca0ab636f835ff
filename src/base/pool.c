/* One ring, one lock, two conditions. Three counters that only grow say where each job is:
 *
 *      consumed          taken          produced        (job number % depth is its place)
 *   ------|----------------|----------------|------
 *     free    being worked     waiting for a    free
 *             on, or done      worker
 *
 * Jobs end in any order, so each place has a mark `done`; the caller waits for the oldest. A thread
 * for consuming alone was rejected: the two callbacks would then need locks of their own. */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

typedef struct rt_pool {
    const rt_pool_ops *ops;
    void *user, **jobs;
    bool *done;
    size_t depth, produced, taken, consumed;
    unsigned helpers; /* threads beside the caller */
    bool closed;      /* nothing more will be produced */
    pthread_mutex_t lock;
    pthread_cond_t waiting;  /* a job waits, or closed */
    pthread_cond_t finished; /* some job is done */
} rt_pool;

typedef struct rt_worker {
    rt_pool *pool;
    unsigned number;
    pthread_t thread;
} rt_worker;

/* Under the lock, which is given up meanwhile. */
static void work_next(rt_pool *p, unsigned number)
{
    size_t place = p->taken++ % p->depth;
    pthread_mutex_unlock(&p->lock);
    p->ops->work(p->user, p->jobs[place], number);
    pthread_mutex_lock(&p->lock);
    p->done[place] = true;
}

static void *run_worker(void *arg)
{
    rt_worker *w = arg;
    rt_pool *p = w->pool;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->taken == p->produced && !p->closed)
            pthread_cond_wait(&p->waiting, &p->lock);
        if (p->taken == p->produced)
            break;
        work_next(p, w->number);
        pthread_cond_signal(&p->finished); /* only the caller waits for it */
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Produces until the ring is full; false when the input has ended. */
static bool fill(rt_pool *p)
{
    while (p->produced - p->consumed < p->depth) { /* both are written by this thread alone */
        size_t place = p->produced % p->depth;
        if (!p->ops->produce(p->user, p->jobs[place]))
            return false;
        pthread_mutex_lock(&p->lock);
        p->done[place] = false;
        p->produced++;
        pthread_cond_signal(&p->waiting);
        pthread_mutex_unlock(&p->lock);
    }
    return true;
}

/* The caller works too: where there are as many threads as cores, waking another one costs more
 * than doing the job. */
static void wait_for_oldest(rt_pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->done[p->consumed % p->depth]) {
        if (p->taken < p->produced)
            work_next(p, p->helpers);
        else
            pthread_cond_wait(&p->finished, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
}

static void run_caller(rt_pool *p)
{
    bool more = true, go_on = true;
    while (go_on) {
        if (more)
            more = fill(p);
        if (p->consumed == p->produced)
            break;
        wait_for_oldest(p);
        go_on = p->ops->consume(p->user, p->jobs[p->consumed % p->depth]);
        p->consumed++;
    }
    pthread_mutex_lock(&p->lock);
    p->closed = true;
    p->taken = p->produced; /* stopped early: what no worker has begun is dropped */
    pthread_cond_broadcast(&p->waiting);
    pthread_mutex_unlock(&p->lock);
}

/* Signals are for the caller's thread: its blocking read must see them. Returns how many could be
 * started. */
static unsigned start(rt_pool *p, rt_worker *workers, unsigned wanted)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    unsigned n = 0;
    while (n < wanted) {
        workers[n] = (rt_worker){.pool = p, .number = n};
        if (pthread_create(&workers[n].thread, NULL, run_worker, &workers[n]) != 0)
            break;
        n++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n;
}

static void run_alone(const rt_pool_ops *ops, void *user, void *job)
{
    while (ops->produce(user, job)) {
        ops->work(user, job, 0);
        if (!ops->consume(user, job))
            return;
    }
}

static rt_code run_threads(rt_pool *p, unsigned wanted, rt_err *err)
{
    rt_worker *workers = calloc(wanted, sizeof *workers);
    p->done = calloc(p->depth, sizeof *p->done);
    if (workers == NULL || p->done == NULL) {
        free(workers);
        free(p->done);
        return rt_fail(err, RT_ENOMEM, "out of memory for %u threads", wanted);
    }
    pthread_mutex_init(&p->lock, NULL); /* with default attributes these cannot fail on Linux */
    pthread_cond_init(&p->waiting, NULL);
    pthread_cond_init(&p->finished, NULL);
    unsigned n = start(p, workers, wanted - 1);
    p->helpers = n;
    if (n > 0)
        run_caller(p);
    else
        run_alone(p->ops, p->user, p->jobs[0]); /* slower is better than not at all */
    for (unsigned i = 0; i < n; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->waiting);
    pthread_mutex_destroy(&p->lock);
    free(p->done);
    free(workers);
    return RT_OK;
}

rt_code rt_pool_run(const rt_pool_ops *ops, void *user, void **jobs, unsigned depth,
                    unsigned workers, rt_err *err)
{
    if (depth == 0)
        return rt_fail(err, RT_EUSAGE, "a pool needs at least one job");
    if (workers > depth)
        workers = depth;
    if (workers > 1) {
        rt_pool p = {.ops = ops, .user = user, .jobs = jobs, .depth = depth};
        return run_threads(&p, workers, err);
    }
    run_alone(ops, user, jobs[0]);
    return RT_OK;
}
