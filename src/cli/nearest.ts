/** Edit distance in which a swap of two neighbours counts once: `--tpoic` is one slip away from `--topic`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** Comparing a long word with thousands of topics must not take seconds. */
const MAX_CANDIDATES = 5_000
const MAX_WORD_LENGTH = 120

/**
 * The known words closest to what was typed, best first: slips of the fingers (about one per three letters) and words
 * that contain the typed one or begin it, slips included. Empty when nothing is near enough to be a help.
 */
export function nearest(word: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = word.toLowerCase().slice(0, MAX_WORD_LENGTH)
  if (wanted === '') return []
  const scored: { name: string; score: number }[] = []
  let seen = 0
  for (const name of known) {
    if (++seen > MAX_CANDIDATES) break
    const score = scoreOf(wanted, name.toLowerCase().slice(0, MAX_WORD_LENGTH))
    if (score !== undefined) scored.push({ name, score })
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
  return scored.slice(0, limit).map(({ name }) => name)
}

function scoreOf(wanted: string, name: string): number | undefined {
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3))
  const near = Math.abs(wanted.length - name.length) > allowed ? Infinity : distance(wanted, name)
  if (near <= allowed) return near
  if (wanted.length < 3) return undefined
  if (name.startsWith(wanted)) return allowed + 0.5
  if (name.includes(wanted) || (name.length > 2 && wanted.includes(name))) return allowed + 1
  // `offsets` for `offset-json-file`: the first word alone, give or take a letter.
  const first = /^[^-_.]+(?=[-_.])/.exec(name)?.[0]
  return first !== undefined && first.length > 3 && distance(wanted, first) <= 1 ? allowed + 1.5 : undefined
}
