# Functions of the guests' scripts; sourced. A drive is made by make_drive, which sets `node`.

build=/mnt/build
target=/sys/kernel/config/target
export DM_DISABLE_UDEV=1
declare -A controls answers
number=0
failures=0

# make_drive [tcmu_drive option...]: a SATA drive of 8,192 blocks behind the kernel's SCSI stack.
make_drive() {
    number=$((number + 1))
    local name=d$number before
    before=$(ls /sys/block)
    mkdir -p "$target/core/user_0/$name"
    printf 'dev_config=quietus/%s,dev_size=4194304,hw_block_size=512' "$name" >"$target/core/user_0/$name/control"
    echo 1 >"$target/core/user_0/$name/enable"
    echo 0 >"$target/core/user_0/$name/attrib/cmd_time_out"
    mkfifo "/tmp/$name.in"
    "$build/tests/tcmu_drive" "tcm-user/0/$name/quietus/$name" --number "$number" --native 8192 "$@" \
        <"/tmp/$name.in" >"/tmp/$name.out" &
    exec {control}>"/tmp/$name.in"
    wait_for grep -q ready "/tmp/$name.out" || die "$name: no front end"
    local loop
    loop=$target/loopback/naa.50012345000000$(printf '%02x' $((2 * number)))
    mkdir -p "$loop/tpgt_1"
    echo "naa.50012345000000$(printf '%02x' $((2 * number + 1)))" >"$loop/tpgt_1/nexus"
    mkdir "$loop/tpgt_1/lun/lun_0"
    ln -s "$target/core/user_0/$name" "$loop/tpgt_1/lun/lun_0/$name"
    wait_for sh -c "[ \"\$(ls /sys/block)\" != '$before' ]" || die "$name: no disk"
    node=/dev/$(comm -13 <(echo "$before") <(ls /sys/block) | grep '^sd')
    [ -b "$node" ] || die "$name: $node is no disk"
    controls[$node]=$control
    answers[$node]=/tmp/$name.out
}

# residue NODE: in how many blocks its secret is left, by the drive model's own count.
residue() {
    local lines
    lines=$(wc -l <"${answers[$1]}")
    echo >&"${controls[$1]}"
    wait_for sh -c "[ \$(wc -l <'${answers[$1]}') -gt $lines ]"
    tail -n 1 "${answers[$1]}"
}

wait_for() {
    local tries
    for tries in $(seq 100); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

quietus() { "$build/quietus" --state /tmp/state "$@"; }
audit() { "$build/quietus-audit" "$@"; }

# code_in FILE: the confirmation code that was asked for there
code_in() { sed -n 's/^confirmation code \([^ ]*\) .*/\1/p' "$1"; }

# erase_now NODE OPTION...: planned and confirmed; the exit status of whichever was last
erase_now() {
    quietus plan "$@" >/tmp/plan 2>&1 || return
    quietus erase "$@" --confirm "$(code_in /tmp/plan)" >/tmp/erase 2>&1
}

expect() {
    local what=$1 expected=$2 found=$3
    if [ "$expected" = "$found" ]; then
        echo "ok: $what: $found"
    else
        echo "FAILED: $what: expected $expected, found $found"
        failures=$((failures + 1))
    fi
}

die() {
    echo "FAILED: $*"
    exit 1
}

finish() {
    echo "failures: $failures"
    [ "$failures" = 0 ]
    exit
}
