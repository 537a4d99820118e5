/** Timestamps of files in words. */

/** ISO 8601, and the number where it is no time that people have. */
export function timeOf(timestamp: number): string {
  const isDate = timestamp >= 0 && timestamp < 8.64e15
  return isDate ? new Date(timestamp).toISOString() : String(timestamp)
}
