# Sourced by the launcher for `graft test [FILTER]`: format check, build with warnings as errors, all tests.
# The last line on stdout is "N passed, N failed", with ", N skipped" after it when any were skipped.
# Fails when anything failed or nothing ran.
# A format check or a build that fails, and a test program that dies, each count as one failure.

source "$root/tools/prepare.sh"
cd -- "$root"

passed=0 failed=0 skipped=0
results=$root/build/test
log=$results/log

usage() {
    cat << 'END'
Usage: graft test [FILTER] [-- RUNNER OPTIONS]
Runs every check: format, build with warnings as errors, all tests. Ends with the line "N passed, N failed".

  FILTER    only the tests whose full name (namespace, class and method) contains it; the format check is left out
  --        what follows goes to each test program, for example: graft test -- -class Graft.Models.Tests.SuggestTests

Tests on real photographs and weights need the folder named by GRAFT_SHARED (default: ../shared) and are skipped without it.
END
}

# Says the totals and ends.
finish() {
    local totals="$passed passed, $failed failed"
    (( skipped == 0 )) || totals+=", $skipped skipped"
    (( passed + failed > 0 )) || say "no test ran"
    printf '%s\n' "$totals"
    (( failed == 0 && passed > 0 )) && exit 0
    exit 1
}

seconds_since() { local ms=$(( ($(date +%s%N) - $1) / 1000000 )); printf '%d.%d s' $(( ms / 1000 )) $(( ms % 1000 / 100 )); }

# check NAME COMMAND...: runs one step, shows its output only when it fails.
check() {
    local name=$1 started
    shift
    started=$(date +%s%N)
    if "$@" > "$log" 2>&1 < /dev/null 9>&-; then
        printf '%-28s ok   %s\n' "$name" "$(seconds_since "$started")"
        return 0
    fi
    printf '%-28s FAILED   %s\n' "$name" "$(seconds_since "$started")"
    sort -u "$log" | grep -E 'error|warning' | head -n 60 || tail -n 60 "$log"
    failed=$(( failed + 1 ))
    return 1
}

# attribute NAME XML: one number from the <assembly> element of a results file
attribute() { sed -n "s/.*<assembly [^>]*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

run_tests() {
    local project=$1 name program started status=0 ok bad errors skip report
    shift
    name=$(basename -- "$project" .csproj)
    program=$(dirname -- "$project")/bin/Release/net10.0/$name
    report=$results/$name.xml
    rm -f -- "$report"
    started=$(date +%s%N)
    timeout --kill-after=10 "${GRAFT_TEST_TIMEOUT_SECONDS:-900}" \
        "$program" -noLogo -noColor -reporter quiet -xml "$report" "$@" > "$results/$name.txt" 2>&1 < /dev/null || status=$?
    ok=0 bad=0 errors=0 skip=0
    if [[ -s $report ]]; then
        ok=$(attribute passed "$report") bad=$(attribute failed "$report")
        errors=$(attribute errors "$report") skip=$(attribute skipped "$report")
    fi
    bad=$(( ${bad:-0} + ${errors:-0} ))
    if (( status != 0 && bad == 0 )) || [[ ! -s $report ]]; then
        bad=$(( bad + 1 ))
        if (( status == 124 || status == 137 )); then printf '%s: stopped after too long\n' "$name"
        else printf '%s: the test program ended with code %d and without saying which test failed\n' "$name" "$status"; fi
    fi
    printf '%-28s %5d passed, %d failed, %d skipped   %s\n' "$name" "${ok:-0}" "$bad" "${skip:-0}" "$(seconds_since "$started")"
    # each failed test in full; the skipped ones are only counted
    (( bad == 0 )) || awk '/\[SKIP\]$/ { skip = 2 } skip > 0 { skip--; next } { print }' "$results/$name.txt"
    passed=$(( passed + ${ok:-0} )) failed=$(( failed + bad )) skipped=$(( skipped + ${skip:-0} ))
}

filter=()
all=true
while (( $# > 0 )); do
    case $1 in
        -h | --help | -\?) usage; exit 0 ;;
        --) shift; filter+=("$@"); all=false; break ;;
        -*) say "unknown option $1 (see ./graft test --help)"; exit 2 ;;
        *) filter+=(-method "*$1*"); all=false; shift ;;
    esac
done

mkdir -p "$results"
require_dotnet
(prepare) || { failed=1; finish; }
want_test_packages
[[ -n ${DOTNET_ROOT:-} ]] || export DOTNET_ROOT=$(<"$root/build/dotnet-root")

if $all; then
    check "format" dotnet format whitespace --folder . --verify-no-changes --exclude build bench/results || true
fi
if ! check "build" dotnet build Graft.slnx -c Release -warnaserror -v quiet -nologo -clp:NoSummary; then
    finish
fi
export GRAFT_LAUNCHER=$root/graft
for project in tests/*/*.Tests.csproj; do
    run_tests "$project" "${filter[@]}"
done
finish
