import { describe, expect, it } from 'vitest'
import type { StructuredFormat } from '../../../src/cli/format.ts'
import { FormattedPrinter } from '../../../src/commands/console-consumer/batch-printer.ts'
import { StructuredFormatter } from '../../../src/commands/console-consumer/structured-formatter.ts'
import type { RecordInput } from '../../../src/protocol/records/record.ts'
import { fetchedBatches, textRecord } from '../../support/fetched-batch.ts'

async function format(
  records: readonly RecordInput[],
  as: StructuredFormat = 'json',
  properties: Iterable<readonly [string, string]> = [],
): Promise<string> {
  const printer = new FormattedPrinter(new StructuredFormatter(as, new Map(properties)))
  const [batch] = await fetchedBatches([records], { baseOffset: 3 })
  printer.print(batch!, records.length)
  return Buffer.concat(printer.take()).toString()
}

describe('StructuredFormatter', () => {
  const headers = [
    { key: 'h', value: Buffer.from('v') },
    { key: 'n', value: null },
  ]

  it('prints a line of JSON per record', async () => {
    const text = await format([textRecord('grün\n', { key: Buffer.from('k'), headers }), textRecord(null)])
    const [first, second] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(first).toEqual({
      apiVersion: 'kt/v1',
      kind: 'Record',
      topic: 'orders',
      partition: 0,
      offset: 3,
      timestamp: 1000,
      timestampType: 'CreateTime',
      headers: [
        { key: 'h', value: 'v' },
        { key: 'n', value: null },
      ],
      key: 'k',
      value: 'grün\n',
    })
    expect(second).toMatchObject({ offset: 4, headers: [], key: null, value: null })
  })

  it('prints bytes that are no text as base64', async () => {
    const record = JSON.parse(await format([{ key: Buffer.from([0xff]), value: Buffer.from([0xc3, 0x28]) }]))
    expect(record).toMatchObject({ keyBase64: '/w==', valueBase64: 'wyg=' })
    expect(record).not.toHaveProperty('key')
  })

  it('reads with deserializers', async () => {
    const record = { key: null, value: Buffer.from([0, 0, 0, 7]) }
    const text = await format([record], 'json', [['value.deserializer', 'IntegerDeserializer']])
    expect(JSON.parse(text)).toMatchObject({ key: null, value: '7' })
  })

  it('prints YAML documents', async () => {
    expect(await format([textRecord('v')], 'yaml')).toBe(
      '---\napiVersion: kt/v1\nkind: Record\ntopic: orders\npartition: 0\noffset: 3\ntimestamp: 1000\n' +
        'timestampType: CreateTime\nheaders: []\nkey: null\nvalue: v\n',
    )
  })
})
