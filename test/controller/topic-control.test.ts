import { describe, expect, it } from 'vitest'
import { createTopics } from '../../src/controller/topic-control.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { config, topicRecords, uuidOf } from '../metadata/support.ts'
import { brief, carryOut, type ViewOptions, viewOf } from './support.ts'

interface Asked {
  name?: string
  numPartitions?: number
  replicationFactor?: number
  assignments?: { partitionIndex: number; brokerIds: number[] }[]
  configs?: { name: string; value: string | null }[]
}

const topic = (asked: Asked = {}) => ({
  name: 'orders',
  numPartitions: asked.assignments === undefined ? 1 : -1,
  replicationFactor: asked.assignments === undefined ? 1 : -1,
  assignments: [],
  configs: [],
  ...asked,
})

const create = (topics: Asked[], options: ViewOptions & { validateOnly?: boolean } = {}) =>
  createTopics(viewOf(options), {
    topics: topics.map(topic),
    timeoutMs: 1_000,
    validateOnly: options.validateOnly ?? false,
  })

/** `ERROR_NAME: text` of the only topic asked for; '' when it was created. */
function refusal(asked: Asked, options: ViewOptions = {}): string {
  const { records, response } = create([asked], options)
  const [result] = response.topics!
  if (result!.errorCode === 0) return ''
  expect(records).toEqual([])
  return `${errorName(result!.errorCode!)}: ${result!.errorMessage}`
}

const three = { brokers: { 1: {}, 2: {}, 3: {} } }

describe('CreateTopics', () => {
  it('gives records and an answer', () => {
    const { records, response, atomic } = create([{ configs: [{ name: 'retention.ms', value: '5' }] }])
    expect(atomic).toBe(true)
    expect(brief(records)).toEqual([
      'topic {"name":"orders"}',
      'config {"resourceType":2,"resourceName":"orders","name":"retention.ms","value":"5"}',
      'partition {"partitionId":0,"replicas":[1],"isr":[1],"removingReplicas":[],"addingReplicas":[],"leader":1,' +
        '"leaderRecoveryState":0,"leaderEpoch":0,"partitionEpoch":0}',
    ])
    const [result] = response.topics!
    expect(result).toMatchObject({ name: 'orders', errorCode: 0, numPartitions: 1, replicationFactor: 1 })
    expect(records[0]!.body).toMatchObject({ topicId: result!.topicId })
    expect((records[2]!.body as { directories: string[] }).directories).toEqual([uuidOf(901)])
    expect(result!.configs).toHaveLength(33)
    expect(result!.configs!.map(({ name }) => name)).toEqual([...result!.configs!.map(({ name }) => name!)].sort())
    expect(result!.configs!.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '5', configSource: 1 })
  })

  it('computes and changes nothing when it is only to validate', () => {
    const { records, response } = create([{}], { validateOnly: true })
    expect(records).toEqual([])
    expect(response.topics![0]).toMatchObject({ errorCode: 0, numPartitions: 1 })
  })

  it('takes defaults from the broker', () => {
    const { response } = create([{ numPartitions: -1, replicationFactor: -1 }], {
      ...three,
      config: { 'num.partitions': '4', 'default.replication.factor': '2' },
    })
    expect(response.topics![0]).toMatchObject({ numPartitions: 4, replicationFactor: 2 })
  })

  it('spreads partitions over the brokers', () => {
    const { records } = create([{ numPartitions: 6, replicationFactor: 2 }], three)
    const partitions = records.slice(1).map(({ body }) => (body as { replicas: number[] }).replicas)
    const leads = partitions.map(([leader]) => leader!)
    expect([1, 2, 3].map((id) => leads.filter((leader) => leader === id).length)).toEqual([2, 2, 2])
    for (const replicas of partitions) expect(new Set(replicas).size).toBe(2)
  })

  it('takes an assignment by hand, and keeps who is out of service out of the ISR', () => {
    const { records } = create(
      [
        {
          assignments: [
            { partitionIndex: 1, brokerIds: [3, 1] },
            { partitionIndex: 0, brokerIds: [2, 3] },
          ],
        },
      ],
      { brokers: { 1: {}, 2: { fenced: true }, 3: {} } },
    )
    expect(records.slice(1).map(({ body }) => body)).toMatchObject([
      { partitionId: 0, replicas: [2, 3], isr: [3], leader: 3 },
      { partitionId: 1, replicas: [3, 1], isr: [3, 1], leader: 3 },
    ])
  })

  it('lets one topic fail and the others be', () => {
    const { records, response } = create([{ name: 'good' }, { name: 'bad name' }])
    expect(response.topics!.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['good', 0],
      ['bad name', 17],
    ])
    expect(records.map(({ record }) => record)).toEqual(['topicRecord', 'partitionRecord'])
  })

  it('answers a name given twice once', () => {
    const { records, response } = create([{ name: 'twice' }, { name: 'other' }, { name: 'twice' }])
    expect(response.topics!.map(({ name, errorMessage }) => [name, errorMessage])).toEqual([
      ['other', null],
      ['twice', 'Duplicate topic name.'],
    ])
    expect(records).toHaveLength(2)
  })

  it.each([
    [
      { replicationFactor: 3 },
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [
      { replicationFactor: 0 },
      'INVALID_REPLICATION_FACTOR: Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [{ numPartitions: 0 }, 'INVALID_PARTITIONS: Number of partitions was set to an invalid non-positive value.'],
    [{ name: '' }, 'INVALID_TOPIC_EXCEPTION: Topic name is invalid: the empty string is not allowed'],
    [{ name: '__cluster_metadata' }, 'INVALID_REQUEST: Creation of internal topic __cluster_metadata is prohibited.'],
    [
      { configs: [{ name: 'retention.ms', value: null }] },
      'INVALID_CONFIG: Null value not supported for topic configs: retention.ms',
    ],
    [{ configs: [{ name: 'foo', value: '1' }] }, 'INVALID_CONFIG: Unknown topic config name: foo'],
    [
      { configs: [{ name: 'segment.bytes', value: '1' }] },
      'INVALID_CONFIG: Invalid value 1 for configuration segment.bytes: Value must be at least 1048576',
    ],
    [
      { assignments: [{ partitionIndex: 0, brokerIds: [1] }], replicationFactor: 1 },
      'INVALID_REQUEST: A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
    [
      { assignments: [{ partitionIndex: 0, brokerIds: [1] }], numPartitions: 1 },
      'INVALID_REQUEST: A manual partition assignment was specified, but numPartitions was not set to -1.',
    ],
    [
      { assignments: [{ partitionIndex: 0, brokerIds: [] }] },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.',
    ],
    [
      { assignments: [{ partitionIndex: 0, brokerIds: [9] }] },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      { assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      { assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT: partitions should be a consecutive 0-based integer sequence',
    ],
    [
      {
        assignments: [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 0, brokerIds: [1] },
        ],
      },
      'INVALID_REPLICA_ASSIGNMENT: Found multiple manual partition assignments for partition 0',
    ],
  ] as const)('refuses %j', (asked, message) => {
    expect(refusal(asked as never)).toBe(message)
  })

  it('refuses partitions of different replication', () => {
    const assignments = [
      { partitionIndex: 0, brokerIds: [1, 2] },
      { partitionIndex: 1, brokerIds: [3] },
    ]
    expect(refusal({ assignments }, three)).toBe(
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s).',
    )
  })

  it('refuses while no broker is in service', () => {
    const options = { brokers: { 1: { fenced: true } } }
    expect(refusal({}, options)).toBe(
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
    )
    expect(refusal({ assignments: [{ partitionIndex: 0, brokerIds: [1] }] }, options)).toBe(
      'INVALID_REPLICA_ASSIGNMENT: All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown.',
    )
  })

  it('knows what exists, and what would share its metrics', () => {
    const options = { records: topicRecords('a.b', uuidOf(1), [[1]]) }
    expect(refusal({ name: 'a.b' }, options)).toBe("TOPIC_ALREADY_EXISTS: Topic 'a.b' already exists.")
    expect(refusal({ name: 'a_b' }, options)).toBe(
      "INVALID_TOPIC_EXCEPTION: Topic 'a_b' collides with existing topic: a.b",
    )
    expect(refusal({ name: 'ab' }, options)).toBe('')
  })

  it('refuses a request of too many partitions as a whole', () => {
    const { records, response } = create([
      { name: 'a', numPartitions: 9_999 },
      { name: 'b', numPartitions: 2 },
    ])
    expect(records).toEqual([])
    expect(response.topics!.map(({ errorMessage }) => errorMessage)).toEqual(
      Array(2).fill('Excessively large number of partitions per request.'),
    )
  })

  it('can be carried out and tried again', () => {
    const view = viewOf({ records: [config(4, '', 'min.insync.replicas', '1')] })
    const request = { topics: [topic()], timeoutMs: 1, validateOnly: false }
    carryOut(view, createTopics(view, request).records)
    expect(view.image.topicsByName.get('orders')!.partitions.size).toBe(1)
    expect(createTopics(view, request).response.topics![0]!.errorCode).toBe(36)
  })
})
