// What luks-erase leaves alone, and the keys that must be gone: section 4.8.
package main

import "regexp"

const (
	luksErase     = "luks-erase"
	keptUnit      = 65536
	mostAheadData = 1 << 30
)

var plainCipher = regexp.MustCompile(`^[A-Za-z0-9:_().,-]{1,64}$`)

func isSoundVolume(volume interface{}) bool {
	offset, size := numberAt(volume, "offset_bytes"), numberAt(volume, "size_bytes")
	data, version := numberAt(volume, "data_offset"), numberAt(volume, "version")
	cipher := textAt(volume, "cipher")
	return (version == 1 || version == 2) && size <= maxInteger-offset && data != 0 && data <= mostAheadData &&
		data < size && numberAt(volume, "keys_end") <= data && numberAt(volume, "key_bits") >= 128 && plainCipher.MatchString(cipher) &&
		!regexp.MustCompile(`cipher_null|^null`).MatchString(cipher)
}

// areSoundVolumes: each possible, one behind the other.
func areSoundVolumes(volumes []interface{}) bool {
	end := int64(0)
	for _, each := range volumes {
		if !isSoundVolume(each) || numberAt(each, "offset_bytes") < end {
			return false
		}
		end = numberAt(each, "offset_bytes") + numberAt(each, "size_bytes")
	}
	return len(volumes) != 0
}

// keptExtents is the ciphertext, in whole units.
func keptExtents(d *document) []extent {
	volumes := d.list("method.volumes")
	if !areSoundVolumes(volumes) {
		return nil
	}
	var kept []extent
	for _, each := range volumes {
		offset := numberAt(each, "offset_bytes")
		begin := (offset + numberAt(each, "data_offset") + keptUnit - 1) / keptUnit * keptUnit
		end := (offset + numberAt(each, "size_bytes")) / keptUnit * keptUnit
		if begin < end {
			kept = append(kept, extent{begin, end})
		}
	}
	return joined(kept)
}

// toErase is all of the drive but that.
func toErase(d *document, capacity int64) []extent {
	return without([]extent{{0, capacity}}, keptExtents(d))
}

func coversAll(extents, all []extent) bool { return len(without(all, extents)) == 0 }

func (v *derivation) erasesKeys() bool { return v.d.text("method.technique") == luksErase }

// isSoundOfVolumes is what item 4 asks besides, given the steps are possible.
func (v *derivation) isSoundOfVolumes() bool {
	volumes := v.d.list("method.volumes")
	if !v.erasesKeys() {
		return len(volumes) == 0
	}
	steps := v.steps
	if v.lifts() {
		steps = steps[1:]
	}
	if len(steps) != 2 || textAt(steps[1], "data") != "random_stream" || !isPlainStep(steps[0]) ||
		!hasNoVerification(steps[1]) || v.d.text("verification.mode") != "full" || !areSoundVolumes(volumes) {
		return false
	}
	last := volumes[len(volumes)-1]
	return numberAt(last, "offset_bytes")+numberAt(last, "size_bytes") <= v.capacity && len(keptExtents(v.d)) != 0
}

func hasNoVerification(step interface{}) bool {
	return textAt(step, "verification.mode") == "none" && numberAt(step, "verification.percent") == 0
}

func isPlainStep(step interface{}) bool {
	return textAt(step, "data") == "none" && textAt(step, "bytes") == "" && numberAt(step, "of") == 0 &&
		hasNoVerification(step)
}

// examineKeys is item 7a.
func (v *derivation) examineKeys() {
	record := get(v.d.root, "method.luks")
	if !v.erasesKeys() {
		if record != nil {
			v.add("unexpected-record")
		}
		return
	}
	if record == nil {
		if !v.stopped {
			v.add("missing-record")
		}
		return
	}
	if !v.areOfVolumes(listAt(record, "before")) {
		v.add("inconsistent-evidence")
	}
	v.addExtents("key-header-left", extentsAt(record, "left"))
	if !boolAt(record, "looked") && !v.stopped {
		v.add("missing-record")
	}
}

func (v *derivation) areOfVolumes(found []interface{}) bool {
	volumes := v.d.list("method.volumes")
	if len(found) != len(volumes) {
		return false
	}
	for i, each := range found {
		headers := numberAt(each, "headers")
		if numberAt(each, "offset_bytes") != numberAt(volumes[i], "offset_bytes") || headers < 1 || headers > 2 {
			return false
		}
	}
	return true
}

// keyLevel is what writing can come to on storage that is known.
func keyLevel(d *document) string {
	if d.text("method.technique") == luksErase && d.text("policy.decision.vendor_claim") != "accepted" {
		return "none"
	}
	return "clear"
}

// keyLimits is what the destruction of keys leaves open.
func keyLimits(d *document, level string) []string {
	if d.text("method.technique") != luksErase {
		return nil
	}
	limits := []string{"ciphertext-left", "earlier-data-not-excluded", "key-copies-not-excluded"}
	if level != "none" {
		limits = append(limits, "level-by-vendor-claim")
	}
	return limits
}
