// The JSON profile of section 2: a reader that goes on after what it refuses, and the canonical form.
package main

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	integerMax = 1<<53 - 1
	stringMax  = 4096
	depthMax   = 12
)

type reader struct {
	text  []byte
	at    int
	found findings
}

// stop is how the reader gives up: what follows cannot be told from what it is.
type stop struct{ code string }

func (r *reader) fail(code string) { panic(stop{code}) }

func (r *reader) space() {
	for r.at < len(r.text) && bytes.IndexByte([]byte(" \t\r\n"), r.text[r.at]) >= 0 {
		r.at++
	}
}

func (r *reader) peek() byte {
	if r.at >= len(r.text) {
		r.fail("E_JSON_SYNTAX")
	}
	return r.text[r.at]
}

func (r *reader) expect(word string) {
	if !bytes.HasPrefix(r.text[r.at:], []byte(word)) {
		r.fail("E_JSON_SYNTAX")
	}
	r.at += len(word)
}

func (r *reader) value(depth int) interface{} {
	r.space()
	switch c := r.peek(); {
	case c == '{' || c == '[':
		if depth == depthMax {
			r.found.add("E_JSON_DEPTH")
		}
		if depth > 10*payloadLimit {
			r.fail("E_JSON_DEPTH")
		}
		if c == '{' {
			return r.object(depth + 1)
		}
		return r.array(depth + 1)
	case c == '"':
		return r.str()
	case c == 't':
		r.expect("true")
		return true
	case c == 'f':
		r.expect("false")
		return false
	case c == 'n':
		r.expect("null")
		return nil
	}
	return r.number()
}

func (r *reader) object(depth int) interface{} {
	members := map[string]interface{}{}
	r.at++
	r.space()
	if r.peek() == '}' {
		r.at++
		return members
	}
	for {
		r.space()
		if r.peek() != '"' {
			r.fail("E_JSON_SYNTAX")
		}
		name := r.str()
		if _, twice := members[name]; twice {
			r.found.add("E_JSON_DUPKEY")
		}
		r.space()
		r.expect(":")
		members[name] = r.value(depth)
		r.space()
		if r.peek() == '}' {
			r.at++
			return members
		}
		r.expect(",")
	}
}

func (r *reader) array(depth int) interface{} {
	elements := []interface{}{}
	r.at++
	r.space()
	if r.peek() == ']' {
		r.at++
		return elements
	}
	for {
		elements = append(elements, r.value(depth))
		r.space()
		if r.peek() == ']' {
			r.at++
			return elements
		}
		r.expect(",")
	}
}

func (r *reader) hex4() (rune, bool) {
	if r.at+6 > len(r.text) || r.text[r.at] != '\\' || r.text[r.at+1] != 'u' {
		return 0, false
	}
	value, err := strconv.ParseUint(string(r.text[r.at+2:r.at+6]), 16, 32)
	return rune(value), err == nil
}

func (r *reader) escape() string {
	if r.at+1 >= len(r.text) {
		r.fail("E_JSON_SYNTAX")
	}
	if plain := bytes.IndexByte([]byte(`"\/bfnrt`), r.text[r.at+1]); plain >= 0 {
		r.at += 2
		return "\"\\/\b\f\n\r\t"[plain : plain+1]
	}
	value, ok := r.hex4()
	if !ok {
		r.fail("E_JSON_SYNTAX")
	}
	r.at += 6
	if !utf16.IsSurrogate(value) {
		return string(value)
	}
	low, ok := r.hex4()
	if whole := utf16.DecodeRune(value, low); ok && whole != utf8.RuneError {
		r.at += 6
		return string(whole)
	}
	r.fail("E_JSON_SURROGATE")
	return ""
}

func (r *reader) str() string {
	var text []byte
	r.at++
	for {
		switch c := r.peek(); {
		case c == '"':
			r.at++
			return string(text)
		case c == '\\':
			text = append(text, r.escape()...)
		case c < 0x20:
			r.fail("E_JSON_CONTROL")
		default:
			text = append(text, c)
			r.at++
		}
	}
}

func (r *reader) digits() int {
	begin := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	if r.at == begin {
		r.fail("E_JSON_SYNTAX")
	}
	return r.at - begin
}

func (r *reader) number() interface{} {
	begin := r.at
	if r.peek() == '-' {
		r.at++
	}
	first := r.peek()
	if r.digits() > 1 && first == '0' {
		r.fail("E_JSON_SYNTAX")
	}
	whole := true
	if r.at < len(r.text) && r.text[r.at] == '.' {
		whole = false
		r.at++
		r.digits()
	}
	if r.at < len(r.text) && (r.text[r.at] == 'e' || r.text[r.at] == 'E') {
		whole = false
		r.at++
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		r.digits()
	}
	value, err := strconv.ParseInt(string(r.text[begin:r.at]), 10, 64)
	if !whole || err != nil || value > integerMax || value < -integerMax {
		r.found.add("E_JSON_NUMBER")
		return int64(0)
	}
	return value
}

// parse reads the whole text; false when the content is not to be looked at.
func parse(text []byte, found findings) (value interface{}, good bool) {
	if bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) || !utf8.Valid(text) {
		found.add("E_JSON_UTF8")
		return nil, false
	}
	r := &reader{text: text, found: findings{}}
	defer func() {
		if problem, stopped := recover().(stop); stopped {
			r.found.add(problem.code)
			value, good = nil, false
		}
		for code := range r.found {
			found.add(code)
		}
	}()
	value = r.value(0)
	r.space()
	if r.at != len(text) {
		r.fail("E_JSON_SYNTAX")
	}
	examineProfile(value, found)
	return value, len(r.found) == 0
}

func isControl(c rune) bool { return c < 0x20 || (c >= 0x7F && c < 0xA0) }

func examineText(text string, found findings) {
	if len(text) > stringMax {
		found.add("E_JSON_STRING")
	}
	for _, c := range text {
		if isControl(c) {
			found.add("E_JSON_CONTROL")
		}
	}
	if !isNFC(text) {
		found.add("E_JSON_NFC")
	}
}

func examineProfile(value interface{}, found findings) {
	switch v := value.(type) {
	case nil:
		found.add("E_JSON_NULL")
	case string:
		examineText(v, found)
	case []interface{}:
		for _, each := range v {
			examineProfile(each, found)
		}
	case map[string]interface{}:
		for name, member := range v {
			for _, c := range name {
				if !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' {
					found.add("E_JSON_NAME")
				}
			}
			if name == "" {
				found.add("E_JSON_NAME")
			}
			examineProfile(member, found)
		}
	}
}

func canonicalText(out *bytes.Buffer, text string) {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	out.WriteByte('"')
	for _, c := range text {
		if spelled, ok := short[c]; ok {
			out.WriteString(spelled)
		} else if c < 0x20 {
			fmt.Fprintf(out, `\u%04x`, c)
		} else {
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
}

func commaSeparated(out *bytes.Buffer, brackets string, count int, write func(int)) {
	out.WriteByte(brackets[0])
	for i := 0; i < count; i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		write(i)
	}
	out.WriteByte(brackets[1])
}

// canonical is RFC 8785 within the profile.
func canonical(out *bytes.Buffer, value interface{}) {
	switch v := value.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int64:
		out.WriteString(strconv.FormatInt(v, 10))
	case string:
		canonicalText(out, v)
	case []interface{}:
		commaSeparated(out, "[]", len(v), func(i int) { canonical(out, v[i]) })
	case map[string]interface{}:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		sort.Strings(names)
		commaSeparated(out, "{}", len(names), func(i int) {
			canonicalText(out, names[i])
			out.WriteByte(':')
			canonical(out, v[names[i]])
		})
	}
}
