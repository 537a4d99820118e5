/** A table for people: a header and rows of text, which may carry colour. */
export interface TableShape {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns that hold numbers, by index. */
  readonly rightAligned?: readonly number[]
}

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

/** Draws with cli-table3, loaded here because only terminals need it: columns two spaces apart, no frames. */
export async function drawTable(shape: TableShape): Promise<string> {
  const { default: Table } = await import('cli-table3')
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
