import { afterEach, expect, it } from 'vitest'
import { logWire, namesIn } from '../../src/cli/wire-log.ts'
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

it('finds the names that a message speaks of', () => {
  expect(namesIn({ topics: [{ name: 'orders', partitions: [{ index: 1 }] }], groupId: 'billing', host: 'h' })).toEqual([
    'orders',
    'billing',
  ])
})

it('watches when told to, until its end', async () => {
  const stderr = new KeptOutput()
  const before = wireWatcher()
  const end = logWire('1', { stderr, env: {}, words: [] })
  wireWatcher()!(event())
  wireWatcher()!(event({ api: { ...metadata, name: 'Unheard' } }))
  expect(stderr.text).toContain(
    'Unheard v12 to broker 1 (h:9092), any broker knows\n    asked  #4, 30 bytes: topics orders',
  )
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
    expect(explained.stderr).toMatch(
      /^ApiVersions v\d to 127\.0\.0\.1:\d+, a new connection, at the bootstrap address: which requests/,
    )
    expect(explained.stderr).toMatch(/\nMetadata v\d+ to /)
    const full = await runCommand([...args, '--explain', '-vv'])
    expect(full.stderr).toMatch(/\n {4}response, version \d+\n {6}throttleTimeMs: 0\n {6}brokers: 1\n {8}- nodeId: /)
    expect(full.stdout).toBe(explained.stdout)
    expect((await runCommand([...args, '--explain=full'])).stderr).toContain('    response, version ')
    expect((await runCommand([...args, '--explain', '-v'])).stderr).not.toContain('    response, version ')
    watchWire(null)
    const traced = await runCommand(args, { env: { KT_TRACE: 'full' } })
    expect(traced.stderr).toMatch(/\n {4}request, version \d+\n {6}topics: /)
    watchWire(null)
    expect((await runCommand(args)).stderr).not.toContain('Metadata')
  } finally {
    await cluster.close()
  }
})

it('what cannot be told ends nothing', async () => {
  const stderr = new KeptOutput()
  const end = logWire('1', { stderr, env: {}, words: [] })
  const address = { host: 'h', port: 1 }
  const broken = Object.defineProperty({}, 'topics', {
    enumerable: true,
    get: () => {
      throw new Error('broken')
    },
  })
  expect(() => wireWatcher()!(event({ address, request: broken }))).not.toThrow()
  await end()
  expect(stderr.text).toBe('Metadata v12: kt cannot tell what this was: broken\n')
})
