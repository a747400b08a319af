// Unicode normalisation form C (UAX #15): decompose, put marks in order, compose again.
package main

import (
	"sort"
	"strconv"
	"strings"
)

const (
	hangulBase, hangulCount         = 0xAC00, 11172
	leadBase, vowelBase, trailBase  = 0x1100, 0x1161, 0x11A7
	leadCount, vowelCount, trailAll = 19, 21, 28
)

var (
	decomposed = map[rune][]rune{}
	composed   = map[[2]rune]rune{}
	combining  = map[rune]int{}
)

func codePoint(text string) rune {
	value, err := strconv.ParseInt(text, 16, 32)
	if err != nil {
		panic(err)
	}
	return rune(value)
}

func init() {
	for _, word := range strings.Fields(decompositionTable) {
		excluded := strings.HasPrefix(word, "-")
		halves := strings.SplitN(strings.TrimPrefix(word, "-"), "=", 2)
		whole := codePoint(halves[0])
		var parts []rune
		for _, part := range strings.Split(halves[1], "+") {
			parts = append(parts, codePoint(part))
		}
		decomposed[whole] = parts
		if !excluded && len(parts) == 2 {
			composed[[2]rune{parts[0], parts[1]}] = whole
		}
	}
	for _, word := range strings.Fields(combiningTable) {
		halves := strings.SplitN(word, "=", 2)
		ends := strings.SplitN(halves[0], "-", 2)
		class, _ := strconv.Atoi(halves[1])
		for c := codePoint(ends[0]); c <= codePoint(ends[1]); c++ {
			combining[c] = class
		}
	}
}

func decompose(c rune) []rune {
	if i := c - hangulBase; i >= 0 && i < hangulCount {
		parts := []rune{leadBase + i/(vowelCount*trailAll), vowelBase + i%(vowelCount*trailAll)/trailAll}
		if trail := i % trailAll; trail != 0 {
			parts = append(parts, trailBase+trail)
		}
		return parts
	}
	parts, found := decomposed[c]
	if !found {
		return []rune{c}
	}
	var all []rune
	for _, part := range parts {
		all = append(all, decompose(part)...)
	}
	return all
}

func compose(one, other rune) (rune, bool) {
	lead, vowel := one-leadBase, other-vowelBase
	if lead >= 0 && lead < leadCount && vowel >= 0 && vowel < vowelCount {
		return hangulBase + (lead*vowelCount+vowel)*trailAll, true
	}
	i, trail := one-hangulBase, other-trailBase
	if i >= 0 && i < hangulCount && i%trailAll == 0 && trail > 0 && trail < trailAll {
		return one + trail, true
	}
	whole, found := composed[[2]rune{one, other}]
	return whole, found
}

func inFormC(text string) string {
	var all []rune
	for _, c := range text {
		all = append(all, decompose(c)...)
	}
	for begin := 0; begin < len(all); {
		end := begin + 1
		for end < len(all) && combining[all[end]] != 0 {
			end++
		}
		marks := all[begin:end]
		if combining[marks[0]] == 0 {
			marks = marks[1:]
		}
		sort.SliceStable(marks, func(i, j int) bool { return combining[marks[i]] < combining[marks[j]] })
		begin = end
	}
	var result []rune
	starter, last := -1, 0 // where the last starter is, and the class of what follows it
	for _, c := range all {
		class := combining[c]
		if starter >= 0 && (last == 0 && starter == len(result)-1 || last < class && last != 0) {
			if whole, found := compose(result[starter], c); found {
				result[starter] = whole
				continue
			}
		}
		if class == 0 {
			starter = len(result)
		}
		last = class
		result = append(result, c)
	}
	return string(result)
}

func isNFC(text string) bool { return inFormC(text) == text }
