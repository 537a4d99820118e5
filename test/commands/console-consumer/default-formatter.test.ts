import { describe, expect, it } from 'vitest'
import { FormattedPrinter } from '../../../src/commands/console-consumer/batch-printer.ts'
import { DefaultFormatter } from '../../../src/commands/console-consumer/default-formatter.ts'
import { type FetchedBatchOptions, fetchedBatches, textRecord } from '../../support/fetched-batch.ts'

const HEADERS = [
  { key: 'h1', value: Buffer.from('v1') },
  { key: 'h2', value: null },
]
const RECORDS = [
  textRecord('value', { key: Buffer.from('key'), headers: HEADERS, timestamp: 1234 }),
  textRecord(null, { timestamp: 1235 }),
]

async function format(properties: Record<string, string>, options: FetchedBatchOptions = {}): Promise<string> {
  const printer = new FormattedPrinter(new DefaultFormatter(new Map(Object.entries(properties))))
  const [batch] = await fetchedBatches([RECORDS], { baseOffset: 7, partition: 3, ...options })
  printer.print(batch!, 2)
  return Buffer.concat(printer.take()).toString()
}

const ALL = Object.fromEntries(
  ['timestamp', 'partition', 'offset', 'delivery', 'epoch', 'headers', 'key', 'value'].map((name) => [
    `print.${name}`,
    'true',
  ]),
)

describe('DefaultFormatter', () => {
  it('prints values alone', async () => {
    expect(await format({})).toBe('value\nnull\n')
  })

  it("prints every column in Kafka's order", async () => {
    expect(await format(ALL)).toBe(
      'CreateTime:1234\tPartition:3\tOffset:7\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\th1:v1,h2:null\tkey\tvalue\n' +
        'CreateTime:1235\tPartition:3\tOffset:8\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\tNO_HEADERS\tnull\tnull\n',
    )
  })

  it('ends the line behind the last column that is shown', async () => {
    expect(await format({ 'print.offset': 'true', 'print.value': 'false' })).toBe('Offset:7\nOffset:8\n')
    expect(await format({ 'print.key': 'true', 'print.value': 'false' })).toBe('key\nnull\n')
    expect(await format({ 'print.value': 'false' })).toBe('')
  })

  it('names the broker’s time where it counts', async () => {
    const text = await format({ 'print.timestamp': ' TRUE ', 'print.value': 'no' }, { logAppendTime: true })
    expect(text).toBe('LogAppendTime:1235\nLogAppendTime:1235\n')
  })

  it('takes its separators and its null from the properties', async () => {
    const properties = { 'print.key': 'true', 'print.headers': 'true', 'key.separator': ' | ', 'line.separator': ';' }
    expect(await format({ ...properties, 'headers.separator': '+', 'null.literal': '∅' })).toBe(
      'h1:v1+h2:∅ | key | value;NO_HEADERS | ∅ | ∅;',
    )
  })

  it('reads keys, values and headers with deserializers of their own, nulls as their literal', async () => {
    const text = await format({
      'print.headers': 'true',
      'headers.deserializer': 'org.apache.kafka.common.serialization.BytesDeserializer',
      'value.deserializer': 'org.apache.kafka.common.serialization.BytesDeserializer',
      'null.literal': '\\',
    })
    expect(text).toBe('h1:v1,h2:\\x5C\tvalue\nNO_HEADERS\t\\x5C\n')
  })

  it('hands a deserializer the properties behind its own name', async () => {
    const text = await format({
      'value.deserializer': 'StringDeserializer',
      'value.deserializer.deserializer.encoding': 'UTF-16',
    })
    expect(text.split('\n')[0]).toBe(new TextDecoder('utf-16be').decode(Buffer.from('value')))
  })

  it('tells of a class it does not know, and prints the bytes', async () => {
    const unknown: string[] = []
    const formatter = new DefaultFormatter(new Map([['key.deserializer', 'com.example.Nope']]), {
      onUnknownDeserializer: (className) => void unknown.push(className),
    })
    expect(unknown).toEqual(['com.example.Nope'])
    expect(formatter.plainValueSeparator).toEqual(Buffer.from('\n'))
  })

  it('is plain only where nothing but values is printed as they are', () => {
    const isPlain = (properties: Record<string, string>): boolean =>
      new DefaultFormatter(new Map(Object.entries(properties))).plainValueSeparator !== undefined
    expect(isPlain({ 'value.deserializer': 'StringDeserializer', 'line.separator': '\0' })).toBe(true)
    expect(isPlain({ 'print.key': 'true' })).toBe(false)
    expect(isPlain({ 'print.value': 'false' })).toBe(false)
    expect(isPlain({ 'value.deserializer': 'LongDeserializer' })).toBe(false)
  })
})
