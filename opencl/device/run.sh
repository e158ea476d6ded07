#!/usr/bin/env bash
# Lists the OpenCL devices of a machine, with the outcome of the self-test, from a folder that pack.sh made.
#
#     run.sh FOLDER [REPORT.json]
#     run.sh FOLDER --main CLASS [ARGUMENT...]      runs another program of the folder's jars
#
# It needs nothing but bash and coreutils. Exit code 0: devices were listed; 2: bad usage; 3: OpenCL is not available,
# with the reason; whatever the other program says.
#
# Where the machine has no OpenCL loader, the folder's is used. Where NVIDIA's driver is there but not registered, as in
# containers that mount the driver, it is registered for this run, beside what /etc/OpenCL/vendors lists. OCL_ICD_VENDORS,
# when set, is left as it is.
set -euo pipefail

readonly VENDORS=/etc/OpenCL/vendors
readonly NVIDIA=libnvidia-opencl.so.1
readonly REPORT=dev.stillpoint.opencl.internal.DeviceReport

fail() {
    echo "run.sh: $*" >&2
    exit 2
}

# The path of library $1 where the dynamic linker finds it by its name, or nothing.
linked_library() {
    local directory line
    local IFS=:
    for directory in ${LD_LIBRARY_PATH:-}; do
        if [[ -n $directory && -e $directory/$1 ]]; then
            echo "$directory/$1"
            return
        fi
    done
    while IFS= read -r line; do
        # Libraries of 64 bits have a second word in the parentheses.
        if [[ $line == *"$1 (libc6,"* && -e ${line##*=> } ]]; then
            echo "${line##*=> }"
            return
        fi
    done < <(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
}

# The path of library $1 where drivers are put, or nothing.
placed_library() {
    local directory
    for directory in /usr/local/nvidia/lib64 /usr/local/nvidia/lib "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib \
        /usr/local/cuda/lib64 /usr/lib/wsl/lib; do
        if [[ -e $directory/$1 ]]; then
            echo "$directory/$1"
            return
        fi
    done
}

# Whether some driver that is registered is the library $1.
registered() {
    local file
    for file in "$VENDORS"/*.icd; do
        if [[ -r $file && $(<"$file") == *"$1"* ]]; then
            return 0
        fi
    done
    return 1
}

(($# >= 1)) || fail "usage: run.sh FOLDER [REPORT.json], or run.sh FOLDER --main CLASS [ARGUMENT...]"
[[ -d $1/runtime && -d $1/lib ]] || fail "$1 is no folder that pack.sh made"
folder=$(cd "$1" && pwd -P)
shift
main=$REPORT
if [[ ${1:-} == --main ]]; then
    (($# >= 2)) || fail "--main needs the name of a class"
    main=$2
    shift 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

loader=$(linked_library libOpenCL.so.1)
if [[ -z $loader ]]; then
    loader=$(placed_library libOpenCL.so.1)
fi
if [[ -z $loader ]]; then
    loader=$folder/loader/libOpenCL.so.1
fi

if [[ -z ${OCL_ICD_VENDORS:-} ]]; then
    driver=$(linked_library "$NVIDIA")
    if [[ -z $driver ]]; then
        driver=$(placed_library "$NVIDIA")
        if [[ -n $driver ]]; then
            # The driver loads its other libraries, which lie beside it, by their names.
            export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${driver%/*}"
        fi
    fi
    if [[ -n $driver ]] && ! registered "$NVIDIA"; then
        mkdir "$scratch/vendors"
        for file in "$VENDORS"/*.icd; do
            if [[ -r $file ]]; then
                cp -L "$file" "$scratch/vendors/"
            fi
        done
        echo "$driver" >"$scratch/vendors/nvidia.icd"
        export OCL_ICD_VENDORS="$scratch/vendors"
    fi
fi
echo "run.sh: loader $loader, drivers in ${OCL_ICD_VENDORS:-$VENDORS}" >&2

# Drivers may start a linker, and find it by the path; a bare environment has one in bash alone.
export PATH
# A folder that was carried may have lost its execute permissions.
chmod +x "$folder/runtime/bin/java" "$folder/runtime/lib/jspawnhelper" 2>/dev/null || true
[[ -x $folder/runtime/bin/java ]] || fail "$folder/runtime/bin/java cannot be executed"

"$folder/runtime/bin/java" \
    --enable-native-access=ALL-UNNAMED \
    "-Dorg.lwjgl.opencl.libname=$loader" \
    -cp "$folder/lib/*" "$main" "$@"
