#!/bin/sh
# Every C file is laid out as .clang-format says.
exec clang-format --dry-run --Werror $(find src tests bench -name '*.[ch]' 2>/dev/null | sort)
