import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import type { ProducerState, TransactionDescription } from '../../src/client/transaction-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const NOW_MS = 10_000_000
const producer = (producerId: bigint, more: Partial<ProducerState> = {}): ProducerState => ({
  producerId,
  producerEpoch: 1,
  coordinatorEpoch: null,
  lastSequence: 4,
  lastTimestampMs: NOW_MS - 3_600_000,
  transactionStartOffset: 42,
  ...more,
})
const described = (transactionalId: string, more: Partial<TransactionDescription> = {}): TransactionDescription => ({
  transactionalId,
  coordinatorId: 1,
  producerId: 7n,
  producerEpoch: 1,
  state: 'Ongoing',
  timeoutMs: 60_000,
  startTimeMs: NOW_MS - 5,
  partitions: [{ topic: 't', partition: 0 }],
  ...more,
})

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const { createAdmin, calls } = memoryAdmin({
    listTransactions: async () => [{ transactionalId: 'x', coordinatorId: 1, producerId: 7n, state: 'Ongoing' }],
    describeTransactions: async (ids) => new Map(ids.map((id) => [id, ok(described(id))])),
    describeProducers: async (partitions) => partitions.map(() => ok([producer(7n)])),
    describeTopics: async () => new Map([['t', ok(topicOf('t', ['1:1,2:1,2', '2:2:2']))]]),
    abortTransaction: async () => ok(undefined),
    terminateTransaction: async () => ok(undefined),
    ...methods,
  })
  const clock = new ManualClock(NOW_MS)
  const args = ['transactions', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, clock, ...options })
  return { ...result, calls: calls.filter(({ method }) => method !== 'close') }
}
const rows = (stdout: string): string[][] =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').map((cell) => cell.trim()))

describe('kt transactions list', () => {
  it('asks with the filters that are given', async () => {
    const { code, stdout, calls } = await run('list --duration-filter 5 --transactional-id-pattern x.*')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^TransactionalId\tCoordinator\tProducerId\tTransactionState\t\n/)
    expect(rows(stdout)).toEqual([['x', '1', '7', 'Ongoing']])
    expect(calls[0]!.args).toEqual([{ durationMs: 5, idPattern: 'x.*' }])
  })

  it('has documents and tables', async () => {
    expect(JSON.parse((await run('list --format json')).stdout)).toMatchObject({
      kind: 'TransactionList',
      transactions: [{ transactionalId: 'x', coordinatorId: 1, producerId: 7, state: 'Ongoing' }],
    })
    expect((await run('list', {}, { terminal: true })).stdout).toMatch(/^TRANSACTIONAL ID +COORDINATOR/)
    const none = await run('list', { listTransactions: async () => [] }, { terminal: true })
    expect(none.stderr).toBe('There are none.\n')
  })

  it('says what failed', async () => {
    const listTransactions = async () => {
      throw new KtError('kafka', 'bad pattern', { facts: ['a fact'] })
    }
    const { code, stderr } = await run('list', { listTransactions })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Failed to list transactions: bad pattern\. Enable debug logging for additional detail\.\n/)
    expect(stderr).toContain('  a fact\n')
  })

  it('leaves failures of the connection as they are', async () => {
    const listTransactions = async () => {
      throw new KtError('unreachable', 'nobody there')
    }
    expect((await run('list', { listTransactions })).stderr).toMatch(/^nobody there\n/)
  })
})

describe('kt transactions describe', () => {
  it('tells how long the transaction is open', async () => {
    const { stdout } = await run('describe --transactional-id x')
    expect(rows(stdout)).toEqual([['1', 'x', '7', '1', 'Ongoing', '60000', String(NOW_MS - 5), '5', 't-0']])
    const closed = async () => new Map([['x', ok(described('x', { startTimeMs: null, partitions: [] }))]])
    const none = await run('describe --transactional-id x', { describeTransactions: closed })
    expect(rows(none.stdout)[0]!.slice(6)).toEqual(['None', 'None'])
  })

  it('has documents and tables', async () => {
    expect(JSON.parse((await run('describe --transactional-id x --format json')).stdout)).toMatchObject({
      kind: 'Transaction',
      transactionalId: 'x',
      durationMs: 5,
      partitions: [{ topic: 't', partition: 0 }],
    })
    const { stdout } = await run('describe --transactional-id x', {}, { terminal: true })
    expect(stdout).toMatch(/TransactionState +Ongoing\n/)
  })

  it('does not know an id', async () => {
    const refusal = refused('TRANSACTIONAL_ID_NOT_FOUND', 'no', ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)
    const { code, stderr } = await run('describe --transactional-id y', {
      describeTransactions: async () => new Map([['y', refusal]]),
    })
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toBe(
      'Failed to describe transaction state of transactional-id `y`: DescribeTransactions request for transactionalId `y` failed because the ID could not be found. Enable debug logging for additional detail.',
    )
  })
})

describe('kt transactions describe-producers', () => {
  it('shows -1 and None for what there is not', async () => {
    const describeProducers = async () => [ok([producer(7n), producer(8n, { transactionStartOffset: null })])]
    const { stdout, calls } = await run('describe-producers --topic t --partition 0 --broker-id 2', {
      describeProducers,
    })
    expect(rows(stdout).map((cells) => [cells[0], cells[2], cells[5]])).toEqual([
      ['7', '-1', '42'],
      ['8', '-1', 'None'],
    ])
    expect(calls[0]!.args).toEqual([[{ topic: 't', partition: 0 }], { brokerId: 2 }])
  })

  it('has documents', async () => {
    const { stdout } = await run('describe-producers --topic t --partition 0 --format json')
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ProducerStateList',
      topic: 't',
      partition: 0,
      producers: [{ producerId: 7, coordinatorEpoch: null, transactionStartOffset: 42 }],
    })
  })

  it('says on which broker it failed', async () => {
    const describeProducers = async () => [refused('NOT_LEADER_OR_FOLLOWER', 'no', ErrorCode.NOT_LEADER_OR_FOLLOWER)]
    const { stderr } = await run('describe-producers --topic t --partition 0 --broker-id 2', { describeProducers })
    expect(stderr).toContain(
      'Failed to describe producers for partition t-0 on broker 2: Failed to describe active producers for partition t-0 on brokerId 2.',
    )
  })
})

describe('kt transactions abort', () => {
  it('finds whose transaction begins at an offset', async () => {
    const { code, calls } = await run('abort --topic t --partition 0 --start-offset 42')
    expect(code).toBe(0)
    expect(calls[1]).toEqual({
      method: 'abortTransaction',
      args: [{ topic: 't', partition: 0, producerId: 7n, producerEpoch: 1, coordinatorEpoch: 0 }],
    })
  })

  it('takes the producer as it is given', async () => {
    const line = 'abort --topic t --partition 0 --producer-id 9 --producer-epoch 2 --coordinator-epoch -1'
    const { calls, stderr } = await run(line, {}, { terminal: true })
    expect(calls).toMatchObject([{ method: 'abortTransaction', args: [{ producerId: 9n, coordinatorEpoch: 0 }] }])
    expect(stderr).toBe('The transaction of producer 9 in t-0 is aborted.\n')
  })

  it('has documents', async () => {
    const { stdout, stderr } = await run('abort --topic t --partition 0 --start-offset 42 --format json')
    expect(JSON.parse(stdout)).toEqual({
      ...{ apiVersion: 'kt/v1', kind: 'TransactionAborted', topic: 't', partition: 0 },
      ...{ producerId: 7, producerEpoch: 1, coordinatorEpoch: 0 },
    })
    expect(stderr).toBe('')
  })

  it.each([
    ['--start-offset 1', 'Could not find any open transactions starting at offset 1 on partition t-0'],
    ['--producer-id 1', 'Missing required argument --producer-epoch'],
    ['--producer-id 1 --producer-epoch 1', 'Missing required argument --coordinator-epoch'],
    ['--producer-epoch 1', /^The transaction to abort must be identified either with --start-offset/],
    [
      '--producer-id 1 --producer-epoch 99999',
      `argument --producer-epoch: could not convert '99999' to Short (Value out of range. Value:"99999" Radix:10)`,
    ],
    ['--producer-id x', `argument --producer-id: could not convert 'x' to Long (For input string: "x")`],
  ])('%s: is refused', async (line, message) => {
    const { code, stderr, calls } = await run(`abort --topic t --partition 0 ${line}`)
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toMatch(message)
    expect(calls.map(({ method }) => method)).not.toContain('abortTransaction')
  })

  it('words a refusal as Java’s client', async () => {
    const abortTransaction = async () =>
      refused('TRANSACTION_COORDINATOR_FENCED', 'no', ErrorCode.TRANSACTION_COORDINATOR_FENCED)
    const { stderr } = await run('abort --topic t --partition 0 --start-offset 42', { abortTransaction })
    expect(stderr).toContain('since the provided coordinator epoch 0 has been fenced by the active coordinator')
  })
})

describe('kt transactions forceTerminateTransaction', () => {
  it('ends what an id has open', async () => {
    const { code, stdout, calls } = await run('forceTerminateTransaction --transactionalId x')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(calls).toEqual([{ method: 'terminateTransaction', args: ['x'] }])
  })

  it('has documents', async () => {
    const { stdout } = await run('forceTerminateTransaction --transactionalId x --format yaml')
    expect(stdout).toBe('apiVersion: kt/v1\nkind: TransactionTerminated\ntransactionalId: x\n')
  })
})

describe('kt transactions find-hanging', () => {
  it('is what no coordinator has on its list, open for long enough', async () => {
    const describeProducers: Admin['describeProducers'] = async (partitions) =>
      partitions.map(({ partition }) =>
        ok([
          producer(BigInt(7 + partition)),
          producer(99n, { lastTimestampMs: NOW_MS }),
          producer(98n, { transactionStartOffset: null }),
        ]),
      )
    const { stdout, calls } = await run('find-hanging --topic t', { describeProducers })
    // Producer 7 is known and writes to t-0; of 8 nobody knows.
    expect(rows(stdout)).toEqual([['t', '1', '8', '1', '-1', '42', String(NOW_MS - 3_600_000), '60']])
    expect(calls.find(({ method }) => method === 'listTransactions')!.args).toEqual([{ producerIds: [7n, 8n] }])
  })

  it('looks at the replicas of a broker, or at one partition', async () => {
    const onBroker = await run('find-hanging --broker-id 1 --max-transaction-timeout 999')
    const asked = (calls: { method: string; args: unknown[] }[]) =>
      calls.find(({ method }) => method === 'describeProducers')!.args
    expect(asked(onBroker.calls)).toEqual([[{ topic: 't', partition: 0 }], { brokerId: 1 }])
    const one = await run('find-hanging --topic t --partition 5')
    expect(one.calls.map(({ method }) => method)).not.toContain('describeTopics')
    expect(asked(one.calls)).toEqual([[{ topic: 't', partition: 5 }], {}])
  })

  it('is everything that an unknown id has open', async () => {
    const describeTransactions = async () =>
      new Map([['x', refused('TRANSACTIONAL_ID_NOT_FOUND', 'no', ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)]])
    const { stdout } = await run('find-hanging --topic t --partition 0 --format json', { describeTransactions })
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'HangingTransactionList',
      transactions: [{ topic: 't', partition: 0, producerId: 7, durationMs: 3_600_000 }],
    })
  })

  it('says to people that there is none', async () => {
    const { stderr } = await run('find-hanging --topic t --partition 0', {}, { terminal: true })
    expect(stderr).toBe('No transaction hangs there.\n')
  })

  it.each([
    ['--partition 1', /^The `find-hanging` command requires either --topic or --broker-id/],
    ['--broker-id 1 --partition 1', /^The --partition argument requires --topic to be provided/],
  ])('%s: is refused', async (line, message) => {
    expect((await run(`find-hanging ${line}`)).stderr).toMatch(message)
  })
})

describe('kt transactions --version', () => {
  it.each(['--version', '-v'])('%s tells the commit too', async (flag) => {
    expect((await runCommand(['transactions', flag])).stdout).toBe('4.3.1 (Commit:26b251a451ce941d)\n')
  })
})
