#!/usr/bin/env bash
# Makes a folder that lists OpenCL devices on a bare machine: a runtime, the jars, and an OpenCL loader library.
#
#     opencl/device/pack.sh FOLDER
#
# FOLDER may not exist yet, or is replaced when an earlier run made it. It holds
#
#     runtime/                    Java, linked from a JDK of at least 25 (JAVA_HOME, else one that is installed)
#     lib/                        our jars and those they need, for Linux on this machine's processor
#     loader/libOpenCL.so.1       used by run.sh where the machine has no OpenCL loader of its own
#     run.sh                      the script that runs it
#
# and at most 60 MiB. It needs Maven, and the loader: Debian's ocl-icd-libopencl1, or apt-get to fetch it.
set -euo pipefail

readonly LIMIT_MIB=60
readonly JAVA_RELEASE=25
readonly MODULES=java.base,java.logging,java.management,jdk.incubator.vector,jdk.jfr,jdk.unsupported

fail() {
    echo "pack.sh: $*" >&2
    exit 1
}

# The release of a JDK that can link, 0 for anything else.
linking_release() {
    local version
    if [[ -x $1/bin/jlink && -r $1/release ]]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    fi
    echo "${version:-0}"
}

find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/local/lib/jvm/* /opt/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
        if [[ -n $candidate ]] && (($(linking_release "$candidate") >= JAVA_RELEASE)); then
            echo "$candidate"
            return
        fi
    done
    fail "no JDK of at least $JAVA_RELEASE with jlink: set JAVA_HOME to one"
}

# Copies the OpenCL loader to the folder $1.
copy_loader() {
    local library scratch
    library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk '$1 == "libOpenCL.so.1" && $2 ~ /^\(libc6,/ { print $NF; exit }')
    if [[ -n $library ]]; then
        cp -L "$library" "$1/libOpenCL.so.1"
        return
    fi
    command -v apt-get >/dev/null || fail "no libOpenCL.so.1 here: install ocl-icd-libopencl1"
    scratch=$(mktemp -d)
    (cd "$scratch" && apt-get -qq download ocl-icd-libopencl1 && dpkg -x ocl-icd-libopencl1_*.deb .) \
        || fail "no libOpenCL.so.1 here, and apt-get cannot fetch ocl-icd-libopencl1"
    cp -L "$scratch"/usr/lib/*/libOpenCL.so.1 "$1/libOpenCL.so.1"
    rm -rf "$scratch"
}

(($# == 1)) || fail "usage: pack.sh FOLDER"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
if [[ -e $1 ]]; then
    [[ -x $1/run.sh && -d $1/runtime ]] || fail "$1 exists and was not made by this script"
fi
jdk=$(find_jdk)
rm -rf "$1.part"
trap 'rm -rf "$1.part"' EXIT
mkdir -p "$1.part/lib" "$1.part/loader"
folder=$(cd "$1.part" && pwd -P)

mvn -B -q -f "$root/pom.xml" -pl opencl -am -DskipTests \
    package dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$folder/lib"
for jar in "$root"/opencl/target/stillpoint-opencl-*.jar; do
    cp "$jar" "$folder/lib/"
done
case $(uname -m) in
    x86_64) natives='natives-linux' ;;
    aarch64) natives='natives-linux-arm64' ;;
    *) fail "LWJGL has no native library for $(uname -m)" ;;
esac
for jar in "$folder"/lib/lwjgl*-natives-*.jar; do
    [[ $jar == *-"$natives".jar ]] || rm "$jar"
done

# The legal notices of a linked runtime link to each other; plain copies survive any way of carrying the folder.
"$jdk/bin/jlink" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --output "$folder/linked"
cp -RL "$folder/linked" "$folder/runtime"
rm -rf "$folder/linked"
copy_loader "$folder/loader"
cp "$here/run.sh" "$folder/run.sh"
chmod +x "$folder/run.sh"

size=$(du -sm "$folder" | cut -f1)
((size <= LIMIT_MIB)) || fail "the folder takes $size MiB, more than $LIMIT_MIB"
rm -rf "$1"
mv "$folder" "$1"
echo "$1: $size MiB"
