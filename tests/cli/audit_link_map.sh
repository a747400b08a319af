#!/bin/sh
# audit_link_map.sh PROGRAM MAP: the auditor's program must contain nothing that could open a drive,
# and no private key code.
set -eu
program=$1 map=$2

fail() {
    echo "$1" >&2
    exit 1
}

grep -q libquietus_certificate "$map" || fail "not the link map of quietus-audit: $map"
if grep -E 'libquietus_(transport|drive|technique|verify|job|app|keys|ledger|emulator)|blkid|liburing|io_uring' "$map"; then
    fail "the link map of quietus-audit contains what is listed above"
fi
needed=$(readelf -d "$program" | grep NEEDED)
echo "$needed" | grep -q libcrypto || fail "cannot read the libraries of $program"
if echo "$needed" | grep -E 'blkid|uring|curl|sqlite|libpq'; then
    fail "quietus-audit needs the libraries listed above"
fi
if nm -D --undefined-only "$program" | grep -wE 'ioctl|pwrite|pwrite64|io_uring_setup'; then
    fail "quietus-audit calls what is listed above"
fi
