/** What does not fit together, gathered over all files and told at the end, on stderr as the script does. */
type Pair = readonly [number, number]

const TIME_INDEX_TEXTS = {
  mismatch: {
    head: 'Found timestamp mismatch in :',
    line: ([index, log]: Pair) => `  Index timestamp: ${index}, log timestamp: ${log}`,
  },
  'out-of-order': {
    head: 'Found out of order timestamp in :',
    line: ([index, previous]: Pair) => `  Index timestamp: ${index}, Previously indexed timestamp: ${previous}`,
  },
  'not-found': {
    head: 'The following indexed offsets are not found in :',
    line: ([index, log]: Pair) => `Indexed offset: ${index}, found log offset: ${log}`,
  },
} as const
export type TimeIndexFinding = keyof typeof TIME_INDEX_TEXTS

/** A damaged file can hold millions of them; the first ones tell the story. */
const MAX_FINDINGS_PER_FILE = 10_000

export class Findings {
  readonly #indexMismatches = new Map<string, Pair[]>()
  readonly #timeIndex = new Map<TimeIndexFinding, Map<string, Pair[]>>()
  readonly #gaps = new Map<string, Pair[]>()

  /** An entry of an offset index points at a batch that ends at another offset. */
  indexMismatch(file: string, indexOffset: number, logOffset: number): void {
    add(this.#indexMismatches, file, [indexOffset, logOffset])
  }

  timeIndex(kind: TimeIndexFinding, file: string, a: number, b: number): void {
    const files = this.#timeIndex.get(kind) ?? new Map<string, Pair[]>()
    this.#timeIndex.set(kind, files)
    add(files, file, [a, b])
  }

  /** Offsets that do not follow each other: after compaction that is as it should be. */
  gap(file: string, previous: number, next: number): void {
    add(this.#gaps, file, [previous, next])
  }

  /** Everything that was found; empty when all is well. */
  text(): string {
    const lines: string[] = []
    for (const [file, pairs] of this.#indexMismatches) {
      lines.push(`Mismatches in :${file}`)
      const latestFirst = [...pairs].sort((a, b) => b[0] - a[0])
      lines.push(...latestFirst.map(([index, log]) => `  Index offset: ${index}, log offset: ${log}`))
    }
    for (const kind of Object.keys(TIME_INDEX_TEXTS) as TimeIndexFinding[]) {
      const { head, line } = TIME_INDEX_TEXTS[kind]
      for (const [file, pairs] of this.#timeIndex.get(kind) ?? []) lines.push(`${head}${file}`, ...pairs.map(line))
    }
    for (const [file, pairs] of this.#gaps) {
      lines.push(`Non-consecutive offsets in ${file}`)
      lines.push(...pairs.map(([previous, next]) => `  ${previous} is followed by ${next}`))
    }
    return lines.map((line) => `${line}\n`).join('')
  }
}

function add(files: Map<string, Pair[]>, file: string, pair: Pair): void {
  const pairs = files.get(file) ?? []
  files.set(file, pairs)
  if (pairs.length < MAX_FINDINGS_PER_FILE) pairs.push(pair)
}
