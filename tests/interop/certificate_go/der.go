// ASN.1 octets as a tree: reads BER, and knows what of it is not DER.
package main

import (
	"bytes"
	"encoding/asn1"
	"errors"
)

const (
	tagBoolean    = 0x01
	tagInteger    = 0x02
	tagBitString  = 0x03
	tagOctets     = 0x04
	tagObject     = 0x06
	tagEnumerated = 0x0A
	tagSequence   = 0x30
	tagSet        = 0x31
	tagContext0   = 0xA0
	tagContext1   = 0xA1
	depthOfDER    = 40
)

type element struct {
	tag      byte
	content  []byte // of a primitive one, or as it stood
	whole    []byte
	children []*element
	plain    bool // in distinguished encoding, children included
}

var errEncoding = errors.New("not ASN.1")

// readElement reads one element; what follows it is returned.
func readElement(data []byte, depth int) (*element, []byte, error) {
	if len(data) < 2 || data[0]&0x1F == 0x1F || depth > depthOfDER {
		return nil, nil, errEncoding
	}
	e := &element{tag: data[0], plain: true}
	length, header := int(data[1]), 2
	indefinite := data[1] == 0x80
	if data[1] > 0x80 {
		count := int(data[1] & 0x7F)
		if count > 4 || len(data) < 2+count {
			return nil, nil, errEncoding
		}
		length = 0
		for _, octet := range data[2 : 2+count] {
			length = length<<8 | int(octet)
		}
		header += count
		e.plain = data[2] != 0 && length >= 0x80
	}
	rest := data[header:]
	if indefinite {
		return e.readIndefinite(data, rest, depth)
	}
	if length > len(rest) {
		return nil, nil, errEncoding
	}
	e.content, e.whole = rest[:length], data[:header+length]
	if e.tag&0x20 != 0 {
		for left := e.content; len(left) > 0; {
			child, after, err := readElement(left, depth+1)
			if err != nil {
				return nil, nil, err
			}
			e.addChild(child)
			left = after
		}
	}
	e.plain = e.plain && e.isPlainItself()
	return e, rest[length:], nil
}

func (e *element) readIndefinite(data, rest []byte, depth int) (*element, []byte, error) {
	if e.tag&0x20 == 0 {
		return nil, nil, errEncoding
	}
	e.plain = false
	begin := rest
	for !bytes.HasPrefix(rest, []byte{0, 0}) {
		child, after, err := readElement(rest, depth+1)
		if err != nil {
			return nil, nil, err
		}
		e.addChild(child)
		rest = after
	}
	e.content = begin[:len(begin)-len(rest)]
	e.whole = data[:len(data)-len(rest)+2]
	return e, rest[2:], nil
}

func (e *element) addChild(child *element) {
	e.plain = e.plain && child.plain
	e.children = append(e.children, child)
}

func (e *element) isPlainItself() bool {
	switch e.tag {
	case tagBoolean:
		return len(e.content) == 1 && (e.content[0] == 0 || e.content[0] == 0xFF)
	case tagInteger, tagEnumerated:
		if len(e.content) < 2 {
			return len(e.content) == 1
		}
		high := e.content[1]&0x80 != 0
		return !(e.content[0] == 0 && !high) && !(e.content[0] == 0xFF && high)
	case tagSet:
		return e.isSorted()
	}
	return e.tag&0xC0 != 0 || e.tag&0x20 == 0 || e.tag == tagSequence
}

func (e *element) isSorted() bool {
	for i := 1; i < len(e.children); i++ {
		if bytes.Compare(e.children[i-1].whole, e.children[i].whole) > 0 {
			return false
		}
	}
	return true
}

// child is the i-th one if it has that tag.
func (e *element) child(i int, tag byte) *element {
	if e == nil || i >= len(e.children) || e.children[i].tag != tag {
		return nil
	}
	return e.children[i]
}

// tagged is the first child with that tag.
func (e *element) tagged(tag byte) *element {
	if e == nil {
		return nil
	}
	for _, each := range e.children {
		if each.tag == tag {
			return each
		}
	}
	return nil
}

// object is the dotted form of an OBJECT IDENTIFIER.
func (e *element) object() string {
	if e == nil || e.tag != tagObject {
		return ""
	}
	var id asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(e.whole, &id); err != nil || len(rest) != 0 {
		return ""
	}
	return id.String()
}

func (e *element) number() int {
	value := 0
	if e == nil || e.tag != tagInteger || len(e.content) > 4 {
		return -1
	}
	for _, octet := range e.content {
		value = value<<8 | int(octet)
	}
	return value
}
