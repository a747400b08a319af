#!/bin/sh
# rehearse_link_map.sh PROGRAM MAP: the training program must contain nothing that could look for a drive, open one
# or send it a command.
set -eu
program=$1 map=$2

fail() {
    echo "$1" >&2
    exit 1
}

grep -q libquietus_emulator "$map" || fail "not the link map of quietus-rehearse: $map"
# What the archives gave, by object.
linked=$(sed -n '/^Archive member included/,/^Discarded input sections\|^Memory Configuration/p' "$map" | grep -o 'lib[a-z_]*\.a([a-z_A-Z0-9.+-]*)' | sort -u)
echo "$linked" | grep -q 'libquietus_transport\.a(surface' || fail "cannot read the archive members in $map"
if echo "$linked" | grep -E 'libquietus_transport\.a\((open_block|opened_block|ring|uring_block_port|thread_block_port|slot_memory|sg_io_port|nvme_admin_port|nvme_io_port|open_firmware|mmc_ioctl_port|command_ports)|libquietus_drive\.a\((linux_host|drive_probe|probe_process|ask_|image|machine|block_tree|resolve_node)|libquietus_app\.a\((machine|selftest_image)|liburing'; then
    fail "the link map of quietus-rehearse contains what is listed above"
fi
if readelf -d "$program" | grep NEEDED | grep -E 'uring'; then
    fail "quietus-rehearse needs the libraries listed above"
fi
if nm -D --undefined-only "$program" | grep -wE 'pwrite|pwrite64|io_uring_setup'; then
    fail "quietus-rehearse calls what is listed above"
fi
