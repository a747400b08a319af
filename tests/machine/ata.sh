# Drives that erase themselves by ATA commands, through this kernel's SCSI stack, by the unmodified
# program: what becomes of the drive, the verdict, and the document.
. /mnt/results/rig.sh

crypto=ata-sanitize-crypto-scramble
block=ata-sanitize-block-erase
overwrite=ata-sanitize-overwrite
enhanced=ata-security-erase-enhanced
normal=ata-security-erase

uname -r
"$build/quietus" --version
quietus key init --station GUEST >/dev/null 2>&1 || die "no key"
root=/tmp/state/keys/root.pem

# The newest document, whatever it is.
document() { ls -t /tmp/state/certificates/*.qdc.json | head -n 1; }

# row TECHNIQUE EXIT RESIDUE [tcmu_drive option...]: RESIDUE is 0, or some
row() {
    local technique=$1 status=$2 left=$3
    shift 3
    local what="$technique $*" found
    make_drive "$@"
    erase_now "$node" --technique "$technique"
    expect "$what: exit" "$status" $?
    found=$(residue "$node")
    [ "$left" != some ] || [ "$found" = 0 ] || found=some
    expect "$what: blocks left" "$left" "$found"
    [ "$status" = 0 ] || return 0
    audit verify --trust "$root" "$(document)" >/tmp/audit 2>&1
    expect "$what: quietus-audit" 0 $?
    openssl cms -verify -binary -inform DER -in "$(document | sed 's/json$/p7s/')" -content "$(document)" \
        -CAfile "$root" -out /dev/null 2>/tmp/openssl
    expect "$what: openssl" 0 $?
}

# --- honest drives, some with blocks behind an HPA ---
row $block 0 0
row $block 0 0 --accessible 8191
row $crypto 0 0 --accessible 8000
row $overwrite 0 0 --accessible 8000 --speed 600
row $enhanced 0 0 --accessible 8000
row $normal 0 0
row $block 0 0 --knob fixed-sense
expect "hdparm: nobody's password is left" 1 "$(hdparm -I "$node" 2>/dev/null | grep -c 'not.*enabled')"

# --- drives that lie or fail ---
row $block 1 some --knob done-but-nothing
row $crypto 1 some --knob crypto-keeps-key
row $block 1 0 --knob last-block-spared # its last block holds a canary
row $overwrite 1 some --speed 600 --knob zeros-without-erasing
row $block 1 some --knob fails-at-end
failed=$node
row $normal 6 0 --knob password-left
locked=$node
row $block 4 some --knob frozen
row $normal 3 some --knob count-zeroed

# --- what they left behind is undone ---
expect "hdparm: a password is set" 0 "$(hdparm -I "$locked" 2>/dev/null | grep -c 'not.*enabled')"
for each in "$failed" "$locked"; do
    quietus recover "$each" >/tmp/recover 2>&1
    quietus recover "$each" --confirm "$(code_in /tmp/recover)" >/tmp/recover 2>&1
    expect "recover $each" 0 $?
done

# --- let go of, and gone on with ---
make_drive --accessible 8000 --speed 10
quietus plan "$node" --technique $overwrite >/tmp/plan
"$build/quietus" --state /tmp/state erase "$node" --technique $overwrite --confirm "$(code_in /tmp/plan)" \
    >/tmp/erase 2>&1 &
running=$!
wait_for grep -q 'firmware' /tmp/erase
kill -INT $running
wait $running
expect "Ctrl-C: exit" 7 $?
job=$(sed -n 's/.*\(QTS-GUEST-[0-9]*\).*/\1/p' /tmp/erase | head -n 1)
quietus status >/tmp/status 2>&1
expect "status names it" 1 "$(grep -c "$job" /tmp/status)"
quietus resume "$job" >/tmp/resume 2>&1
expect "resume: exit" 0 $?
expect "resume: blocks left" 0 "$(residue "$node")"

tail -n 5 /tmp/erase /tmp/status /tmp/resume /tmp/recover
finish
