// Checks with golang.org/x/mod/sumdb what make_log made: signatures, tree hashes, tiles, inclusion
// and consistency proofs. It shares no code with quietus.
//
// usage: check DIRECTORY
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "check: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(parts ...string) string {
	data, err := os.ReadFile(filepath.Join(parts...))
	must(err, strings.Join(parts, "/"))
	return string(data)
}

// The log's own tree hashes, made from nothing but the entries.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, i := range indexes {
		hashes = append(hashes, s[i])
	}
	return hashes, nil
}

// Tiles of the directory. Go's paths name the height, those of tlog-tiles do not.
type tiles struct{ dir string }

func (t tiles) Height() int                     { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.dir, name))
		if err != nil && tile.W < 256 {
			full := tile
			full.W = 256
			name = strings.Replace(full.Path(), "tile/8/", "tile/", 1)
			data, err = os.ReadFile(filepath.Join(t.dir, name))
			if err == nil {
				data = data[:tile.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func entries(dir string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: 8, L: -1, N: n, W: 256}
		if rest := size - n*256; rest < 256 {
			tile.W = int(rest)
		}
		name := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data := []byte(read(dir, name))
		for len(data) > 0 {
			length := int(data[0])<<8 | int(data[1])
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
	}
	if int64(len(all)) != size {
		must(fmt.Errorf("%d entries", len(all)), "bundles")
	}
	return all
}

func hashes(lines []string) []tlog.Hash {
	var all []tlog.Hash
	for _, line := range lines {
		data, err := base64.StdEncoding.DecodeString(line)
		must(err, "hash")
		var hash tlog.Hash
		if copy(hash[:], data) != tlog.HashSize || len(data) != tlog.HashSize {
			must(fmt.Errorf("%d octets", len(data)), "hash")
		}
		all = append(all, hash)
	}
	return all
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	must(err, text)
	return value
}

// The tree of a signed checkpoint; tlog.ParseTree knows Go's own first line only.
func head(signed string, key note.Verifier) tlog.Tree {
	opened, err := note.Open([]byte(signed), note.VerifierList(key))
	must(err, "note")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() {
		must(fmt.Errorf("%q", opened.Text), "checkpoint")
	}
	return tlog.Tree{N: number(lines[1]), Hash: hashes(lines[2:3])[0]}
}

func inclusion(text string, size int64, index int64, key note.Verifier) tlog.RecordProof {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != fmt.Sprintf("index %d", index) {
		must(fmt.Errorf("%q", lines[:2]), "proof")
	}
	if head(parts[1], key).N != size {
		must(fmt.Errorf("another size"), "proof")
	}
	return hashes(lines[2:])
}

func consistency(text string) tlog.TreeProof {
	if text == "" {
		return nil
	}
	return hashes(strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
}

func names(dir string) []string {
	files, err := os.ReadDir(dir)
	must(err, dir)
	var all []string
	for _, file := range files {
		all = append(all, file.Name())
	}
	return all
}

func main() {
	dir := os.Args[1]
	key, err := note.NewVerifier(read(dir, "key"))
	must(err, "key")
	log := filepath.Join(dir, "log")
	last := head(read(log, "checkpoint"), key)
	var tree stored
	var leaves []tlog.Hash
	for i, entry := range entries(log, last.N) {
		more, err := tlog.StoredHashes(int64(i), entry, tree)
		must(err, "entry")
		tree = append(tree, more...)
		leaves = append(leaves, tlog.RecordHash(entry))
	}
	trees := map[int64]tlog.Tree{}
	for _, name := range names(filepath.Join(dir, "checkpoints")) {
		signed := head(read(dir, "checkpoints", name), key)
		hash, err := tlog.TreeHash(signed.N, tree)
		must(err, name)
		if hash != signed.Hash || signed.N != number(name) {
			must(fmt.Errorf("another root"), "size "+name)
		}
		trees[signed.N] = signed
	}
	proofs := 0
	for _, name := range names(filepath.Join(dir, "inclusion")) {
		parts := strings.Split(name, "-")
		size, index := number(parts[0]), number(parts[1])
		proof := inclusion(read(dir, "inclusion", name), size, index, key)
		must(tlog.CheckRecord(proof, size, trees[size].Hash, index, leaves[index]), "inclusion "+name)
		if size > 1 && tlog.CheckRecord(proof, size, trees[size].Hash, index, leaves[(index+1)%size]) == nil {
			must(fmt.Errorf("holds for another entry"), "inclusion "+name)
		}
		proofs++
	}
	for _, name := range names(filepath.Join(dir, "consistency")) {
		parts := strings.Split(name, "-")
		size, earlier := number(parts[0]), number(parts[1])
		hash, err := tlog.TreeHash(earlier, tree)
		must(err, name)
		proof := consistency(read(dir, "consistency", name))
		must(tlog.CheckTree(proof, size, trees[size].Hash, earlier, hash), "consistency "+name)
		proofs++
	}
	// Go's own proofs from our tiles: each tile it reads is checked against the signed root.
	for _, size := range []int64{1, 255, 256, 257, 300, 65535, 65536, 65537} {
		reader := tlog.TileHashReader(trees[size], tiles{log})
		for _, index := range []int64{0, size / 3, size - 1} {
			proof, err := tlog.ProveRecord(size, index, reader)
			must(err, fmt.Sprintf("tiles at size %d", size))
			must(tlog.CheckRecord(proof, size, trees[size].Hash, index, leaves[index]), "tiles")
			proofs++
		}
	}
	fmt.Printf("checked %d checkpoints and %d proofs over %d entries\n", len(trees), proofs, last.N)
	if len(trees) != 303 || proofs < 1500 {
		must(fmt.Errorf("too few"), "checkpoints and proofs")
	}
}
