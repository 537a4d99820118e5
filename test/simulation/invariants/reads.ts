/**
 * What readers see: no gap, nothing twice, each producer's records in the order of their numbers, and the same at every
 * offset for every reader, for ever.
 */
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { AT, batchSizeAt } from '../../../src/protocol/records/record-batch.ts'
import { parsePayload } from '../clients/workload.ts'
import type { World } from '../world/world.ts'

const BATCH_HEADER_BYTES = 61

/** What is known of one topic's records, over all its readers. */
export class SeenRecords {
  readonly values = new Map<string, string>()
}

/** One reader's view. */
export class ReadRecords {
  private readonly world: World
  private readonly name: string
  private readonly topic: string
  private readonly seen: SeenRecords
  /** `partition/producer` -> number of the next record. */
  private readonly nextNumber = new Map<string, number>()

  constructor(world: World, name: string, topic: string, seen: SeenRecords) {
    this.world = world
    this.name = name
    this.topic = topic
    this.seen = seen
  }

  /** Records of `producer` read in `partition` so far. */
  count(partition: number, producer: string): number {
    return this.nextNumber.get(`${partition}/${producer}`) ?? 0
  }

  /** Takes a fetched chunk apart; returns the offset after its last whole batch. */
  accept(partition: number, fetchOffset: number, records: Buffer): number {
    let next = fetchOffset
    for (let at = 0; at + BATCH_HEADER_BYTES <= records.length; at += batchSizeAt(records, at)) {
      if (at + batchSizeAt(records, at) > records.length) break
      const baseOffset = Number(records.readBigInt64BE(at))
      for (const { offset, value } of decodeRecords(records, at)) {
        if (offset < fetchOffset) continue
        if (offset !== next) this.fail(`expected offset ${next} of ${this.topic}-${partition}, got ${offset}`)
        this.record(partition, offset, value!)
        next = offset + 1
      }
      next = Math.max(next, baseOffset + records.readInt32BE(at + AT.lastOffsetDelta) + 1)
    }
    return next
  }

  private record(partition: number, offset: number, value: Buffer): void {
    const { producer, partition: meant, number } = parsePayload(value)
    const at = `${this.topic}-${partition} offset ${offset}`
    if (meant !== partition) this.fail(`${at} holds a record of partition ${meant}`)
    const key = `${partition}/${producer}`
    const expected = this.nextNumber.get(key) ?? 0
    if (number !== expected) {
      this.fail(`${at}: record ${number} of ${producer} where ${expected} was due`)
    }
    this.nextNumber.set(key, number + 1)
    const text = `${producer}/${number}`
    const before = this.seen.values.get(`${partition}@${offset}`)
    if (before !== undefined && before !== text) this.fail(`${at} was ${before} and is ${text} now`)
    this.seen.values.set(`${partition}@${offset}`, text)
    this.world.count('records read')
  }

  private fail(detail: string): void {
    this.world.violated('every record is read once and in order', `${this.name}: ${detail}`)
  }
}
