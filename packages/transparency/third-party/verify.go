// Verify checks an exported log with the Go team's own packages, which share no code with Jejak.
//
//	verify [-vkey key] [-old checkpoint] [-receipt file -entry file] directory
//
// It prints "ok <size> <root>" and exits with 0, or says what is wrong and exits with 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

var vkey = flag.String("vkey", "", "the log's key; the directory's own where not given")
var oldFile = flag.String("old", "", "an older checkpoint that the log must continue")
var receiptFile = flag.String("receipt", "", "a c2sp.org/tlog-proof@v1 to check")
var entryFile = flag.String("entry", "", "the entry that the receipt is of")

func main() {
	flag.Parse()
	head, err := run(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok", head.N, head.Hash)
}

func run(dir string) (tlog.Tree, error) {
	key, err := readKey(dir)
	if err != nil {
		return tlog.Tree{}, err
	}
	head, err := openFile(filepath.Join(dir, "checkpoint"), key)
	if err != nil {
		return head, err
	}
	if head.N == 0 { // The package has no tree of size 0.
		if head.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return head, errors.New("not the root of an empty log")
		}
		return head, nil
	}
	reader := tlog.TileHashReader(head, &directory{path: dir, tiles: map[tlog.Tile][]byte{}})
	if err := checkEntries(dir, head, reader); err != nil {
		return head, err
	}
	if *oldFile != "" {
		if err := checkOld(*oldFile, key, head, reader); err != nil {
			return head, err
		}
	}
	if *receiptFile != "" {
		return head, checkReceipt(*receiptFile, *entryFile, key)
	}
	return head, nil
}

func readKey(dir string) (note.Verifier, error) {
	text := *vkey
	if text == "" {
		data, err := os.ReadFile(filepath.Join(dir, "vkey"))
		if err != nil {
			return nil, err
		}
		text = strings.TrimSuffix(string(data), "\n")
	}
	return note.NewVerifier(text)
}

func openFile(file string, key note.Verifier) (tlog.Tree, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	return openCheckpoint(data, key)
}

func openCheckpoint(data []byte, key note.Verifier) (tree tlog.Tree, err error) {
	signed, err := note.Open(data, note.VerifierList(key))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() {
		return tree, errors.New("not a checkpoint of this log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// checkEntries hashes every entry and compares it with the leaf that the signed root vouches for.
func checkEntries(dir string, head tlog.Tree, reader tlog.HashReader) error {
	root, err := tlog.TreeHash(head.N, reader)
	if err != nil {
		return err
	}
	if root != head.Hash {
		return errors.New("the tiles do not hash to the root")
	}
	for start := int64(0); start < head.N; start += tileWidth {
		width := int(min(tileWidth, head.N-start))
		entries, err := readBundle(dir, start/tileWidth, width)
		if err != nil {
			return err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
		}
		leaves, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != leaves[i] {
				return fmt.Errorf("entry %d is not the one in the tree", start+int64(i))
			}
		}
		if err := checkRecord(head, start, entries[0], reader); err != nil {
			return err
		}
	}
	return nil
}

// checkRecord makes an inclusion proof from the tiles and checks it.
func checkRecord(head tlog.Tree, index int64, entry []byte, reader tlog.HashReader) error {
	proof, err := tlog.ProveRecord(head.N, index, reader)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entry))
}

func readBundle(dir string, index int64, width int) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: -1, N: index, W: width}
	data, err := os.ReadFile(filepath.Join(dir, path(tile)))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut off", path(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%s has %d entries, not %d", path(tile), len(entries), width)
	}
	return entries, nil
}

func checkOld(file string, key note.Verifier, head tlog.Tree, reader tlog.HashReader) error {
	old, err := openFile(file, key)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(head.N, old.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash)
}

func checkReceipt(receiptFile, entryFile string, key note.Verifier) error {
	receipt, err := os.ReadFile(receiptFile)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return err
	}
	text, checkpoint, found := bytes.Cut(receipt, []byte("\n\n"))
	lines := strings.Split(string(text), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a receipt")
	}
	head, err := openCheckpoint(checkpoint, key)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entry))
}

// directory reads tiles from an exported log. TileHashReader verifies them against the root.
type directory struct {
	path  string
	tiles map[tlog.Tile][]byte
}

func (d *directory) Height() int { return tileHeight }

func (d *directory) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		d.tiles[tile] = data[i]
	}
}

func (d *directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if all[i] = d.tiles[tile]; all[i] != nil {
			continue
		}
		data, err := os.ReadFile(filepath.Join(d.path, path(tile)))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is not a tile of %d hashes", path(tile), tile.W)
		}
		all[i] = data
	}
	return all, nil
}

// path is where c2sp.org/tlog-tiles has a tile: sumdb's own path also says how high tiles are, and
// calls the entries data.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return filepath.FromSlash("tile/" + strings.Replace(rest, "data/", "entries/", 1))
}
