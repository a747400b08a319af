// Certificates: what each permits, paths to a root of the verifier's, revocation (sections 5 and 6.3).
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	casMax           = 6
	selfIssuedPolicy = arc + "30"
)

type trustAnchors struct {
	roots    []*x509.Certificate
	lists    []*x509.RevocationList
	judgedAt *time.Time
}

func (t *trustAnchors) read(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil
		}
		text = rest
		switch block.Type {
		case "CERTIFICATE":
			root, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return err
			}
			t.roots = append(t.roots, root)
		case "X509 CRL":
			list, err := x509.ParseRevocationList(block.Bytes)
			if err != nil {
				return err
			}
			t.lists = append(t.lists, list)
		}
	}
}

func extensionOf(extensions []pkix.Extension, id string) *element {
	for _, each := range extensions {
		if each.Id.String() == id {
			if value, rest, err := readElement(each.Value, 0); err == nil && len(rest) == 0 {
				return value
			}
		}
	}
	return nil
}

func hasRoleUsage(certificate *x509.Certificate, role string) bool {
	for _, id := range certificate.UnknownExtKeyUsage {
		if granted := roleOf(id.String()); granted != "" && (role == "" || granted == role) {
			return true
		}
	}
	return false
}

func (s *signature) checkPermissions(one *signer) {
	const needed = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	certificate := one.certificate
	if certificate.KeyUsage&needed != needed || certificate.IsCA {
		s.found.add("E_CHAIN_KU")
	}
	if !hasRoleUsage(certificate, one.role) {
		s.found.add("E_CHAIN_EKU")
	}
	names := 0
	for _, each := range certificate.Subject.Names {
		if each.Type.String() == "2.5.4.3" {
			names++
		}
	}
	if names != 1 {
		s.found.add("E_CHAIN_NAME")
	}
	from, until, good := usagePeriod(certificate)
	if !good || one.at != nil && (one.at.Before(from) || one.at.After(until)) {
		s.found.add("E_KEY_PERIOD")
	}
}

func usagePeriod(certificate *x509.Certificate) (from, until time.Time, good bool) {
	const notBefore, notAfter = 0x80, 0x81
	period := extensionOf(certificate.Extensions, "2.5.29.16")
	first, last := period.child(0, notBefore), period.child(1, notAfter)
	if first == nil || last == nil {
		return from, until, false
	}
	from, err := time.Parse("20060102150405Z", string(first.content))
	if err != nil {
		return from, until, false
	}
	until, err = time.Parse("20060102150405Z", string(last.content))
	return from, until, err == nil
}

// checkPath returns the path, root included, or nil; then it also looks at its revocation.
func (t *trustAnchors) checkPath(one *signer, embedded []*x509.Certificate, found findings) []*x509.Certificate {
	if len(t.roots) == 0 {
		found.add("I_CHAIN_NO_TRUST")
		return nil
	}
	if one.at == nil {
		return nil
	}
	path := t.build([]*x509.Certificate{one.certificate}, embedded)
	broken := findings{}
	if path == nil {
		broken.add("E_CHAIN_UNTRUSTED")
		path = []*x509.Certificate{one.certificate}
	} else {
		judgePath(path, one, broken)
	}
	for code := range broken {
		found.add(code)
	}
	if len(broken) != 0 {
		return nil
	}
	for i, each := range path {
		if t.judgedAt != nil && each.NotAfter.Before(*t.judgedAt) {
			found.add("I_CHAIN_EXPIRED")
		}
		if i+1 < len(path) {
			t.checkRevocation(each, path[i+1], *one.at, found)
		}
	}
	return path
}

func isIssuer(issuer, certificate *x509.Certificate) bool {
	return bytes.Equal(issuer.RawSubject, certificate.RawIssuer) &&
		issuer.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature) == nil
}

// build goes from the last certificate of the path up, until a root.
func (t *trustAnchors) build(path, embedded []*x509.Certificate) []*x509.Certificate {
	last := path[len(path)-1]
	for _, root := range t.roots {
		if last.Equal(root) {
			return path
		}
		if isIssuer(root, last) {
			return append(path, root)
		}
	}
	if len(path) > casMax {
		return nil
	}
	for _, each := range embedded {
		if each.Equal(last) || !isIssuer(each, last) {
			continue
		}
		if whole := t.build(append(append([]*x509.Certificate{}, path...), each), embedded); whole != nil {
			return whole
		}
	}
	return nil
}

func judgePath(path []*x509.Certificate, one *signer, broken findings) {
	if !keepsPolicies(path) {
		broken.add("E_CHAIN_POLICY")
	}
	for i, each := range path {
		if one.at.After(each.NotAfter) {
			broken.add("E_CHAIN_EXPIRED")
		}
		if one.at.Before(each.NotBefore) {
			broken.add("E_CHAIN_NOTYET")
		}
		if isWeak(each) {
			broken.add("E_CHAIN_WEAK")
		}
		if i == 0 {
			continue
		}
		if !each.BasicConstraintsValid || !each.IsCA || each.KeyUsage&x509.KeyUsageCertSign == 0 {
			broken.add("E_CHAIN_KU")
			broken.add("E_CHAIN_UNTRUSTED")
		}
		if (each.MaxPathLen > 0 || each.MaxPathLenZero) && i-1 > each.MaxPathLen {
			broken.add("E_CHAIN_PATHLEN")
		}
		if (len(each.ExtKeyUsage) > 0 || len(each.UnknownExtKeyUsage) > 0) && !hasRoleUsage(each, one.role) {
			broken.add("E_CHAIN_EKU")
		}
		for _, below := range path[:i] {
			if !isPermitted(each, below) {
				broken.add("E_CHAIN_NAME")
			}
		}
	}
}

func isWeak(certificate *x509.Certificate) bool {
	switch key := certificate.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return key.Curve.Params().BitSize < 256
	case *rsa.PublicKey:
		return key.N.BitLen() < 3072
	}
	return true
}

// isPermitted knows name constraints on directory names, which Go's library does not.
func isPermitted(issuer, certificate *x509.Certificate) bool {
	const directoryName = 0xA4
	constraints := extensionOf(issuer.Extensions, "2.5.29.30")
	subject, _, err := readElement(certificate.RawSubject, 0)
	if constraints == nil || err != nil {
		return true
	}
	isBelow := func(base *element) bool {
		name := base.child(0, tagSequence)
		if name == nil || len(name.children) > len(subject.children) {
			return false
		}
		for i, each := range name.children {
			if !bytes.Equal(each.whole, subject.children[i].whole) {
				return false
			}
		}
		return true
	}
	limited, permitted := false, false
	for _, subtrees := range constraints.children {
		for _, subtree := range subtrees.children {
			base := subtree.child(0, directoryName)
			if base == nil {
				continue
			}
			if subtrees.tag == tagContext0 {
				limited, permitted = true, permitted || isBelow(base)
			} else if isBelow(base) {
				return false
			}
		}
	}
	return !limited || permitted
}

func isSelfIssued(path []*x509.Certificate) bool {
	if len(path) == 0 {
		return false
	}
	for _, policy := range path[len(path)-1].PolicyIdentifiers {
		if policy.String() == selfIssuedPolicy {
			return true
		}
	}
	return len(path) == 1
}

func isComplete(list *x509.RevocationList) bool {
	for _, each := range list.Extensions {
		if each.Critical || each.Id.String() == "2.5.29.28" {
			return false
		}
	}
	return true
}

func (t *trustAnchors) checkRevocation(certificate, issuer *x509.Certificate, at time.Time, found findings) {
	judged := at
	if t.judgedAt != nil {
		judged = *t.judgedAt
	}
	any, signing, judging := false, false, false
	for _, list := range t.lists {
		// Not list.AuthorityKeyId: Go 1.19 keeps the whole extension in it.
		const keyIdentifier = 0x80
		named := extensionOf(list.Extensions, "2.5.29.35").child(0, keyIdentifier)
		ofKey := named == nil || len(issuer.SubjectKeyId) == 0 || bytes.Equal(named.content, issuer.SubjectKeyId)
		if !bytes.Equal(list.RawIssuer, issuer.RawSubject) || !ofKey || !isComplete(list) ||
			t.judgedAt != nil && list.ThisUpdate.After(judged.Add(clockSkew)) {
			continue
		}
		any = true
		if issuer.KeyUsage&x509.KeyUsageCRLSign == 0 || list.CheckSignatureFrom(issuer) != nil {
			found.add("E_CRL_SIG")
			continue
		}
		for _, entry := range list.RevokedCertificates {
			if entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 && isRevoked(entry, at) {
				found.add("E_REVOKED")
			}
		}
		signing = signing || !list.NextUpdate.IsZero() && !list.NextUpdate.Before(at)
		judging = judging || !list.NextUpdate.IsZero() && !list.NextUpdate.Before(judged)
	}
	switch {
	case !any:
		found.add("I_REVOCATION_UNKNOWN")
	case !signing:
		found.add("E_CRL_STALE")
	case !judging:
		found.add("I_CRL_STALE")
	}
}

// isRevoked looks at the reason: most make the signing time, which is the signer's word, worthless.
func isRevoked(entry pkix.RevokedCertificate, at time.Time) bool {
	const affiliationChanged, superseded, cessation = 3, 4, 5
	since := entry.RevocationTime
	reason := -1
	for _, each := range entry.Extensions {
		if each.Critical {
			return true
		}
		switch each.Id.String() {
		case "2.5.29.21":
			var value asn1.Enumerated
			if _, err := asn1.Unmarshal(each.Value, &value); err == nil {
				reason = int(value)
			}
		case "2.5.29.24":
			var invalid time.Time
			if _, err := asn1.UnmarshalWithParams(each.Value, &invalid, "generalized"); err != nil {
				return true
			} else if invalid.Before(since) {
				since = invalid
			}
		}
	}
	harmless := reason == affiliationChanged || reason == superseded || reason == cessation
	return !harmless || !at.Before(since)
}

func isSameKey(one, other *x509.Certificate) bool {
	return bytes.Equal(one.RawSubjectPublicKeyInfo, other.RawSubjectPublicKeyInfo)
}

// identities are what tells persons apart, each with its kind in front.
func identities(certificate *x509.Certificate) map[string]bool {
	kinds := map[string]string{"2.5.4.3": "name", "2.5.4.5": "serial", "1.2.840.113549.1.9.1": "mail"}
	all := map[string]bool{}
	for _, each := range certificate.Subject.Names {
		if kind := kinds[each.Type.String()]; kind != "" {
			all[kind+" "+folded(fmt.Sprint(each.Value))] = true
		}
	}
	for _, address := range certificate.EmailAddresses {
		all["mail "+folded(strings.TrimSpace(address))] = true
	}
	return all
}

func isSamePerson(one, other *x509.Certificate) bool {
	others := identities(other)
	for each := range identities(one) {
		if others[each] {
			return true
		}
	}
	return false
}
