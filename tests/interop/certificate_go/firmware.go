// The derivation of section 4.6: of a drive that erased itself.
package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
)

// sameSteps are those of each plan by which a drive erases itself.
var sameSteps = []string{"address-probe", "canaries", "firmware"}

func isByFirmware(technique string) bool { return technique != "overwrite" && technique != luksErase }

// reachedBytes is what the drive could address when its own operation began; 0: not known.
func reachedBytes(d *document) int64 {
	sectors, block := d.number("method.firmware.identity_before.sectors"),
		d.number("method.firmware.identity_before.logical_bytes")
	if block == 0 || sectors > maxInteger/block {
		return 0
	}
	return sectors * block
}

const maxInteger = int64(1)<<53 - 1

// coveredBytes is what extents and coverage are of.
func coveredBytes(d *document) int64 {
	if reached := reachedBytes(d); reached != 0 {
		return reached
	}
	return erasedBytes(d)
}

// ownDerivation goes down from `erased` with everything that it finds.
type ownDerivation struct {
	d        *document
	evidence interface{}
	size     int64
	block    int64
	found    []finding
	weight   int
	limits   []string
	proven   []extent
	healthy  bool
}

var byWeight = []string{"failed", "interrupted", "indeterminate", "refused", "erased"}

func weightOf(verdict string) int {
	for i, each := range byWeight {
		if each == verdict {
			return i
		}
	}
	return len(byWeight)
}

func (v *ownDerivation) outweigh(verdict string) {
	if weight := weightOf(verdict); weight < v.weight {
		v.weight = weight
	}
}

func (v *ownDerivation) rule(verdict, code string) {
	v.found = append(v.found, finding{code: code})
	v.outweigh(verdict)
}

func (v *ownDerivation) addExtents(code, path string) { v.addAll(code, extentsAt(v.evidence, path)) }

func (v *ownDerivation) addAll(code string, extents []extent) {
	for i, each := range extents {
		if i == findingsPerList || v.size == 0 {
			v.found = append(v.found, finding{code: code})
			if i == findingsPerList {
				break
			}
			continue
		}
		first, last := each.offset/v.block, (each.end-1)/v.block
		v.found = append(v.found, finding{code, true, first, last - first + 1})
	}
	if len(extents) != 0 {
		v.outweigh("failed")
	}
}

// addFolded: one for all, with its blocks where they are of one extent alone.
func (v *ownDerivation) addFolded(code string, extents []extent) {
	if len(extents) > 1 {
		v.rule("failed", code)
		return
	}
	v.addAll(code, extents)
}

// has: an empty list is none.
func (v *ownDerivation) has(path string) bool {
	value := get(v.evidence, path)
	list, isList := value.([]interface{})
	return value != nil && (!isList || len(list) != 0)
}

// notBegun: once something was written a drive is not what it was.
func (v *ownDerivation) notBegun() string {
	if v.has("probe") || v.has("canaries") {
		return "failed"
	}
	return "refused"
}

func (v *ownDerivation) examine() {
	if boolAt(v.evidence, "page_cache") {
		v.limits = append(v.limits, "page-cache")
	}
	if len(listAt(v.evidence, "scope_before.excluded")) != 0 {
		v.limits = append(v.limits, "beside-namespaces-not-reached")
	}
	if v.isNvme() {
		if !v.examineNvme() {
			v.addAliasing()
			return
		}
		v.examineRest()
		return
	}
	if !v.examineOperation() {
		v.addAliasing()
		return
	}
	v.examineRest()
}

func (v *ownDerivation) addAliasing() {
	v.addExtents("address-aliasing", "probe.wrong")
	v.addAll("address-aliasing", v.aliases())
}

func (v *ownDerivation) examineRest() {
	switch textAt(v.evidence, "stopped") {
	case "none":
	case "interrupted":
		v.rule("interrupted", "interrupted")
	default:
		v.rule("failed", "io-error")
	}
	v.examineIdentity()
	v.examineHidden()
	v.examineProbe()
	v.examineCanaries()
	v.examineReadBack()
	v.examineMedium()
	v.examineHealth()
}

// operationRecords are of each kind of operation, one of which a method leaves.
var operationRecords = []string{"sanitize", "security", "scsi"}

func recordOf(method string) string {
	switch {
	case strings.HasPrefix(method, "scsi-"):
		return "scsi"
	case strings.HasPrefix(method, "ata-sanitize-"):
		return "sanitize"
	}
	return "security"
}

func (v *ownDerivation) examineOperation() bool {
	method := textAt(v.evidence, "method")
	asked := recordOf(method)
	for _, each := range operationRecords {
		if each != asked && v.has(each) {
			v.rule("failed", "inconsistent-evidence")
			return false
		}
	}
	ofATA := strings.HasPrefix(method, "ata-")
	if !ofATA && v.has("pass_through") {
		v.rule("failed", "inconsistent-evidence")
	}
	if ofATA && !boolAt(v.evidence, "pass_through.trusted") {
		v.examineUntrusted(asked)
		return false
	}
	if !v.has(asked) {
		code := "firmware-refused"
		if textAt(v.evidence, "hidden.state") == "power-cycle-needed" {
			code = "power-cycle-needed"
		}
		v.rule(v.notBegun(), code)
		return false
	}
	switch asked {
	case "scsi":
		return v.examineScsi(listAt(v.evidence, "scsi"))
	case "sanitize":
		return v.examineSanitize(get(v.evidence, "sanitize"))
	}
	return v.examineSecurity(get(v.evidence, "security"))
}

func (v *ownDerivation) examineUntrusted(asked string) {
	if v.has(asked) {
		v.rule("failed", "inconsistent-evidence")
	}
	if numberAt(v.evidence, "pass_through.echoes") == 0 {
		v.rule(v.notBegun(), "firmware-refused")
	} else {
		v.rule(v.notBegun(), "transport-untrusted")
	}
}

func (v *ownDerivation) hasSucceeded(record interface{}) bool {
	switch textAt(record, "outcome") {
	case "succeeded":
		return true
	case "not-started", "refused":
		v.rule(v.notBegun(), "firmware-refused")
	case "under-way":
		v.rule("interrupted", "firmware-under-way")
	case "failed":
		v.rule("failed", "firmware-failed")
	default:
		v.rule("indeterminate", "firmware-indeterminate")
	}
	return false
}

func (v *ownDerivation) examineSanitize(record interface{}) bool {
	if !v.hasSucceeded(record) {
		return false
	}
	before, after := textAt(record, "before"), textAt(record, "after")
	accepted := boolAt(record, "accepted")
	seen := boolAt(record, "seen_in_progress") || before != "completed" && before != "unknown"
	atOnce := accepted && textAt(v.evidence, "method") == "ata-sanitize-crypto-scramble"
	if !seen && !atOnce {
		v.rule("indeterminate", "no-transition")
	}
	if after != "completed" && after != "frozen" {
		v.rule("failed", "inconsistent-evidence")
	}
	if boolAt(record, "went_backwards") {
		v.rule("indeterminate", "progress-backwards")
	}
	return true
}

func (v *ownDerivation) examineSecurity(record interface{}) bool {
	if boolAt(record, "password_left") {
		v.rule("indeterminate", "password-left")
	}
	if !v.hasSucceeded(record) {
		return false
	}
	if numberAt(record, "word_after")&6 != 0 {
		v.rule("indeterminate", "password-left")
	}
	enhanced := textAt(v.evidence, "method") == "ata-security-erase-enhanced"
	if !boolAt(record, "password_proven") || boolAt(record, "enhanced") != enhanced ||
		!boolAt(record, "command_succeeded") && !boolAt(record, "end_unseen") {
		v.rule("failed", "inconsistent-evidence")
	}
	return true
}

// examineScsi: every logical unit has to have done it, and all of them are the drive.
func (v *ownDerivation) examineScsi(units []interface{}) bool {
	succeeded := true
	for _, each := range units {
		succeeded = v.hasSucceeded(each) && succeeded
	}
	if !succeeded {
		return false
	}
	for _, each := range units {
		v.examineUnit(each)
	}
	if !makeUp(units, numberAt(v.evidence, "identity_before.sectors")) {
		v.rule("failed", "inconsistent-evidence")
	}
	return true
}

// makeUp: the blocks of these units, one behind the other, are all that a drive of so many has.
func makeUp(units []interface{}, sectors int64) bool {
	for _, each := range units {
		blocks := numberAt(each, "blocks")
		if blocks <= 0 || blocks > sectors {
			return false
		}
		sectors -= blocks
	}
	return len(units) != 0 && sectors == 0
}

// ownOperation is the record of it, or what is there of several logical units together.
func ownOperation(evidence interface{}) interface{} {
	for _, name := range []string{"sanitize", "security", "nvme_sanitize", "nvme_format"} {
		if record := get(evidence, name); record != nil {
			return record
		}
	}
	if units := listAt(evidence, "scsi"); len(units) != 0 {
		return timeOfUnits(units)
	}
	return nil
}

// timeOfUnits is from the first of them to the last.
func timeOfUnits(units []interface{}) interface{} {
	started, ended := textAt(units[0], "timing.started_at"), textAt(units[0], "timing.ended_at")
	for _, each := range units[1:] {
		if when := textAt(each, "timing.started_at"); when < started {
			started = when
		}
		if when := textAt(each, "timing.ended_at"); when > ended {
			ended = when
		}
	}
	return map[string]interface{}{"timing": map[string]interface{}{"started_at": started, "ended_at": ended}}
}

func (v *ownDerivation) examineUnit(record interface{}) {
	ended, again := boolAt(record, "ended_with_command"), boolAt(record, "ordered_again")
	if !boolAt(record, "seen_in_progress") && !ended {
		v.rule("indeterminate", "no-transition")
	}
	if textAt(record, "after") != "idle" {
		v.rule("failed", "inconsistent-evidence")
	}
	method, before := textAt(v.evidence, "method"), textAt(record, "before")
	brief := method == "scsi-sanitize-block-erase" || method == "scsi-sanitize-crypto-erase"
	begins := before == "idle" || before == "sanitize-failed" || before == "format-failed"
	if ended && !again || again && !(brief && boolAt(record, "accepted")) || !begins ||
		textAt(record, "phase") != "ended" || numberAt(record, "resets") > numberAt(record, "attentions") ||
		numberAt(record, "unanswered") > numberAt(record, "asked") {
		v.rule("failed", "inconsistent-evidence")
	}
	if boolAt(record, "went_backwards") {
		v.rule("indeterminate", "progress-backwards")
	}
}

func (v *ownDerivation) examineIdentity() {
	before, after := get(v.evidence, "identity_before"), get(v.evidence, "identity_after")
	if before == nil || after == nil {
		v.rule("indeterminate", "missing-record")
		return
	}
	if textAt(before, "model") != textAt(after, "model") || textAt(before, "serial") != textAt(after, "serial") {
		v.rule("indeterminate", "drive-changed")
	}
	if numberAt(before, "sectors") != numberAt(after, "sectors") ||
		numberAt(before, "logical_bytes") != numberAt(after, "logical_bytes") {
		v.rule("indeterminate", "drive-changed")
	}
	if v.size == 0 {
		v.rule("failed", "inconsistent-evidence")
	}
}

// nativeSectors is the most that any of them tells; false when one would not.
func nativeSectors(areas interface{}) (int64, bool) {
	native := numberAt(areas, "accessible")
	if len(listAt(areas, "unreadable")) != 0 || native == 0 {
		return 0, false
	}
	for _, name := range []string{"protected_area", "accessible_max", "overlay"} {
		if each := numberAt(areas, name); each > native {
			native = each
		}
	}
	return native, true
}

func (v *ownDerivation) examineHidden() {
	hidden := get(v.evidence, "hidden")
	reached := reachedBlocks(hidden)
	if reached == 0 {
		v.rule("indeterminate", obstacleCode(textAt(hidden, "state")))
		return
	}
	after, known := nativeSectors(get(hidden, "after"))
	if !known {
		v.rule("indeterminate", "native-capacity-unknown")
		return
	}
	identity := get(v.evidence, "identity_after")
	if reached != after || identity == nil || after != numberAt(identity, "sectors") ||
		after != numberAt(hidden, "after.accessible") {
		v.rule("indeterminate", "hidden-area")
	}
}

func (v *ownDerivation) examineProbe() {
	if !boolAt(v.evidence, "probe.completed") || !boolAt(v.evidence, "probe.flushed") {
		v.rule("indeterminate", "incomplete-probe")
		return
	}
	v.addExtents("address-aliasing", "probe.wrong")
	v.addExtents("unwritable", "probe.unwritable")
	v.addExtents("unreadable", "probe.unreadable")
}

func (v *ownDerivation) examineCanaries() {
	canaries := get(v.evidence, "canaries")
	if !boolAt(canaries, "checked") {
		v.rule("indeterminate", "missing-record")
		return
	}
	written := extentsAt(canaries, "written")
	if !isWellFormed(written, v.size) {
		v.rule("failed", "inconsistent-evidence")
		return
	}
	if len(listAt(canaries, "unwritable")) != 0 || len(listAt(canaries, "not_stored")) != 0 ||
		!v.hasRequired(written, numberAt(canaries, "hidden_from")) {
		v.rule("indeterminate", "canary-not-stored")
	}
	aliases := v.aliases()
	v.addAll("address-aliasing", aliases)
	v.addFolded("canary-left", extentsAt(canaries, "left"))
	v.addFolded("canary-left", without(joined(extentsAt(canaries, "elsewhere")), aliases))
	missed := without(without(written, extentsAt(canaries, "gone")), extentsAt(canaries, "unreadable"))
	if len(missed) != 0 && len(listAt(canaries, "left")) == 0 {
		v.rule("failed", "inconsistent-evidence")
	}
}

// aliases: one was not stored, and another one stood there: two addresses of one block.
func (v *ownDerivation) aliases() []extent {
	stored := without([]extent{{0, v.size}}, extentsAt(v.evidence, "canaries.not_stored"))
	return without(joined(extentsAt(v.evidence, "canaries.elsewhere")), stored)
}

// hasRequired: the first and the last block, and both sides of what was hidden before.
func (v *ownDerivation) hasRequired(written []extent, hiddenFrom int64) bool {
	if v.size < v.block || v.block == 0 {
		return false
	}
	required := []extent{{0, v.block}, {v.size - v.block, v.size}}
	if textAt(v.evidence, "hidden.state") == "lifted" {
		if hiddenFrom != numberAt(v.evidence, "hidden.before.accessible")*v.block {
			return false
		}
		if hiddenFrom >= v.block && hiddenFrom < v.size {
			required = append(required, extent{hiddenFrom - v.block, hiddenFrom}, extent{hiddenFrom, hiddenFrom + v.block})
		}
	}
	for _, border := range v.borders() {
		if border < v.block || border >= v.size {
			return false
		}
		required = append(required, extent{border - v.block, border}, extent{border, border + v.block})
	}
	for _, each := range required {
		if len(without([]extent{each}, written)) != 0 {
			return false
		}
	}
	return true
}

// mustReturn is the table of section 4.6: what is expected, and of which octets.
func (v *ownDerivation) mustReturn() (string, []string) {
	options := get(v.evidence, "options")
	switch textAt(v.evidence, "method") {
	case "ata-sanitize-block-erase", "scsi-sanitize-block-erase", "nvme-sanitize-block-erase":
		return "zeros-or-ones", nil
	case "scsi-sanitize-overwrite":
		return "pattern", bothOrders(uint32(numberAt(options, "pattern")))[1:]
	case "ata-sanitize-overwrite":
	case "nvme-sanitize-overwrite":
		if v.isDeallocated() {
			return "host-pass", nil
		}
		return "pattern", bothOrders(uint32(numberAt(options, "pattern")))
	default:
		return "host-pass", nil
	}
	pattern := uint32(numberAt(options, "pattern"))
	octets := bothOrders(pattern)
	if boolAt(options, "invert_between") && !boolAt(options, "definitive_end") && numberAt(options, "passes") > 1 {
		return "either", append(octets, bothOrders(math.MaxUint32-pattern)...)
	}
	return "pattern", octets
}

func bothOrders(pattern uint32) []string {
	octets := []byte{byte(pattern), byte(pattern >> 8), byte(pattern >> 16), byte(pattern >> 24)}
	turned := []byte{octets[3], octets[2], octets[1], octets[0]}
	return []string{hex.EncodeToString(octets), hex.EncodeToString(turned)}
}

func (v *ownDerivation) isWhatMustBe(record interface{}) bool {
	expectation, octets := v.mustReturn()
	stated := textAt(record, "expectation")
	if stated == "host-pass" {
		return (expectation == "host-pass" || expectation == "zeros-or-ones") && v.has("host_pass")
	}
	return stated == expectation && (len(octets) == 0 || contains(octets, textAt(record, "bytes")))
}

func (v *ownDerivation) examineReadBack() {
	record := get(v.evidence, "read_back")
	if record == nil {
		v.rule("indeterminate", "missing-record")
		return
	}
	matched := extentsAt(record, "matched")
	if !isWellFormed(matched, v.size) || !v.isWhatMustBe(record) {
		v.rule("failed", "inconsistent-evidence")
		return
	}
	v.addExtents("mismatch", "read_back.mismatched")
	v.addExtents("unreadable", "read_back.unreadable")
	sample := get(record, "sample")
	if sample == nil {
		v.proven = without(without(joined(matched), extentsAt(record, "mismatched")), extentsAt(record, "unreadable"))
		if !boolAt(record, "completed") || !covers(v.proven, v.size) {
			v.rule("failed", "incomplete-read-back")
		}
	} else if percent := numberAt(sample, "percent"); len(matched) != 0 || percent < 1 || percent > 99 {
		v.rule("failed", "inconsistent-evidence")
	} else if !boolAt(record, "completed") || !isWholeSample(sample, "block_bytes", v.size, percent) {
		v.rule("failed", "incomplete-read-back")
	}
	if v.has("host_pass") {
		v.examineHostPass(get(v.evidence, "host_pass"))
	}
	if sample != nil && len(v.found) == 0 {
		v.proven = []extent{{0, v.size}}
	}
}

func (v *ownDerivation) isSampled() bool { return v.has("read_back.sample") }

func (v *ownDerivation) examineHostPass(pass interface{}) {
	written := extentsAt(pass, "written")
	if textAt(pass, "data") != "random_stream" || !isWellFormed(written, v.size) {
		v.rule("failed", "inconsistent-evidence")
		return
	}
	if !boolAt(pass, "flushed") {
		v.rule("failed", "flush-failed")
	}
	if !boolAt(pass, "completed") || !covers(without(written, extentsAt(pass, "unwritable")), v.size) {
		v.rule("failed", "incomplete-pass")
	}
}

// remappedBlocks: whether there are any, or about to be, and whether the drive has told.
func remappedBlocks(health interface{}) (bool, bool) {
	if get(health, "reallocated") == nil {
		return lostBlocks(health)
	}
	reallocated, told := get(health, "reallocated").(int64)
	return reallocated != 0 || numberAt(health, "pending") != 0, told
}

func (v *ownDerivation) examineHealth() {
	sound, told := true, true
	for _, name := range []string{"health_before", "health_after"} {
		remapped, known := remappedBlocks(get(v.evidence, name))
		told = told && known
		sound = sound && known && !remapped
	}
	v.healthy = sound
	if !told {
		v.limits = append(v.limits, "health-unknown")
	} else if !sound {
		v.limits = append(v.limits, "remapped-blocks-may-hold-data")
	}
}

// --- against plan and drive ---

// isSoundOwnPlan: the steps are those of the technique, the options some that it has.
func isSoundOwnPlan(d *document) bool {
	technique, options := d.text("method.technique"), get(d.root, "method.options")
	passes := numberAt(options, "passes")
	most := int64(16)
	if technique == "scsi-sanitize-overwrite" {
		most = 31
	}
	if options == nil || passes < 1 || passes > most {
		return false
	}
	overwrites := strings.HasSuffix(technique, "-sanitize-overwrite")
	if strings.HasPrefix(technique, "scsi-") && boolAt(options, "definitive_end") {
		return false
	}
	if !isSoundForNvme(technique, options) {
		return false
	}
	if !overwrites && (numberAt(options, "pattern") != 0 || passes != 1 ||
		boolAt(options, "invert_between") || boolAt(options, "definitive_end")) {
		return false
	}
	sanitizes := strings.Contains(technique, "-sanitize-")
	if !sanitizes && boolAt(options, "may_leave_failed") {
		return false
	}
	if (!sanitizes || strings.HasPrefix(technique, "nvme-")) && boolAt(options, "zoned_no_reset") {
		return false
	}
	kinds := sameSteps
	if !overwrites && !strings.HasSuffix(technique, "-sanitize-block-erase") {
		kinds = append(append([]string{}, sameSteps...), "write")
	}
	steps := d.list("method.steps")
	if len(steps) != len(kinds) {
		return false
	}
	for i, step := range steps {
		data := "none"
		if kinds[i] == "write" {
			data = "random_stream"
		}
		if textAt(step, "kind") != kinds[i] || textAt(step, "data") != data || textAt(step, "bytes") != "" ||
			numberAt(step, "of") != 0 || textAt(step, "verification.mode") != "none" ||
			numberAt(step, "verification.percent") != 0 {
			return false
		}
	}
	asked := get(d.root, "verification")
	return isSoundVerification(asked) && textAt(asked, "mode") != "none"
}

// isLessThanAsked: of a run that was gone on with all is read back.
func isLessThanAsked(d *document, sample interface{}) bool {
	if sample == nil {
		return false
	}
	done := map[string]interface{}{"mode": "sample", "percent": numberAt(sample, "percent")}
	return len(d.list("method.resumed")) != 0 || !isEnough(done, get(d.root, "verification"))
}

var optionNames = []string{"pattern", "passes", "invert_between", "definitive_end", "may_leave_failed", "zoned_no_reset"}

// contradictions are what speaks against records that are not of this drive and plan.
func contradictions(d *document) []finding {
	var found []finding
	add := func(holds bool, code string) {
		if holds {
			found = append(found, finding{code: code})
		}
	}
	add(!isSoundOwnPlan(d), "unsound-plan")
	add(get(d.root, "method.probe") != nil || len(d.list("method.passes")) != 0 ||
		len(d.list("verification.read_backs")) != 0, "unexpected-record")
	evidence := get(d.root, "method.firmware")
	if evidence == nil {
		return append(found, finding{code: "missing-record"})
	}
	differs := textAt(evidence, "method") != d.text("method.technique")
	if options := get(d.root, "method.options"); options != nil && !differs {
		differs = !reflect.DeepEqual(chosen(options, optionNames...), chosen(get(evidence, "options"), optionNames...))
	}
	add(differs, "unexpected-record")
	add(isLessThanAsked(d, get(evidence, "read_back.sample")), "incomplete-read-back")
	identity := get(evidence, "identity_before")
	if identity == nil {
		return found
	}
	logical := numberAt(identity, "logical_bytes")
	blocks := int64(0)
	if logical != 0 {
		blocks = d.number("drive.capacity_bytes") / logical
	}
	same := textAt(identity, "model") == d.text("drive.model") && textAt(identity, "serial") == d.text("drive.serial") &&
		logical == d.number("drive.logical_block_bytes") &&
		(blocks == numberAt(evidence, "hidden.before.accessible") || blocks == numberAt(identity, "sectors"))
	add(!same, "drive-changed")
	return found
}

// claimedByVendors is purge by some vendors' implementation alone.
const claimedByVendors = "nvme-format-crypto-erase"

var levelNumbers = map[string]int{"none": 0, "clear": 1, "purge": 2}

// techniqueLevel is the table of section 4.6.
func techniqueLevel(d *document, technique string) string {
	if technique == claimedByVendors && d.text("policy.decision.vendor_claim") == "accepted" &&
		textAt(get(d.root, "method.firmware"), "scope_before.unallocated_bytes") == "0" {
		return "purge"
	}
	if technique == "ata-security-erase" || technique == "overwrite" || technique == "scsi-format-unit" ||
		strings.HasPrefix(technique, "nvme-format-") {
		return "clear"
	}
	return "purge"
}

// driveLevel is the most that the technique comes to on such a drive.
func driveLevel(d *document) string {
	kind, medium, technique := d.text("drive.kind"), d.text("drive.medium"), d.text("method.technique")
	if virtualKinds[kind] || medium == "virtual" {
		return "none"
	}
	magnetic := medium == "magnetic" && (kind == "ata" || kind == "scsi" || kind == "usb")
	if strings.HasPrefix(technique, "nvme-") {
		if kind != "nvme" || medium != "flash" {
			return "clear"
		}
		return techniqueLevel(d, technique)
	}
	ofSCSI := strings.HasPrefix(technique, "scsi-")
	flash := medium == "flash" && (ofSCSI && kind == "scsi" ||
		!ofSCSI && (kind == "ata" || kind == "usb" && !boolAt(d.root, "drive.removable")))
	hybrid := medium == "hybrid" && (!ofSCSI || technique == "scsi-sanitize-overwrite")
	fits := hybrid || magnetic && !strings.HasSuffix(technique, "-sanitize-block-erase") ||
		flash && !strings.HasSuffix(technique, "-sanitize-overwrite")
	if !fits {
		return "clear"
	}
	return techniqueLevel(d, technique)
}

func lowerLevel(one, other string) string {
	if levelNumbers[one] < levelNumbers[other] {
		return one
	}
	return other
}

func (v *ownDerivation) level() string {
	level := lowerLevel(lowerLevel(v.d.text("method.level"), driveLevel(v.d)), techniqueLevel(v.d, textAt(v.evidence, "method")))
	// Where no canary was seen to be gone nobody has seen what the drive did.
	unheard := v.has("sanitize") && !boolAt(v.evidence, "sanitize.accepted")
	if !v.healthy || v.isSampled() || unheard || len(listAt(v.evidence, "canaries.gone")) == 0 {
		level = lowerLevel(level, "clear")
	}
	return level
}

func deriveOwn(d *document) result {
	evidence := get(d.root, "method.firmware")
	v := &ownDerivation{d: d, evidence: evidence, size: reachedBytes(d), weight: weightOf("erased"),
		block: numberAt(evidence, "identity_before.logical_bytes")}
	r := result{verdict: "failed", level: "none", basis: "host_read_back"}
	if evidence != nil {
		v.examine()
		r.verdict = byWeight[v.weight]
	}
	r.proven = v.proven
	if covered := coveredBytes(d); covered != 0 {
		r.unproven = without([]extent{{0, covered}}, v.proven)
	}
	against := contradictions(d)
	stopped := d.text("method.stopped")
	switch {
	case stopped == "interrupted" || stopped == "worker-lost":
		r.verdict = "interrupted"
	case stopped != "none" || len(against) != 0:
		r.verdict = "failed"
	}
	if code := stopCodes[stopped]; code != "" {
		r.findings = append(r.findings, finding{code: code})
	}
	r.findings = append(append(r.findings, against...), v.found...)
	if r.verdict == "erased" {
		r.level, r.grade = v.level(), "E3"
		if v.isSampled() {
			r.grade = "E2"
		}
		if asked := d.text("policy.decision.level"); asked != "" && levelNumbers[r.level] < levelNumbers[asked] {
			r.findings = append(r.findings, finding{code: "level-not-reached"})
			r.verdict, r.level, r.grade = "indeterminate", "none", ""
		}
	}
	if r.level == "purge" {
		r.basis, r.grade = "drive_reported", "E4"
		v.limits = append(v.limits, "level-reported-by-drive")
		if d.text("method.technique") == claimedByVendors {
			v.limits = append(v.limits, "level-by-vendor-claim")
		}
	} else {
		v.limits = append(v.limits, "spare-blocks-not-reached")
	}
	v.limits = append(v.limits, "technique-not-proven-on-hardware")
	if v.isSampled() {
		v.limits = append(v.limits, "addressing-sampled")
	}
	if len(d.list("method.resumed")) != 0 {
		v.limits = append(v.limits, "interrupted-and-resumed")
	}
	sort.Strings(v.limits)
	r.limits = v.limits
	return r
}

// --- what is looked at besides ---

func ownExtentPaths(d *document) []string {
	var paths []string
	for _, group := range []struct{ record, lists string }{
		{"probe", "wrong unwritable unreadable"},
		{"canaries", "written unwritable not_stored gone left elsewhere unreadable"},
		{"medium_read", "canaries_left canaries_elsewhere"},
		{"medium_read.read_back", "matched mismatched unreadable"},
		{"host_pass", "written unwritable"},
		{"read_back", "matched mismatched unreadable"}} {
		for _, name := range strings.Fields(group.lists) {
			paths = append(paths, fmt.Sprintf("method.firmware.%s.%s", group.record, name))
		}
	}
	return paths
}

// ownTexts are those that a rehearsal marks.
func ownTexts(d *document) []string {
	var texts []string
	evidence := get(d.root, "method.firmware")
	for _, path := range []string{"pass_through.text", "stop_text", "identity_before.model",
		"identity_before.serial", "identity_after.model", "identity_after.serial", "health_before.text",
		"health_after.text", "sanitize.text", "security.text", "nvme_sanitize.text",
		"nvme_format.text"} {
		texts = append(texts, textAt(evidence, path))
	}
	for _, each := range listAt(evidence, "scsi") {
		texts = append(texts, textAt(each, "text"))
	}
	texts = append(texts, scopeTexts(evidence)...)
	return append(append(texts, hiddenTexts(get(evidence, "hidden"))...), hiddenTexts(get(d.root, "method.hidden"))...)
}

func hiddenTexts(hidden interface{}) []string {
	texts := []string{textAt(hidden, "text")}
	for _, path := range []string{"before", "lifted", "after"} {
		for _, each := range listAt(hidden, path+".unreadable") {
			text, _ := each.(string)
			texts = append(texts, text)
		}
	}
	return texts
}

// checkOwnProof is what a certificate must have whatever is derived.
func checkOwnProof(d *document, found findings) {
	evidence := get(d.root, "method.firmware")
	covered, identity := coveredBytes(d), get(evidence, "identity_after")
	native, known := nativeSectors(get(evidence, "hidden.after"))
	sectors := numberAt(identity, "sectors")
	if identity == nil || !known || native != sectors || numberAt(evidence, "hidden.after.accessible") != sectors ||
		sectors*numberAt(identity, "logical_bytes") != covered {
		found.add("E_SEM_CAPACITY")
	}
	if get(evidence, "canaries") == nil || len(listAt(evidence, "canaries.left")) != 0 ||
		len(listAt(evidence, "canaries.elsewhere")) != 0 ||
		len(listAt(evidence, "read_back.mismatched")) != 0 || len(listAt(evidence, "read_back.unreadable")) != 0 {
		found.add("E_SEM_RESULT")
	}
	if get(evidence, "read_back.sample") == nil && !covers(extentsAt(evidence, "read_back.matched"), covered) {
		found.add("E_SEM_COVERAGE")
	}
}
