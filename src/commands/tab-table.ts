/** The table of Kafka's newer tools: every cell padded to its column and followed by a tab, the last one too. */
export function tabTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  )
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell, column) => `${cell.padEnd(widths[column]!)}\t`).join('')}\n`
  return [head, ...rows].map(line).join('')
}
