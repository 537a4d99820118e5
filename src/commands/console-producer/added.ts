/** What our options of the producer mean: loaded where one of them is given. */
import { seededRandom, systemRandom } from '../../base/random.ts'
import type { CommandContext } from '../../cli/context.ts'
import { FORMAT_VERSION } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import type { RecordHeader } from '../../protocol/records/record-header.ts'
import { KEY_PARTITIONERS } from '../key-partition.ts'
import { parseWhen } from '../when.ts'
import { type Moment, parseGenerator } from './generator.ts'
import type { GivenConsoleProducer } from './options.ts'
import { atRate, breathing, type Pace, unhurried } from './pace.ts'
import type { DeliveryReport } from './senders.ts'
import { type Shape, shapeOf } from './shape.ts'

export interface Added {
  readonly shape: Shape | null
  readonly report: DeliveryReport | null
  /** Made-up lines instead of standard input. */
  readonly generated: { readonly next: (index: number) => Buffer; readonly count: number } | null
  readonly pace: Pace
  /** Records that were reported as not sent. */
  readonly unsent: () => number
}

/** Reads our options. Throws `UsageError`. */
export function addedOf(given: GivenConsoleProducer, context: CommandContext): Added {
  const moments = momentsOf(given, context)
  const template = given.value('template')
  const rate = given.value('rate')
  const generate = template === undefined ? null : parseGenerator(template, 'template')
  const { report, unsent } = reportOf(given, context)
  return {
    shape: shapeOf({
      partition: given.value('partition'),
      timestamp: timestampOf(given, context),
      headers: given.values('header').map(headerOf),
      tombstone: given.has('tombstone'),
      keyPartitioner: KEY_PARTITIONERS.find((each) => each === given.value('partitioner')),
      nextKey: keysOf(given, moments),
    }),
    report,
    generated:
      generate === null
        ? null
        : {
            next: (index) => Buffer.from(generate(moments(index))),
            count: given.value('count') ?? Number.POSITIVE_INFINITY,
          },
    pace:
      rate !== undefined ? atRate(rate, context.clock, context.signal) : generate === null ? unhurried : breathing(),
    unsent,
  }
}

function momentsOf(given: GivenConsoleProducer, { clock }: CommandContext): (index: number) => Moment {
  const seed = given.value('seed')
  const random = seed === undefined ? systemRandom : seededRandom(seed)
  return (index) => ({ index, nowMs: clock.now(), random })
}

function keysOf(given: GivenConsoleProducer, moments: (index: number) => Moment): (() => Buffer) | undefined {
  const template = given.value('key-template')
  if (template === undefined) return undefined
  const generate = parseGenerator(template, 'key-template')
  let index = 0
  return () => Buffer.from(generate(moments(index++)))
}

function timestampOf(given: GivenConsoleProducer, { clock }: CommandContext): number | undefined {
  const word = given.value('timestamp')
  return word === undefined ? undefined : parseWhen(word, clock.now(), 'timestamp')
}

function headerOf(text: string): RecordHeader {
  const equals = text.indexOf('=')
  if (equals === 0) throw new UsageError(`--header: '${text}' has no name`)
  if (equals < 0) return { key: text, value: null }
  return { key: text.slice(0, equals), value: Buffer.from(text.slice(equals + 1)) }
}

function reportOf(given: GivenConsoleProducer, { stdout }: CommandContext): Pick<Added, 'report' | 'unsent'> {
  if (!given.has('report')) return { report: null, unsent: () => 0 }
  const topic = given.value('topic')!
  const asJson = given.value('report') === 'json'
  let failed = 0
  // Resolves when there is room again: the sending waits for its reports, and so for a slow reader of them.
  const print = async (text: string): Promise<void> => {
    if (!stdout.write(text)) await stdout.drain()
  }
  const report: DeliveryReport = (line, metadata, error) => {
    if (error !== null) failed++
    const { partition = null, offset = null, timestamp = null } = metadata ?? {}
    if (asJson) {
      const fields = { line, topic, partition, offset, timestamp, error: error?.message ?? null }
      return print(`${JSON.stringify({ apiVersion: FORMAT_VERSION, kind: 'Delivery', ...fields })}\n`)
    }
    return print(
      error === null
        ? `line ${line}: ${topic}-${partition} offset ${offset}\n`
        : `line ${line}: not sent: ${error.message}\n`,
    )
  }
  return { report, unsent: () => failed }
}
