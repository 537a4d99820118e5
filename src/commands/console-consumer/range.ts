/** What our options that say which records are read mean together. */
import type { CommandContext } from '../../cli/context.ts'
import { parseWhole, UsageError } from '../../cli/options.ts'
import { KEY_PARTITIONERS, type KeyPartitioner } from '../key-partition.ts'
import { parseWhen } from '../when.ts'
import type { GivenConsoleConsumer } from './options.ts'

/** Which records are read. Offsets below zero count from a partition's end. */
export interface ReadRange {
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly startOffset?: number | undefined
  readonly endOffset?: number | undefined
  readonly tail?: number | undefined
  readonly follow: boolean
  readonly exitAtEnd: boolean
  readonly key?: { readonly bytes: Buffer; readonly text: string; readonly partitioner: KeyPartitioner } | undefined
}

const RANGE_NAMES = ['tail', 'since', 'until', 'start-offset', 'end-offset', 'key'] as const

/** What contradicts itself on the command line. Throws `UsageError`. */
export function checkSelection(given: GivenConsoleConsumer): void {
  const both = (one: Name, other: Name): void => {
    if (given.has(one) && given.has(other))
      throw new UsageError(`--${one} and --${other} cannot be specified together.`)
  }
  for (const name of ['since', 'until', 'start-offset', 'end-offset', 'offset', 'max-messages'] as const) {
    both('tail', name)
  }
  both('since', 'start-offset')
  both('until', 'end-offset')
  for (const name of ['since', 'start-offset'] as const) both(name, 'offset')
  if (given.has('follow') && !given.has('tail')) throw new UsageError('--follow goes with --tail')
  if (given.has('partitioner') && !given.has('key')) throw new UsageError('--partitioner goes with --key')
  if (given.has('key') && given.has('include')) throw new UsageError('--key reads one topic: name it with --topic')
  const layouts = (['template', 'meta', 'format'] as const).filter((name) => given.given.has(name))
  if (layouts.length > 1) throw new UsageError(`--${layouts[0]} and --${layouts[1]} cannot be specified together.`)
  const ranged = RANGE_NAMES.find((name) => given.has(name))
  if (ranged !== undefined && given.has('group')) {
    throw new UsageError(`--${ranged} reads without a group: a group's offsets decide what it reads`, {
      next: 'move the group with kt consumer-groups --reset-offsets, or leave --group out',
    })
  }
}
type Name = keyof GivenConsoleConsumer['table'] & string

/** The range, or null when nothing of ours was asked for. Throws `UsageError`. */
export async function rangeOf(given: GivenConsoleConsumer, context: CommandContext): Promise<ReadRange | null> {
  if (!given.has('exit-at-end') && !RANGE_NAMES.some((name) => given.has(name))) return null
  const now = context.clock.now()
  const time = (name: 'since' | 'until'): number | undefined => {
    const word = given.value(name)
    return word === undefined ? undefined : parseWhen(word, now, name)
  }
  const tail = given.value('tail')
  if (tail !== undefined && tail < 1) throw new UsageError(`--tail: ${tail} is no number of records`)
  return {
    sinceMs: time('since'),
    untilMs: time('until'),
    startOffset: offsetOf(given, 'start-offset'),
    endOffset: offsetOf(given, 'end-offset'),
    tail,
    follow: given.has('follow'),
    exitAtEnd: given.has('exit-at-end') || given.has('tail'),
    key: await keyOf(given),
  }
}

function offsetOf(given: GivenConsoleConsumer, name: 'start-offset' | 'end-offset'): number | undefined {
  const word = given.value(name)
  if (word === undefined) return undefined
  const offset = parseWhole(word, 'long')
  if (offset === undefined) throw new UsageError(`--${name}: '${word}' is no offset`)
  return offset
}

async function keyOf(given: GivenConsoleConsumer): Promise<ReadRange['key']> {
  const key = given.value('key')
  if (key === undefined) return undefined
  const named = given.value('partitioner') ?? 'murmur2'
  const partitioner = KEY_PARTITIONERS.find((each) => each === named)
  if (partitioner === undefined) {
    throw new UsageError(`Unknown partitioner '${named}'`, { facts: [`partitioners: ${KEY_PARTITIONERS.join(', ')}`] })
  }
  const decoder = given.value('key-as')
  const { encodeNamed } = await import('./decoders.ts')
  return { bytes: decoder === undefined ? Buffer.from(key) : encodeNamed(decoder, key, 'key'), text: key, partitioner }
}
