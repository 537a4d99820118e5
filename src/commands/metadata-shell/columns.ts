/** Names side by side, as many columns as the screen takes: what `ls` prints on a terminal. */

/** Between columns. */
const GAP = 2
/** Narrower columns are not tried. */
const LEAST_COLUMN_WIDTH = 4

/** Lines of names, sorted down the columns; null is a screen without a width: a name per line. */
export function columnLines(names: readonly string[], screenWidth: number | null): string[] {
  const widths = columnWidths(names, screenWidth)
  const perColumn = Math.ceil(names.length / widths.length)
  return Array.from({ length: perColumn }, (_, line) => {
    const row = widths.flatMap((width, column) => {
      const name = names[line + column * perColumn]
      if (name === undefined) return []
      return [column < widths.length - 1 ? name.padEnd(width) : name]
    })
    return row.join('')
  })
}

/** Of the layouts that fit and leave no column empty, the one with the most columns. */
function columnWidths(names: readonly string[], screenWidth: number | null): number[] {
  const most = Math.floor((screenWidth ?? 0) / LEAST_COLUMN_WIDTH)
  for (let columns = most; columns > 1; columns--) {
    const widths = widthsOf(names, columns)
    if (widths.at(-1)! > 0 && widths.reduce((sum, width) => sum + width, 0) <= screenWidth!) return widths
  }
  return widthsOf(names, 1)
}

function widthsOf(names: readonly string[], columns: number): number[] {
  const perColumn = Math.ceil(names.length / columns)
  const widths = new Array<number>(columns).fill(0)
  for (const [index, name] of names.entries()) {
    const column = Math.floor(index / perColumn)
    widths[column] = Math.max(widths[column]!, name.length + GAP)
  }
  return widths
}
