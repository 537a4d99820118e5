import { describe, expect, it } from 'vitest'
import { FormattedPrinter } from '../../../src/commands/console-consumer/batch-printer.ts'
import { decoderNamed } from '../../../src/commands/console-consumer/decoders.ts'
import { dateText, type TemplateOptions, templateFormatter } from '../../../src/commands/console-consumer/template.ts'
import type { RecordInput } from '../../../src/protocol/records/record.ts'
import { fetchedBatches, textRecord } from '../../support/fetched-batch.ts'

async function print(template: string, record: RecordInput, options: TemplateOptions = {}): Promise<string> {
  const printer = new FormattedPrinter(templateFormatter(template, options))
  const [batch] = await fetchedBatches([[record]], { baseOffset: 3 })
  printer.print(batch!, 1)
  return Buffer.concat(printer.take()).toString()
}

const headers = [
  { key: 'h', value: Buffer.from('1') },
  { key: 'n', value: null },
]

describe('templateFormatter', () => {
  it('prints every part', async () => {
    const record = textRecord('vier', { key: Buffer.from('k'), headers })
    expect(await print('%t %p %o %k=%v|%s (%K,%V,%S) %T %D %h 100%%\\n', record)).toBe(
      'orders 0 3 k=vier|vier (1,4,4) 1000 1970-01-01T00:00:01.000Z h=1,n=NULL 100%\n',
    )
  })

  it('knows escapes and leaves the rest', async () => {
    expect(await print('a\\tb\\x21\\\\n\\q%v', textRecord('v'))).toBe('a\tb!\\n\\qv')
  })

  it('prints nulls as told', async () => {
    expect(await print('[%k:%v:%K]', textRecord(null))).toBe('[::-1]')
    expect(await print('[%k:%v]', textRecord(null), { nullText: 'null' })).toBe('[null:null]')
  })

  it('decodes', async () => {
    const options = { decodeKey: decoderNamed('int32', 'key-as'), decodeValue: decoderNamed('hex', 'value-as') }
    expect(await print('%k %v', { key: Buffer.from([0, 0, 0, 9]), value: Buffer.from('A') }, options)).toBe('9 41')
  })

  it('refuses letters that stand for nothing', () => {
    expect(() => templateFormatter('%k %x')).toThrow('--template: %x stands for nothing')
    expect(() => templateFormatter('50%')).toThrow('--template: % stands for nothing')
  })
})

it('dates what has a date', () => {
  expect([dateText(0), dateText(-1), dateText(9e15)]).toEqual(['1970-01-01T00:00:00.000Z', '-', '-'])
})
