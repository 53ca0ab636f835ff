/* Tests of base/pool: each job once, results in order, an early stop, any depth and any number of
 * workers. The thread sanitizer runs this too. */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/pool.h"

enum { DEPTH = 32 };

typedef struct job {
    unsigned number;
    unsigned square, worker;
} job;

typedef struct run {
    unsigned wanted, produced, consumed, stop_at, workers;
    bool in_order, work_right, slow;
} run;

static bool produce(void *user, void *p)
{
    run *r = user;
    if (r->produced == r->wanted)
        return false;
    *(job *)p = (job){.number = r->produced++};
    return true;
}

/* The later a job, the sooner it is done: without care the results come in the wrong order. */
static void work(void *user, void *p, unsigned worker)
{
    const run *r = user;
    job *j = p;
    if (r->slow)
        nanosleep(&(struct timespec){.tv_nsec = (long)(DEPTH - j->number % DEPTH) * 20000}, NULL);
    j->square = j->number * j->number;
    j->worker = worker;
}

static bool consume(void *user, void *p)
{
    run *r = user;
    const job *j = p;
    r->in_order = r->in_order && j->number == r->consumed;
    r->work_right = r->work_right && j->square == j->number * j->number && j->worker < r->workers;
    r->consumed++;
    return r->consumed != r->stop_at;
}

static const rt_pool_ops ops = {produce, work, consume};

static run go(unsigned wanted, unsigned stop_at, unsigned depth, unsigned workers, bool slow)
{
    job jobs[DEPTH];
    void *pointers[DEPTH];
    for (unsigned i = 0; i < DEPTH; i++)
        pointers[i] = &jobs[i];
    run r = {.wanted = wanted,
             .stop_at = stop_at,
             .workers = workers > 0 ? workers : 1,
             .in_order = true,
             .work_right = true,
             .slow = slow};
    ck_assert_int_eq(rt_pool_run(&ops, &r, pointers, depth, workers, NULL), RT_OK);
    ck_assert(r.in_order && r.work_right);
    return r;
}

START_TEST(every_depth_and_number_of_workers)
{
    static const unsigned depths[] = {1, 2, 3, DEPTH}, workers[] = {0, 1, 2, 8, 100};
    for (size_t d = 0; d < 4; d++)
        for (size_t w = 0; w < 5; w++)
            for (unsigned n = 0; n < 200; n = n * 2 + 1)
                ck_assert_uint_eq(go(n, 0, depths[d], workers[w], false).consumed, n);
}
END_TEST

START_TEST(order_holds_when_later_jobs_end_first)
{
    ck_assert_uint_eq(go(200, 0, DEPTH, 4, true).consumed, 200);
    ck_assert_uint_eq(go(50, 0, 3, 8, true).consumed, 50);
}
END_TEST

START_TEST(an_early_stop_stops_reading)
{
    for (unsigned workers = 1; workers <= 4; workers++)
        for (unsigned stop = 1; stop < 10; stop++) {
            run r = go(1000, stop, 4, workers, workers == 3);
            ck_assert_uint_eq(r.consumed, stop);
            ck_assert_uint_lt(r.produced, stop + 4 + 1);
        }
}
END_TEST

START_TEST(no_job_is_an_error)
{
    run r = {.wanted = 1};
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_pool_run(&ops, &r, NULL, 0, 2, &err), RT_EUSAGE);
    ck_assert_int_eq(err.code, RT_EUSAGE);
}
END_TEST

/* Other threads must not take the signals that are to wake the caller's read. */
static pthread_t caller;

static void see_signals(void *user, void *p, unsigned worker)
{
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, NULL, &set);
    bool blocked = sigismember(&set, SIGINT) == 1;
    ((job *)p)->square = blocked != (pthread_equal(pthread_self(), caller) != 0);
    (void)worker, (void)user;
}

static bool all_blocked(void *user, void *p)
{
    run *r = user;
    r->consumed++;
    r->work_right = r->work_right && ((const job *)p)->square == 1;
    return true;
}

START_TEST(signals_are_for_the_caller)
{
    job jobs[4];
    void *pointers[4] = {&jobs[0], &jobs[1], &jobs[2], &jobs[3]};
    static const rt_pool_ops see = {produce, see_signals, all_blocked};
    run r = {.wanted = 20, .work_right = true};
    caller = pthread_self();
    ck_assert_int_eq(rt_pool_run(&see, &r, pointers, 4, 2, NULL), RT_OK);
    ck_assert(r.work_right && r.consumed == 20);
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, NULL, &set);
    ck_assert_int_eq(sigismember(&set, SIGINT), 0); /* the caller's mask is as before */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pool");
    TCase *t = tcase_create("pool");
    tcase_add_test(t, every_depth_and_number_of_workers);
    tcase_add_test(t, order_holds_when_later_jobs_end_first);
    tcase_add_test(t, an_early_stop_stops_reading);
    tcase_add_test(t, no_job_is_an_error);
    tcase_add_test(t, signals_are_for_the_caller);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
