// The statement of validation beside a certificate (sections 4.5 and 6.9).
package main

import (
	"crypto"
	"encoding/hex"
	"os"
	"strings"
)

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// checkValidation is what somebody else says of the certificate whose stem this is.
func checkValidation(d *document, text []byte, stem string, by []*signer, schema *schemas, trust *trustAnchors,
	found findings) {
	statement, signature := stem+".validation.json", stem+".validation.p7s"
	if !d.isCertificate() || !isThere(statement) && !isThere(signature) {
		return
	}
	own := findings{}
	defer func() {
		for code := range own {
			found.add(code)
		}
	}()
	payload := readFile(statement, payloadLimit, own)
	p7s := readFile(signature, signatureLimit, own)
	if len(own) != 0 {
		return
	}
	stated := readPayloadOf(payload, schema, own, "quietus.validation")
	signers := checkSignature(p7s, payload, "quietus.validation", trust, own)
	if !stated.usable {
		return
	}
	checkStatement(stated, d, text, own)
	for _, one := range signers {
		if one.certificate != nil && one.role != "" {
			checkValidator(stated, d, one, by, own)
		}
	}
	if !own.has('E') && stated.text("decision") == "rejected" {
		own.add("W_VALIDATION_REJECTED")
	}
}

func checkStatement(stated, d *document, text []byte, found findings) {
	rejected := stated.text("decision") == "rejected"
	if rejected && stated.text("reason") == "" {
		found.add("E_SCHEMA")
	}
	if stated.text("id") != d.text("id") ||
		stated.text("payload_sha384") != hex.EncodeToString(digestOf(crypto.SHA384, text)) {
		found.add("E_VALIDATION_DOCUMENT")
	}
	if given, decided := get(d.root, "policy.decision.classification_given").(string); decided && !rejected &&
		stated.text("classification") != given {
		found.add("E_VALIDATION")
	}
	if isBefore(stated.text("issued_at"), d.text("issued_at")) ||
		isBefore(stated.text("retain_until"), stated.text("issued_at")) {
		found.add("E_SEM_TIME_ORDER")
	}
}

func isBefore(one, other string) bool {
	first, known := timeOf(one)
	second, alsoKnown := timeOf(other)
	return known && alsoKnown && first.Before(second)
}

// checkValidator: the one that has to, and nobody who had a part in the work.
func checkValidator(stated, d *document, one *signer, by []*signer, found findings) {
	required := stated.list("signers_required")
	name := folded(one.certificate.Subject.CommonName)
	if len(required) != 1 || textAt(required[0], "role") != one.role ||
		textAt(required[0], "certificate_sha256") != sha256Hex(one.certificate.Raw) ||
		folded(stated.text("validator")) != name {
		found.add("E_VALIDATION")
	}
	for _, other := range by {
		if other.certificate == nil || other.role == "" {
			continue
		}
		if isSameKey(one.certificate, other.certificate) {
			found.add("E_ROLE_SAME_KEY")
		} else if other.role != "station" && isSamePerson(one.certificate, other.certificate) {
			found.add("E_ROLE_SAME_PERSON")
		}
	}
	for _, member := range []string{"operator", "witness"} {
		if said := d.text("statements." + member); strings.TrimSpace(said) != "" && folded(said) == name {
			found.add("E_ROLE_SAME_PERSON")
		}
	}
}
