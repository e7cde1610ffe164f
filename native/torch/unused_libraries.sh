#!/bin/sh
# Usage: unused_libraries.sh LIBTORCH_CPU FOLDER COMPILER
# Makes an empty stand-in in FOLDER for each OpenCV and FFmpeg library that LIBTORCH_CPU is linked to without using one symbol of
# it. Where any is used, where the tools are missing, or where libtorch does not load with the stand-ins, FOLDER stays empty.
set -u
library=$1 folder=$2 compiler=$3
rm -rf "$folder"
mkdir -p "$folder"
command -v nm >/dev/null && command -v readelf >/dev/null || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
symbols() { nm -D "$@" 2>/dev/null | awk '{print $NF}' | sed 's/@.*//' | LC_ALL=C sort -u; }

symbols --undefined-only "$library" >"$work/wanted"
readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -E '^lib(opencv_|avcodec|avformat|avutil|swscale|swresample)' |
while read -r name; do
    path=$(ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')
    [ -n "$path" ] || continue
    symbols --defined-only "$path" >"$work/offered"
    [ -z "$(LC_ALL=C comm -12 "$work/wanted" "$work/offered")" ] || continue
    echo | "$compiler" -x c - -shared -nostdlib -o "$folder/$name" "-Wl,-soname,$name" || rm -f "$folder/$name"
done

printf '%s\n' '#include <dlfcn.h>' '#include <stdio.h>' \
    'int main(int n, char** a) { if (dlopen(a[1], RTLD_NOW)) return 0; puts(dlerror()); return 1; }' |
    "$compiler" -x c++ - -o "$work/load" -ldl &&
    LD_LIBRARY_PATH="$folder" "$work/load" "$library" || rm -f "$folder"/*
exit 0
