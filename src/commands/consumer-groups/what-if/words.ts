/** The options of `--what-if` read: how many members, which assignors. */
import { nearest } from '../../../cli/nearest.ts'
import { UsageError } from '../../../cli/options.ts'
import { type Assignor, BROKER_ASSIGNORS, CLIENT_ASSIGNORS } from '../../../protocol/assignors/index.ts'

/** More than a group may have on a broker with Kafka's defaults would only take long. */
const MOST_MEMBERS = 1_000

/** How many members there would be: `+2`, `-1`, or a number. Throws `UsageError`. */
export function memberCountOf(word: string | undefined, present: number): number {
  if (word === undefined) return present
  if (!/^[+-]?\d+$/.test(word)) {
    throw new UsageError(`--member-count: '${word}' is no number of members`, { facts: ['+1, -1 or 3, for example'] })
  }
  const count = /^[+-]/.test(word) ? present + Number(word) : Number(word)
  if (count < 1) throw new UsageError(`--member-count ${word}: nobody would be left of ${present} members`)
  if (count > MOST_MEMBERS) throw new UsageError(`--member-count ${word}: at most ${MOST_MEMBERS} members`)
  return count
}

const ALL = [...CLIENT_ASSIGNORS, ...BROKER_ASSIGNORS]

/** The assignors that are named, all when none is; `range` is the client's and the broker's. Throws `UsageError`. */
export function assignorsOf(words: readonly string[]): Assignor[] {
  const names = words.flatMap((word) => word.split(',')).map((word) => word.trim().toLowerCase())
  if (names.length === 0) return ALL
  for (const name of names) {
    if (ALL.some((assignor) => assignor.name === name)) continue
    const known = [...new Set(ALL.map((assignor) => assignor.name))]
    const near = nearest(name, known)
    throw new UsageError(`--assignor: there is no '${name}'`, {
      facts: [near.length === 0 ? `assignors: ${known.join(', ')}` : `Did you mean '${near[0]}'?`],
    })
  }
  return ALL.filter(({ name }) => names.includes(name))
}

/** `--topic orders,payments`, once or more. */
export function topicsOf(words: readonly string[]): string[] {
  return [
    ...new Set(
      words
        .flatMap((word) => word.split(','))
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  ]
}
