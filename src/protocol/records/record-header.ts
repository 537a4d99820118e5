/** A header of a record: an application's own key and value beside the record's. Keys may repeat. */
export interface RecordHeader {
  readonly key: string
  /**
   * The key as it is in the record, only where that is no UTF-8: `key` has U+FFFD in place of what cannot be read.
   * Kafka calls a key a string, its brokers check none, and other clients write what they like.
   */
  readonly keyBytes?: Buffer
  readonly value: Buffer | null
}

const REPLACEMENT = '\uFFFD'

/** A header whose key is these bytes. They may be a view: what is kept of them is what is kept of the value. */
export function headerOf(keyBytes: Buffer, value: Buffer | null): RecordHeader {
  const key = keyBytes.toString('utf8')
  return key.includes(REPLACEMENT) && !Buffer.from(key).equals(keyBytes) ? { key, keyBytes, value } : { key, value }
}

/** How many bytes the key takes. */
export function headerKeyLength({ key, keyBytes }: RecordHeader): number {
  return keyBytes === undefined ? Buffer.byteLength(key) : keyBytes.length
}
