// The signature (sections 5 and 6.3): a detached CMS object, signer after signer, then all together.
package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
)

const (
	arc             = "2.25.1831565813."
	oidSignedData   = "1.2.840.113549.1.7.2"
	oidContentType  = "1.2.840.113549.1.9.3"
	oidDigest       = "1.2.840.113549.1.9.4"
	oidSigningTime  = "1.2.840.113549.1.9.5"
	oidSigningCert  = "1.2.840.113549.1.9.16.2.47"
	oidRole         = arc + "21"
	oidBinding      = arc + "22"
	oidPSS          = "1.2.840.113549.1.1.10"
	oidMask         = "1.2.840.113549.1.1.8"
	signersMax      = 8
	certificatesMax = 32
	clockSkew       = 300 * time.Second
)

var digests = map[string]crypto.Hash{
	"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}
var weakDigests = map[string]bool{
	"1.2.840.113549.2.4": true, "1.2.840.113549.2.5": true, "1.3.14.3.2.26": true,
	"1.3.36.3.2.1": true, "2.16.840.1.101.3.4.2.4": true,
}
var ecdsaDigests = map[string]crypto.Hash{
	"1.2.840.10045.4.3.2": crypto.SHA256, "1.2.840.10045.4.3.3": crypto.SHA384,
	"1.2.840.10045.4.3.4": crypto.SHA512,
}
var otherSignatures = map[string]bool{ // known, and not allowed
	"1.2.840.10045.4.1": true, "1.2.840.10045.4.3.1": true, "1.2.840.113549.1.1.1": true,
	"1.2.840.113549.1.1.5": true, "1.2.840.113549.1.1.11": true, "1.2.840.113549.1.1.12": true,
	"1.2.840.113549.1.1.13": true, oidPSS: true,
}
var roles = []string{"station", "operator", "witness", "validator", "approver", "policy-owner",
	"register", "trust-bundle", "rehearsal"}

func roleOf(object string) string {
	for i, role := range roles {
		if object == fmt.Sprintf("%s%d", arc, i+1) {
			return role
		}
	}
	return ""
}

type signer struct {
	info        *element
	certificate *x509.Certificate
	attributes  map[string][]*element // the values of each signed attribute; none of a doubled one
	values      map[string][]*element // all values, however often the attribute is there
	signed      *element              // all of them, as encoded
	digest      crypto.Hash
	role        string
	at          *time.Time
	value       []byte
	path        []*x509.Certificate
}

// single is the one value of an attribute that is there once.
func (s *signer) single(id string, tag byte) *element {
	if values := s.attributes[id]; len(values) == 1 && values[0].tag == tag {
		return values[0]
	}
	return nil
}

func digestOf(hash crypto.Hash, data []byte) []byte {
	switch hash {
	case crypto.SHA256:
		sum := sha256.Sum256(data)
		return sum[:]
	case crypto.SHA384:
		sum := sha512.Sum384(data)
		return sum[:]
	}
	sum := sha512.Sum512(data)
	return sum[:]
}

// algorithmOf is a digest's AlgorithmIdentifier: parameters absent or NULL.
func algorithmOf(e *element) (name string, hash crypto.Hash) {
	name = e.child(0, tagObject).object()
	if e == nil || len(e.children) > 2 || len(e.children) == 2 && (e.children[1].tag != 5 || len(e.children[1].content) != 0) {
		return name, 0
	}
	return name, digests[name]
}

type signature struct {
	found        findings
	payload      []byte
	kind         string
	trust        *trustAnchors
	contentType  string
	certificates []*x509.Certificate
	signers      []*signer
}

func checkSignature(data, payload []byte, kind string, trust *trustAnchors, found findings) []*signer {
	s := &signature{found: found, payload: payload, kind: kind, trust: trust}
	top, rest, err := readElement(data, 0)
	if err != nil || top.tag != tagSequence {
		found.add("E_SIG_PARSE")
		return nil
	}
	if len(rest) != 0 {
		found.add("E_SIG_TRAILING")
	}
	if !top.plain {
		found.add("E_SIG_NOT_DER")
	}
	if top.child(0, tagObject).object() != oidSignedData {
		found.add("E_SIG_TYPE")
		return nil
	}
	infos := s.readSignedData(top.child(1, tagContext0).child(0, tagSequence))
	if len(s.certificates) > certificatesMax {
		found.add("E_SIG_EXTRA")
		return nil
	}
	for i, info := range infos {
		if i < signersMax {
			s.checkSigner(info)
		}
	}
	s.checkTogether()
	return s.signers
}

// readSignedData looks over the outer form and returns the SignerInfos.
func (s *signature) readSignedData(data *element) []*element {
	fields := []*element{}
	if data != nil {
		fields = data.children
	}
	take := func(tag byte) *element {
		if len(fields) == 0 || fields[0].tag != tag {
			return nil
		}
		first := fields[0]
		fields = fields[1:]
		return first
	}
	version, listed, content := take(tagInteger), take(tagSet), take(tagSequence)
	certificates, lists := take(tagContext0), take(tagContext1)
	infos := take(tagSet)
	if version == nil || listed == nil || content == nil || infos == nil || len(fields) != 0 {
		s.found.add("E_SIG_PARSE")
		return nil
	}
	if version.number() != 3 {
		s.found.add("E_SIG_VERSION")
	}
	s.contentType = content.child(0, tagObject).object()
	if s.contentType != fmt.Sprintf("%s20.%d", arc, documentTypes[s.kind]) {
		s.found.add("E_SIG_CONTENT_TYPE")
	}
	if len(content.children) != 1 {
		s.found.add("E_SIG_NOT_DETACHED")
	}
	if lists != nil {
		s.found.add("E_SIG_EXTRA")
	}
	if certificates != nil {
		s.readCertificates(certificates)
	}
	if len(infos.children) == 0 {
		s.found.add("E_SIG_NO_SIGNER")
	}
	if len(infos.children) > signersMax {
		s.found.add("E_SIG_TOO_MANY")
	}
	s.checkListOfDigests(listed, infos)
	return infos.children
}

func (s *signature) readCertificates(list *element) {
	if !list.isSorted() {
		s.found.add("E_SIG_NOT_DER")
	}
	for _, each := range list.children {
		certificate, err := readCertificate(each.whole)
		if err != nil {
			s.found.add("E_SIG_PARSE")
			continue
		}
		s.certificates = append(s.certificates, certificate)
	}
}

func (s *signature) checkListOfDigests(listed, infos *element) {
	names, used := map[string]int{}, map[string]bool{}
	for _, each := range listed.children {
		name, _ := algorithmOf(each)
		names[name]++
	}
	for _, info := range infos.children {
		name, _ := algorithmOf(info.child(2, tagSequence))
		used[name] = true
	}
	same := len(names) == len(used)
	for name, count := range names {
		same = same && count == 1 && used[name]
	}
	if !same {
		s.found.add("E_ALG_DIGEST")
	}
}

func (s *signature) checkSigner(info *element) {
	fields := info.children
	if len(fields) < 5 {
		s.found.add("E_SIG_PARSE")
		return
	}
	one := &signer{info: info}
	byIssuer := fields[1].tag == tagSequence
	if version := fields[0].number(); byIssuer && version != 1 || !byIssuer && version != 3 {
		s.found.add("E_SIG_VERSION")
	}
	one.certificate = s.certificateOf(fields[1])
	digestName, digest := algorithmOf(fields[2])
	one.digest = digest
	next := 3
	if one.signed = info.child(3, tagContext0); one.signed != nil {
		next++
	}
	if next+1 >= len(fields) {
		s.found.add("E_SIG_PARSE")
		return
	}
	algorithm := fields[next]
	one.value = fields[next+1].content
	if next+2 < len(fields) {
		s.found.add("E_SIG_UNSIGNED_ATTRS")
	}
	s.checkAttributes(one)
	if one.certificate == nil {
		s.found.add("E_SIG_NO_CERT")
		one.path = nil
	} else {
		s.checkValue(one, digestName, algorithm)
		s.checkPermissions(one)
		if one.at != nil && s.trust.judgedAt != nil && one.at.After(s.trust.judgedAt.Add(clockSkew)) {
			s.found.add("E_TIME_WINDOW")
		}
		one.path = s.trust.checkPath(one, s.certificates, s.found)
	}
	s.signers = append(s.signers, one)
}

func (s *signature) certificateOf(id *element) *x509.Certificate {
	for _, each := range s.certificates {
		if id.tag == tagSequence {
			serial := id.child(1, tagInteger)
			if len(id.children) == 2 && serial != nil && bytes.Equal(id.children[0].whole, each.RawIssuer) &&
				new(big.Int).SetBytes(serial.content).Cmp(each.SerialNumber) == 0 {
				return each
			}
		} else if bytes.Equal(id.content, each.SubjectKeyId) && len(id.content) != 0 {
			return each
		}
	}
	return nil
}

func (s *signature) checkAttributes(one *signer) {
	if one.signed == nil || len(one.signed.children) == 0 {
		one.signed = nil
		s.found.add("E_SIG_NO_SIGNED_ATTRS")
		return
	}
	if !one.signed.isSorted() {
		s.found.add("E_SIG_NOT_DER")
	}
	one.attributes, one.values = map[string][]*element{}, map[string][]*element{}
	for _, attribute := range one.signed.children {
		id := attribute.child(0, tagObject).object()
		values := attribute.child(1, tagSet)
		if values != nil {
			one.values[id] = append(one.values[id], values.children...)
		}
		if _, twice := one.attributes[id]; twice || values == nil || len(values.children) != 1 {
			s.found.add("E_SIG_DUP_ATTR")
			one.attributes[id] = nil
			continue
		}
		one.attributes[id] = values.children
	}
	if one.single(oidContentType, tagObject).object() != s.contentType {
		s.found.add("E_SIG_CONTENT_TYPE_ATTR")
	}
	stated := one.single(oidDigest, tagOctets)
	if one.digest != 0 && (stated == nil || !bytes.Equal(stated.content, digestOf(one.digest, s.payload))) {
		s.found.add("E_DIGEST")
	}
	s.checkSigningCertificate(one)
	if one.role = roleOf(one.single(oidRole, tagObject).object()); one.role == "" {
		s.found.add("E_SIG_ROLE_ATTR")
	}
	if one.at = signingTime(one); one.at == nil {
		s.found.add("E_SIG_TIME")
	}
}

func signingTime(one *signer) *time.Time {
	const tagUTC, tagGeneralized = 0x17, 0x18
	form, value := "060102150405Z", one.single(oidSigningTime, tagUTC)
	if value == nil {
		form, value = "20060102150405Z", one.single(oidSigningTime, tagGeneralized)
	}
	if value == nil {
		return nil
	}
	at, err := time.Parse(form, string(value.content))
	if err != nil {
		return nil
	}
	if value.tag == tagUTC && at.Year() >= 2050 {
		at = at.AddDate(-100, 0, 0)
	}
	if value.tag == tagGeneralized && at.Year() < 2050 {
		return nil
	}
	return &at
}

func (s *signature) checkSigningCertificate(one *signer) {
	value := one.single(oidSigningCert, tagSequence)
	if value == nil {
		s.found.add("E_SIG_NO_ESS")
		return
	}
	if one.certificate == nil {
		return
	}
	first := value.child(0, tagSequence).child(0, tagSequence)
	hash, at := crypto.SHA256, 0
	if algorithm := first.child(0, tagSequence); algorithm != nil {
		_, hash = algorithmOf(algorithm)
		at = 1
	}
	stated := first.child(at, tagOctets)
	if hash == 0 || stated == nil || !bytes.Equal(stated.content, digestOf(hash, one.certificate.Raw)) {
		s.found.add("E_ESS_MISMATCH")
	}
}

// checkValue tries the signature over the attributes, which are signed as a SET.
func (s *signature) checkValue(one *signer, digestName string, algorithm *element) {
	if one.digest == 0 {
		if weakDigests[digestName] {
			s.found.add("E_ALG_DIGEST")
		} else {
			s.found.add("I_ALG_UNSUPPORTED")
		}
		return
	}
	if code := algorithmFlaw(one, algorithm); code != "" {
		s.found.add(code)
		return
	}
	if one.signed == nil {
		return
	}
	signed := append([]byte{tagSet}, one.signed.whole[1:]...)
	sum := digestOf(one.digest, signed)
	good := false
	switch key := one.certificate.PublicKey.(type) {
	case *ecdsa.PublicKey:
		good = ecdsa.VerifyASN1(key, sum, one.value)
	case *rsa.PublicKey:
		options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: one.digest}
		good = rsa.VerifyPSS(key, one.digest, sum, one.value, options) == nil
	}
	for id, least := range map[string]int{oidContentType: 1, oidDigest: 1, oidSigningTime: 0} {
		if count := len(one.values[id]); count < least || count > 1 {
			good = false
		}
	}
	if !good {
		s.found.add("E_SIGNATURE")
	}
}

func algorithmFlaw(one *signer, algorithm *element) string {
	name := algorithm.child(0, tagObject).object()
	wrong := "I_ALG_UNSUPPORTED"
	if otherSignatures[name] || ecdsaDigests[name] != 0 {
		wrong = "E_ALG_SIG"
	}
	switch key := one.certificate.PublicKey.(type) {
	case *ecdsa.PublicKey:
		bits := key.Curve.Params().BitSize
		if bits < 256 {
			return "E_ALG_KEYSIZE"
		}
		if bits > 512 {
			bits = 512
		}
		if one.digest.Size()*8 < bits {
			return "E_ALG_DIGEST"
		}
		if ecdsaDigests[name] == one.digest && len(algorithm.children) == 1 {
			return ""
		}
		return wrong
	case *rsa.PublicKey:
		if key.N.BitLen() < 3072 {
			return "E_ALG_KEYSIZE"
		}
		if name == oidPSS && isGoodPSS(algorithm.child(1, tagSequence), one.digest) {
			return ""
		}
		return wrong
	}
	return "I_ALG_UNSUPPORTED"
}

func isGoodPSS(parameters *element, digest crypto.Hash) bool {
	_, hash := algorithmOf(parameters.child(0, tagContext0).child(0, tagSequence))
	mask := parameters.child(1, tagContext1).child(0, tagSequence)
	_, maskHash := algorithmOf(mask.child(1, tagSequence))
	salt := parameters.child(2, 0xA2).child(0, tagInteger)
	return hash == digest && maskHash == digest && mask.child(0, tagObject).object() == oidMask &&
		salt.number() >= digest.Size()
}

// checkTogether is what concerns all signers.
func (s *signature) checkTogether() {
	holders := []*signer{}
	pathsKnown := true
	for _, one := range s.signers {
		if one.certificate != nil && one.role != "" {
			holders = append(holders, one)
		}
		pathsKnown = pathsKnown && one.path != nil
	}
	checkRoles(holders, s.kind, s.found)
	checkBindings(holders, s.found)
	for i, each := range s.certificates {
		used := false
		for _, one := range s.signers {
			for _, member := range one.path {
				used = used || member.Equal(each)
			}
		}
		for _, before := range s.certificates[:i] {
			used = used && !before.Equal(each)
		}
		if pathsKnown && !used {
			s.found.add("E_SIG_EXTRA")
		}
	}
}

// issuerRole is who signs a document of this type first, and once.
func issuerRole(kind string) string {
	switch kind {
	case "quietus.confirmation":
		return "operator"
	case "quietus.rehearsal":
		return "rehearsal"
	case "quietus.validation":
		return "validator"
	}
	return "station"
}

// checkRoles: beside a station any number of persons may sign; beside any other issuer nobody.
func checkRoles(holders []*signer, kind string, found findings) {
	needed := issuerRole(kind)
	others := map[string]bool{"operator": needed == "station", "witness": needed == "station"}
	count := 0
	for i, one := range holders {
		if one.role == needed {
			count++
		} else if !others[one.role] {
			found.add("E_ROLE_UNEXPECTED")
		}
		for _, other := range holders[:i] {
			if isSameKey(one.certificate, other.certificate) {
				found.add("E_ROLE_SAME_KEY")
			} else if isPerson(one.role) && isPerson(other.role) && isSamePerson(one.certificate, other.certificate) {
				found.add("E_ROLE_SAME_PERSON")
			}
		}
	}
	if kind == "quietus.destruction" { // persons vouch for it, perhaps later; the station only required it
		if !hasRole(holders, "operator") || !hasRole(holders, "witness") {
			found.add("I_ROLE_MISSING")
		}
	} else if count == 0 {
		found.add("E_ROLE_MISSING")
	}
	if count > 1 {
		found.add("E_ROLE_UNEXPECTED")
	}
}

func isPerson(role string) bool {
	return role != "station" && role != "register" && role != "trust-bundle" && role != "rehearsal"
}

func checkBindings(holders []*signer, found findings) {
	for _, one := range holders {
		values, there := one.attributes[oidBinding]
		if !there {
			if one.role == "witness" && hasRole(holders, "station") {
				found.add("E_WITNESS_BINDING")
			}
			continue
		}
		bound := false
		for _, other := range holders {
			if other.role != "station" || other == one || len(values) != 1 || values[0].tag != tagOctets ||
				!bytes.Equal(values[0].content, digestOf(crypto.SHA384, other.value)) {
				continue
			}
			bound = true
			if one.at != nil && other.at != nil && one.at.Add(clockSkew).Before(*other.at) {
				found.add("W_TIME_ORDER")
			}
		}
		if !bound {
			found.add("E_WITNESS_BINDING")
		}
	}
}

func hasRole(holders []*signer, role string) bool {
	for _, one := range holders {
		if one.role == role {
			return true
		}
	}
	return false
}

// checkRequired is what the payload says of its signers, once the signature has no E_ finding.
func checkRequired(d *document, signers []*signer, found findings) {
	required, done := map[string]bool{}, map[string]bool{}
	issuer := issuerRole(d.text("type"))
	named := false
	for _, each := range d.list("signers_required") {
		required[textAt(each, "role")+" "+textAt(each, "certificate_sha256")] = true
		named = named || textAt(each, "role") == issuer
	}
	if !named {
		found.add("E_ROLE_MISSING")
	}
	for _, one := range signers {
		if one.certificate == nil || one.role == "" {
			continue
		}
		name := one.role + " " + hex.EncodeToString(digestOf(crypto.SHA256, one.certificate.Raw))
		done[name] = true
		if !required[name] {
			found.add("E_ROLE_UNEXPECTED")
		}
		if one.role == issuer && one.certificate.Subject.CommonName != d.text("station.id") {
			found.add("E_STATION")
		}
		if isSelfIssued(one.path) {
			found.add("W_SELF_ISSUED")
		}
	}
	for name := range required {
		if !done[name] {
			found.add("I_ROLE_MISSING")
		}
	}
}

// folded is a name without regard to case and spaces.
func folded(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(text), " "))
}
