// What the operator signed before the run (sections 5 and 6.4).
package main

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

func sha256Hex(data []byte) string { return hex.EncodeToString(digestOf(crypto.SHA256, data)) }

// chosen is an object of these members of another.
func chosen(from interface{}, names ...string) map[string]interface{} {
	members := map[string]interface{}{}
	for _, name := range names {
		members[name] = get(from, name)
	}
	return members
}

// listed is a decision with the members that are listed: the schema knows all others but those of x_; an empty list
// is the same as none.
func listed(value interface{}) interface{} {
	switch v := value.(type) {
	case map[string]interface{}:
		members := map[string]interface{}{}
		for name, member := range v {
			if list, isList := member.([]interface{}); !strings.HasPrefix(name, "x_") && !(isList && len(list) == 0) {
				members[name] = listed(member)
			}
		}
		return members
	case []interface{}:
		var items []interface{}
		for _, item := range v {
			items = append(items, listed(item))
		}
		return items
	}
	return value
}

func canonicalDigest(value interface{}) string {
	var text bytes.Buffer
	canonical(&text, value)
	return sha256Hex(text.Bytes())
}

// planDigest puts the plan together again from the members that hold it.
func planDigest(d *document) string {
	plan := chosen(d.root["method"], "technique", "scheme", "scheme_title", "scheme_status", "level")
	policy := chosen(d.root["policy"], "applied", "profile", "rule", "source")
	if decision := get(d.root, "policy.decision"); decision != nil {
		policy["decision"] = listed(decision)
	}
	plan["policy"] = policy
	plan["verification"] = chosen(d.root["verification"], "mode", "percent")
	var steps []interface{}
	for _, each := range d.list("method.steps") {
		step := chosen(each, "kind", "data", "bytes", "of")
		step["verification"] = chosen(get(each, "verification"), "mode", "percent")
		steps = append(steps, step)
	}
	if len(steps) != 0 {
		plan["steps"] = steps
	}
	if limits := d.list("method.not_reached"); len(limits) != 0 {
		plan["not_reached"] = limits
	}
	if options := get(d.root, "method.options"); options != nil {
		plan["firmware"] = chosen(options, optionNames...)
	}
	return canonicalDigest(plan)
}

func driveDigest(d *document) string {
	return canonicalDigest(chosen(d.root["drive"], "kind", "model", "serial", "serial_raw_hex", "wwn"))
}

// readConfirmation is nil unless the text is one in canonical JSON.
func readConfirmation(text string) map[string]interface{} {
	found := findings{}
	value, _ := parse([]byte(text), found)
	members, isObject := value.(map[string]interface{})
	var again bytes.Buffer
	canonical(&again, value)
	if len(found) != 0 || !isObject || again.String() != text {
		return nil
	}
	if members["type"] != "quietus.confirmation" || members["schema"] != int64(1) {
		return nil
	}
	texts := []string{"operator", "station", "plan_sha256", "drive_sha256", "attachment_sha256", "confirmed_at"}
	known := map[string]bool{"type": true, "schema": true}
	for _, name := range texts {
		known[name] = true
		if _, isText := members[name].(string); !isText {
			return nil
		}
	}
	for name := range members {
		if !known[name] && !strings.HasPrefix(name, "x_") {
			return nil
		}
	}
	return members
}

// The base 64 of RFC 4648 section 4, of nothing but its alphabet and without loose bits.
func signatureIn(pieces []interface{}) ([]byte, bool) {
	whole := ""
	for _, each := range pieces {
		whole += each.(string)
	}
	data, err := base64.StdEncoding.Strict().DecodeString(whole)
	return data, err == nil && !strings.ContainsAny(whole, "\r\n")
}

func checkConfirmation(d *document, trust *trustAnchors, found findings) {
	if d.root["confirmation"] == nil {
		return
	}
	text := d.text("confirmation.statement")
	require := func(holds bool, code string) {
		if !holds {
			found.add(code)
		}
	}
	late := "E_CONFIRMATION_TIME"
	if !d.isCertificate() {
		late = "W_TIME_ORDER"
	}
	start, started := timeOf(d.text("timing.started_at"))
	if stated := readConfirmation(text); stated == nil {
		found.add("E_CONFIRMATION")
	} else {
		require(stated["operator"] == d.text("statements.operator"), "E_CONFIRMATION_OPERATOR")
		require(stated["station"] == d.text("station.id"), "E_CONFIRMATION_STATION")
		require(stated["plan_sha256"] == planDigest(d), "E_CONFIRMATION_PLAN")
		require(stated["drive_sha256"] == driveDigest(d), "E_CONFIRMATION_DRIVE")
		at, known := timeOf(textAt(stated, "confirmed_at"))
		require(known && !(started && at.After(start)), late)
	}
	data, good := signatureIn(d.list("confirmation.signature"))
	if !good {
		found.add("E_CONFIRMATION")
		return
	}
	for _, one := range checkSignature(data, []byte(text), "quietus.confirmation", trust, found) {
		if one.certificate == nil || one.role == "" {
			continue
		}
		require(isConfirmingOperator(d, one), "E_CONFIRMATION_OPERATOR")
		require(one.at != nil && !(started && one.at.After(start)), late)
	}
}

func isConfirmingOperator(d *document, one *signer) bool {
	if one.role != "operator" || one.certificate.Subject.CommonName != d.text("statements.operator") {
		return false
	}
	for _, each := range d.list("signers_required") {
		if textAt(each, "role") == one.role && textAt(each, "certificate_sha256") == sha256Hex(one.certificate.Raw) {
			return true
		}
	}
	return false
}
