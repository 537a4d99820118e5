/** A segment with our records of `__consumer_offsets`, read by Apache Kafka's own decoder. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { setBaseOffset } from '../../src/protocol/records/record-batch.ts'
import { commitRequest, context, GROUP, Harness, subscription } from '../coordinator/harness.ts'
import { apacheKafkaHome, runScript } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
const TOPIC_ID = '9GWe_uQKRB2mqIa1ZDxOgg'
const TIME = 1_795_252_007_201

/** An assignment of the consumer protocol, version 0: one topic with one partition. */
const ASSIGNMENT = Buffer.from('0000' + '00000001' + '000174' + '00000001' + '00000000' + 'ffffffff', 'hex')

/** Every kind of record a classic group leaves behind. */
async function writeHistory(): Promise<Harness> {
  const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
  const join = harness.join({ instance: 'till-1', protocols: { range: subscription('t') }, clientId: 'shop' })
  await harness.clock.advance(0)
  const memberId = join.response!.memberId!
  const assignments = [{ memberId, assignment: ASSIGNMENT }]
  await harness.sync(memberId, 1, {}, { groupInstanceId: 'till-1', assignments }).promise
  const request = { ...commitRequest({ 't-0': 5, 't-1': 6 }), memberId, generationIdOrMemberEpoch: 1 }
  const topics = request.topics.map((topic) => ({ ...topic, topicId: TOPIC_ID }))
  await harness.coordinator.commitOffsets({ ...request, topics }, context(10))
  await harness.leave({ instance: 'till-1' })
  await harness.coordinator.commitOffsets({ ...commitRequest({ 't-2': 7 }), retentionTimeMs: 60_000n }, context(2))
  await harness.coordinator.deleteGroups({ groupsNames: [GROUP] }, context(2))
  return harness
}

/** One batch per record, as small appends are. */
function segment(harness: Harness): Buffer {
  const batches = harness.log.records(harness.partition()).map(({ key, value }, offset) => {
    const batch = encodeBatch([{ timestamp: TIME, key, value }])
    setBaseOffset(batch, 0, offset)
    return batch
  })
  return Buffer.concat(batches)
}

interface Dumped {
  readonly key: { readonly type: string; readonly data: unknown }
  readonly payload: { readonly version: string; readonly data: Record<string, unknown> } | null
}

function parse(stdout: string): Dumped[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('| offset: '))
    .map((line) => {
      const [, key = '', payload = ''] = /key: (\{.*?\}) payload: (.*)$/.exec(line) ?? []
      return { key: JSON.parse(key), payload: payload === '<DELETE>' ? null : JSON.parse(payload) }
    })
}

describe.skipIf(home === null)('kafka-dump-log.sh --offsets-decoder', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-dump-'))
  afterAll(() => fs.rmSync(directory, { recursive: true }))

  it('reads everything the coordinator writes', async () => {
    const harness = await writeHistory()
    const file = path.join(directory, '00000000000000000000.log')
    fs.writeFileSync(file, segment(harness))
    const args = ['--files', file, '--offsets-decoder', '--print-data-log']
    const { stdout, code } = await runScript(home!, 'kafka-dump-log', args)
    expect(code).toBe(0)
    const records = parse(stdout)
    const said = records.map(
      ({ key, payload }) => `${key.type} ${payload === null ? 'deleted' : `v${payload.version}`}`,
    )
    expect(said).toEqual([
      '2 v3',
      '2 v3',
      '1 v4',
      '1 v4',
      '2 v3',
      '1 v1',
      '1 deleted',
      '1 deleted',
      '1 deleted',
      '2 deleted',
    ])
    expect(records[0]!.payload!.data).toMatchObject({ protocolType: '', generation: 0, leader: null, members: [] })
    expect(records[1]!.payload!.data).toMatchObject({
      protocolType: 'consumer',
      generation: 1,
      protocol: 'range',
      members: [
        {
          groupInstanceId: 'till-1',
          clientId: 'shop',
          clientHost: '/127.0.0.1',
          rebalanceTimeout: 60_000,
          sessionTimeout: 10_000,
          subscription: { topics: ['t'] },
          assignment: { assignedPartitions: [{ topic: 't', partitions: [0] }] },
        },
      ],
    })
    expect(records[2]).toMatchObject({
      key: { data: { group: GROUP, topic: 't', partition: 0 } },
      payload: { data: { offset: 5, leaderEpoch: -1, metadata: '', topicId: TOPIC_ID } },
    })
    expect(records[4]!.payload!.data).toMatchObject({ generation: 2, protocol: null, members: [] })
    expect(records[5]!.payload!.data).toMatchObject({ offset: 7, expireTimestamp: harness.clock.now() + 60_000 })
    expect(stdout).not.toMatch(/isvalid: false|Failed/)
  })
})
