#!/bin/sh
# rehearse_doors.sh REHEARSE QUIETUS: the training program must contain nothing that could look for a drive, open one or
# send it a command. Each door is in the program that erases drives, else its name is out of date here.
set -eu
rehearse=$1 quietus=$2
doors='
ask_mmc ask_nvme ask_open_drive ask_scsi
BlockTree::read look_at_image look_at_machine make_drive_probe Hearing::hear_all resolve_node
make_mmc_ioctl_port make_nvme_admin_port make_nvme_io_port make_sg_io_port open_block_port open_firmware_link
Ring::open SlotMemory::map
erase_scratch_image machine_setting'

fail() {
    echo "$1" >&2
    exit 1
}

functions() { nm --demangle --defined-only "$1" | sed -n 's/^[0-9a-f]* [TtWw] quietus::\([A-Za-z_:]*\)(.*/\1/p' | sort -u; }

behind=$(functions "$rehearse")
outside=$(functions "$quietus")
echo "$behind" | grep -qx 'look_again' || fail "cannot read the functions of $rehearse"
for door in $doors; do
    echo "$outside" | grep -qx "$door" || fail "$quietus has no $door: the list of doors is out of date"
    if echo "$behind" | grep -qx "$door"; then
        fail "quietus-rehearse contains $door"
    fi
done
if readelf -d "$rehearse" | grep NEEDED | grep -E 'uring'; then
    fail "quietus-rehearse needs the libraries listed above"
fi
if nm -D --undefined-only "$rehearse" | grep -wE 'pwrite|pwrite64|io_uring_setup'; then
    fail "quietus-rehearse calls what is listed above"
fi
