// A payload as the checks read it: members by path, extents, times.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type document struct {
	root      map[string]interface{}
	usable    bool // the content may be looked at
	malformed bool // some member is of a wrong form: no result is derived
}

var documentTypes = map[string]int{
	"quietus.certificate": 1, "quietus.attempt": 2, "quietus.destruction": 3, "quietus.validation": 4,
	"quietus.confirmation": 5, "quietus.rehearsal": 6, "quietus.profile": 7, "quietus.order": 8,
}

func (d *document) typeWord() (string, bool) {
	word, _ := d.root["type"].(string)
	return word, documentTypes[word] != 0
}

func get(value interface{}, path string) interface{} {
	for _, name := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]interface{}:
			value = v[name]
		case []interface{}:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func textAt(value interface{}, path string) string {
	text, _ := get(value, path).(string)
	return text
}

func numberAt(value interface{}, path string) int64 {
	number, _ := get(value, path).(int64)
	return number
}

func boolAt(value interface{}, path string) bool {
	flag, _ := get(value, path).(bool)
	return flag
}

func listAt(value interface{}, path string) []interface{} {
	list, _ := get(value, path).([]interface{})
	return list
}

func (d *document) text(path string) string        { return textAt(d.root, path) }
func (d *document) number(path string) int64       { return numberAt(d.root, path) }
func (d *document) list(path string) []interface{} { return listAt(d.root, path) }
func (d *document) isCertificate() bool            { return d.text("type") == "quietus.certificate" }
func (d *document) isRehearsal() bool              { return d.text("type") == "quietus.rehearsal" }

// isProof: held to what is asked of a certificate (section 4.2).
func (d *document) isProof() bool {
	return d.isCertificate() || d.isRehearsal() && d.text("verdict") == "erased"
}

// extent is the octets from offset up to end.
type extent struct{ offset, end int64 }

func extentsAt(value interface{}, path string) []extent {
	var extents []extent
	for _, each := range listAt(value, path) {
		offset := numberAt(each, "offset")
		extents = append(extents, extent{offset, offset + numberAt(each, "length")})
	}
	return extents
}

func isWellFormed(extents []extent, size int64) bool {
	reached := int64(0)
	for _, each := range extents {
		if each.end <= each.offset || each.offset < reached || each.end > size {
			return false
		}
		reached = each.end
	}
	return true
}

func sum(extents []extent) int64 {
	total := int64(0)
	for _, each := range extents {
		total += each.end - each.offset
	}
	return total
}

// joined is the same octets in the fewest extents.
func joined(extents []extent) []extent {
	var result []extent
	for _, each := range extents {
		if last := len(result) - 1; last >= 0 && result[last].end == each.offset {
			result[last].end = each.end
		} else {
			result = append(result, each)
		}
	}
	return result
}

// without is the octets of some that are in none of the others; both lists are well formed.
func without(some, others []extent) []extent {
	var result []extent
	for _, each := range some {
		for _, other := range others {
			if other.end <= each.offset || other.offset >= each.end {
				continue
			}
			if other.offset > each.offset {
				result = append(result, extent{each.offset, other.offset})
			}
			each.offset = other.end
			if each.offset >= each.end {
				break
			}
		}
		if each.offset < each.end {
			result = append(result, each)
		}
	}
	return joined(result)
}

func covers(extents []extent, size int64) bool {
	return len(without([]extent{{0, size}}, extents)) == 0
}

func isSameExtents(one, other []extent) bool {
	return fmt.Sprint(one) == fmt.Sprint(other)
}

func timeOf(text string) (time.Time, bool) {
	at, err := time.Parse("2006-01-02T15:04:05Z", text)
	return at, err == nil
}
