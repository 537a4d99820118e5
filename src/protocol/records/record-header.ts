/** A header of a record: an application's own key and value beside the record's. Keys may repeat. */
export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}
