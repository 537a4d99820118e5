import { describe, expect, it } from 'vitest'
import { FormattedPrinter } from '../../../src/commands/console-consumer/batch-printer.ts'
import {
  groupMetadataFormatter,
  offsetsFormatter,
  shareGroupStateFormatter,
  transactionLogFormatter,
} from '../../../src/commands/console-consumer/coordinator-formatters.ts'
import type { MessageFormatter } from '../../../src/commands/console-consumer/formatter.ts'
import { encodeToBuffer } from '../../../src/protocol/codec.ts'
import { offsetCommitKey, offsetCommitValue } from '../../../src/protocol/coordinator/01-offset-commit.ts'
import { groupMetadataKey, groupMetadataValue } from '../../../src/protocol/coordinator/02-group-metadata.ts'
import {
  transactionLogKey,
  transactionLogValue,
} from '../../../src/protocol/coordinator/transaction-00-transaction-log.ts'
import type { RecordInput } from '../../../src/protocol/records/record.ts'
import type { Schema, SchemaInput } from '../../../src/protocol/schema.ts'
import { fetchedBatches } from '../../support/fetched-batch.ts'

function versioned<S extends Schema>(prefix: number, schema: S, version: number, value: SchemaInput<S>): Buffer {
  const head = Buffer.alloc(2)
  head.writeInt16BE(prefix)
  return Buffer.concat([head, encodeToBuffer(schema, version, value)])
}

async function format(formatter: MessageFormatter, records: readonly RecordInput[]): Promise<string> {
  const printer = new FormattedPrinter(formatter)
  const [batch] = await fetchedBatches([records])
  printer.print(batch!, records.length)
  return Buffer.concat(printer.take()).toString()
}

const OFFSET = {
  key: versioned(1, offsetCommitKey, 0, { group: 'g', topic: 't', partition: 0 }),
  value: versioned(3, offsetCommitValue, 3, { offset: 5n, leaderEpoch: -1, metadata: '', commitTimestamp: 9n }),
}
const GROUP = {
  key: versioned(2, groupMetadataKey, 0, { group: 'g' }),
  value: versioned(3, groupMetadataValue, 3, { protocolType: 'consumer', generation: 4 }),
}

describe('the formatters of internal topics', () => {
  it('print their own records only, one behind the other', async () => {
    const tombstone = { key: OFFSET.key, value: null }
    expect(await format(offsetsFormatter, [OFFSET, GROUP, tombstone])).toBe(
      '{"key":{"type":1,"data":{"group":"g","topic":"t","partition":0}},"value":{"version":3,"data":' +
        '{"offset":5,"leaderEpoch":-1,"metadata":"","commitTimestamp":9}}}' +
        '{"key":{"type":1,"data":{"group":"g","topic":"t","partition":0}},"value":null}',
    )
    expect(await format(groupMetadataFormatter, [OFFSET, GROUP])).toContain('{"key":{"type":2,"data":{"group":"g"}}')
  })

  it('print a transaction’s status as the number it is', async () => {
    const record = {
      key: versioned(0, transactionLogKey, 0, { transactionalId: 'x' }),
      value: versioned(1, transactionLogValue, 1, { producerId: 13n, transactionStatus: 4 }),
    }
    expect(await format(transactionLogFormatter, [record])).toContain('"transactionStatus":4')
  })

  it('step over records of other topics', async () => {
    const strange = { key: Buffer.from('kx'), value: Buffer.from('v') }
    expect(await format(offsetsFormatter, [strange, { key: null, value: Buffer.from('v') }])).toBe('')
    expect(await format(shareGroupStateFormatter, [GROUP])).toBe('')
  })

  it('refuse a record of theirs that is damaged, naming its offset', async () => {
    const damaged = { key: OFFSET.key, value: OFFSET.value.subarray(0, 6) }
    await expect(format(offsetsFormatter, [OFFSET, damaged])).rejects.toThrow(
      "Could not read record at offset 1 due to: Could not read record with version 3 from value's buffer",
    )
  })
})
