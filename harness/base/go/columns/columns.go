// Package columns reads and writes column files, the form in which load plans, samples and ledgers travel:
// `IDLECOL1`, the header's length, the header as JSON, then the columns, little-endian, each at a multiple of 8.
// docs/files.md describes the format; harness/base/columns/columns.ts is the same for TypeScript.
package columns

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
)

const magic = "IDLECOL1"

// Column is a name and its values: []float64, []uint32, []uint16 or []uint8.
type Column struct {
	Name   string
	Values any
}

// File is a column file that was read.
type File struct {
	Meta json.RawMessage
	name string
	// By name, each of a type that Column names.
	columns map[string]any
}

// Never returns a column of n times that are all NaN: nothing has happened yet.
func Never(rows int) []float64 {
	column := make([]float64, rows)
	for row := range column {
		column[row] = math.NaN()
	}
	return column
}

type header struct {
	Meta    json.RawMessage `json:"meta"`
	Columns []entry         `json:"columns"`
}

type entry struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Length int    `json:"length"`
	Offset int    `json:"offset"`
}

// Read reads a whole file.
func Read(name string) (*File, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	broken := func(why string) (*File, error) { return nil, fmt.Errorf("cannot read %q: %s", name, why) }
	if len(content) < 12 || string(content[:8]) != magic {
		return broken("it does not start as a column file does")
	}
	headerEnd := 12 + int(binary.LittleEndian.Uint32(content[8:]))
	if headerEnd > len(content) {
		return broken("it ends within its header")
	}
	var head header
	if err := json.Unmarshal(content[12:headerEnd], &head); err != nil {
		return broken(err.Error())
	}
	file := &File{Meta: head.Meta, name: name, columns: map[string]any{}}
	for _, one := range head.Columns {
		values := emptyColumn(one.Type, one.Length)
		if values == nil {
			return broken(fmt.Sprintf("column %q is of type %q", one.Name, one.Type))
		}
		end := one.Offset + one.Length*binary.Size(zero(values))
		if one.Offset < 0 || end > len(content) {
			return broken(fmt.Sprintf("it ends within column %q", one.Name))
		}
		if err := binary.Read(bytes.NewReader(content[one.Offset:end]), binary.LittleEndian, values); err != nil {
			return broken(err.Error())
		}
		file.columns[one.Name] = values
	}
	return file, nil
}

// Of is a column of a file; the type that is asked for must be the file's.
func Of[Value float64 | uint32 | uint16 | uint8](file *File, name string) ([]Value, error) {
	values, ok := file.columns[name].([]Value)
	if !ok {
		return nil, fmt.Errorf("cannot read %q: no column %q of type %T in it", file.name, name, *new(Value))
	}
	return values, nil
}

// Write writes a whole file.
func Write(name string, meta any, columns []Column) error {
	encodedMeta, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	head := header{Meta: encodedMeta}
	offset := 0
	for _, column := range columns {
		kind, length := describe(column.Values)
		head.Columns = append(head.Columns, entry{column.Name, kind, length, offset})
		offset = align(offset + length*binary.Size(zero(column.Values)))
	}
	// The header's length depends on the offsets in it; room for ten digits each settles that.
	sketch, err := json.Marshal(head)
	if err != nil {
		return err
	}
	dataStart := align(12 + len(sketch) + 10*len(columns))
	for index := range head.Columns {
		head.Columns[index].Offset += dataStart
	}
	encoded, err := json.Marshal(head)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	content.WriteString(magic)
	binary.Write(&content, binary.LittleEndian, uint32(len(encoded)))
	content.Write(encoded)
	for index, column := range columns {
		content.Write(make([]byte, head.Columns[index].Offset-content.Len()))
		binary.Write(&content, binary.LittleEndian, column.Values)
	}
	content.Write(make([]byte, align(content.Len())-content.Len()))
	return os.WriteFile(name, content.Bytes(), 0o666)
}

func align(length int) int { return (length + 7) &^ 7 }

// nil for a type that no column has.
func emptyColumn(kind string, length int) any {
	switch kind {
	case "f64":
		return make([]float64, length)
	case "u32":
		return make([]uint32, length)
	case "u16":
		return make([]uint16, length)
	case "u8":
		return make([]uint8, length)
	}
	return nil
}

func describe(values any) (kind string, length int) {
	switch column := values.(type) {
	case []float64:
		return "f64", len(column)
	case []uint32:
		return "u32", len(column)
	case []uint16:
		return "u16", len(column)
	case []uint8:
		return "u8", len(column)
	}
	panic(fmt.Sprintf("no column can hold %T", values))
}

// One value of the column's type, for its size.
func zero(values any) any {
	switch values.(type) {
	case []float64:
		return float64(0)
	case []uint32:
		return uint32(0)
	case []uint16:
		return uint16(0)
	}
	return uint8(0)
}
