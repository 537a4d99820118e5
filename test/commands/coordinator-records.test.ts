import { describe, expect, it } from 'vitest'
import { coordinatorRecordJson, UnknownRecordType } from '../../src/commands/coordinator-records.ts'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import { offsetCommitKey, offsetCommitValue } from '../../src/protocol/coordinator/01-offset-commit.ts'
import {
  GROUP_RECORD_TYPES,
  SHARE_RECORD_TYPES,
  TRANSACTION_RECORD_TYPES,
} from '../../src/protocol/coordinator/index.ts'
import { shareUpdateKey, shareUpdateValue } from '../../src/protocol/coordinator/share-state-01-share-update.ts'
import {
  transactionLogKey,
  transactionLogValue,
} from '../../src/protocol/coordinator/transaction-00-transaction-log.ts'
import type { Schema, SchemaInput } from '../../src/protocol/schema.ts'

function versioned<S extends Schema>(prefix: number, schema: S, version: number, value: SchemaInput<S>): Buffer {
  const head = Buffer.alloc(2)
  head.writeInt16BE(prefix)
  return Buffer.concat([head, encodeToBuffer(schema, version, value)])
}

const KEY = versioned(1, offsetCommitKey, 0, { group: 'g', topic: 't', partition: 2 })
const VALUE = versioned(4, offsetCommitValue, 4, { offset: 5n, leaderEpoch: 0, metadata: '', commitTimestamp: 9n })

describe('coordinatorRecordJson', () => {
  it('prints key and value', () => {
    expect(coordinatorRecordJson(GROUP_RECORD_TYPES, KEY, VALUE)).toEqual({
      type: 1,
      key: '{"group":"g","topic":"t","partition":2}',
      value: { version: 4, json: '{"offset":5,"leaderEpoch":0,"metadata":"","commitTimestamp":9}' },
    })
  })
  it('knows tombstones', () => {
    expect(coordinatorRecordJson(GROUP_RECORD_TYPES, KEY, null).value).toBeNull()
  })
  it('reads transactions and share groups', () => {
    const transaction = coordinatorRecordJson(
      TRANSACTION_RECORD_TYPES,
      versioned(0, transactionLogKey, 0, { transactionalId: 'x' }),
      versioned(1, transactionLogValue, 1, { producerId: 13n, transactionPartitions: null }),
    )
    expect(transaction.value!.json).toContain('"producerId":13,')
    const share = coordinatorRecordJson(
      SHARE_RECORD_TYPES,
      versioned(1, shareUpdateKey, 0, { groupId: 's', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partition: 0 }),
      versioned(0, shareUpdateValue, 0, { startOffset: 3n }),
    )
    expect(share.key).toBe('{"groupId":"s","topicId":"AAAAAAAAAAAAAAAAAAAAAQ","partition":0}')
  })
  it('lets a caller print a value in its own way', () => {
    const own = coordinatorRecordJson(GROUP_RECORD_TYPES, KEY, VALUE, (schema) => `"${schema.name}"`)
    expect(own.value!.json).toBe('"OffsetCommitValue"')
  })
  it('names types it does not know', () => {
    expect(() => coordinatorRecordJson(GROUP_RECORD_TYPES, Buffer.from([0, 99]), null)).toThrow(UnknownRecordType)
  })
  it.each([
    [Buffer.from([0]), null, "Could not read version from key's buffer."],
    [KEY, Buffer.from([0]), "Could not read version from value's buffer."],
    [KEY, Buffer.from([0, 9]), 'Found an unknown record version 9 for record type 1'],
    [KEY.subarray(0, 5), null, "Could not read record with version 1 from key's buffer due to: "],
    [KEY, VALUE.subarray(0, 6), "Could not read record with version 4 from value's buffer due to: "],
  ])('refuses what is cut short (%#)', (key, value, message) => {
    expect(() => coordinatorRecordJson(GROUP_RECORD_TYPES, key, value)).toThrow(message)
  })
})
