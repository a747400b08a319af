// Whether the content holds together (sections 3, 4 and 6.4).
package main

import (
	"fmt"
	"sort"
	"strings"
)

const (
	levelSource = "per the shipped technique table, derived from published implementations; " +
		"the text of IEEE 2883 was not consulted"
	sampleBlock = 65536
)

var virtualKinds = map[string]bool{
	"virtio": true, "loop": true, "nbd": true, "image": true, "ram": true, "zram": true,
}

func checkSemantics(d *document, found findings) {
	checkForm(d, found)
	checkRehearsal(d, found)
	checkTimes(d, found)
	if !checkExtents(d, found) {
		return
	}
	checkTotals(d, found)
	if d.malformed {
		return
	}
	checkResult(d, found)
}

func checkForm(d *document, found findings) {
	require := func(holds bool) {
		if !holds {
			d.malformed = true
			found.add("E_SCHEMA")
		}
	}
	title := "THIS DRIVE IS NOT PROVEN ERASED"
	if d.isCertificate() {
		title = "CERTIFICATE OF ERASURE"
	}
	if d.isRehearsal() {
		title = "REHEARSAL: NO DRIVE WAS ERASED"
	}
	statement := "no policy was applied"
	if boolAt(d.root, "policy.applied") {
		statement = "a policy was applied"
	}
	require(d.text("title") == title)
	require(d.text("policy.statement") == statement)
	require(boolAt(d.root, "policy.applied") == (get(d.root, "policy.decision") != nil))
	require(d.text("method.level_source") == levelSource)
	passes := d.list("method.passes")
	for i, pass := range passes {
		if get(pass, "seed") != nil {
			require(i == len(passes)-1 && textAt(pass, "data") == "random_stream")
		}
	}
	require((get(d.root, "method.options") != nil) == isByFirmware(d.text("method.technique")))
	if get(d.root, "method.firmware.host_pass.seed") != nil {
		require(d.text("method.firmware.host_pass.data") == "random_stream")
	}
	before := int64(0)
	for _, each := range d.list("method.resumed") {
		number := int64(0)
		job := textAt(each, "job")
		fmt.Sscanf(job[strings.LastIndexByte(job, '-')+1:], "%d", &number)
		if number <= before || number >= d.number("station.sequence") ||
			job != fmt.Sprintf("QTS-%s-%08d", d.text("station.id"), number) {
			found.add("E_STATION")
		}
		before = number
	}
	if d.text("id") != idOf(d) {
		found.add("E_STATION")
	}
}

func idOf(d *document) string {
	return fmt.Sprintf("QTS-%s-%08d", d.text("station.id"), d.number("station.sequence"))
}

// checkRehearsal is section 4.2.
func checkRehearsal(d *document, found findings) {
	marked := func(text string) bool { return strings.HasPrefix(text, "REHEARSAL") }
	if d.isRehearsal() != (d.text("drive.provenance") == "rehearsal") ||
		d.isRehearsal() != marked(d.text("station.id")) {
		found.add("E_REHEARSAL")
	}
	if !d.isRehearsal() {
		return
	}
	found.add("W_REHEARSAL")
	texts := append(ownTexts(d), d.text("document_marking"), d.text("method.stop_text"), d.text("method.health_after.text"),
		d.text("method.luks.text"))
	for _, name := range []string{"host_name", "model", "serial", "wwn", "firmware", "health.text"} {
		texts = append(texts, d.text("drive."+name))
	}
	for _, group := range []string{"statements", "tool"} {
		members, _ := get(d.root, group).(map[string]interface{})
		for name, value := range members {
			if text, ok := value.(string); ok && name != "basis" && !strings.HasPrefix(name, "x_") {
				texts = append(texts, text)
			}
		}
	}
	for _, each := range d.list("statements.references") {
		text, _ := each.(string)
		texts = append(texts, text)
	}
	texts = append(texts, d.text("statements.order.id"), d.text("statements.order.approver"))
	for _, each := range d.list("findings") {
		texts = append(texts, textAt(each, "text"))
	}
	for _, text := range texts {
		if text != "" && !marked(text) {
			found.add("E_REHEARSAL")
		}
	}
}

func checkTimes(d *document, found findings) {
	type timed struct {
		step int64
		when interface{}
	}
	var steps []timed
	all := append(d.list("method.passes"), d.list("verification.read_backs")...)
	if probe := get(d.root, "method.probe"); probe != nil {
		all = append([]interface{}{probe}, all...)
	}
	evidence := get(d.root, "method.firmware")
	for _, each := range []struct {
		step int64
		name string
	}{{1, "probe"}, {4, "host_pass"}, {5, "read_back"}} {
		if record := get(evidence, each.name); record != nil {
			steps = append(steps, timed{each.step, record})
		}
	}
	if record := ownOperation(evidence); record != nil {
		steps = append(steps, timed{3, record})
	}
	for _, each := range all {
		steps = append(steps, timed{numberAt(each, "step"), each})
	}
	sort.SliceStable(steps, func(i, j int) bool { return steps[i].step < steps[j].step })
	moments := []string{d.text("timing.started_at")}
	for _, each := range steps {
		moments = append(moments, textAt(each.when, "timing.started_at"), textAt(each.when, "timing.ended_at"))
	}
	moments = append(moments, d.text("timing.ended_at"), d.text("issued_at"), d.text("retain_until"))
	checkOrder(d, moments, found)
	if resumed := d.list("method.resumed"); len(resumed) != 0 {
		moments = []string{d.text("timing.started_at")}
		for _, each := range resumed {
			moments = append(moments, textAt(each, "resumed_at"))
		}
		checkOrder(d, append(moments, d.text("timing.ended_at")), found)
	}
}

func checkOrder(d *document, moments []string, found findings) {
	latest, known := timeOf("0001-01-01T00:00:00Z")
	for _, text := range moments {
		if text == "" && !d.isProof() {
			continue
		}
		var at = latest
		if at, known = timeOf(text); !known {
			d.malformed = true
			found.add("E_SCHEMA")
			continue
		}
		if at.Before(latest) {
			if d.isProof() {
				found.add("E_SEM_TIME_ORDER")
			} else {
				found.add("W_TIME_ORDER")
			}
		} else {
			latest = at
		}
	}
}

// Every list of extents by its path.
func extentPaths(d *document) []string {
	paths := []string{"coverage.unproven"}
	for _, name := range []string{"wrong", "unwritable", "unreadable"} {
		paths = append(paths, "method.probe."+name)
	}
	for i := range d.list("method.passes") {
		for _, name := range []string{"written", "unwritable"} {
			paths = append(paths, fmt.Sprintf("method.passes.%d.%s", i, name))
		}
	}
	for i := range d.list("verification.read_backs") {
		for _, name := range []string{"matched", "mismatched", "unreadable"} {
			paths = append(paths, fmt.Sprintf("verification.read_backs.%d.%s", i, name))
		}
	}
	return append(append(paths, "method.luks.left"), ownExtentPaths(d)...)
}

func checkExtents(d *document, found findings) bool {
	good := true
	for _, path := range extentPaths(d) {
		if !isWellFormed(extentsAt(d.root, path), coveredBytes(d)) {
			found.add("E_SEM_COVERAGE")
			good = false
		}
	}
	return good
}

func statedSum(d *document, path string) int64 {
	for _, each := range d.list("omitted") {
		if textAt(each, "list") == path {
			return numberAt(each, "bytes")
		}
	}
	return sum(extentsAt(d.root, path))
}

func checkTotals(d *document, found findings) {
	require := func(holds bool) {
		if !holds {
			found.add("E_SEM_TOTALS")
		}
	}
	capacity := coveredBytes(d)
	for i, pass := range d.list("method.passes") {
		require(numberAt(pass, "bytes_written") == statedSum(d, fmt.Sprintf("method.passes.%d.written", i)))
	}
	if pass := get(d.root, "method.firmware.host_pass"); pass != nil {
		require(numberAt(pass, "bytes_written") == statedSum(d, "method.firmware.host_pass.written"))
	}
	for i, record := range d.list("verification.read_backs") {
		matched, read := numberAt(record, "bytes_matched"), numberAt(record, "bytes_read")
		require(matched <= read && read <= capacity)
		if textAt(record, "verification.mode") == "full" {
			require(matched == statedSum(d, fmt.Sprintf("verification.read_backs.%d.matched", i)))
		}
	}
	require(d.number("method.firmware.read_back.sample.bytes_matched") <= capacity)
	var stated []string
	for _, each := range d.list("verification.statements") {
		stated = append(stated, each.(string))
	}
	require(strings.Join(stated, "\n") == strings.Join(sampleStatements(d), "\n"))
	if d.number("coverage.bytes_proven")+statedSum(d, "coverage.unproven") != coveredBytes(d) {
		found.add("E_SEM_COVERAGE")
	}
}

func sampleStatements(d *document) []string {
	var statements []string
	for _, record := range d.list("verification.read_backs") {
		if textAt(record, "verification.mode") == "sample" && boolAt(record, "completed") &&
			len(listAt(record, "mismatched")) == 0 && len(listAt(record, "unreadable")) == 0 &&
			numberAt(record, "bytes_read") == numberAt(record, "bytes_matched") {
			statements = append(statements, sampleStatement(numberAt(record, "strata")))
		}
	}
	own := get(d.root, "method.firmware.read_back")
	if sample := get(own, "sample"); sample != nil && boolAt(own, "completed") &&
		len(listAt(own, "mismatched")) == 0 && len(listAt(own, "unreadable")) == 0 {
		statements = append(statements, sampleStatement(numberAt(sample, "strata")))
	}
	return statements
}

func sampleStatement(strata int64) string {
	return fmt.Sprintf("one block drawn uniformly from each of %[1]d equal strata, none wrong: with 95 %% confidence "+
		"at most 3/%[1]d of the blocks differ; this says nothing about a small chosen region", strata)
}

func checkCertificate(d *document, found findings) {
	capacity := coveredBytes(d)
	if d.text("verdict") != "erased" {
		found.add("E_SEM_RESULT")
	}
	native, known := get(d.root, "drive.native_capacity_bytes").(int64)
	if get(d.root, "method.firmware") != nil {
		checkOwnProof(d, found)
	} else if capacity == 0 || known && native != capacity || !known && !virtualKinds[d.text("drive.kind")] {
		found.add("E_SEM_CAPACITY")
	}
	if len(d.list("omitted")) != 0 || d.number("coverage.bytes_proven") != capacity-sum(keptExtents(d)) ||
		!isSameExtents(extentsAt(d.root, "coverage.unproven"), keptExtents(d)) {
		found.add("E_SEM_COVERAGE")
	}
	if len(keptExtents(d)) != 0 {
		found.add("W_CIPHERTEXT_LEFT")
	}
	for _, pass := range d.list("method.passes") {
		if !coversAll(extentsAt(pass, "written"), toErase(d, capacity)) || len(listAt(pass, "unwritable")) != 0 {
			found.add("E_SEM_COVERAGE")
		}
	}
	for _, record := range d.list("verification.read_backs") {
		if len(listAt(record, "mismatched")) != 0 || len(listAt(record, "unreadable")) != 0 {
			found.add("E_SEM_RESULT")
		}
	}
}

func checkResult(d *document, found findings) {
	if d.isProof() {
		checkCertificate(d, found)
	} else if !d.isRehearsal() && d.text("verdict") == "erased" {
		found.add("E_SEM_RESULT")
	}
	if len(d.list("omitted")) != 0 {
		return
	}
	derived := derive(d)
	claimsNothing := !d.isCertificate() && d.text("verdict") == "indeterminate" &&
		d.text("level") == "none" && d.text("grade") == "" && d.number("coverage.bytes_proven") == 0
	if d.text("verdict") != derived.verdict {
		if !claimsNothing {
			found.add("E_SEM_RESULT")
		}
		return
	}
	var limits []string
	for _, each := range d.list("limits") {
		limits = append(limits, each.(string))
	}
	same := d.text("level") == derived.level && d.text("level_basis") == derived.basis &&
		d.text("grade") == derived.grade && d.number("coverage.bytes_proven") == sum(derived.proven) &&
		isSameExtents(extentsAt(d.root, "coverage.unproven"), derived.unproven) &&
		strings.Join(limits, "\n") == strings.Join(derived.limits, "\n") &&
		isSameFindings(d.list("findings"), derived.findings)
	if !same {
		found.add("E_SEM_RESULT")
	}
}

func isSameFindings(stated []interface{}, derived []finding) bool {
	if len(stated) > 0 && textAt(stated[len(stated)-1], "code") == "more-findings" {
		return len(derived) >= len(stated)
	}
	if len(stated) != len(derived) {
		return false
	}
	for i, each := range stated {
		first, placed := get(each, "first_block").(int64)
		same := textAt(each, "code") == derived[i].code && placed == derived[i].placed
		if placed {
			same = same && first == derived[i].first && numberAt(each, "blocks") == derived[i].blocks
		}
		if !same {
			return false
		}
	}
	return true
}
