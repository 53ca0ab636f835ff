/* The progress bar: only on a terminal, only for work that takes longer than a second. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"

static const double patience = 1.0, interval = 0.2; /* seconds */
enum { WIDTH = 24 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void rt_progress_start(rt_progress *p, const char *what, uint64_t total_bytes)
{
    *p = (rt_progress){.what = what, .total = total_bytes, .on = isatty(STDERR_FILENO) == 1};
    p->begun = now();
}

static void print_bar(double share)
{
    int full = (int)(share * WIDTH);
    fputc('[', stderr);
    for (int i = 0; i < WIDTH; i++)
        fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %% ", share * 100);
}

static void show(rt_progress *p, double elapsed)
{
    fprintf(stderr, "\r\033[K%s ", p->what);
    double share = p->total > 0 ? (double)p->done / (double)p->total : 0;
    share = share > 1 ? 1 : share;
    if (p->total > 0)
        print_bar(share);
    fprintf(stderr, "%llu reports, %.0f/s", (unsigned long long)p->records,
            (double)p->records / elapsed);
    if (share > 0.01)
        fprintf(stderr, ", %.0f s left", elapsed / share - elapsed);
    fflush(stderr);
    p->visible = true;
}

void rt_progress_step(rt_progress *p, uint64_t bytes)
{
    p->done += bytes;
    p->records++;
    if (!p->on)
        return;
    double t = now();
    if (t - p->begun < patience || t - p->shown < interval)
        return;
    p->shown = t;
    show(p, t - p->begun);
}

void rt_progress_clear(rt_progress *p)
{
    if (p->visible)
        fputs("\r\033[K", stderr);
    p->visible = false;
}
