/** What a program of a lesson does: writes so many records a second, or reads as a member of a group, slowly. */
import type { CommandContext } from '../../../cli/context.ts'
import { OK } from '../../../cli/exit-codes.ts'
import { type ConnectionFlags, targetOfFlags } from '../../../cli/own-command.ts'
import { GroupConsumer } from '../../../client/group-consumer.ts'
import { Producer } from '../../../client/producer.ts'
import { decodeRecords } from '../../../protocol/records/record.ts'
import { awaitNext, untilStarted } from '../../await-next.ts'
import { pause } from '../../pause.ts'
import { probeOf, watchLife } from './cluster-life.ts'

export interface ActFlags extends ConnectionFlags {
  readonly topic: string
  /** Of a reader; a writer has none. */
  readonly group?: string
  /** Also its client id. */
  readonly name: string
  /** For each record. */
  readonly delayMs: string
  /** A reader tries a record with this text in it again and again. */
  readonly stuckOn?: string
  /** What a reader has dealt with is written there. */
  readonly to?: string
}

/** Nobody wants a program of yesterday's lesson to run on. */
const LONGEST_LIFE_MS = 2 * 60 * 60 * 1000
const COMMIT_INTERVAL_MS = 250
const RETRY_MS = 2_000
/** What was not acknowledged until then is not waited for: nobody may answer any more. */
const CLOSE_LIMIT_MS = 2_000
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']

/** The signal is Ctrl-C, or the end of the cluster. */
interface Until extends CommandContext {
  /** How long a goodbye may take. */
  readonly closeLimitMs: () => number
}

export async function act(_: readonly string[], flags: ActFlags, context: CommandContext): Promise<number> {
  const life = watchLife(context.clock, probeOf(flags, context))
  const until: Until = {
    ...context,
    signal: AbortSignal.any([context.signal, life.signal]),
    // Of a cluster that is gone nobody answers a last word.
    closeLimitMs: () => (life.signal.aborted ? 0 : CLOSE_LIMIT_MS),
  }
  try {
    return await (flags.group === undefined ? write(flags, until) : read(flags, flags.group, until))
  } finally {
    life.stop()
    if (life.signal.aborted) context.stdout.write('The cluster is gone: ended.\n')
  }
}

async function write(flags: ActFlags, context: Until): Promise<number> {
  const { clock, signal } = context
  const producer = await producerOf(flags, context)
  const until = clock.monotonic() + LONGEST_LIFE_MS
  try {
    for (let count = 1; !signal.aborted && clock.monotonic() < until; count++) {
      const key = Buffer.from(CUSTOMERS[count % CUSTOMERS.length]!)
      const sent = producer.send({ topic: flags.topic, key, value: Buffer.from(`order ${count}`) })
      if ((await awaitNext(sent, LONGEST_LIFE_MS, context)) === 'interrupted') break
      await pause(clock, Number(flags.delayMs), signal)
    }
  } finally {
    await producer.close(context.closeLimitMs())
  }
  return OK
}

async function producerOf(flags: ActFlags, context: CommandContext): Promise<Producer> {
  const connection = await context.connection({ ...targetOfFlags(flags), clientId: flags.name })
  return new Producer(connection, { acks: 'all', lingerMs: 0 })
}

async function read(flags: ActFlags, groupId: string, context: Until): Promise<number> {
  const connection = await context.connection({ ...targetOfFlags(flags), clientId: flags.name })
  const output = flags.to === undefined ? null : await producerOf(flags, context)
  let era = 0
  const consumer = new GroupConsumer(connection, {
    groupId,
    topics: [flags.topic],
    reset: 'earliest',
    autoCommitIntervalMs: COMMIT_INTERVAL_MS,
    onRevoked: () => {
      era++
    },
  })
  const orFailed = untilStarted(consumer.start())
  try {
    for (;;) {
      const batch = await awaitNext(orFailed(consumer.next()), LONGEST_LIFE_MS, context)
      if (batch === null || batch === 'idle' || batch === 'interrupted') return OK
      const begun = era
      for (const { offset, key, value } of decodeRecords(batch.buffer, batch.at)) {
        if (offset < batch.firstOffset) continue
        // What was dealt with, and no more: asking for the next batch would count all of this one.
        consumer.consumed(batch, offset)
        await dealWith(value?.toString('utf8') ?? '', flags, context)
        if (context.signal.aborted || era !== begun) break
        const sent = output?.send({ topic: flags.to!, key, value })
        if ((await awaitNext(Promise.resolve(sent), LONGEST_LIFE_MS, context)) === 'interrupted') break
        consumer.consumed(batch, offset + 1)
      }
      if (context.signal.aborted) return OK
    }
  } finally {
    await consumer.close(context.closeLimitMs())
    await output?.close(context.closeLimitMs())
  }
}

/** Takes its time. A record that it cannot deal with is tried again for ever, as many a program does. */
async function dealWith(
  value: string,
  { stuckOn, delayMs }: ActFlags,
  { clock, signal, stdout }: CommandContext,
): Promise<void> {
  await pause(clock, Number(delayMs), signal)
  while (stuckOn !== undefined && value.includes(stuckOn) && !signal.aborted) {
    stdout.write(`cannot book '${value}': no amount. Trying again.\n`)
    await pause(clock, RETRY_MS, signal)
  }
}
