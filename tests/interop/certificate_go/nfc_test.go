package main

import "testing"

// From the conformance test of Unicode (NormalizationTest.txt): source, and its form C.
func TestFormC(t *testing.T) {
	for source, want := range map[string]string{
		"\u1E0A": "\u1E0A", "\u1E0A\u0323": "\u1E0C\u0307", "D\u0307\u0323": "\u1E0C\u0307",
		"\u1E14\u0304": "\u1E14\u0304", "\u05B0": "\u05B0", "e\u0301": "\u00E9", "\u212B": "\u00C5",
		"\u0958": "\u0915\u093C", "\uAC00\u11A8": "\uAC01", "\u1100\u1161\u11A8": "\uAC01",
		"a\u0315\u0300\u05AE\u0300b": "\u00E0\u05AE\u0300\u0315b", "plain": "plain",
		"a\u0300\u05AE\u0062": "\u00E0\u05AEb", "\u0061\u0F71\u0334b": "a\u0334\u0F71b",
	} {
		if got := inFormC(source); got != want {
			t.Errorf("%+q: %+q, not %+q", source, got, want)
		}
	}
}
