/**
 * `kt lab slow`: a consumer whose work takes longer than max.poll.interval.ms. As Kafka's Java client does, it leaves the
 * group while it still works, finds that its commit is refused, and joins again to be given the same records.
 */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { GroupConsumer } from '../../client/group-consumer.ts'
import { names } from '../../learn/names.ts'
import { decodeRecords } from '../../protocol/records/record.ts'
import { pause } from '../pause.ts'
import { countOf } from './flags.ts'

export interface SlowFlags extends ConnectionFlags {
  readonly maxPollRecords?: string
  readonly maxPollIntervalMs?: string
  readonly workMs?: string
}

const { name } = names(27)
const TOPIC = name('orders')
const GROUP = name('invoicing')
/** How often it is thrown out before it is clear that nothing gets better. */
const MAX_EXPULSIONS = 2

interface Pace {
  readonly maxPollRecords: number
  readonly maxPollIntervalMs: number
  readonly workMs: number
}

export async function runSlow(_: readonly string[], flags: SlowFlags, context: CommandContext): Promise<number> {
  const pace: Pace = {
    maxPollRecords: countOf('--max-poll-records', flags.maxPollRecords, { atLeast: 1, atMost: 500 }),
    maxPollIntervalMs: countOf('--max-poll-interval-ms', flags.maxPollIntervalMs, { atLeast: 500, atMost: 600_000 }),
    workMs: countOf('--work-ms', flags.workMs, { atLeast: 1, atMost: 60_000 }),
  }
  const connection = await context.connection({ ...targetOfFlags(flags), clientId: 'slow-consumer' })
  const admin = await context.admin(targetOfFlags(flags))
  if (!(await admin.listTopics()).some(({ name: each }) => each === TOPIC)) {
    throw new KtError('not-found', `There is no topic ${TOPIC}: lesson 27 makes it`, { next: 'kt learn goto 27' })
  }
  let expulsions = 0
  while (expulsions < MAX_EXPULSIONS && !context.signal.aborted) {
    if (await membership(pace, connection, context)) {
      context.stdout.write('All orders are done and committed.\n')
      return OK
    }
    expulsions++
  }
  if (!context.signal.aborted) {
    context.stdout.write(`Left ${expulsions} times, and nothing is committed: it would go on like this for ever.\n`)
  }
  return OK
}

/** From joining to the end of the topic (true) or to being out of the group (false). */
async function membership(pace: Pace, connection: ClientOptions, context: CommandContext): Promise<boolean> {
  const { stdout, signal } = context
  const consumer = new GroupConsumer(connection, {
    groupId: GROUP,
    topics: [TOPIC],
    ...{ reset: 'earliest', stopAtEnd: true, autoCommitIntervalMs: -1, rebalanceTimeoutMs: pace.maxPollIntervalMs },
  })
  const leave = (): void => void consumer.close()
  signal.addEventListener('abort', leave, { once: true })
  try {
    await consumer.start()
    for (let batch = await consumer.next(); batch !== null; batch = await consumer.next()) {
      const { topic, partition, buffer, at, firstOffset } = batch
      const offsets = [...decodeRecords(buffer, at)].map(({ offset }) => offset).filter((each) => each >= firstOffset)
      for (let from = 0; from < offsets.length && !signal.aborted; from += pace.maxPollRecords) {
        const polled = offsets.slice(from, from + pace.maxPollRecords)
        const isLate = await work(polled, pace, consumer, context)
        if (signal.aborted) return false
        if (isLate) {
          stdout.write(
            `  offsets ${polled[0]} to ${polled.at(-1)} are done, but it is no member any more: nothing committed\n`,
          )
          return false
        }
        consumer.consumed({ topic, partition }, polled.at(-1)! + 1)
        await consumer.commit()
        stdout.write(`  offsets ${polled[0]} to ${polled.at(-1)} are done and committed\n`)
      }
    }
    return !signal.aborted
  } finally {
    signal.removeEventListener('abort', leave)
    await consumer.close()
  }
}

/** Works on what one poll gave; true when that took too long, and the group was left meanwhile. */
async function work(
  polled: readonly number[],
  pace: Pace,
  consumer: GroupConsumer,
  context: CommandContext,
): Promise<boolean> {
  const { stdout, clock, signal } = context
  const { maxPollIntervalMs, workMs } = pace
  stdout.write(`polled ${polled.length} orders, ${workMs} ms of work for each\n`)
  let isLate = false
  const timer = clock.setTimer(maxPollIntervalMs, () => {
    isLate = true
    stdout.write(
      `  no poll for ${maxPollIntervalMs} ms (max.poll.interval.ms): the consumer leaves the group, and works on\n`,
    )
    void consumer.close()
  })
  try {
    await pause(clock, workMs * polled.length, signal)
  } finally {
    timer.cancel()
  }
  return isLate
}
