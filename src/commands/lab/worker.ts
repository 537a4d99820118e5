/**
 * The consumer that the commit laboratory kills: takes orders in portions, writes an invoice for each, and commits before
 * or after. Tells of each invoice in a line, so that whoever started it knows when to strike.
 */
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { type ConnectionFlags, defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import { GroupConsumer } from '../../client/group-consumer.ts'
import { Producer } from '../../client/producer.ts'
import { COMMIT_ORDERS, commitGroup, invoiceOf, invoicesTopic, PORTION, type Timing } from '../../learn/lab/commit.ts'
import { decodeRecords } from '../../protocol/records/record.ts'
import { pause } from '../pause.ts'

interface WorkerFlags extends ConnectionFlags {
  readonly commit: Timing
}

/** What a portion of work takes is to be long enough to be killed in. */
const WORK_MS = 25
/** The shortest that brokers allow by default (group.min.session.timeout.ms): how long a dead member is waited for. */
const SESSION_TIMEOUT_MS = 6_000

export const labWorker = defineCommand({
  name: '__lab-worker',
  summary: 'The consumer that kt lab commit kills',
  examples: [],
  configure(command, act) {
    command
      .requiredOption('--commit <when>', 'before or after the work')
      .option('--bootstrap-server <host:port>', 'brokers to connect to')
      .option('--command-config <file>', 'client settings')
      .option('--profile <name>', 'a saved connection')
      .action(act(runWorker))
  },
})

async function runWorker(_: readonly string[], flags: WorkerFlags, context: CommandContext): Promise<number> {
  const { commit } = flags
  const connection = await context.connection(targetOfFlags(flags))
  const producer = new Producer(connection, { acks: 'all', lingerMs: 0 })
  const consumer = new GroupConsumer(connection, {
    groupId: commitGroup(commit),
    topics: [COMMIT_ORDERS],
    ...{ reset: 'earliest', stopAtEnd: true, sessionTimeoutMs: SESSION_TIMEOUT_MS, heartbeatIntervalMs: 1_000 },
    // Commits are made below, and by nobody else.
    autoCommitIntervalMs: -1,
  })
  context.signal.addEventListener('abort', () => void consumer.close(), { once: true })
  const work = async (order: string): Promise<void> => {
    await pause(context.clock, WORK_MS, context.signal)
    await producer.send({ topic: invoicesTopic(commit), key: null, value: Buffer.from(invoiceOf(order)) })
    context.stdout.write(`${invoiceOf(order)}\n`)
  }
  try {
    await consumer.start()
    for (let batch = await consumer.next(); batch !== null; batch = await consumer.next()) {
      const { topic, partition, firstOffset, buffer, at } = batch
      const records = [...decodeRecords(buffer, at)].filter(({ offset }) => offset >= firstOffset)
      for (let from = 0; from < records.length && !context.signal.aborted; from += PORTION) {
        const portion = records.slice(from, from + PORTION)
        const orders = portion.map(({ value }) => Buffer.from(value ?? []).toString('utf8'))
        consumer.consumed({ topic, partition }, portion.at(-1)!.offset + 1)
        if (commit === 'before') await consumer.commit()
        for (const order of orders) await work(order)
        if (commit === 'after') await consumer.commit()
      }
    }
    return OK
  } finally {
    await Promise.all([consumer.close(), producer.close()])
  }
}
