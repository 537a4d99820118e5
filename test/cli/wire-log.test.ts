import { afterEach, describe, expect, it } from 'vitest'
import { errorsOf, logWire, wireText } from '../../src/cli/wire-log.ts'
import { type WireEvent, watchWire, wireWatcher } from '../../src/client/trace.ts'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { KeptOutput, runCommand } from '../support/run-command.ts'

const event = (more: Partial<WireEvent> = {}): WireEvent => ({
  address: { host: 'h', port: 9092 },
  api: metadata,
  version: 12,
  correlationId: 4,
  request: { topics: [{ name: 'orders' }], allowAutoTopicCreation: false },
  requestBytes: 30,
  response: { brokers: [{ nodeId: 1, host: 'h', port: 9092 }], topics: [{ name: 'orders', errorCode: 0 }] },
  responseBytes: 100,
  elapsedMs: 1.26,
  failure: null,
  ...more,
})

afterEach(() => watchWire(null))

describe('wireText', () => {
  it('says where, what for, what was asked and what came back', () => {
    expect(wireText(event(), new Map([['h:9092', 1]]), false)).toBe(
      'Metadata v12 to broker 1 (h:9092): which brokers there are, and who leads which partition\n' +
        '    asked  #4, 30 bytes: topics orders\n' +
        '    answer after 1.3 ms, 100 bytes: 1 brokers, topics orders; no error\n',
    )
  })

  it('says what errors mean', () => {
    const response = {
      topics: [
        { name: 'orders', errorCode: 3 },
        { name: 'x', errorCode: 0 },
      ],
    }
    expect(wireText(event({ response }), new Map(), false)).toContain(
      'topics[orders] error 3 UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.',
    )
    expect(errorsOf({ errorCode: 35, errorMessage: 'in its own words' })).toEqual([
      'error 35 UNSUPPORTED_VERSION: in its own words',
    ])
    const many = { partitions: Array.from({ length: 9 }, (_, at) => ({ partitionIndex: at, errorCode: 6 })) }
    expect(wireText(event({ response: many }), new Map(), false)).toMatch(/partitions\[4\] error 6 .* and 4 more/)
  })

  it('finds errors under every name they have', () => {
    const added = { resultsByPartition: [{ partitionIndex: 0, partitionErrorCode: 48 }] }
    expect(errorsOf({ resultsByTopic: [{ name: 't', ...added }] })).toEqual([
      expect.stringMatching(
        /^resultsByTopic\[t\]\.resultsByPartition\[0\]\.partitionErrorCode error 48 INVALID_TXN_STATE: /,
      ),
    ])
    expect(errorsOf({ acknowledgeErrorCode: 121, acknowledgeErrorMessage: 'too late', errorCode: 0 })).toEqual([
      'acknowledgeErrorCode error 121 INVALID_RECORD_STATE: too late',
    ])
  })

  it('says why there is no answer', () => {
    expect(wireText(event({ response: null }), new Map(), false)).toContain('no answer is expected')
    expect(wireText(event({ response: null, failure: 'gone' }), new Map(), false)).toContain('no answer: gone')
  })

  it('shows everything but bytes and secrets when asked', () => {
    const request = {
      offset: 5n,
      authBytes: Buffer.from('hunter2'),
      configs: [
        { name: 'ssl.keystore.password', value: 'hunter2' },
        { name: 'a', value: 'b' },
      ],
    }
    const text = wireText(event({ request }), new Map(), true)
    expect(text).toContain(
      '{"offset":"5","authBytes":"<7 bytes>","configs":[{"name":"ssl.keystore.password","value":"<hidden>"},{"name":"a","value":"b"}]}',
    )
    expect(text).not.toContain('hunter2')
  })
})

it('watches when told to, until its end', async () => {
  const stderr = new KeptOutput()
  const before = wireWatcher()
  const end = logWire('1', { stderr, env: {}, words: [] })
  wireWatcher()!(event())
  wireWatcher()!(event({ api: { ...metadata, name: 'Unheard' } }))
  expect(stderr.text).toContain('Unheard v12 to broker 1 (h:9092)\n')
  await end()
  expect(wireWatcher()).toBe(before)
  for (const off of ['', '0', 'false']) {
    logWire(off, { stderr, env: {}, words: [] })
    expect(wireWatcher()).toBeNull()
  }
})

it('explains a command as it goes: on the bundled node', async () => {
  const cluster = await startCluster({})
  try {
    const args = ['topics', '--describe', '--topic', 'nope', '--bootstrap-server', cluster.bootstrapServers]
    const explained = await runCommand([...args, '--explain'])
    expect(explained.stderr).toMatch(/^ApiVersions v\d to 127\.0\.0\.1:\d+: which requests/)
    expect(explained.stderr).toMatch(/\nMetadata v\d+ to /)
    watchWire(null)
    const traced = await runCommand(args, { env: { KT_TRACE: 'full' } })
    expect(traced.stderr).toContain('    request  {')
    watchWire(null)
    expect((await runCommand(args)).stderr).not.toContain('Metadata')
  } finally {
    await cluster.close()
  }
})
