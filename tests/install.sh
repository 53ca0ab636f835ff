#!/bin/bash
# What `make install` puts there is whole: a program of somebody else finds the library through pkg-config and runs, the
# installed command finds its lexicons from anywhere, and `make uninstall` leaves nothing. Needs a build in $OUT.
set -u
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
prefix=/opt/roentext
here=$root$prefix
passed=0 failed=0
check() { # NAME COMMAND...: one test, passed when the command is
    local name=$1; shift
    if "$@" >"$root/log" 2>&1; then passed=$((passed + 1)); else echo "FAILED $name: $*"; cat "$root/log"; failed=$((failed + 1)); fi
}
with_pkgconfig() { PKG_CONFIG_PATH=$here/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root pkg-config "$@" roentext; }
build_client() { ${CC:-cc} -std=c17 "$root/client.c" $(with_pkgconfig --cflags --libs | sed "s|$root/usr|/usr|g") -o "$root/client"; }
run_client() { LD_LIBRARY_PATH=$here/lib "$root/client" "$here/share/roentext"; }
convert() { (cd "$root" && printf 'Impression: small left pleural effusion. No pneumothorax.\n' | env -u ROENTEXT_HOME "$here/bin/roentext" convert --to jsonl | grep -q '"presence":"absent"'); }
exports_only_api() { ! nm -D --defined-only "$here/lib/libroentext.so" | awk '{ print $3 }' | grep -vE '^rt_'; }
nothing_left() { [ -z "$(find "$root/opt" ! -type d)" ]; }

cat >"$root/client.c" <<'END'
#include <roentext.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    rt_engine *engine = NULL;
    rt_err err = {0};
    rt_code code = rt_engine_open(argc > 1 ? argv[1] : ".", NULL, &engine, &err);
    printf("%s: %d %s\n", rt_version(), (int)code, err.msg);
    rt_engine_close(engine);
    return code != RT_OK;
}
END
check 'make install' make --no-print-directory install PREFIX=$prefix DESTDIR="$root"
for file in bin/roentext lib/libroentext.a lib/libroentext.so lib/roentext_fts5.so include/roentext.h lib/pkgconfig/roentext.pc \
    share/man/man1/roentext.1 share/roentext/lexicons/concepts.tsv share/roentext/templates share/roentext/lexicon.rtl; do
    check 'installed' test -e "$here/$file"
done
check 'version of the pkg-config file' test "$(with_pkgconfig --modversion)" = "$("$here/bin/roentext" --version | awk '{ print $NF }')"
check 'a client compiles' build_client
check 'a client runs' run_client
check 'the command works from another folder' convert
check 'the library exports rt_ alone' exports_only_api
check 'make uninstall' make --no-print-directory uninstall PREFIX=$prefix DESTDIR="$root"
check 'uninstall leaves no file' nothing_left
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
