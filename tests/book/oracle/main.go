// An outside reader of an exported book: Go's own transparency-log code, no line of ours.
//
// usage: main FOLDER VERIFIER-KEY OLD-SIZE
//
// It opens the signed checkpoint, reads every entry from the bundles, verifies each entry's
// inclusion and the consistency with the tree of OLD-SIZE, all from the tiles, and prints the size,
// the root and the number of entries verified.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// The checkpoint's first line is the book's origin where Go's checksum database has its own name;
// the two lines after it are the same.
const goHeader = "go.sum database tree"

type folder string

func (f folder) Height() int { return height }

// Go writes tile/8/<level>/…, the C2SP specification tile/<level>/….
func (f folder) path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	path = strings.Replace(path, "data/", "entries/", 1)
	return filepath.Join(string(f), "tile", filepath.FromSlash(path))
}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(f.path(tile))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// SaveTiles is told which tiles were authenticated; the folder keeps nothing.
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f folder) checkpoint(vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	signed, err := os.ReadFile(filepath.Join(string(f), "checkpoint"))
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		log.Fatalf("the checkpoint is of %q, the key of %q", origin, verifier.Name())
	}
	tree, err := tlog.ParseTree([]byte(goHeader + "\n" + rest))
	check(err)
	return tree
}

func (f folder) entries(size int64) [][]byte {
	var entries [][]byte
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: 1 << height}
		if size-first < 1<<height {
			tile.W = int(size - first)
		}
		data, err := os.ReadFile(f.path(tile))
		check(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	return entries
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	f := folder(os.Args[1])
	old, err := strconv.ParseInt(os.Args[3], 10, 64)
	check(err)
	tree := f.checkpoint(os.Args[2])
	hashes := tlog.TileHashReader(tree, f)

	entries := f.entries(tree.N)
	if int64(len(entries)) != tree.N {
		log.Fatalf("%d entries, the checkpoint says %d", len(entries), tree.N)
	}
	for n, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(n), hashes)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), tlog.RecordHash(entry)))
	}

	oldRoot, err := tlog.TreeHash(old, hashes)
	check(err)
	proof, err := tlog.ProveTree(tree.N, old, hashes)
	check(err)
	check(tlog.CheckTree(proof, tree.N, tree.Hash, old, oldRoot))

	fmt.Printf("%d %s %d %s\n", tree.N, tree.Hash, len(entries), oldRoot)
}
