/** A table for people: a header and rows of text, which may carry colour. */
export interface TableShape {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns that hold numbers, by index. */
  readonly rightAligned?: readonly number[]
}

/** Lays a table out as text that ends with a newline. */
export type TableDrawer = (shape: TableShape) => string

const NOTHING = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Loads cli-table3, which only terminals need, and gives the function that draws: columns two spaces apart, no frames. */
export async function loadTableDrawer(): Promise<TableDrawer> {
  const { default: Table } = await import('cli-table3')
  return (shape) => {
    const right = new Set(shape.rightAligned ?? [])
    const table = new Table({
      head: [...shape.head],
      chars: NOTHING,
      colAligns: shape.head.map((_, column) => (right.has(column) ? 'right' : 'left')),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    })
    for (const row of shape.rows) table.push([...row])
    const lines = table.toString().split('\n')
    return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
  }
}

/** Draws one table. */
export async function drawTable(shape: TableShape): Promise<string> {
  return (await loadTableDrawer())(shape)
}
