import { describe, expect, it } from 'vitest'
import { alterConfigs, incrementalAlterConfigs } from '../../src/controller/configuration-control.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { config, topicRecords, uuidOf } from '../metadata/support.ts'
import { brief, type ViewOptions, viewOf } from './support.ts'

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3
const TOPIC = 2
const BROKER = 4
const GROUP = 32
const CLIENT_METRICS = 16

type Change = [name: string, operation: number, value: string | null]
const topics = topicRecords('t', uuidOf(1), [[1]])

function alter(type: number, name: string, changes: Change[], options: ViewOptions = {}) {
  const view = viewOf({ records: topics, ...options })
  const configs = changes.map(([key, configOperation, value]) => ({ name: key, configOperation, value }))
  const resources = [{ resourceType: type, resourceName: name, configs }]
  const { records, response } = incrementalAlterConfigs(view, { resources, validateOnly: false })
  const [answer] = response.responses!
  const refused = answer!.errorCode === 0 ? '' : `${errorName(answer!.errorCode!)}: ${answer!.errorMessage}`
  return { records: brief(records), refused }
}

const set = (name: string, value: string): Change => [name, SET, value]

describe('IncrementalAlterConfigs', () => {
  it('sets and deletes', () => {
    const records = [...topics, config(TOPIC, 't', 'retention.ms', '1')]
    expect(alter(TOPIC, 't', [set('segment.ms', '5'), ['retention.ms', DELETE, null]], { records }).records).toEqual([
      'config {"resourceType":2,"resourceName":"t","name":"segment.ms","value":"5"}',
      'config {"resourceType":2,"resourceName":"t","name":"retention.ms","value":null}',
    ])
  })

  it('writes nothing for a topic where nothing changes', () => {
    const records = [...topics, config(TOPIC, 't', 'retention.ms', '1')]
    expect(alter(TOPIC, 't', [set('retention.ms', '1')], { records })).toEqual({ records: [], refused: '' })
    expect(alter(TOPIC, 't', [['never.was', DELETE, null]])).toEqual({ records: [], refused: '' })
  })

  it('writes for a broker even so, since files may have changed', () => {
    const records = [config(BROKER, '', 'num.io.threads', '4')]
    expect(alter(BROKER, '', [set('num.io.threads', '4')], { records }).records).toHaveLength(1)
  })

  it.each([
    ['delete', [APPEND, 'compact'], 'delete,compact'],
    ['delete', [APPEND, 'delete'], null],
    ['compact,delete', [SUBTRACT, 'compact'], 'delete'],
    ['compact', [SUBTRACT, 'compact'], ''],
    [null, [APPEND, 'compact'], 'delete,compact'],
  ] as const)('with cleanup.policy %s and %j', (current, [operation, value], expected) => {
    const records = current === null ? topics : [...topics, config(TOPIC, 't', 'cleanup.policy', current)]
    const change =
      expected === null
        ? []
        : [`config {"resourceType":2,"resourceName":"t","name":"cleanup.policy","value":"${expected}"}`]
    expect(alter(TOPIC, 't', [['cleanup.policy', operation, value]], { records })).toEqual({
      records: change,
      refused: '',
    })
  })

  it.each([
    [
      TOPIC,
      't',
      [['retention.ms', APPEND, '5']],
      "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    [TOPIC, 't', [['retention.ms', SET, null]], 'INVALID_REQUEST: Null value not supported for : retention.ms'],
    [
      TOPIC,
      't',
      [
        ['a', SET, '1'],
        ['a', SET, '2'],
      ],
      'INVALID_REQUEST: Error due to duplicate config keys',
    ],
    [TOPIC, 't', [['retention.ms', 9, '1']], 'INVALID_REQUEST: Unknown operations type 9'],
    [TOPIC, 't', [['foo', SET, '1']], 'INVALID_CONFIG: Unknown topic config name: foo'],
    [
      TOPIC,
      't',
      [['retention.ms', SET, 'abc']],
      'INVALID_CONFIG: Invalid value abc for configuration retention.ms: Not a number of type LONG',
    ],
    [TOPIC, 'x', [['retention.ms', SET, '1']], "UNKNOWN_TOPIC_OR_PARTITION: The topic 'x' does not exist."],
    [TOPIC, '', [['retention.ms', SET, '1']], 'INVALID_REQUEST: Default topic resources are not allowed.'],
    [
      TOPIC,
      't',
      [['compression.type', SET, 'x'.repeat(32_768)]],
      'INVALID_CONFIG: The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.',
    ],
    [
      BROKER,
      '1',
      [['num.partitions', SET, '3']],
      'INVALID_REQUEST: Cannot update these configs dynamically: [num.partitions]',
    ],
    [BROKER, '7', [['num.io.threads', SET, '4']], 'BROKER_ID_NOT_REGISTERED: No node with id 7 found.'],
    [BROKER, 'x', [['num.io.threads', SET, '4']], 'INVALID_REQUEST: Node id must be an integer, but it is: x'],
    [
      BROKER,
      '1',
      [['min.insync.replicas', SET, '2']],
      'INVALID_CONFIG: Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      BROKER,
      '',
      [['min.insync.replicas', DELETE, null]],
      'INVALID_CONFIG: Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [
      BROKER,
      '1',
      [['log.retention.ms', APPEND, '5']],
      'INVALID_CONFIG: Config value append is not allowed for config key: log.retention.ms',
    ],
    [BROKER, '1', [['zzz', SUBTRACT, '5']], 'INVALID_CONFIG: Unknown config name: zzz'],
    [
      GROUP,
      '',
      [['consumer.session.timeout.ms', SET, '50000']],
      'INVALID_REQUEST: Default group resources are not allowed.',
    ],
    [
      GROUP,
      'g',
      [['consumer.session.timeout.ms', SET, '5']],
      'INVALID_CONFIG: consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [CLIENT_METRICS, 'm', [['x', SET, '1']], 'INVALID_REQUEST: Unknown client metrics configuration: x'],
    [99, 'x', [['a', SET, '1']], 'INVALID_REQUEST: Unknown resource type 99'],
    [8, '1', [['kafka', SET, 'INFO']], 'INVALID_REQUEST: Unknown resource type 8'],
  ] as const)('refuses type %d %j %j', (type, name, changes, message) => {
    expect(alter(type, name, changes as unknown as Change[])).toEqual({ records: [], refused: message })
  })

  it('clears eligible leaders when min.insync.replicas changes', () => {
    expect(alter(TOPIC, 't', [set('min.insync.replicas', '2')]).records[1]).toBe('clearElr {"topicName":"t"}')
    expect(alter(BROKER, '', [set('min.insync.replicas', '2')]).records[1]).toBe('clearElr {"topicName":""}')
    expect(alter(TOPIC, 't', [set('min.insync.replicas', '2')], { elr: false, records: topics }).records).toHaveLength(
      1,
    )
  })

  it('judges a change together with what is set already', () => {
    const records = [...topics, config(TOPIC, 't', 'max.compaction.lag.ms', '10')]
    expect(alter(TOPIC, 't', [set('min.compaction.lag.ms', '11')], { records }).refused).toContain(
      'conflict topic config',
    )
  })

  it('answers each resource for itself', () => {
    const view = viewOf({ records: topics })
    const configs = [{ name: 'retention.ms', configOperation: SET, value: '5' }]
    const names = ['t', 'x', 'twice', 'twice']
    const resources = names.map((resourceName) => ({ resourceType: TOPIC, resourceName, configs }))
    const { records, response } = incrementalAlterConfigs(view, { resources, validateOnly: false })
    expect(response.responses!.map(({ resourceName, errorMessage }) => [resourceName, errorMessage])).toEqual([
      ['t', null],
      ['x', "The topic 'x' does not exist."],
      ['twice', 'Each resource must appear at most once.'],
      ['twice', 'Each resource must appear at most once.'],
    ])
    expect(records).toHaveLength(1)
    expect(incrementalAlterConfigs(view, { resources, validateOnly: true }).records).toEqual([])
  })
})

describe('AlterConfigs', () => {
  const run = (configs: { name: string; value: string | null }[], records = topics) => {
    const resources = [{ resourceType: TOPIC, resourceName: 't', configs }]
    return alterConfigs(viewOf({ records }), { resources, validateOnly: false })
  }

  it('takes away what it does not name', () => {
    const before = [...topics, config(TOPIC, 't', 'retention.ms', '1'), config(TOPIC, 't', 'segment.ms', '2')]
    expect(brief(run([{ name: 'segment.ms', value: '3' }], before).records)).toEqual([
      'config {"resourceType":2,"resourceName":"t","name":"segment.ms","value":"3"}',
      'config {"resourceType":2,"resourceName":"t","name":"retention.ms","value":null}',
    ])
  })

  it('refuses nulls and wrong values', () => {
    expect(run([{ name: 'a', value: null }]).response.responses![0]!.errorMessage).toBe(
      'Null value not supported for : a',
    )
    expect(run([{ name: 'a', value: '1' }]).response.responses![0]!.errorMessage).toBe('Unknown topic config name: a')
  })
})
