/** Apache's console producer and consumer, and its load generators, against the bundled node: what goes in comes out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { BundledNode } from '../../support/bundled-node.ts'
import { ApacheTools } from './apache-tools.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const RECORDS = 200
/** Long enough that every codec really compresses. */
const PADDING = 'all work and no play '.repeat(5)

const KEYED = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:']
const PRINTED = (...names: string[]): string[] =>
  names.flatMap((name) => ['--formatter-property', `print.${name}=true`])

const home = await apacheKafkaHome()

describe.skipIf(home === null)(
  `Apache's console tools${home === null ? ': no Java or no installation, skipped' : ''}`,
  () => {
    let node: BundledNode
    let tools: ApacheTools

    beforeAll(async () => {
      node = await BundledNode.start({ 'num.partitions': '3' })
      tools = new ApacheTools(home!, node.bootstrapServers)
    })
    afterAll(() => node?.[Symbol.asyncDispose]())

    it('carries every compression unchanged and in order', async () => {
      const lines = (codec: string): string[] =>
        Array.from({ length: RECORDS }, (_, index) => `key-${index % 7}:${codec} ${index} ${PADDING}`)
      const before = Date.now()
      await Promise.all(
        CODECS.map((codec) =>
          tools.produce(`squeezed-${codec}`, lines(codec), ['--compression-codec', codec, ...KEYED]),
        ),
      )
      const flags = [
        '--include',
        'squeezed-.*',
        '--from-beginning',
        ...PRINTED('key', 'timestamp', 'partition', 'offset'),
      ]
      const printed = await tools.consume(RECORDS * CODECS.length, flags)
      const records = printed.map((line) => /^CreateTime:(\d+)\tPartition:(\d)\tOffset:(\d+)\t(.*)\t(.*)$/.exec(line)!)
      for (const codec of CODECS) {
        const mine = records.filter((record) => record[5]!.startsWith(`${codec} `))
        expect(mine.map((record) => `${record[4]}:${record[5]}`).sort()).toEqual(lines(codec).sort())
        expectPartitionOrder(mine.map((record) => ({ partition: record[2]!, offset: record[3]!, value: record[5]! })))
      }
      for (const [, timestamp] of records) {
        expect(Number(timestamp)).toBeGreaterThanOrEqual(before)
        expect(Number(timestamp)).toBeLessThanOrEqual(Date.now())
      }
      await expectStoredCompression()
    })

    /** Offsets of a partition have no gaps, keys stay in one partition and in their order. */
    function expectPartitionOrder(records: readonly { partition: string; offset: string; value: string }[]): void {
      for (const partition of ['0', '1', '2']) {
        const mine = records.filter((record) => record.partition === partition)
        expect(mine.map(({ offset }) => Number(offset))).toEqual(mine.map((_, index) => index))
        const numbers = mine.map(({ value }) => Number(value.split(' ')[1]))
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
      }
    }

    async function expectStoredCompression(): Promise<void> {
      for (const codec of CODECS) {
        const files = [0, 1, 2].map(
          (partition) => `${node.dataDirectory}/squeezed-${codec}-${partition}/${'0'.repeat(20)}.log`,
        )
        const { stdout } = await node.kt(['dump-log', '--files', files.join(',')])
        const found = new Set(stdout.match(/compresscodec: \w+/g))
        expect(found).toEqual(new Set([`compresscodec: ${codec}`]))
      }
    }

    it('carries headers, null keys, null values and empty values', async () => {
      const reader = ['parse.headers=true', 'parse.key=true', 'null.marker=NIL'].flatMap((property) => [
        '--reader-property',
        property,
      ])
      const lines = ['a:1,b:NIL\tk1\tv1', 'a:2\tk2\tNIL', 'NIL\tNIL\tv3', 'a:ä,a:ö\tk4\t']
      await tools.produce('shapes', lines, ['--sync', ...reader])
      const flags = ['--topic', 'shapes', '--from-beginning', ...PRINTED('headers', 'key')]
      const printed = await tools.consume(lines.length, [...flags, '--formatter-property', 'null.literal=NIL'])
      const expected = ['a:1,b:NIL\tk1\tv1', 'a:2\tk2\tNIL', 'NO_HEADERS\tNIL\tv3', 'a:ä,a:ö\tk4\t']
      expect(printed.sort()).toEqual(expected.sort())
    })

    it('stores what producers with acks 0, 1 and all send, idempotent or not', async () => {
      const send = async (acks: string, idempotent: string): Promise<void> => {
        const property = ['--command-property', `enable.idempotence=${idempotent}`]
        await tools.produce('acks', [`acks ${acks}`], ['--request-required-acks', acks, ...property])
      }
      await Promise.all([send('0', 'false'), send('1', 'false'), send('all', 'false'), send('-1', 'true')])
      const printed = await tools.consume(4, [
        '--topic',
        'acks',
        '--from-beginning',
        '--isolation-level',
        'read_committed',
      ])
      expect(printed.sort()).toEqual(['acks -1', 'acks 0', 'acks 1', 'acks all'])
    })

    it('reads from an offset, and goes on where a group stopped', async () => {
      const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`)
      await tools.stdout('topics', ['--create', '--topic', 'lines', '--partitions', '1'])
      await tools.produce('lines', lines)
      const [middle, last] = await Promise.all([
        tools.consume(3, ['--topic', 'lines', '--partition', '0', '--offset', '4']),
        tools.consume(2, ['--topic', 'lines', '--partition', '0', '--offset', '8']),
      ])
      expect(middle).toEqual(lines.slice(4, 7))
      expect(last).toEqual(lines.slice(8))
      const group = ['--topic', 'lines', '--group', 'readers', '--from-beginning']
      expect(await tools.consume(6, group)).toEqual(lines.slice(0, 6))
      expect(await tools.consume(4, group)).toEqual(lines.slice(6))
    })

    it('bears the load of producer-perf-test and gives it back to consumer-perf-test', async () => {
      const count = 100_000
      const size = ['--num-records', String(count), '--record-size', '100', '--throughput', '-1']
      const produced = await tools.stdout('producer-perf-test', ['--topic', 'load', ...size])
      expect(produced).toContain(`${count} records sent`)
      const offsets = await tools.stdout('get-offsets', ['--topic', 'load'])
      expect(sum(offsets.match(/\d+$/gm)!)).toBe(count)
      const fetched = await tools.stdout('consumer-perf-test', ['--topic', 'load', '--num-records', String(count)])
      const [head, row] = fetched
        .trim()
        .split('\n')
        .map((line) => line.split(', '))
      expect(Number(row![head!.indexOf('data.consumed.in.nMsg')])).toBe(count)
    })

    it('acknowledges each record of the verifiable producer once, at the place where it is', async () => {
      const count = 3_000
      const text = await tools.stdout('verifiable-producer', ['--topic', 'verified', '--max-messages', String(count)])
      const events = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as VerifiableEvent)
      const acknowledged = events.filter(({ name }) => name === 'producer_send_success')
      expect(acknowledged).toHaveLength(count)
      const flags = ['--topic', 'verified', '--from-beginning', ...PRINTED('partition', 'offset')]
      const printed = await tools.consume(count, flags)
      const told = acknowledged.map(
        ({ partition, offset, value }) => `Partition:${partition}\tOffset:${offset}\t${value}`,
      )
      expect(printed.sort()).toEqual(told.sort())
    })
  },
)

interface VerifiableEvent {
  readonly name: string
  readonly partition: number
  readonly offset: number
  readonly value: string
}

function sum(numbers: readonly string[]): number {
  return numbers.reduce((total, number) => total + Number(number), 0)
}
