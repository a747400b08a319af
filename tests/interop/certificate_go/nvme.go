// The derivation of section 4.6, of an NVMe drive that erased itself.
package main

import (
	"encoding/hex"
	"reflect"
	"strings"
)

const (
	noDeallocate  = int64(1) << 9
	verifiesFirst = int64(1) << 10
)

func (v *ownDerivation) isNvme() bool {
	return strings.HasPrefix(textAt(v.evidence, "method"), "nvme-")
}

func isFormat(method string) bool { return strings.HasPrefix(method, "nvme-format-") }

func isSoundForNvme(technique string, options interface{}) bool {
	if !strings.HasPrefix(technique, "nvme-") {
		return true
	}
	return !boolAt(options, "zoned_no_reset") && !boolAt(options, "definitive_end") &&
		!(isFormat(technique) && boolAt(options, "may_leave_failed"))
}

func (v *ownDerivation) examineNvme() bool {
	own := "nvme_sanitize"
	if isFormat(textAt(v.evidence, "method")) {
		own = "nvme_format"
	}
	for _, other := range []string{"sanitize", "security", "scsi", "nvme_sanitize", "nvme_format"} {
		if other != own && v.has(other) {
			v.rule("failed", "inconsistent-evidence")
			return false
		}
	}
	if v.has("pass_through") {
		v.rule("failed", "inconsistent-evidence")
	}
	if !v.has(own) {
		code := "firmware-refused"
		if textAt(v.evidence, "hidden.state") == "power-cycle-needed" {
			code = "power-cycle-needed"
		}
		v.rule(v.notBegun(), code)
		return false
	}
	record := get(v.evidence, own)
	if !v.hasSucceeded(record) {
		return false
	}
	if own == "nvme_sanitize" {
		v.examineNvmeSanitize(record)
	} else {
		v.examineNvmeFormat(record)
	}
	v.examineScope()
	return true
}

// askedWord is dword 10 of Sanitize without the two bits that follow from what the drive has.
func (v *ownDerivation) askedWord() int64 {
	options := get(v.evidence, "options")
	word := int64(0)
	if boolAt(options, "may_leave_failed") {
		word |= 1 << 3
	}
	switch textAt(v.evidence, "method") {
	case "nvme-sanitize-crypto-erase":
		return word | 4
	case "nvme-sanitize-block-erase":
		return word | 2
	}
	if boolAt(options, "invert_between") {
		word |= 1 << 8
	}
	return word | 3 | numberAt(options, "passes")&15<<4
}

type statusLog struct {
	state   byte
	erased  bool
	command int64
}

func readLog(text string) (statusLog, bool) {
	octets, err := hex.DecodeString(text)
	if err != nil {
		return statusLog{}, false
	}
	for len(octets) < 8 {
		octets = append(octets, 0)
	}
	command := int64(octets[4]) | int64(octets[5])<<8 | int64(octets[6])<<16 | int64(octets[7])<<24
	return statusLog{octets[2] & 7, octets[3]&1 != 0, command}, true
}

func (v *ownDerivation) examineNvmeSanitize(record interface{}) {
	overwrites := textAt(v.evidence, "method") == "nvme-sanitize-overwrite"
	command, pattern := numberAt(record, "command"), int64(0)
	if overwrites {
		pattern = numberAt(v.evidence, "options.pattern")
	}
	kept, verifies := command&noDeallocate != 0, command&verifiesFirst != 0
	if command&^(noDeallocate|verifiesFirst) != v.askedWord() || numberAt(record, "pattern") != pattern ||
		verifies && (kept || overwrites) {
		v.rule("failed", "inconsistent-evidence")
	}
	states := map[string]byte{"sanitized": 1, "unexpected-deallocate": 4}
	state, ended := states[textAt(record, "after")]
	last, readable := readLog(textAt(record, "log_after"))
	stage := textAt(record, "stage")
	if !boolAt(record, "echoed") || !boolAt(record, "data_erased") || !ended || !readable || last.state != state ||
		!last.erased || last.command != command || stage != "idle" && stage != "unknown" ||
		textAt(record, "verification") == "entered" {
		v.rule("failed", "inconsistent-evidence")
	}
	before, known := readLog(textAt(record, "log_before"))
	same := before.command == command && (before.state == 1 || before.state == 4)
	accepted := boolAt(record, "accepted")
	atOnce := textAt(v.evidence, "method") == "nvme-sanitize-crypto-erase"
	if !boolAt(record, "seen_in_progress") && !(accepted && atOnce) && !(known && !same) {
		v.rule("indeterminate", "no-transition")
	}
	if boolAt(record, "went_backwards") {
		v.rule("indeterminate", "progress-backwards")
	}
}

func (v *ownDerivation) examineNvmeFormat(record interface{}) {
	crypto := textAt(v.evidence, "method") == "nvme-format-crypto-erase"
	erases := int64(1)
	if crypto {
		erases = 2
	}
	var numbers, asked []int64
	for _, each := range listAt(v.evidence, "scope_before.namespaces") {
		numbers = append(numbers, numberAt(each, "nsid"))
	}
	for _, each := range listAt(record, "namespaces") {
		number, _ := each.(int64)
		asked = append(asked, number)
	}
	sound := (textAt(record, "erase") == "crypto") == crypto && !boolAt(record, "end_unseen") &&
		v.has("scope_before") && reflect.DeepEqual(numbers, asked)
	var told []int64
	for _, each := range listAt(record, "commands") {
		told = append(told, numberAt(each, "nsid"))
		sound = sound && boolAt(each, "succeeded") && numberAt(each, "command")>>9&7 == erases
	}
	if numberAt(record, "attributes")&2 != 0 {
		sound = sound && len(told) == 1 && len(asked) != 0 && (told[0] == 0xFFFFFFFF || told[0] == asked[0])
	} else {
		sound = sound && reflect.DeepEqual(told, asked)
	}
	if !sound {
		v.rule("failed", "inconsistent-evidence")
	}
	if !boolAt(record, "formats_kept") {
		v.rule("indeterminate", "drive-changed")
	}
}

// joinedNamespaces are the attached ones, one behind the other: blocks, their size, and borders.
func joinedNamespaces(scope interface{}) (int64, int64, []int64, bool) {
	blocks, block := int64(0), int64(0)
	var borders []int64
	for _, each := range listAt(scope, "namespaces") {
		if !boolAt(each, "attached") {
			continue
		}
		count, bytes := numberAt(each, "blocks"), numberAt(each, "block_bytes")
		if !boolAt(each, "described") || count == 0 || bytes == 0 {
			return 0, 0, nil, false
		}
		if blocks == 0 {
			block = bytes
		} else {
			borders = append(borders, blocks*block)
		}
		if bytes != block || count >= (maxInteger+1)/bytes-blocks {
			return 0, 0, nil, false
		}
		blocks += count
	}
	return blocks, block, borders, blocks != 0
}

func (v *ownDerivation) borders() []int64 {
	if scope := get(v.evidence, "scope_before"); scope != nil {
		_, _, borders, _ := joinedNamespaces(scope)
		return borders
	}
	units := listAt(v.evidence, "scsi")
	if !makeUp(units, numberAt(v.evidence, "identity_before.sectors")) {
		return nil
	}
	var borders []int64
	blocks := int64(0)
	for _, each := range units[:len(units)-1] {
		blocks += numberAt(each, "blocks")
		borders = append(borders, blocks*numberAt(v.evidence, "identity_before.logical_bytes"))
	}
	return borders
}

func (v *ownDerivation) examineScope() {
	before, after := get(v.evidence, "scope_before"), get(v.evidence, "scope_after")
	if before == nil || after == nil {
		v.rule("indeterminate", "missing-record")
		return
	}
	for _, scope := range []interface{}{before, after} {
		if !boolAt(scope, "complete") || !boolAt(scope, "accounted") {
			v.rule("indeterminate", "native-capacity-unknown")
		}
		for _, each := range listAt(scope, "namespaces") {
			if !boolAt(each, "attached") {
				v.rule("indeterminate", "hidden-area")
			}
		}
	}
	blocks, block, _, whole := joinedNamespaces(before)
	if !whole || blocks != numberAt(v.evidence, "identity_before.sectors") ||
		block != numberAt(v.evidence, "identity_before.logical_bytes") {
		v.rule("failed", "inconsistent-evidence")
	}
	if !reflect.DeepEqual(withoutOthers(before), withoutOthers(after)) {
		v.rule("indeterminate", "drive-changed")
	}
}

var namespaceNames = []string{"nsid", "attached", "described", "blocks", "block_bytes", "format", "metadata_bytes",
	"metadata_extended", "protection", "protection_first", "write_protected", "shared"}

func withoutOthers(scope interface{}) []interface{} {
	var all []interface{}
	for _, each := range listAt(scope, "namespaces") {
		all = append(all, chosen(each, namespaceNames...))
	}
	return all
}

// isDeallocated: what is read stands for nothing that is on the medium.
func (v *ownDerivation) isDeallocated() bool {
	record := get(v.evidence, "nvme_sanitize")
	return record != nil && (numberAt(record, "command")&noDeallocate == 0 ||
		textAt(record, "after") == "unexpected-deallocate")
}

func (v *ownDerivation) examineMedium() {
	record := get(v.evidence, "nvme_sanitize")
	if v.has("medium_read") {
		v.addFolded("canary-left", extentsAt(v.evidence, "medium_read.canaries_left"))
		v.addFolded("canary-left", extentsAt(v.evidence, "medium_read.canaries_elsewhere"))
		v.addExtents("mismatch", "medium_read.read_back.mismatched")
		if record == nil {
			v.rule("failed", "inconsistent-evidence")
		}
	}
	if record != nil && !v.wasMediumRead(record) {
		v.limits = append(v.limits, "medium-not-read")
	}
}

func (v *ownDerivation) wasMediumRead(record interface{}) bool {
	if numberAt(record, "command")&noDeallocate != 0 {
		return textAt(record, "after") == "sanitized" && !v.has("host_pass") && !v.isSampled()
	}
	if textAt(record, "verification") != "left" || !v.has("medium_read") {
		return false
	}
	expected := "host-pass"
	if textAt(v.evidence, "method") == "nvme-sanitize-block-erase" {
		expected = "zeros-or-ones"
	}
	read := get(v.evidence, "medium_read.read_back")
	return boolAt(v.evidence, "medium_read.canaries_checked") && boolAt(read, "completed") &&
		get(read, "sample") == nil && textAt(read, "expectation") == expected &&
		covers(joined(extentsAt(read, "matched")), v.size)
}

// lostBlocks: whether there are any, and whether the drive has told.
func lostBlocks(health interface{}) (bool, bool) {
	errors, told := get(health, "media_errors").(int64)
	warning, warns := get(health, "critical_warning").(int64)
	return errors != 0 || warning&0x0D != 0, told && warns
}

func scopeTexts(evidence interface{}) []string {
	var texts []string
	for _, path := range []string{"scope_before.excluded", "scope_before.notes", "scope_after.excluded", "scope_after.notes"} {
		for _, each := range listAt(evidence, path) {
			text, _ := each.(string)
			texts = append(texts, text)
		}
	}
	return texts
}
