/** `kt dump-log` and Apache's script over the directories that brokers and controllers wrote: Apache's, or our own. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectEveryByteNamed, type NamedBytes, namedBytes } from '../../commands/dump-log/bytes/support.ts'
import { apacheKafkaHome, isBundledReferee, runScript, startApacheKafka } from '../../support/apache-kafka.ts'
import { runCommand } from '../../support/run-command.ts'
import { RunningNode } from '../../support/running-node.ts'

const home = await apacheKafkaHome()

/** Of a batch's line, what stands in its bytes as it is. */
const BATCH_WORDS = 'baseOffset count baseSequence producerId producerEpoch partitionLeaderEpoch magic crc'.split(' ')

/** Shared clusters do not show their directories: this test always brings its own. */
const OWN_CLUSTER = { 'offsets.topic.num.partitions': '2', 'log.index.interval.bytes': '4096' }

describe.skipIf(home === null)('dump-log beside kafka-dump-log.sh', () => {
  let directory: string

  beforeAll(async () => {
    const kafka = await (isBundledReferee() ? startOwnNode() : startApacheKafka(home!, OWN_CLUSTER))
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-dump-log-'))
    try {
      await fill(kafka.bootstrapServers)
      fs.cpSync(kafka.dataDirectory, directory, { recursive: true })
    } finally {
      await kafka.stop()
    }
    damage()
  })
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

  async function startOwnNode() {
    const node = new RunningNode(OWN_CLUSTER)
    await node.start()
    return {
      bootstrapServers: node.bootstrapServers,
      dataDirectory: path.join(node.directory, 'data'),
      async stop() {
        await node.stop('SIGTERM')
        await node[Symbol.asyncDispose]()
      },
    }
  }

  async function fill(bootstrapServers: string): Promise<void> {
    const kt = async (line: string, input = ''): Promise<void> => {
      const [command, ...rest] = line.split(' ')
      const result = await runCommand([command!, '--bootstrap-server', bootstrapServers, ...rest], { input })
      expect(result.code, result.stdout + result.stderr).toBe(0)
    }
    await kt('topics --create --topic plain --partitions 1 --config segment.bytes=1048576')
    await kt('topics --create --topic packed --partitions 1')
    const lines = Array.from({ length: 12_000 }, (_, index) => `line ${index} ${'x'.repeat(150)}\n`).join('')
    await kt('console-producer --topic plain --batch-size 20000', lines)
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      await kt(`console-producer --topic packed --compression-codec ${codec}`, 'a\nb\nc\n')
    }
    const all = '--reader-property parse.key=true --reader-property parse.headers=true --reader-property null.marker=N'
    await kt(`console-producer --topic packed ${all}`, 'h:1,i:2\tk\tv\nN\tN\tN\n')
    await kt('topics --create --topic transacted --partitions 1')
    if (isBundledReferee()) {
      // No transactions there.
      await kt('console-producer --topic transacted', 'a\nb\n')
    } else {
      await kt('console-producer --topic transacted --transactional-id kept', 'a\nb\n')
      await kt('console-producer --topic transacted --transactional-id lost --abort', 'c\n')
    }
    await kt('console-consumer --topic packed --group dumped --from-beginning --max-messages 3')
  }

  /** Copies of a segment that lost its end, and of one with a flipped bit. */
  function damage(): void {
    const whole = fs.readFileSync(path.join(directory, 'packed-0', LOG))
    for (const name of ['cut', 'flipped']) fs.mkdirSync(path.join(directory, name))
    fs.writeFileSync(path.join(directory, 'cut', LOG), whole.subarray(0, whole.length - 7))
    whole[whole.length - 3]! ^= 1
    fs.writeFileSync(path.join(directory, 'flipped', LOG), whole)
  }

  const LOG = '00000000000000000000.log'
  const files = (folder: string, pattern: RegExp): string[] =>
    fs
      .readdirSync(path.join(directory, folder))
      .filter((name) => pattern.test(name))
      .map((name) => path.join(directory, folder, name))
  const internal = (topic: string): string[] =>
    fs
      .readdirSync(directory)
      .filter((name) => name.startsWith(topic))
      .flatMap((folder) => files(folder, /\.log$/))

  it.each<[string, () => string[], string[]]>([
    ['batches, indexes and snapshots', () => files('plain-0', /^0/), []],
    ['indexes, verified', () => files('plain-0', /index$/), ['--verify-index-only']],
    ['indexes, sane', () => files('plain-0', /index$/), ['--index-sanity-check']],
    ['records', () => files('packed-0', /\.log$/), ['--deep-iteration']],
    ['contents', () => files('packed-0', /\.log$/), ['--print-data-log']],
    ['contents alone', () => files('packed-0', /\.log$/), ['--print-data-log', '--skip-record-metadata']],
    ['the first bytes', () => files('plain-0', /\.log$/), ['--max-bytes', '50000']],
    ['committed offsets and groups', () => internal('__consumer_offsets'), ['--offsets-decoder']],
    ['cluster metadata', () => files('__cluster_metadata-0', /\.(log|checkpoint)$/), ['--cluster-metadata-decoder']],
    ['cluster metadata and its indexes', () => files('__cluster_metadata-0', /\.(log|index|timeindex)$/), []],
    ['the bootstrap snapshot', () => files('.', /^bootstrap/), ['--cluster-metadata-decoder']],
    ['files of other kinds', () => files('.', /checkpoint$|meta/), []],
    ['the wrong decoder', () => files('packed-0', /\.log$/), ['--cluster-metadata-decoder']],
    ['a segment that lost its end', () => files('cut', /\.log$/), ['--deep-iteration']],
    ['a segment with a flipped bit', () => files('flipped', /\.log$/), []],
    ['a class that is not there', () => files('packed-0', /\.log$/), ['--value-decoder-class', 'com.example.Nope']],
    ['another class that is not there', () => files('packed-0', /\.log$/), ['--key-decoder-class', 'com.example.Nope']],
    ['indexes of batches of a size', () => files('plain-0', /index$/), ['--max-message-size', '1000000']],
    [
      'the decoder of remote logs',
      () => files('plain-0', /\.log$/),
      ['--remote-log-metadata-decoder', '--max-bytes', '50000'],
    ],
    ['its version', () => files('packed-0', /\.log$/), ['--version']],
    ['a number that does not fit', () => files('packed-0', /\.log$/), ['--max-bytes', 'x']],
  ])('prints %s the same', async (_, which, args) => {
    const line = ['--files', which().join(','), ...args]
    const [script, kt] = await Promise.all([
      runScript(home!, 'kafka-dump-log', line, { timeoutMs: 120_000 }),
      runCommand(['dump-log', ...line]),
    ])
    expect(kt.stdout).toBe(script.stdout)
    expect(kt.code).toBe(script.code)
  })

  /** All that `--bytes` has to say about a file; each byte is checked to have one name. */
  async function bytesOf(file: string): Promise<NamedBytes[]> {
    const all = ['--max-batches', '0', '--max-records', '0', '--format', 'json']
    const { code, stdout, stderr } = await runCommand(['dump-log', '--files', file, '--bytes', ...all])
    expect([code, stderr]).toEqual([0, ''])
    const units = namedBytes(stdout)
    expectEveryByteNamed(units, file)
    for (const { fields } of units) expect(fields.filter(({ type }) => type === 'unreadable')).toEqual([])
    return units
  }

  // Of the bundled cluster's files: test/acceptance/named-bytes.test.ts.
  it.skipIf(isBundledReferee())('names every byte of every file that a broker and a controller have', async () => {
    const folders = fs.readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const damaged = ['cut', 'flipped']
    const all = ['.', ...folders.map(({ name }) => name).filter((name) => !damaged.includes(name))]
    const named = all.flatMap((folder) =>
      files(folder, /\.(log|index|timeindex|txnindex|snapshot|checkpoint)$|-checkpoint$|^(meta|quorum|partition)/),
    )
    expect(named.length).toBeGreaterThan(20)
    for (const file of named) await bytesOf(file)
  })

  it.skipIf(isBundledReferee())('reads aborted transactions out of the bytes as the script does', async () => {
    const file = path.join(directory, 'transacted-0', '00000000000000000000.txnindex')
    const [aborted] = await bytesOf(file)
    const { stdout } = await runScript(home!, 'kafka-dump-log', ['--files', file], { timeoutMs: 120_000 })
    expect(aborted!.fields.map(({ name, value }) => `${name}: ${value}`).join(' ')).toBe(stdout.split('\n')[1])
  })

  it.skipIf(isBundledReferee())('reads out of the bytes what the script reads', async () => {
    for (const folder of ['plain-0', 'packed-0', 'transacted-0', '__cluster_metadata-0']) {
      for (const file of files(folder, /\.log$/)) {
        const units = await bytesOf(file)
        const line = ['--files', file, '--deep-iteration']
        const { stdout } = await runScript(home!, 'kafka-dump-log', line, { timeoutMs: 120_000 })
        expect(bytesInTheScriptsWords(units)).toEqual(scriptsWords(stdout))
      }
    }
  })

  /** The script's lines of batches and records, in those pairs that stand in the bytes. */
  function scriptsWords(stdout: string): string[] {
    const pairs = (text: string, names: readonly string[]): string =>
      names.map((name) => `${name} ${new RegExp(`\\b${name}: (\\S+)`).exec(text)?.[1]}`).join(' ')
    return stdout.split('\n').flatMap((text) => {
      if (text.startsWith('baseOffset:')) return [pairs(text, BATCH_WORDS)]
      return text.startsWith('| offset:') ? [pairs(text, ['offset', 'keySize', 'valueSize'])] : []
    })
  }
  function bytesInTheScriptsWords(units: readonly NamedBytes[]): string[] {
    return units.map(({ unit, fields }) => {
      const value = (name: string): unknown => fields.find((field) => field.name === name)?.value
      if (unit === 'batch') {
        const named = (word: string): unknown => value(word === 'count' ? 'recordCount' : word)
        return BATCH_WORDS.map((word) => `${word} ${named(word)}`).join(' ')
      }
      const offset = fields.find(({ name }) => name === 'offsetDelta')!.notes.join(' ')
      const sizes = `keySize ${value('keyLength')} valueSize ${value('valueLength')}`
      return `offset ${/offset (\d+)/.exec(offset)![1]} ${sizes}`
    })
  }

  /** The script ends in an exception within a line. */
  it.each([
    ['--transaction-log-decoder'],
    ['--share-group-state-decoder'],
    ['--offsets-decoder', '--transaction-log-decoder'],
  ])('stops at the record that %s cannot read', async (...args) => {
    const line = ['--files', files('packed-0', /\.log$/).join(','), ...args]
    const [script, kt] = await Promise.all([
      runScript(home!, 'kafka-dump-log', line, { timeoutMs: 120_000 }),
      runCommand(['dump-log', ...line]),
    ])
    expect(kt.stdout.trimEnd()).toBe(script.stdout.trimEnd())
    expect(kt.code).toBe(script.code)
  })
})
