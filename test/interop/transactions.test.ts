/** Transactions on Apache Kafka: what `kt transact` shows of them, and one that really hangs (KIP-664, KIP-890). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClusterClient, toBroker } from '../../src/client/cluster-client.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { type ApacheKafka, apacheKafkaHome, runScript, startApacheKafka } from '../support/apache-kafka.ts'
import { runCommand } from '../support/run-command.ts'

const home = await apacheKafkaHome()
const NAME = `tx-${randomUUID().slice(0, 8)}`

let kafka: ApacheKafka
const kt = (line: string, input?: string) =>
  runCommand([...line.split(' '), '--bootstrap-server', kafka.bootstrapServers], input === undefined ? {} : { input })
/** Options of `transactions` stand before its subcommand. */
const transactions = (line: string) =>
  runCommand(['transactions', '--bootstrap-server', kafka.bootstrapServers, ...line.split(' ')])
const script = (line: string) =>
  runScript(home!, 'kafka-transactions', ['--bootstrap-server', kafka.bootstrapServers, ...line.split(' ')])

describe.skipIf(home === null)('transactions on Apache Kafka', () => {
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
  })
  afterAll(() => kafka.stop())

  async function newTopic(kind: string, partitions = 1): Promise<string> {
    const topic = `${NAME}-${kind}`
    const created = await kt(`topics --create --topic ${topic} --partitions ${partitions}`)
    expect(created.code, created.stderr).toBe(0)
    return topic
  }

  interface Step {
    readonly action: string
    readonly producer: string
    readonly error: { name: string | null; why: string[] } | null
    readonly producers: { name: string; producerEpoch: number; coordinator: { state: string; producerEpoch: number } }[]
    readonly partitions: {
      topic: string
      lastStableOffset: number
      highWatermark: number
      records: {
        offset: number
        kind: string
        value: string
        transaction: string
        readCommitted: boolean
        producer: string
      }[]
    }[]
    readonly groups: { groupId: string; offsets: { committed: number | null; pending: number | null }[] }[]
  }

  async function steps(lines: readonly string[], options = ''): Promise<{ steps: Step[]; code: number }> {
    const { stdout, stderr, code } = await kt(`transact --format json${options}`, `${lines.join('\n')}\n`)
    expect(stderr).not.toMatch(/ {4}at /)
    return {
      steps: stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      code,
    }
  }
  const bounds = ({ partitions }: Step): unknown =>
    partitions.map(({ lastStableOffset, highWatermark }) => [lastStableOffset, highWatermark])
  const seen = ({ partitions }: Step): unknown =>
    partitions[0]!.records.map(({ kind, value, transaction, readCommitted }) => [
      kind,
      value,
      transaction,
      readCommitted,
    ])

  it('an open one holds back what stands behind it, until it is ended', async () => {
    const topic = await newTopic('held')
    const run = await steps(
      [
        `A> begin`,
        `A> write ${topic} a:1`,
        `plain> write ${topic} outside`,
        `A> abort`,
        `A> begin`,
        `A> write ${topic} a:2`,
        `A> commit`,
      ],
      ` --topic ${topic}`,
    )
    expect(run.code).toBe(0)
    expect(run.steps.map(bounds)).toEqual([[[0, 0]], [[0, 1]], [[0, 2]], [[3, 3]], [[3, 3]], [[3, 4]], [[5, 5]]])
    expect(seen(run.steps[2]!)).toEqual([
      ['record', '1', 'open', false],
      ['record', 'outside', 'none', false],
    ])
    expect(seen(run.steps[6]!)).toEqual([
      ['record', '1', 'aborted', false],
      ['record', 'outside', 'none', true],
      ['abort', null, 'aborted', false],
      ['record', '2', 'committed', true],
      ['commit', null, 'committed', false],
    ])
    // The same as a consumer is given.
    const read = `console-consumer --topic ${topic} --from-beginning --timeout-ms 3000 --isolation-level`
    const [committed, uncommitted] = await Promise.all([kt(`${read} read_committed`), kt(`${read} read_uncommitted`)])
    expect([committed.stdout, uncommitted.stdout]).toEqual(['outside\n2\n', '1\noutside\n2\n'])
  })

  it('the second producer of a transactional id fences the first, and aborts what it had open', async () => {
    const topic = await newTopic('fenced')
    const id = `${NAME}-id`
    const run = await steps([
      `as A ${id}`,
      'begin',
      `write ${topic} a`,
      `as B ${id}`,
      'begin',
      `write ${topic} b`,
      'A> commit',
      `A> write ${topic} x`,
      'B> commit',
    ])
    expect(run.code).toBe(7)
    const [, , , , taken, , commit, write, last] = run.steps
    expect(bounds(taken!)).toEqual([[2, 2]])
    expect(commit!.error!.name).toBe('PRODUCER_FENCED')
    expect(write!.error!.name).toMatch(/^(INVALID_PRODUCER_EPOCH|PRODUCER_FENCED)$/)
    expect(commit!.error!.why[1]).toContain('B has asked for the same transactional id')
    expect(seen(last!)).toEqual([
      ['record', 'a', 'aborted', false],
      ['abort', null, 'aborted', false],
      ['record', 'b', 'committed', true],
      ['commit', null, 'committed', false],
    ])
    expect(last!.partitions[0]!.records.map(({ producer }) => producer)).toEqual(['A', 'A', 'B', 'B'])
  })

  it('takes the offsets of a group along', async () => {
    const topic = await newTopic('offsets', 2)
    const group = `${NAME}-group`
    const run = await steps([
      'begin',
      `offsets ${group} ${topic}:0=4 ${topic}:1=2`,
      'abort',
      'begin',
      `offsets ${group} ${topic}:1=3`,
      'commit',
    ])
    expect(run.code).toBe(0)
    const offsets = run.steps.map(({ groups }) =>
      groups.flatMap((each) => each.offsets.map(({ committed, pending }) => [committed, pending])),
    )
    expect(offsets[1]).toEqual([
      [null, 4],
      [null, 2],
    ])
    expect(offsets[2]).toEqual([])
    expect(offsets[5]).toEqual([[3, null]])
    const described = await kt(`consumer-groups --describe --group ${group} --format json`)
    expect(JSON.parse(described.stdout).groups[0].rows).toMatchObject([{ partition: 1, currentOffset: 3 }])
  })

  it('leave no lag behind for a group that has read them, as with the script', async () => {
    const topic = await newTopic(`lag-${randomUUID().slice(0, 4)}`)
    const sent = await kt(`console-producer --topic ${topic} --transactional-id ${NAME}-lag`, 'one\ntwo\n')
    expect(sent.code, sent.stderr).toBe(0)
    const options = [
      '--topic',
      topic,
      '--from-beginning',
      '--isolation-level',
      'read_committed',
      '--timeout-ms',
      '9000',
    ]
    const lags: number[] = []
    for (const who of ['kt', 'script']) {
      const group = `${topic}-${who}`
      const words = [...options, '--group', group]
      const servers = ['--bootstrap-server', kafka.bootstrapServers]
      const read =
        who === 'kt'
          ? await kt(`console-consumer ${words.join(' ')}`)
          : await runScript(home!, 'kafka-console-consumer', [...servers, ...words])
      expect(read.stdout).toBe('one\ntwo\n')
      const { stdout } = await kt(`consumer-groups --describe --group ${group}`)
      const row = stdout.split('\n').find((line) => line.startsWith(group))
      lags.push(Number(row?.split(/\s+/)[5]))
    }
    expect(lags).toEqual([0, 0])
  })

  it('what is left open at the end is aborted, and said so', async () => {
    const topic = await newTopic('left')
    const { stderr, code } = await kt('transact', `begin\nwrite ${topic} a\n`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Still open, and aborted now: A\n' })
    const after = await steps(['show'], ` --topic ${topic}`)
    expect(bounds(after.steps[0]!)).toEqual([[2, 2]])
  })

  describe('one that hangs', () => {
    /** What a broker takes without asking the coordinator, and what no coordinator will ever end. */
    async function leaveHanging(topic: string): Promise<void> {
      const client = new ClusterClient({ bootstrapServers: [kafka.bootstrapServers] })
      try {
        await client.refreshMetadata([topic])
        const timestamp = Date.now() - 3_600_000
        const producer = { producerId: 987_654_321n, producerEpoch: 3, baseSequence: 0, transactional: true }
        const records = encodeBatch([{ timestamp, key: null, value: Buffer.from('hangs') }], producer)
        const { topicId } = client.metadata.topic(topic)!
        const partitionData = [{ index: 0, records }]
        const input = {
          transactionalId: `${topic}-gone`,
          acks: -1,
          timeoutMs: 10_000,
          topicData: [{ name: topic, topicId, partitionData }],
        }
        // Before version 12 a broker does not add the partition by itself (KIP-890).
        const answer = await client.send(toBroker(client.metadata.leader(topic, 0)), produce, input, { maxVersion: 11 })
        expect(answer.responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
      } finally {
        client.close()
      }
    }

    beforeAll(async () => {
      const off = '--alter --broker-defaults --add-config transaction.partition.verification.enable=false'
      expect((await kt(`configs ${off}`)).code).toBe(0)
      return async () => {
        await kt('configs --alter --broker-defaults --delete-config transaction.partition.verification.enable')
      }
    })

    it('is found as the script finds it, and gone when it is aborted', async () => {
      const topic = await newTopic('hangs')
      // The broker hears of its new setting a moment later.
      for (let tries = 0; ; tries++) {
        const isTaken = await leaveHanging(topic).then(
          () => true,
          () => false,
        )
        if (isTaken) break
        expect(tries).toBeLessThan(50)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const line = `find-hanging --topic ${topic}`
      const [ours, theirs] = await Promise.all([transactions(line), script(line)])
      const plain = (text: string): string => text.replaceAll(/[ \t]+/g, ' ')
      expect({ code: ours.code, text: plain(ours.stdout) }).toEqual({ code: theirs.code, text: plain(theirs.stdout) })
      expect(ours.stdout).toMatch(new RegExp(`${topic}\\s+0\\s+987654321\\s+3\\s+-1\\s+0\\s+\\d+\\s+60`))

      const found = JSON.parse((await transactions(`${line} --format json`)).stdout)
      expect(found.transactions).toMatchObject([{ topic, partition: 0, producerId: 987_654_321, producerEpoch: 3 }])
      const read = `console-consumer --topic ${topic} --from-beginning --timeout-ms 2000 --isolation-level read_committed`
      await kt(`console-producer --topic ${topic}`, 'behind it\n')
      expect((await kt(read)).stdout).toBe('')

      const aborted = await transactions(`abort --topic ${topic} --partition 0 --start-offset 0 --format json`)
      expect(aborted.code, aborted.stderr).toBe(0)
      expect(JSON.parse(aborted.stdout)).toEqual({
        ...{ apiVersion: 'kt/v1', kind: 'TransactionAborted', topic, partition: 0 },
        ...{ producerId: 987_654_321, producerEpoch: 3, coordinatorEpoch: 0 },
      })
      expect((await transactions(line)).stdout).toBe((await script(line)).stdout)
      expect((await transactions(`${line} --format json`)).stdout).toContain('"transactions": []')
      expect((await kt(read)).stdout).toBe('behind it\n')
    })
  })
})
