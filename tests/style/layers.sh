#!/bin/sh
# Includes point down, never up or sideways; fronts see the library only through roentext.h and base/; and each
# library that we stand on is seen in the one or two folders that wrap it.
set -u
bad=0
grep -RnE '^#include "' src | awk '
    BEGIN { n = split("base text model knowledge stage engine", o, " ")
            for (i = 1; i <= n; i++) rank[o[i]] = i
            rank["input"] = rank["output"] = rank["index"] = rank["stage"]; front["cli"] = front["serve"] = 1 }
    { split($0, p, ":"); file = p[1]; sub(/^[^"]*"/, ""); sub(/".*/, ""); inc = $0
      split(file, f, "/"); from = f[2]; split(inc, t, "/"); to = t[1]
      if (inc == "roentext.h" || to == from && from != "stage") next
      if (from == "stage" && inc == "stage/stage.h") next
      if (file ~ /^src\/stage\/fill/ && inc == "stage/fill.h") next
      if (file ~ /^src\/stage\/assertion/ && inc == "stage/assertion.h") next
      if (file ~ /^src\/stage\/qa/ && inc == "stage/qa.h") next # the stages of several files
      if (from in front) ok = to == "base" || (from == "cli" && to == "serve")
      else ok = (to in rank) && rank[to] < rank[from]
      if (!ok) { print file ": must not include " inc; bad = 1 } }
    END { exit bad }' || bad=1

grep -RnE '^#include <' src | awk '
    BEGIN { home["unicode/"] = "^src/text/"; home["libxml/"] = home["libxslt/"] = "^src/(output|knowledge)/"
            home["pcre2.h"] = "^src/knowledge/pattern"; home["sqlite3.h"] = home["sqlite3ext.h"] = "^src/index/"
            home["jansson.h"] = "^src/(input|output)/"; home["pthread.h"] = "^src/base/pool.c"
            home["nettle/"] = "^src/base/hash.c"; home["microhttpd.h"] = "^src/serve/" }
    { split($0, p, ":"); inc = $0; sub(/^[^<]*</, "", inc); sub(/>.*/, "", inc)
      key = inc; sub(/\/.*/, "/", key); if (inc in home) key = inc
      if (key in home && p[1] !~ home[key]) { print p[1] ": <" inc "> belongs in " home[key]; bad = 1 }
      if (p[1] == "src/roentext.h" && inc !~ /^(std|string|limits)[a-z]*\.h$/) { print p[1] ": includes libc only"; bad = 1 } }
    END { exit bad }' || bad=1
exit $bad
