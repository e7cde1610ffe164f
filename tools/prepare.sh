# Sourced by the launcher: installs what is missing and builds the native libraries and the program.
# Expects $root, fingerprint and up_to_date. Everything said here goes to stderr; the full output is in build/log.

say() { printf 'graft: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

require_dotnet() {
    local dotnet_home=https://dotnet.microsoft.com/download/dotnet/10.0
    if ! command -v dotnet > /dev/null && [[ -x $HOME/.dotnet/dotnet ]]; then PATH=$HOME/.dotnet:$PATH; fi
    command -v dotnet > /dev/null ||
        fail "the .NET 10 SDK is missing. Get it from $dotnet_home and put dotnet on the PATH."
    dotnet --list-sdks | grep -Eq '^(1[0-9]|[2-9][0-9])\.' ||
        fail "found dotnet at $(command -v dotnet), but no .NET 10 SDK. Get it from $dotnet_home"
}

packages() {
    local line
    while IFS= read -r line; do
        [[ -z $line || $line == \#* ]] && continue
        # a libtorch of one's own brings its own matrix products
        if [[ -n ${LIBTORCH:-}${Torch_DIR:-} && $line == lib@(torch-dev|openblas0-pthread) ]]; then continue; fi
        printf '%s\n' "$line"
    done < "$root/tools/debian-packages.txt"
}

is_debian() {
    [[ -r /etc/os-release ]] && (source /etc/os-release && [[ ${ID:-} == debian ]]) && command -v dpkg-query > /dev/null
}

# missing_packages PACKAGE...: those that are not installed, one a line
missing_packages() {
    local installed package
    installed=$'\n'$(dpkg-query -W -f '${binary:Package} ${db:Status-Abbrev}\n' 2> /dev/null |
        sed -n 's/^\([^: ]*\)\(:[a-z0-9]*\)\{0,1\} ii *$/\1/p')$'\n'
    for package in "$@"; do
        [[ $installed == *$'\n'"$package"$'\n'* ]] || printf '%s\n' "$package"
    done
}

# install_packages PACKAGE...: by apt-get; its words go to build/log
install_packages() {
    local as_root=()
    if (( EUID != 0 )); then
        command -v sudo > /dev/null || return 1
        as_root=(sudo)
    fi
    say "installing Debian packages: $*"
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@")
    "${install[@]}" < /dev/null >> "$root/build/log" 2>&1 9>&- && return
    # the package lists may be absent or old
    "${as_root[@]}" apt-get update < /dev/null >> "$root/build/log" 2>&1 9>&- || true
    "${install[@]}" < /dev/null >> "$root/build/log" 2>&1 9>&-
}

require_packages() {
    shopt -s extglob
    local wanted missing
    mapfile -t wanted < <(packages)
    if ! is_debian; then
        # Elsewhere the build itself finds out whether everything is there; GRAFT_NO_INSTALL says that somebody has seen to it.
        [[ -n ${GRAFT_NO_INSTALL:-} ]] && return
        fail "this is not Debian. Install what corresponds to these Debian packages, then set GRAFT_NO_INSTALL=1: ${wanted[*]}"
    fi
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    (( ${#missing[@]} == 0 )) && return
    [[ -z ${GRAFT_NO_INSTALL:-} ]] || fail "missing Debian packages: ${missing[*]} (GRAFT_NO_INSTALL is set)"
    (( EUID == 0 )) || command -v sudo > /dev/null ||
        fail "missing Debian packages. As root, run: apt-get install ${missing[*]}"
    install_packages "${missing[@]}" || fail "apt-get could not install ${missing[*]}; its words are in $root/build/log"
}

# What only some tests need; where it is not to be had, they are skipped.
want_test_packages() {
    local wanted missing
    is_debian && [[ -z ${GRAFT_NO_INSTALL:-} ]] || return 0
    mapfile -t wanted < <(grep -Ev '^(#|$)' "$root/tools/debian-packages-tests.txt")
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    (( ${#missing[@]} == 0 )) || install_packages "${missing[@]}" ||
        say "apt-get could not install ${missing[*]}: the tests that need it are skipped"
}

warn_about_blas() {
    [[ -z ${LIBTORCH:-}${Torch_DIR:-} ]] || return 0
    local blas
    blas=$(readlink -f "/usr/lib/$(uname -m)-linux-gnu/libblas.so.3" 2> /dev/null) || return 0
    [[ $blas == *openblas* || $blas == *mkl* || $blas == *blis* ]] ||
        say "warning: libblas.so.3 is $blas, not OpenBLAS: training will be many times slower." \
            "Choose it with: update-alternatives --config libblas.so.3-$(uname -m)-linux-gnu"
}

# The newest lines of a log that name an error, for a short message.
errors_of() { grep -E "error|Error" "$1" | sed "s/^[[:space:]]*//; s#$root/##g" | sort -u | head -n 8 >&2 || tail -n 8 "$1" >&2; }

build_native() {
    local log=$root/build/log.native choice="LIBTORCH=${LIBTORCH:-} Torch_DIR=${Torch_DIR:-} ROOT=$root"
    # another libtorch, or a checkout that moved: what cmake remembers is wrong
    if [[ -f $root/build/native.choice && $(<"$root/build/native.choice") != "$choice" ]]; then rm -rf "$root/build/native"; fi
    printf '%s\n' "$choice" > "$root/build/native.choice"
    # LIBTORCH and Torch_DIR are read from the environment
    { cmake -S "$root/native" -B "$root/build/native" -DCMAKE_BUILD_TYPE=Release &&
        cmake --build "$root/build/native" --parallel "$(nproc)"; } > "$log" 2>&1 < /dev/null
}

publish_cli() {
    local log=$root/build/log.cli runtime=linux-x64 ready=true
    [[ $(uname -m) == aarch64 ]] && runtime=linux-arm64
    rm -rf "$root/build/cli.new"
    for ready in true false; do
        if dotnet publish "$root/src/Graft.Cli" -c Release -r "$runtime" --self-contained false -p:PublishReadyToRun=$ready \
            --artifacts-path "$root/build/dotnet" -o "$root/build/cli.new" -v quiet -p:UseSharedCompilation=false \
            -p:GenerateDocumentationFile=false -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false \
            > "$log" 2>&1 < /dev/null; then
            [[ $ready == true ]] || say "note: ahead-of-time compilation is not to be had here; starting takes longer"
            rm -rf "$root/build/cli"
            mv "$root/build/cli.new" "$root/build/cli"
            return
        fi
        # only the missing compiler package is worth a second try
        grep -Eqi 'crossgen|NETSDK1094' "$log" || return 1
    done
    return 1
}

# Both halves at once; each is mostly one thread.
build_all() {
    local native failed=0
    build_native 9>&- &
    native=$!
    publish_cli 9>&- || { say "the program could not be built:"; errors_of "$root/build/log.cli"; failed=1; }
    wait "$native" || { say "the native libraries could not be built:"; errors_of "$root/build/log.native"; failed=1; }
    cat "$root"/build/log.native "$root"/build/log.cli >> "$root/build/log" 2> /dev/null || true
    (( failed == 0 )) || fail "the build failed; everything it said is in $root/build/log"
}

prepare() {
    mkdir -p "$root/build" || fail "can't write to $root/build"
    exec 9> "$root/build/lock"
    if ! flock --nonblock 9; then
        say "waiting for another graft that is building"
        flock 9
    fi
    if ! up_to_date; then
        local before started=$SECONDS
        : > "$root/build/log"
        require_dotnet
        require_packages
        if [[ -f $root/build/stamp ]]; then say "sources changed: building"; else say "building, once (about a minute)"; fi
        before=$(fingerprint)
        build_all
        dirname -- "$(readlink -f -- "$(command -v dotnet)")" > "$root/build/dotnet-root"
        printf '%s\n' "$before" > "$root/build/stamp"
        warn_about_blas
        say "built in $(( SECONDS - started )) s"
    fi
    exec 9>&-
}
