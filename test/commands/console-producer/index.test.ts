/** Lines into the bundled node and out of it again, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
})
afterAll(() => cluster.close())

const kt = (command: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args], options)

let topics = 0
async function newTopic(...more: string[]): Promise<string> {
  const topic = `produced-${++topics}`
  const { code, stdout, stderr } = await kt('topics', ['--create', '--topic', topic, ...more])
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  return topic
}

const produce = (topic: string, input: string | Uint8Array, ...args: string[]): Promise<CommandResult> =>
  kt('console-producer', ['--topic', topic, ...args], { input })

/** Everything in a topic, with these formatter properties. */
async function read(topic: string, count: number, ...properties: string[]): Promise<string> {
  const { code, stdout, stderr } = await kt('console-consumer', [
    ...['--topic', topic, '--from-beginning', '--max-messages', String(count), '--timeout-ms', '5000'],
    ...properties.flatMap((property) => ['--formatter-property', property]),
  ])
  expect(code, stderr).toBe(0)
  return stdout
}

describe('console-producer', () => {
  it('sends lines, whatever ends them', async () => {
    const topic = await newTopic()
    expect(await produce(topic, 'one\ntwo\r\nthree\rfour\n\nlast')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await read(topic, 6)).toBe('one\ntwo\nthree\nfour\n\nlast\n')
  })

  it('sends keys, headers and nulls', async () => {
    const topic = await newTopic()
    const properties = ['parse.key=true', 'parse.headers=true', 'null.marker=NIL']
    const options = properties.flatMap((property) => ['--reader-property', property])
    expect((await produce(topic, 'h1:v1,h2:NIL\tk1\tv1\nNIL\tNIL\tNIL\n', ...options)).code).toBe(0)
    expect(await read(topic, 2, 'print.headers=true', 'print.key=true')).toBe(
      'h1:v1,h2:null\tk1\tv1\nNO_HEADERS\tnull\tnull\n',
    )
  })

  it('copies keys of headers that are no UTF-8, and reads them as other clients wrote them', async () => {
    const [from, to] = [await newTopic(), await newTopic()]
    const line = Buffer.from('h\xff:1,gr\xfcn:NIL\tv\n', 'latin1')
    const options = ['--reader-property', 'parse.headers=true', '--reader-property', 'null.marker=NIL']
    expect((await produce(from, line, ...options)).code).toBe(0)
    const json = async (topic: string) =>
      (await kt('console-consumer', ['--topic', topic, '--from-beginning', '--max-messages', '1', '--format', 'json']))
        .stdout
    const read = await json(from)
    expect(JSON.parse(read).headers).toEqual([
      { keyBase64: 'aP8=', value: '1' },
      { keyBase64: 'Z3L8bg==', value: null },
    ])
    expect((await produce(to, read, '--format', 'json')).code).toBe(0)
    expect(JSON.parse(await json(to)).headers).toEqual(JSON.parse(read).headers)
  })

  it('lets binary input through unharmed', async () => {
    const topic = await newTopic()
    const bytes = Buffer.from(
      Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 13),
    )
    await produce(topic, Buffer.concat([bytes, Buffer.from('\n')]))
    const read = await runRaw(topic)
    expect(read.equals(Buffer.concat([bytes, Buffer.from('\n')]))).toBe(true)
  })

  it('says nothing on stdout at a terminal but its prompt', async () => {
    const topic = await newTopic()
    const result = await kt('console-producer', ['--topic', topic], { input: 'typed\n', terminal: true })
    expect(result).toMatchObject({ code: 0, stdout: '>>' })
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('compresses with %s', async (codec) => {
    const topic = await newTopic()
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index} of many that look alike\n`).join('')
    expect((await produce(topic, lines, '--compression-codec', codec)).code).toBe(0)
    expect(await read(topic, 500)).toBe(lines)
  })

  it('keeps the order of many lines, over several chunks and batches', async () => {
    const topic = await newTopic()
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index} ${'x'.repeat(index % 50)}\n`).join('')
    expect((await produce(topic, lines, '--batch-size', '4096')).code).toBe(0)
    expect(await read(topic, 30_000)).toBe(lines)
  })

  it('waits for buffer memory instead of failing', async () => {
    const topic = await newTopic()
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`).join('')
    const small = ['--max-memory-bytes', '20000', '--batch-size', '4096']
    expect(await produce(topic, lines, ...small)).toMatchObject({ code: 0, stderr: '' })
    expect(await read(topic, 5_000)).toBe(lines)
  })

  it('sends what was read before a line it cannot read', async () => {
    const topic = await newTopic()
    const { code, stderr } = await produce(topic, 'k\tv\nnokey\nk\tw\n', '--reader-property', 'parse.key=true')
    expect(code).toBe(1)
    expect(stderr).toBe("No key separator found on line number 2: 'nokey'\n")
    expect(await read(topic, 1)).toBe('v\n')
  })

  it('tells of a record that is too large, goes on, and exits with 0 as the script does', async () => {
    const topic = await newTopic()
    const { code, stderr } = await produce(topic, `${'x'.repeat(2_000_000)}\nsmall\n`)
    expect(code).toBe(0)
    expect(stderr).toContain(`Error when sending message to topic ${topic} with key: null, value: 2000000 bytes`)
    expect(stderr).toContain('larger than 1048576, which is the value of the max.request.size configuration')
    expect(await read(topic, 1)).toBe('small\n')
  })

  it('ends at it with --sync', async () => {
    const topic = await newTopic()
    const { code, stderr } = await produce(topic, `first\n${'x'.repeat(2_000_000)}\nnever\n`, '--sync')
    expect(code).toBe(1)
    expect(stderr).toContain('which is the value of the max.request.size configuration')
    expect(await read(topic, 1)).toBe('first\n')
  })

  it("tells the broker's reason for refusing records", async () => {
    const topic = await newTopic('--config', 'cleanup.policy=compact')
    const { code, stderr } = await produce(topic, 'no key\n')
    expect(code).toBe(0)
    expect(stderr).toContain(`Error when sending message to topic ${topic}`)
    const sync = await produce(topic, 'no key\n', '--sync')
    expect(sync.code).toBe(1)
  })

  it('creates the topic it is told to write to', async () => {
    expect((await produce('made-on-the-way', 'hello\n')).code).toBe(0)
    expect(await read('made-on-the-way', 1)).toBe('hello\n')
  })

  it.each(['0', '1', 'all', '-1'])('accepts acks %s', async (acks) => {
    const topic = await newTopic()
    expect(await produce(topic, 'a\nb\n', '--request-required-acks', acks)).toMatchObject({ code: 0, stderr: '' })
    expect(await read(topic, 2)).toBe('a\nb\n')
  })

  it.each([
    [['--request-required-acks', '7'], 'Invalid value 7 for configuration acks'],
    [['--compression-codec', 'bogus'], 'Invalid value bogus for configuration compression.type'],
    [['--command-config', '/nowhere'], 'Cannot read the properties file /nowhere'],
    [['--reader-property', 'null.marker=,'], 'null.marker and headers.separator may not be equal'],
  ])('%s ends it before anything was sent', async (args, text) => {
    const { code, stdout, stderr } = await produce('never', 'x\n', ...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(text)
  })

  it('names properties that have no effect', async () => {
    const topic = await newTopic()
    const { stderr } = await produce(topic, 'x\n', '--command-property', 'interceptor.classes=a.B')
    expect(stderr).toBe('kt console-producer: properties without an effect: interceptor.classes\n')
  })
})

/** The bytes of a topic's first record as they are. */
async function runRaw(topic: string): Promise<Buffer> {
  const { stdout } = await kt('console-consumer', [
    ...['--topic', topic, '--from-beginning', '--max-messages', '1', '--formatter-property', 'print.value=true'],
    ...['--value-deserializer', 'org.apache.kafka.common.serialization.BytesDeserializer'],
  ])
  // Escaped on the way out, so that the test's own text cannot change them.
  const text = stdout
    .slice(0, -1)
    .replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('\n')])
}
