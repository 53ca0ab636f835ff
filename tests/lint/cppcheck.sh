#!/bin/sh
# cppcheck over the library and the program; what is wrong in its view of the world is suppressed here, with the reason.
exec cppcheck --quiet -j 2 --error-exitcode=1 --enable=warning,style,performance,portability --inline-suppr --std=c11 \
    --suppress=missingIncludeSystem `# it needs no system headers` \
    --template='{file}:{line}: {severity}: {message} [{id}]' -Isrc src
