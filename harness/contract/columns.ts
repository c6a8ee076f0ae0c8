/** A table of numbers as one value: the name and the typed array of each column. Types, files, and recorders derive from it. */
type ColumnType =
  | Float64ArrayConstructor
  | Uint32ArrayConstructor
  | Uint16ArrayConstructor
  | Uint8ArrayConstructor;
export type Column = ColumnType['prototype'];
export type TableLayout = Readonly<Record<string, ColumnType>>;

/** The columns of a layout, all of one length. */
export type TableOf<Layout extends TableLayout> = {
  readonly [Name in keyof Layout]: Layout[Name]['prototype'];
};

/** The same where a column that is not available is null. */
export type TableOrNulls<Layout extends TableLayout> = {
  readonly [Name in keyof Layout]: TableOf<Layout>[Name] | null;
};
