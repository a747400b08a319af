// The statement of physical destruction (sections 4.4 and 6.8). This program has neither profiles nor their
// catalogue: what would follow from those is not asked.
package main

func (d *document) isDestruction() bool { return d.text("type") == "quietus.destruction" }

func checkDestruction(d *document, found findings) {
	require := func(holds bool, code string) {
		if !holds {
			found.add(code)
		}
	}
	decided := get(d.root, "policy.decision") != nil
	require(d.text("policy.statement") == "a policy was applied" && boolAt(d.root, "policy.applied") && decided,
		"E_SCHEMA")
	require(boolAt(d.root, "sufficient") == (d.text("reason") == ""), "E_SCHEMA")
	require(d.text("id") == idOf(d), "E_STATION")
	require(d.text("drive.provenance") != "rehearsal", "E_REHEARSAL")
	require(d.text("drive.serial") != "", "E_DESTRUCTION")
	named := map[string]bool{}
	for _, each := range d.list("signers_required") {
		named[textAt(each, "role")] = true
	}
	require(named["operator"] && named["witness"], "E_DESTRUCTION")
	require(!isBefore(d.text("issued_at"), d.text("destruction.destroyed_at")), "E_SEM_TIME_ORDER")
	require(!isBefore(d.text("retain_until"), d.text("issued_at")), "E_SEM_TIME_ORDER")
}
