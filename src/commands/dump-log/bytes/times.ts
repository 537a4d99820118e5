/** A point in time as a note; nothing for "none" and for what no calendar has. */
export function timeNotes(timestampMs: number): string[] {
  if (timestampMs < 0) return ['none']
  const date = new Date(timestampMs)
  return Number.isNaN(date.getTime()) ? ['no date'] : [date.toISOString()]
}
