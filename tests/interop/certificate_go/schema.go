// The content against the schema of its type (section 6.2): as much of JSON Schema as those use.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

type schemaNode struct {
	Type                 string                 `json:"type"`
	Properties           map[string]*schemaNode `json:"properties"`
	Required             []string               `json:"required"`
	Enum                 []interface{}          `json:"enum"`
	Const                interface{}            `json:"const"`
	Pattern              string                 `json:"pattern"`
	MinLength            int                    `json:"minLength"`
	MaxLength            *int                   `json:"maxLength"`
	Minimum              *int64                 `json:"minimum"`
	Maximum              *int64                 `json:"maximum"`
	Items                *schemaNode            `json:"items"`
	AnyOf                []*schemaNode          `json:"anyOf"`
	Ref                  string                 `json:"$ref"`
	Defs                 map[string]*schemaNode `json:"$defs"`
	PatternProperties    map[string]interface{} `json:"patternProperties"`
	AdditionalProperties *bool                  `json:"additionalProperties"`
	Title                string                 `json:"title"`
	Schema               string                 `json:"$schema"`
	Comment              string                 `json:"$comment"`
	MinItems             int                    `json:"minItems"` // of signers_required: E_DESTRUCTION says so
	AllOf                []interface{}          `json:"allOf"`    // the same
}

// schemas are those of the types that are checked, and what they share.
type schemas struct {
	ofType map[string]*schemaNode
	shared map[string]*schemaNode
}

func readSchemas(folder string) (*schemas, error) {
	all := &schemas{ofType: map[string]*schemaNode{}}
	for _, name := range []string{"certificate", "attempt", "rehearsal", "destruction", "validation"} {
		root, err := readSchema(filepath.Join(folder, name+".schema.json"))
		if err != nil {
			return nil, err
		}
		all.ofType["quietus."+name] = root
	}
	definitions, err := readSchema(filepath.Join(folder, "definitions.schema.json"))
	if err != nil {
		return nil, err
	}
	all.shared = definitions.Defs
	return all, nil
}

func readSchema(path string) (*schemaNode, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields() // what this program does not know it must not ignore
	var root schemaNode
	return &root, decoder.Decode(&root)
}

// shape collects breaches: of structure, which end the look at the content, and of form.
type shape struct {
	shared    map[string]*schemaNode
	found     findings
	structure bool
	form      bool
}

func (s *shape) broken() {
	s.structure = true
	s.found.add("E_SCHEMA")
}

func (s *shape) malformed() {
	s.form = true
	s.found.add("E_SCHEMA")
}

// breach is of structure, but for the one member that may be a number or a word.
func (s *shape) breach(path string) {
	if path == ".drive.native_capacity_bytes" {
		s.malformed()
	} else {
		s.broken()
	}
}

func isSame(constant, value interface{}) bool {
	return fmt.Sprint(constant) == fmt.Sprint(value)
}

func hasType(name string, value interface{}) bool {
	switch value.(type) {
	case string:
		return name == "string"
	case int64:
		return name == "integer"
	case bool:
		return name == "boolean"
	case []interface{}:
		return name == "array"
	case map[string]interface{}:
		return name == "object"
	}
	return false
}

// resolved follows references; all of them lead to what the schemas share.
func (s *shape) resolved(node *schemaNode) *schemaNode {
	for node.Ref != "" {
		node = s.shared[node.Ref[strings.LastIndexByte(node.Ref, '/')+1:]]
	}
	return node
}

// Of alternatives the one of the value's type, or of its word.
func (s *shape) alternative(nodes []*schemaNode, value interface{}) *schemaNode {
	for i, node := range nodes {
		nodes[i] = s.resolved(node)
	}
	for _, node := range nodes {
		if node.Const != nil && isSame(node.Const, value) {
			return node
		}
	}
	for _, node := range nodes {
		if node.Type != "" && hasType(node.Type, value) {
			return node
		}
	}
	return nil
}

const stepNumberMax = 1<<32 - 1

func isStepNumber(path string) bool {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "step", "of", "of_step", "percent", "technique_table":
		return true
	case "pattern", "passes", "logical_bytes", "security_word", "echoes", "progress", "word_before", "word_after":
		return strings.HasPrefix(path, ".method.")
	case "version", "key_bits", "headers":
		return strings.HasPrefix(path, ".method.volumes.") || strings.HasPrefix(path, ".method.luks.")
	}
	return false
}

func (s *shape) examine(node *schemaNode, value interface{}, path string) {
	node = s.resolved(node)
	if node.AnyOf != nil {
		chosen := s.alternative(node.AnyOf, value)
		if chosen == nil {
			s.breach(path)
			return
		}
		node = chosen
	}
	if node.Type != "" && !hasType(node.Type, value) {
		s.broken()
		return
	}
	if node.Enum != nil && !s.isAllowed(node.Enum, value) {
		s.broken()
		return
	}
	if node.Const != nil && !isSame(node.Const, value) {
		s.malformed()
	}
	switch v := value.(type) {
	case string:
		s.examineText(node, v, path)
	case int64:
		s.examineNumber(node, v, path)
	case []interface{}:
		for i, each := range v {
			s.examine(node.Items, each, fmt.Sprintf("%s.%d", path, i))
		}
	case map[string]interface{}:
		s.examineMembers(node, v, path)
	}
}

func (s *shape) isAllowed(words []interface{}, value interface{}) bool {
	for _, word := range words {
		if isSame(word, value) {
			return true
		}
	}
	return false
}

func (s *shape) examineText(node *schemaNode, text, path string) {
	if path == ".id" || strings.HasPrefix(path, ".confirmation.signature.") {
		return // E_STATION and E_CONFIRMATION say so
	}
	if node.Pattern != "" && !regexp.MustCompile(node.Pattern).MatchString(text) {
		s.malformed()
	}
	if len([]rune(text)) < node.MinLength {
		s.malformed()
	}
	if strings.HasSuffix(node.Pattern, "Z$") {
		if _, err := time.Parse("2006-01-02T15:04:05Z", text); err != nil {
			s.malformed()
		}
	}
}

func (s *shape) examineNumber(node *schemaNode, number int64, path string) {
	if node.Minimum != nil && number < 0 || isStepNumber(path) && number > stepNumberMax {
		s.breach(path)
		return
	}
	if strings.HasSuffix(path, ".length") {
		return // E_SEM_COVERAGE says so
	}
	if node.Minimum != nil && number < *node.Minimum || node.Maximum != nil && number > *node.Maximum {
		s.malformed()
	}
}

func (s *shape) examineMembers(node *schemaNode, members map[string]interface{}, path string) {
	for _, name := range node.Required {
		if _, there := members[name]; !there {
			s.broken()
		}
	}
	for name, member := range members {
		if known := node.Properties[name]; known != nil {
			s.examine(known, member, path+"."+name)
		} else if !strings.HasPrefix(name, "x_") {
			s.found.add("E_SCHEMA_MEMBER")
		}
	}
}

func contains(words []string, word string) bool {
	for _, each := range words {
		if each == word {
			return true
		}
	}
	return false
}

// readPayload is section 6.2 up to the forms that the schema cannot say.
func readPayload(text []byte, all *schemas, found findings) *document {
	return readPayloadOf(text, all, found, "quietus.certificate", "quietus.attempt", "quietus.rehearsal",
		"quietus.destruction")
}

// readPayloadOf: of several types any other is not described, of one type any other is wrong.
func readPayloadOf(text []byte, all *schemas, found findings, kinds ...string) *document {
	d := &document{}
	value, good := parse(text, found)
	if !good {
		return d
	}
	var again bytes.Buffer
	canonical(&again, value)
	if !bytes.Equal(again.Bytes(), text) {
		found.add("E_JSON_NOT_CANONICAL")
	}
	members, _ := value.(map[string]interface{})
	d.root = members
	kind, known := d.typeWord()
	switch {
	case !known:
		found.add("E_TYPE")
	case !contains(kinds, kind) && len(kinds) == 1:
		found.add("E_TYPE")
	case !contains(kinds, kind):
		found.add("I_TYPE_UNSUPPORTED")
	case d.root["schema"] != int64(1):
		found.add("E_SCHEMA_VERSION")
	default:
		s := shape{shared: all.shared, found: found}
		s.examine(all.ofType[kind], members, "")
		d.usable = !s.structure
		d.malformed = s.form
	}
	return d
}
