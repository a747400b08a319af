// Certificate policies along a path (RFC 5280 section 6.1), with no policy asked for by the verifier:
// all that can fail is what a certificate of the path demands.
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
)

const (
	oidPolicies        = "2.5.29.32"
	oidPolicyMappings  = "2.5.29.33"
	oidPolicyDemands   = "2.5.29.36"
	oidAnyPolicyEnds   = "2.5.29.54"
	oidAnyPolicy       = "2.5.29.32.0"
	tagExplicitPolicy  = 0x80
	tagInhibitMappings = 0x81
)

// The identifier of the extension certificatePolicies, 2.5.29.32, in DER, and one that nobody uses.
var (
	policiesID = []byte{0x06, 0x03, 0x55, 0x1D, 0x20}
	unusedID   = []byte{0x06, 0x03, 0x55, 0x1D, 0x7F}
)

// readCertificate also reads one that names a policy twice. That is for section 6.1 to judge, but newer
// versions of crypto/x509 read no such certificate: it is shown to them with the extension under another
// identifier, and what was signed is put back.
func readCertificate(der []byte) (*x509.Certificate, error) {
	certificate, err := x509.ParseCertificate(der)
	if err == nil || !bytes.Contains(der, policiesID) {
		return certificate, err
	}
	changed := bytes.Replace(der, policiesID, unusedID, 1)
	certificate, again := x509.ParseCertificate(changed)
	if again != nil {
		return nil, err
	}
	start := bytes.Index(changed, certificate.RawTBSCertificate)
	certificate.RawTBSCertificate = der[start : start+len(certificate.RawTBSCertificate)]
	certificate.Raw = der
	for i := range certificate.Extensions {
		if certificate.Extensions[i].Id.String() == "2.5.29.127" {
			certificate.Extensions[i].Id = asn1.ObjectIdentifier{2, 5, 29, 32}
		}
	}
	if names, _ := policiesOf(certificate); !hasTwice(names) {
		return nil, err
	}
	return certificate, nil
}

// policyState is what section 6.1.2 keeps: the policies that hold so far, under the names that the next
// certificate gives them, and how many certificates each relief still lasts.
type policyState struct {
	valid             map[string]bool
	explicit, mapping int
	any               int
}

func policiesOf(certificate *x509.Certificate) (names []string, present bool) {
	list := extensionOf(certificate.Extensions, oidPolicies)
	if list == nil {
		return nil, false
	}
	for _, each := range list.children {
		names = append(names, each.child(0, tagObject).object())
	}
	return names, true
}

func hasTwice(names []string) bool {
	seen := map[string]bool{}
	for _, each := range names {
		if seen[each] {
			return true
		}
		seen[each] = true
	}
	return false
}

// take is section 6.1.3 (d) and (e).
func (p *policyState) take(certificate *x509.Certificate, anyCounts bool) {
	names, present := policiesOf(certificate)
	next := map[string]bool{}
	for _, name := range names {
		if name == oidAnyPolicy {
			if anyCounts {
				for each := range p.valid {
					next[each] = true
				}
			}
		} else if p.valid[name] || p.valid[oidAnyPolicy] {
			next[name] = true
		}
	}
	if !present {
		next = map[string]bool{}
	}
	p.valid = next
}

// mapped is section 6.1.4 (b): false when it maps any policy, which none may.
func (p *policyState) mapped(certificate *x509.Certificate) bool {
	list := extensionOf(certificate.Extensions, oidPolicyMappings)
	if list == nil {
		return true
	}
	added, removed := map[string]bool{}, map[string]bool{}
	for _, each := range list.children {
		from, to := each.child(0, tagObject).object(), each.child(1, tagObject).object()
		if from == oidAnyPolicy || to == oidAnyPolicy {
			return false
		}
		if p.valid[from] || p.valid[oidAnyPolicy] {
			removed[from] = true
			if p.mapping > 0 {
				added[to] = true
			}
		}
	}
	for name := range removed {
		delete(p.valid, name)
	}
	for name := range added {
		p.valid[name] = true
	}
	return true
}

func lower(counter *int, limit *element) {
	if limit == nil {
		return
	}
	value := 0
	for _, octet := range limit.content {
		value = value<<8 | int(octet)
	}
	if value < *counter {
		*counter = value
	}
}

func isSelfNamed(certificate *x509.Certificate) bool {
	return string(certificate.RawSubject) == string(certificate.RawIssuer)
}

// keepsPolicies goes from beneath the root down to the signer.
func keepsPolicies(path []*x509.Certificate) bool {
	count := len(path) - 1
	p := policyState{map[string]bool{oidAnyPolicy: true}, count + 1, count + 1, count + 1}
	for i := count - 1; i >= 0; i-- {
		each := path[i]
		if names, _ := policiesOf(each); hasTwice(names) {
			return false
		}
		p.take(each, p.any > 0 || i > 0 && isSelfNamed(each))
		if p.explicit == 0 && len(p.valid) == 0 {
			return false
		}
		demands := extensionOf(each.Extensions, oidPolicyDemands)
		if i == 0 {
			explicit := p.explicit - 1
			lower(&explicit, demands.tagged(tagExplicitPolicy))
			return explicit > 0 || len(p.valid) != 0
		}
		if !p.mapped(each) {
			return false
		}
		if !isSelfNamed(each) {
			for _, counter := range []*int{&p.explicit, &p.mapping, &p.any} {
				if *counter > 0 {
					*counter--
				}
			}
		}
		lower(&p.explicit, demands.tagged(tagExplicitPolicy))
		lower(&p.mapping, demands.tagged(tagInhibitMappings))
		lower(&p.any, extensionOf(each.Extensions, oidAnyPolicyEnds))
	}
	return true
}
