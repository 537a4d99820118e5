import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import {
  CONSOLE_PRODUCER_OPTIONS,
  commandConfigOf,
  type GivenConsoleProducer,
  producerProperties,
  readerProperties,
} from '../../../src/commands/console-producer/options.ts'
import { runCommand } from '../../support/run-command.ts'

const given = (...args: string[]): GivenConsoleProducer =>
  parseOptions(args, CONSOLE_PRODUCER_OPTIONS) as unknown as GivenConsoleProducer

let directory: string
const file = (name: string, text: string): string => {
  const where = path.join(directory, name)
  fs.writeFileSync(where, text)
  return where
}
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-producer-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))

describe('producerProperties', () => {
  it("fills in the script's defaults, which are not the producer's own", () => {
    expect(Object.fromEntries(producerProperties(given('--topic', 't'), false))).toEqual({
      'compression.type': 'none',
      'linger.ms': '1000',
      acks: '-1',
      'request.timeout.ms': '1500',
      retries: '3',
      'retry.backoff.ms': '100',
      'send.buffer.bytes': '102400',
      'buffer.memory': '33554432',
      'batch.size': '16384',
      'metadata.max.age.ms': '300000',
      'max.block.ms': '60000',
    })
  })

  it('takes larger batches for piped input, unless a size is named', () => {
    const size = (...args: string[]): string | undefined => producerProperties(given(...args), true).get('batch.size')
    expect(size('--topic', 't')).toBe('262144')
    expect(size('--topic', 't', '--batch-size', '100')).toBe('100')
    expect(size('--topic', 't', '--max-partition-memory-bytes', '200')).toBe('200')
    expect(size('--topic', 't', '--command-property', 'batch.size=300')).toBe('300')
  })

  it('lets an option win over a property, and a property over a default', () => {
    const config = file('producer.properties', 'linger.ms=7\nacks=1\nmax.block.ms=5\n')
    const properties = producerProperties(
      given('--topic', 't', '--command-config', config, '--command-property', 'acks=0', '--max-block-ms', '9'),
      false,
    )
    expect(properties.get('linger.ms')).toBe('7')
    expect(properties.get('acks')).toBe('0')
    expect(properties.get('max.block.ms')).toBe('9')
  })

  it('takes compression from its option alone', () => {
    const compression = (...args: string[]): string | undefined =>
      producerProperties(given('--topic', 't', ...args), false).get('compression.type')
    expect(compression('--compression-codec')).toBe('gzip')
    expect(compression('--compression-codec', 'lz4')).toBe('lz4')
    expect(compression('--command-property', 'compression.type=zstd')).toBe('none')
  })

  it('reads both generations of names', () => {
    const config = file('old.properties', 'acks=1\n')
    expect(commandConfigOf(given('--producer.config', config))).toBe(config)
    expect(producerProperties(given('--producer.config', config), false).get('acks')).toBe('1')
    expect(producerProperties(given('--producer-property', 'acks=0'), false).get('acks')).toBe('0')
  })
})

describe('readerProperties', () => {
  it('lets --reader-property win over --reader-config', () => {
    const config = file('reader.properties', 'parse.key=true\nkey.separator=:\n')
    const properties = readerProperties(given('--reader-config', config, '--reader-property', 'key.separator=|'))
    expect(Object.fromEntries(properties)).toEqual({ 'parse.key': 'true', 'key.separator': '|' })
  })
  it('reads the old name, and values that hold or lack the equals sign', () => {
    const properties = readerProperties(given('--property', 'a=b=c', '--property', 'd'))
    expect(Object.fromEntries(properties)).toEqual({ a: 'b=c', d: '' })
  })
})

describe('the checks', () => {
  const server = ['--bootstrap-server', '127.0.0.1:1']
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr, stdout } = await runCommand(['console-producer', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    return stderr.split('\n')[0]!
  }

  it('wants a topic', async () => {
    expect(await refused(...server)).toBe('Missing required argument "[topic]"')
  })
  it('asks for it at a terminal', async () => {
    const result = await runCommand(['console-producer', ...server], { terminal: true, answers: [''] })
    expect(result.questions[0]).toContain('--topic')
  })
  it('wants addresses with ports', async () => {
    const wanted = 'Please provide valid host:port like host1:9091,host2:9092'
    expect(await refused('--topic', 'x', '--bootstrap-server', 'foo')).toBe(wanted)
    expect(await refused('--topic', 'x', '--bootstrap-server', 'foo:bar')).toBe(wanted)
    expect(await refused('--topic', 'x', '--bootstrap-server', ' ')).toBe(
      'Error while validating the bootstrap address',
    )
  })
  it('wants numbers where numbers belong', async () => {
    const first = await refused('--topic', 'x', ...server, '--batch-size', 'abc')
    expect(first).toBe("Cannot parse argument 'abc' of option batch-size")
  })
  it('knows its own line reader only', async () => {
    const first = await refused('--topic', 'x', ...server, '--line-reader', 'com.example.Nope')
    expect(first).toBe('--line-reader com.example.Nope is a Java class that kt does not have')
  })
  it('names the nearest option', async () => {
    const { stderr } = await runCommand(['console-producer', ...server, '--tpoic', 'x'])
    expect(stderr).toContain('tpoic is not a recognized option')
    expect(stderr).toContain('--topic')
  })
  it.each([
    ['producer-property', 'command-property', 'Options --command-property and --producer-property'],
    ['producer.config', 'command-config', 'Options --command-config and --producer.config'],
    ['property', 'reader-property', 'Options --reader-property and --property'],
  ])('refuses --%s beside --%s', async (old, current, text) => {
    const first = await refused('--topic', 'x', ...server, `--${old}`, 'a=b', `--${current}`, 'c=d')
    expect(first).toBe(`${text} cannot be specified together.`)
  })
  it('answers old names with a notice on stdout when piped, on stderr at a terminal', async () => {
    const args = ['console-producer', '--topic', 'x', '--bootstrap-server', 'nope', '--property', 'a=b']
    const notice =
      'Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.\n'
    expect((await runCommand(args)).stdout).toBe(notice)
    const atTerminal = await runCommand(args, { terminal: true })
    expect(atTerminal.stdout).toBe('')
    expect(atTerminal.stderr).toContain(notice)
  })
  it('warns about --max-partition-memory-bytes in its own words', async () => {
    const { stdout } = await runCommand([
      ...['console-producer', '--topic', 'x', '--bootstrap-server', 'nope'],
      ...['--max-partition-memory-bytes', '1'],
    ])
    expect(stdout).toBe(
      'Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. Use --batch-size instead.\n',
    )
  })
  it('says which port is closed and what to do', async () => {
    const { code, stderr } = await runCommand(['console-producer', ...server, '--topic', 'x'], { input: 'line\n' })
    expect(code).toBe(1)
    expect(stderr).toContain('127.0.0.1:1')
    expect(stderr).toContain('next:')
  })
})
