/* What is done with the needs of a pattern while it is read: private to needles.c. */
#ifndef RT_KNOWLEDGE_NEEDS_H
#define RT_KNOWLEDGE_NEEDS_H

#include "knowledge/sieve.h"

/* Beside RT_EDGE_LEFT and _RIGHT, while reading: the needle ends where its branch does. */
enum { RT_EDGE_OPEN = 4 };

/* One more need; where there is no room the worst goes. leads: the match begins with it. */
void rt_needs_add(rt_needs *to, const rt_need *need, bool leads);
/* The needles whose ends are open get an edge there, or are open no more. */
void rt_needs_close(rt_needs *needs, unsigned edge);
/* The best alone. */
void rt_needs_keep_best(rt_needs *needs);
/* One of both, of which each has one need at most. */
void rt_needs_unite(rt_needs *a, const rt_needs *b);
/* Without the strings that begin with another one. */
void rt_need_drop_longer(rt_need *need);
bool rt_need_may_be_empty(const rt_need *need);

#endif
