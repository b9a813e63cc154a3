/** Rows by key, read page by page while changes arrive. Pure: every function returns a new collection, or the same where nothing changed. */

export interface Collection<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  /** While the list is being read (again). */
  readonly reading?: Reading;
}

interface Reading {
  /** Keys that came with a page. */
  readonly seen: ReadonlySet<string>;
  /** Keys of which a change told since the reading began: it is newer than any page, or a still newer one follows. */
  readonly touched: ReadonlySet<string>;
}

/** How rows of one kind are told apart and compared. */
export interface RowKind<Row> {
  readonly keyOf: (row: Row) => string;
  /** What is kept of a row that arrived; `old` itself where nothing of interest changed. */
  readonly merge: (old: Row | undefined, arrived: Row) => Row;
}

export interface Change<Row> {
  readonly upserted: readonly Row[];
  readonly removed?: readonly string[];
}

export const emptyCollection = { rows: new Map<string, never>() } as const;

/** What is there stays on the screen until the last page has come. */
export function beginReading<Row>(collection: Collection<Row>): Collection<Row> {
  return { rows: collection.rows, reading: { seen: new Set(), touched: new Set() } };
}

export function addPage<Row>(collection: Collection<Row>, page: readonly Row[], kind: RowKind<Row>): Collection<Row> {
  const { reading } = collection;
  if (reading === undefined) return collection;
  const upserted = page.filter((row) => !reading.touched.has(kind.keyOf(row)));
  const seen = new Set(reading.seen);
  for (const row of page) seen.add(kind.keyOf(row));
  return { rows: upsert(collection.rows, upserted, kind), reading: { ...reading, seen } };
}

/** Drops what neither a page nor a change has told of. */
export function endReading<Row>({ rows, reading }: Collection<Row>): Collection<Row> {
  if (reading === undefined) return { rows };
  const gone = [...rows.keys()].filter((key) => !reading.seen.has(key) && !reading.touched.has(key));
  return { rows: without(rows, gone) };
}

export function applyChange<Row>(
  { rows, reading }: Collection<Row>,
  { upserted, removed = [] }: Change<Row>,
  kind: RowKind<Row>,
): Collection<Row> {
  const changed = without(upsert(rows, upserted, kind), removed);
  if (reading === undefined) return { rows: changed };
  const touched = new Set([...reading.touched, ...upserted.map(kind.keyOf), ...removed]);
  return { rows: changed, reading: { ...reading, touched } };
}

function upsert<Row>(rows: ReadonlyMap<string, Row>, arrived: readonly Row[], kind: RowKind<Row>) {
  let copy: Map<string, Row> | undefined;
  for (const row of arrived) {
    const key = kind.keyOf(row);
    const old = rows.get(key);
    const merged = kind.merge(old, row);
    if (merged === old) continue;
    copy ??= new Map(rows);
    copy.set(key, merged);
  }
  return copy ?? rows;
}

function without<Row>(rows: ReadonlyMap<string, Row>, keys: readonly string[]): ReadonlyMap<string, Row> {
  const gone = keys.filter((key) => rows.has(key));
  if (gone.length === 0) return rows;
  const copy = new Map(rows);
  for (const key of gone) copy.delete(key);
  return copy;
}
