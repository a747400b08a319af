// A second verifier of the documents of quietus, written from certificates/SPEC.md alone and with
// nothing but Go's standard library. It shares no code with quietus; where the two disagree about a
// vector, one of them or the specification is wrong.
//
// A statement of validation that lies beside a certificate is checked with it.
//
// usage: check -schemas FOLDER [-trust FILE] [-crl FILE] [-at TIME] DOCUMENT
//
// Prints the verdict and the codes found, one line: "invalid E_DIGEST W_NAME".
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// findings is a set of codes.
type findings map[string]bool

func (f findings) add(code string) { f[code] = true }

func (f findings) has(letter byte) bool {
	for code := range f {
		if code[0] == letter {
			return true
		}
	}
	return false
}

func (f findings) sorted() []string {
	var codes []string
	for code := range f {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

const (
	payloadLimit   = 4 << 20
	signatureLimit = 256 << 10
)

// place is where the two files of a document are (section 1).
type place struct {
	stem string // up to and including ".qdc", ".qar", ".qrh" or ".qds"
	id   string // as the file's name has it
	kind string // "quietus.certificate", "quietus.attempt", "quietus.rehearsal" or "quietus.destruction"
}

func placeOf(path string) (place, bool) {
	for ending, kind := range map[string]string{".qdc": "quietus.certificate", ".qar": "quietus.attempt",
		".qrh": "quietus.rehearsal", ".qds": "quietus.destruction"} {
		suffixes := []string{".json", ".p7s", ".pdf", ".tlog-proof"}
		if ending == ".qdc" {
			suffixes = append([]string{".validation.json", ".validation.p7s"}, suffixes...)
		}
		for _, suffix := range suffixes {
			if !strings.HasSuffix(path, ending+suffix) {
				continue
			}
			stem := strings.TrimSuffix(path, suffix)
			if id := strings.TrimSuffix(filepath.Base(stem), ending); id != "" {
				return place{stem, id, kind}, true
			}
		}
	}
	return place{}, false
}

// readFile reads one file of a document (section 6.1).
func readFile(path string, limit int64, found findings) []byte {
	facts, err := os.Stat(path)
	switch {
	case err != nil:
		found.add("I_FILE")
	case !facts.Mode().IsRegular():
		found.add("E_TYPE")
	case facts.Size() > limit:
		found.add("E_SIZE")
	default:
		if data, err := os.ReadFile(path); err == nil {
			return data
		}
		found.add("I_FILE")
	}
	return nil
}

// check is the whole of section 6; the type decides what a document without findings is.
func check(path string, schema *schemas, trust *trustAnchors, found findings) (kind string) {
	where, named := placeOf(path)
	if !named {
		found.add("E_TYPE")
		return ""
	}
	payload := readFile(where.stem+".json", payloadLimit, found)
	signature := readFile(where.stem+".p7s", signatureLimit, found)
	if len(found) != 0 {
		return where.kind
	}
	document := readPayload(payload, schema, found)
	kind = where.kind
	if word, ok := document.typeWord(); ok {
		kind = word
	}
	signed := findings{}
	signers := checkSignature(signature, payload, kind, trust, signed)
	for code := range signed {
		found.add(code)
	}
	if document.usable {
		if !signed.has('E') {
			checkRequired(document, signers, found)
		}
		if document.isDestruction() {
			checkDestruction(document, found)
		} else {
			checkSemantics(document, found)
			checkConfirmation(document, trust, found)
			checkFollowedOrder(document, found)
		}
		if get(document.root, "policy.decision") != nil {
			found.add("I_POLICY_TEXT") // this program has no profiles
		}
		if kind != where.kind {
			found.add("E_TYPE")
		}
		checkValidation(document, payload, where.stem, signers, schema, trust, found)
		if document.text("id") != where.id {
			found.add("W_NAME")
		}
	}
	return kind
}

func verdictOf(kind string, found findings) string {
	switch {
	case found.has('E'):
		return "invalid"
	case found.has('I'):
		return "indeterminate"
	case found["W_VALIDATION_REJECTED"]:
		return "not-an-erasure"
	case kind == "quietus.certificate":
		return "valid"
	}
	return "not-an-erasure"
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
}

func main() {
	folder := flag.String("schemas", "", "the folder of the schemas")
	trustFile := flag.String("trust", "", "roots and revocation lists, PEM")
	crlFile := flag.String("crl", "", "more revocation lists, PEM")
	at := flag.String("at", "", "the time of judging")
	flag.Parse()
	schema, err := readSchemas(*folder)
	fail(err)
	trust := &trustAnchors{}
	for _, file := range []string{*trustFile, *crlFile} {
		if file != "" {
			fail(trust.read(file))
		}
	}
	if *at != "" {
		judged, err := time.Parse(time.RFC3339, *at)
		fail(err)
		trust.judgedAt = &judged
	}
	found := findings{}
	kind := check(flag.Arg(0), schema, trust, found)
	fmt.Println(strings.Join(append([]string{verdictOf(kind, found)}, found.sorted()...), " "))
}
