#!/bin/sh
# cppcheck over the library and the program. Suppressed: headers of the system (it needs none of them), members that
# only macros and initialisers touch, and an alarm at designated initialisers that repeat a name, as in {.text = text}.
exec cppcheck --quiet -j 2 --error-exitcode=1 --enable=warning,style,performance,portability --inline-suppr --std=c11 \
    --suppress=missingIncludeSystem --suppress=unusedStructMember --suppress=unknownEvaluationOrder \
    --template='{file}:{line}: {severity}: {message} [{id}]' -Isrc src
