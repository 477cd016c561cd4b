# What the scripts here and packaging/build share; each has gone to the folder of the project.

target="$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')"
work="$target/benches"
mkdir -p "$work"

# Says why a gate does not run. In CI (CI=true) that is a failure.
skip() {
    if [ "${CI:-}" = true ]; then
        echo "FAILED $gate cannot run: $*" >&2
        exit 1
    fi
    echo "SKIPPED $gate: $*" >&2
    exit 0
}

# A program that must be there: in CI it is installed.
need() {
    local program="$1" package="$2"
    if [ ! -x "$program" ] && [ "${CI:-}" = true ]; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package" >/dev/null || skip "$package cannot be installed"
    fi
    [ -x "$program" ] || skip "there is no $program; to run it: apt-get install $package"
}

# The generator and the stopwatch: no crate is needed, so that they are there in a second.
workbench() {
    local built="$work/workbench"
    if [ ! -x "$built" ] || [ -n "$(find benches/workbench -name '*.rs' -newer "$built")" ]; then
        rustc --edition 2024 -O -o "$built" benches/workbench/workbench.rs
    fi
    "$built" "$@"
}
