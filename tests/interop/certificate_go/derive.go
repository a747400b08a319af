// The derivation of section 4.1: from plan and evidence to what a document may say.
package main

import (
	"encoding/hex"
	"sort"
	"strings"
)

type finding struct {
	code          string
	placed        bool
	first, blocks int64
}

type result struct {
	verdict, level, basis, grade string
	proven, unproven             []extent
	limits                       []string
	findings                     []finding
}

type derivation struct {
	d        *document
	capacity int64
	steps    []interface{}
	passes   []interface{}
	backs    []interface{}
	resumed  []interface{}
	stopped  bool
	obstacle string // the verdict when what is hidden was not lifted
	stayed   bool   // that it was within reach afterwards is known
	found    []finding
}

func (v *derivation) add(code string) { v.found = append(v.found, finding{code: code}) }

const findingsPerList = 256

func (v *derivation) addExtents(code string, extents []extent) {
	block := v.d.number("drive.logical_block_bytes")
	for i, each := range extents {
		if i == findingsPerList {
			v.add(code)
			return
		}
		first, last := each.offset/block, (each.end-1)/block
		v.found = append(v.found, finding{code, true, first, last - first + 1})
	}
}

func isHex(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && strings.ToLower(text) == text
}

// Steps are numbered from 1.
func (v *derivation) step(number int64) interface{} {
	if number < 1 || number > int64(len(v.steps)) {
		return nil
	}
	return v.steps[number-1]
}

func isSoundVerification(verification interface{}) bool {
	percent := numberAt(verification, "percent")
	switch textAt(verification, "mode") {
	case "full":
		return percent == 100
	case "sample":
		return percent >= 1 && percent <= 99
	}
	return percent == 0
}

func (v *derivation) isSoundWrite(step interface{}, number int64) bool {
	of, pattern := numberAt(step, "of"), textAt(step, "bytes")
	var earlier interface{}
	if of < number && textAt(v.step(of), "kind") == "write" {
		earlier = v.step(of)
	}
	switch textAt(step, "data") {
	case "fixed":
		return of == 0 && pattern != "" && isHex(pattern)
	case "lba_stamp":
		return of == 0 && len(pattern) == 2 && isHex(pattern)
	case "random_stream":
		return of == 0 && pattern == ""
	case "random_char":
		return pattern == "" && (of == 0 || earlier != nil && textAt(earlier, "data") == "random_char")
	case "complement":
		return pattern == "" && earlier != nil
	}
	return false
}

func (v *derivation) isSoundPlan() bool {
	probes, lastWrite := 0, int64(0)
	for i, step := range v.steps {
		number := int64(i + 1)
		switch textAt(step, "kind") {
		case "address-probe":
			if probes != 0 || lastWrite != 0 {
				return false
			}
			probes++
		case "write":
			if probes != 1 || !v.isSoundWrite(step, number) {
				return false
			}
			lastWrite = number
		case "verify":
			verification := get(step, "verification")
			if lastWrite == 0 || numberAt(step, "of") != lastWrite || !isSoundVerification(verification) ||
				textAt(verification, "mode") == "none" {
				return false
			}
		case liftStep:
			if i != 0 || !isLiftStep(step) {
				return false
			}
		default:
			return false
		}
	}
	return lastWrite != 0 && isSoundVerification(get(v.d.root, "verification")) && v.isSoundOfVolumes()
}

func (v *derivation) numbersOf(kind string) []int64 {
	var numbers []int64
	for i, step := range v.steps {
		if textAt(step, "kind") == kind {
			numbers = append(numbers, int64(i+1))
		}
	}
	return numbers
}

func (v *derivation) examineProbe() {
	probe := get(v.d.root, "method.probe")
	if probe == nil {
		if !v.stopped {
			v.add("missing-record")
		}
		return
	}
	if textAt(v.step(numberAt(probe, "step")), "kind") != "address-probe" {
		v.add("unexpected-record")
	}
	v.addExtents("address-aliasing", extentsAt(probe, "wrong"))
	v.addExtents("unwritable", extentsAt(probe, "unwritable"))
	v.addExtents("unreadable", extentsAt(probe, "unreadable"))
	if !boolAt(probe, "flushed") {
		v.add("flush-failed")
	}
	if !boolAt(probe, "completed") || numberAt(probe, "stamps") == 0 {
		v.add("incomplete-probe")
	}
}

func (v *derivation) passOf(number int64) interface{} {
	for _, pass := range v.passes {
		if numberAt(pass, "step") == number {
			return pass
		}
	}
	return nil
}

// Whether every block of what this step writes differs by where it is.
func (v *derivation) dependsOnPosition(number int64) bool {
	step := v.step(number)
	for textAt(step, "data") == "complement" && numberAt(step, "of") < number {
		number = numberAt(step, "of")
		step = v.step(number)
	}
	data := textAt(step, "data")
	return data == "random_stream" || data == "lba_stamp"
}

func complementOf(pattern string) string {
	octets, err := hex.DecodeString(pattern)
	if err != nil {
		return ""
	}
	for i := range octets {
		octets[i] = ^octets[i]
	}
	return hex.EncodeToString(octets)
}

func (v *derivation) hasPattern(pass interface{}) bool {
	number := numberAt(pass, "step")
	step, pattern := v.step(number), textAt(pass, "bytes")
	if textAt(pass, "data") != textAt(step, "data") {
		return false
	}
	of := numberAt(step, "of")
	referred := v.passOf(of)
	switch textAt(step, "data") {
	case "fixed", "lba_stamp":
		return pattern == textAt(step, "bytes")
	case "random_char":
		return len(pattern) == 2 && isHex(pattern) &&
			(of == 0 || referred != nil && textAt(referred, "bytes") == pattern)
	case "complement":
		return v.dependsOnPosition(number) ||
			referred != nil && pattern == complementOf(textAt(referred, "bytes"))
	}
	return pattern == ""
}

func (v *derivation) examinePass(pass interface{}) []extent {
	if !v.hasPattern(pass) {
		v.add("wrong-pattern")
	}
	unwritable, written := extentsAt(pass, "unwritable"), extentsAt(pass, "written")
	v.addExtents("unwritable", unwritable)
	if !boolAt(pass, "flushed") {
		v.add("flush-failed")
	}
	if numberAt(pass, "bytes_written") != sum(written) {
		v.add("inconsistent-evidence")
	}
	if sum(without(written, keptExtents(v.d))) != sum(written) {
		v.add("inconsistent-evidence")
	}
	if !boolAt(pass, "completed") || !coversAll(written, toErase(v.d, v.capacity)) {
		v.add("incomplete-pass")
	}
	if !boolAt(pass, "flushed") {
		return nil
	}
	return without(joined(written), unwritable)
}

func (v *derivation) examinePasses() []extent {
	writes := v.numbersOf("write")
	var written []extent
	for i, number := range writes {
		if i >= len(v.passes) {
			if !v.stopped {
				v.add("missing-record")
			}
			return nil
		}
		if numberAt(v.passes[i], "step") != number {
			v.add("unexpected-record")
			return nil
		}
		written = v.examinePass(v.passes[i])
	}
	if len(v.passes) > len(writes) {
		v.add("unexpected-record")
	}
	return written
}

type demand struct {
	step, of     int64
	verification interface{}
}

func (v *derivation) demands() []demand {
	var demands []demand
	for _, number := range v.numbersOf("verify") {
		step := v.step(number)
		demands = append(demands, demand{number, numberAt(step, "of"), get(step, "verification")})
	}
	if v.d.text("verification.mode") != "none" {
		writes := v.numbersOf("write")
		asked := get(v.d.root, "verification")
		if len(v.resumed) != 0 {
			asked = map[string]interface{}{"mode": "full", "percent": int64(100)}
		}
		demands = append(demands, demand{int64(len(v.steps) + 1), writes[len(writes)-1], asked})
	}
	return demands
}

// isPossible is item 8.
func (v *derivation) isPossible(resumption interface{}) bool {
	step, carried := numberAt(resumption, "step"), numberAt(resumption, "carried_bytes")
	last := int64(len(v.steps))
	if v.d.text("verification.mode") != "none" {
		last++
	}
	if step < 1 || step > last || carried > v.capacity || numberAt(resumption, "compared_bytes") > v.capacity {
		return false
	}
	if carried != 0 && textAt(v.step(step), "kind") != "write" {
		return false
	}
	return numberAt(resumption, "first_block") <= carried/v.d.number("drive.logical_block_bytes")
}

func (v *derivation) examineResumptions() {
	for _, each := range v.resumed {
		if !v.isPossible(each) {
			v.add("inconsistent-evidence")
		}
	}
}

func isEnough(done, asked interface{}) bool {
	mode := textAt(done, "mode")
	if !isSoundVerification(done) || mode == "none" {
		return false
	}
	return mode == "full" ||
		textAt(asked, "mode") == "sample" && numberAt(done, "percent") >= numberAt(asked, "percent")
}

func (v *derivation) isWhole(record interface{}) bool {
	matched := numberAt(record, "bytes_matched")
	if textAt(record, "verification.mode") == "full" {
		extents := extentsAt(record, "matched")
		return coversAll(extents, toErase(v.d, v.capacity)) && sum(extents) == matched
	}
	return get(record, "sample_seed") != nil &&
		isWholeSample(record, "sample_block_bytes", v.capacity, numberAt(record, "verification.percent"))
}

// isWholeSample: cut as samples are, and a block of each stratum read as it must be.
func isWholeSample(record interface{}, blockMember string, capacity, percent int64) bool {
	matched := numberAt(record, "bytes_matched")
	blocks := (capacity + sampleBlock - 1) / sampleBlock
	strata := (blocks*percent + 99) / 100
	last := capacity - (blocks-1)*sampleBlock
	return numberAt(record, blockMember) == sampleBlock && strata != 0 && numberAt(record, "strata") == strata &&
		matched >= (strata-1)*sampleBlock+last && matched <= capacity
}

func isOf(record interface{}, asked demand) bool {
	return numberAt(record, "step") == asked.step && numberAt(record, "of_step") == asked.of
}

func (v *derivation) examineReadBack(record interface{}, asked demand) {
	v.addExtents("mismatch", extentsAt(record, "mismatched"))
	v.addExtents("unreadable", extentsAt(record, "unreadable"))
	if !isOf(record, asked) {
		v.add("unexpected-record")
	} else if !isEnough(get(record, "verification"), asked.verification) || !boolAt(record, "completed") ||
		numberAt(record, "bytes_read") != numberAt(record, "bytes_matched") || !v.isWhole(record) {
		v.add("incomplete-read-back")
	}
}

func (v *derivation) examineReadBacks(demands []demand) {
	for i, asked := range demands {
		if i < len(v.backs) {
			v.examineReadBack(v.backs[i], asked)
		}
	}
	if len(v.backs) > len(demands) {
		v.add("unexpected-record")
	}
	if len(v.backs) < len(demands) && !v.stopped {
		v.add("missing-record")
	}
}

var stopCodes = map[string]string{
	"interrupted": "interrupted", "drive-vanished": "drive-vanished", "drive-changed": "drive-changed",
	"io": "io-error", "probe": "probe-stopped", "stalled": "drive-stalled", "too-slow": "drive-too-slow",
	"worker-lost": "worker-lost",
}

// examine is items 1 to 8; it returns what is proven and how much of it was read back.
func (v *derivation) examine() (proven []extent, mode string) {
	if code := stopCodes[v.d.text("method.stopped")]; code != "" {
		v.add(code)
	}
	v.obstacle, v.stayed = v.examineHidden()
	if v.obstacle != "" {
		return nil, ""
	}
	if v.capacity == 0 {
		v.add("inconsistent-evidence")
	}
	if native, known := get(v.d.root, "drive.native_capacity_bytes").(int64); known && native != v.capacity {
		v.add("hidden-area")
	}
	if v.capacity == 0 {
		return nil, ""
	}
	if !v.isSoundPlan() {
		v.add("unsound-plan")
		return nil, ""
	}
	if get(v.d.root, "method.firmware") != nil {
		v.add("unexpected-record")
	}
	v.examineProbe()
	written := v.examinePasses()
	demands := v.demands()
	v.examineReadBacks(demands)
	v.examineKeys()
	v.examineResumptions()
	if v.d.text("verification.mode") == "none" || len(v.backs) != len(demands) {
		return nil, ""
	}
	record := v.backs[len(v.backs)-1]
	if !isOf(record, demands[len(demands)-1]) {
		return nil, ""
	}
	mode = textAt(record, "verification.mode")
	if mode == "full" {
		proven = without(written, without(written, extentsAt(record, "matched")))
		proven = without(without(proven, extentsAt(record, "mismatched")), extentsAt(record, "unreadable"))
	} else if len(v.found) == 0 {
		proven = written
	}
	if len(v.found) != 0 {
		mode = ""
	}
	return proven, mode
}

func (v *derivation) limits(fullyRead, known bool) []string {
	var limits []string
	writes := v.numbersOf("write")
	if !fullyRead || len(writes) == 0 || !v.dependsOnPosition(writes[len(writes)-1]) {
		limits = append(limits, "addressing-sampled")
	}
	if boolAt(v.d.root, "method.page_cache") {
		limits = append(limits, "page-cache")
	}
	if len(v.resumed) != 0 {
		limits = append(limits, "interrupted-and-resumed")
	}
	if !known {
		limits = append(limits, "storage-beneath-unknown")
	} else {
		if v.d.text("drive.native_capacity_bytes") == "unknown" {
			limits = append(limits, "native-capacity-unknown")
		}
		if v.d.text("drive.kind") == "mmc" {
			limits = append(limits, "protected-area-not-reached")
		}
		limits = append(append(limits, toldHealth(v.d)...), "spare-blocks-not-reached", "technique-not-proven-on-hardware")
	}
	sort.Strings(limits)
	return limits
}

// toldHealth is what the drive's own count of remapped blocks says, before and when all was done, if it was asked.
func toldHealth(d *document) []string {
	var limits []string
	add := func(limit string) {
		if !contains(limits, limit) {
			limits = append(limits, limit)
		}
	}
	for _, path := range []string{"drive.health", "method.health_after"} {
		if get(d.root, path) == nil {
			continue
		}
		if remapped, told := remappedBlocks(get(d.root, path)); !told {
			add("health-unknown")
		} else if remapped {
			add("remapped-blocks-may-hold-data")
		}
	}
	return limits
}

func derive(d *document) result {
	if isByFirmware(d.text("method.technique")) {
		return deriveOwn(d)
	}
	v := &derivation{d: d, capacity: erasedBytes(d), steps: d.list("method.steps"),
		passes: d.list("method.passes"), backs: d.list("verification.read_backs"),
		resumed: d.list("method.resumed"), stopped: d.text("method.stopped") != "none"}
	proven, mode := v.examine()
	r := result{level: "none", basis: "host_read_back", proven: proven, findings: v.found}
	if v.capacity != 0 {
		r.unproven = without([]extent{{0, v.capacity}}, proven)
	}
	virtual := virtualKinds[d.text("drive.kind")]
	known := !virtual && d.text("drive.medium") != "virtual"
	switch {
	case d.text("method.stopped") == "interrupted" || d.text("method.stopped") == "worker-lost":
		r.verdict = "interrupted"
	case v.obstacle != "":
		r.verdict = v.obstacle
	case !v.stayed && len(v.found) == 1:
		r.verdict = "indeterminate"
	case len(v.found) != 0:
		r.verdict = "failed"
	case d.text("verification.mode") == "none":
		r.verdict = "unverified"
		r.findings = append(r.findings, finding{code: "not-read-back"})
	case sum(r.unproven) != sum(keptExtents(d)):
		r.verdict = "failed"
	case d.text("drive.native_capacity_bytes") == "unknown" && !virtual:
		r.verdict = "indeterminate"
	default:
		r.verdict = "erased"
		if known && d.text("method.level") != "none" {
			r.level = keyLevel(d)
		}
	}
	r.grade = map[string]string{"full": "E3", "sample": "E2"}[mode]
	r.limits = append(v.limits(mode == "full", known), keyLimits(d, r.level)...)
	sort.Strings(r.limits)
	return r
}
