/** Holds what the clients were told against what is in the cluster at the end. Pure: no cluster, no clock. */
import type { Acknowledgement, Ledger, PartitionKey, Refusal } from './ledger.ts'

/** Values of one partition by offset, as read at the end, in order of offset. */
export type FinalLog = readonly { readonly offset: number; readonly value: string }[]

export type ViolationKind =
  | 'missing'
  | 'duplicated'
  | 'out-of-order'
  | 'moved'
  | 'hole'
  | 'refused'
  | 'not-read'
  | 'read-otherwise'
  | 'contradiction'
  | 'committed'
  | 'replicas-differ'
  | 'not-recovered'
  | 'failed'

export interface Violation {
  readonly kind: ViolationKind
  readonly text: string
  /** What to look for in the logs of the brokers. */
  readonly partition?: PartitionKey
  readonly offset?: number
  readonly value?: string
}

/** Who wrote a record and which of his it is: values are `producer.number`. */
export function parseValue(value: string): { producer: string; number: number } {
  const dot = value.indexOf('.')
  return { producer: value.slice(0, dot), number: Number(value.slice(dot + 1)) }
}

/** Everything that is not as acks=all, idempotence and consumer groups promise; empty when all is well. */
export function verifyRecords(ledger: Ledger, logs: ReadonlyMap<PartitionKey, FinalLog>): Violation[] {
  const places = new Map<PartitionKey, ReadonlyMap<string, number>>()
  for (const [partition, log] of logs) places.set(partition, new Map(log.map(({ value, offset }) => [value, offset])))
  // Concatenated: one defect may break more records than a call takes arguments.
  return ([] as Violation[]).concat(
    ...[...logs].map(([partition, log]) => [...verifyOffsets(partition, log), ...verifyOrder(partition, log)]),
    ...ledger.producerNames.map((producer) => verifyAcknowledged(ledger.acknowledgementsOf(producer), places)),
    ledger.refusals
      .filter((refusal) => !isGivenUp(refusal, places))
      .map(({ producer, value, error }) => {
        return { kind: 'refused', text: `producer ${producer}: ${value} failed: ${error}`, value }
      }),
    ledger.contradictions.map(({ who, partition, offset, text }) => {
      return { kind: 'contradiction', text: `${who}: ${partition} at ${offset}: ${text}`, partition, offset }
    }),
    ...[...ledger.reads.keys()].map((group) => verifyReads(ledger, group, logs)),
  )
}

/**
 * Java's producer may lose its first batches of a partition to a leader that dies with them: the next leader knows nothing
 * of the producer and takes the batch behind them, as Kafka's does, and after its time limit the producer says that they
 * failed. That is the truth as long as no log has them.
 */
function isGivenUp({ value, error }: Refusal, places: ReadonlyMap<PartitionKey, ReadonlyMap<string, number>>): boolean {
  return /TimeoutException Expiring/.test(error) && ![...places.values()].some((place) => place.has(value))
}

/** Nothing but data is in these logs, so offsets have no holes. */
function verifyOffsets(partition: PartitionKey, log: FinalLog): Violation[] {
  const at = log.findIndex(({ offset }, index) => offset !== index)
  if (at === -1) return []
  const offset = log[at]!.offset
  return [
    { kind: 'hole', text: `${partition}: offset ${offset} follows ${log[at - 1]?.offset ?? -1}`, partition, offset },
  ]
}

/** Numbers of one producer only grow in one partition: neither a duplicate nor a record out of turn. */
function verifyOrder(partition: PartitionKey, log: FinalLog): Violation[] {
  const violations: Violation[] = []
  const last = new Map<string, { number: number; offset: number }>()
  for (const { offset, value } of log) {
    const { producer, number } = parseValue(value)
    const before = last.get(producer)
    if (before !== undefined && number <= before.number) {
      const kind = isEarlier(log, offset, value) ? 'duplicated' : 'out-of-order'
      const text = `${partition}: ${value} at offset ${offset} comes after ${producer}.${before.number} at ${before.offset}`
      violations.push({ kind, text, partition, offset, value })
      continue
    }
    last.set(producer, { number, offset })
  }
  return violations
}

function isEarlier(log: FinalLog, offset: number, value: string): boolean {
  return log.some((record) => record.offset < offset && record.value === value)
}

function verifyAcknowledged(
  acknowledgements: readonly Acknowledgement[],
  places: ReadonlyMap<PartitionKey, ReadonlyMap<string, number>>,
): Violation[] {
  const violations: Violation[] = []
  for (const { partition, value, offset } of acknowledgements) {
    const found = places.get(partition)?.get(value)
    const about = { partition, offset, value }
    if (found === undefined) {
      violations.push({
        kind: 'missing',
        text: `${partition}: ${value} was acknowledged at offset ${offset}`,
        ...about,
      })
    } else if (offset >= 0 && found !== offset) {
      const text = `${partition}: ${value} was acknowledged at offset ${offset} and is at ${found}`
      violations.push({ kind: 'moved', text, ...about })
    }
  }
  return violations
}

/** At least once, and never anything that was not there to stay. */
function verifyReads(ledger: Ledger, group: string, logs: ReadonlyMap<PartitionKey, FinalLog>): Violation[] {
  const violations: Violation[] = []
  for (const [partition, log] of logs) {
    const seen = ledger.reads.get(group)?.get(partition) ?? new Map<number, string>()
    for (const { offset, value } of log) {
      const read = seen.get(offset)
      if (read === value) continue
      const kind = read === undefined ? 'not-read' : 'read-otherwise'
      const what = read === undefined ? 'did not get' : `got ${read} instead of`
      violations.push({
        kind,
        text: `${group} ${what} ${value} of ${partition} at offset ${offset}`,
        partition,
        offset,
        value,
      })
    }
    const end = log.length === 0 ? 0 : log.at(-1)!.offset + 1
    for (const [offset, value] of seen) {
      if (offset < end) continue
      const text = `${group} got ${value} of ${partition} at offset ${offset}, where nothing is now`
      violations.push({ kind: 'read-otherwise', text, partition, offset, value })
    }
  }
  return violations
}

/** A group that has read everything has committed everything, not more, and not less than it was seen to have before. */
export function verifyCommitted(
  ledger: Ledger,
  group: string,
  committed: ReadonlyMap<PartitionKey, number>,
  logs: ReadonlyMap<PartitionKey, FinalLog>,
): Violation[] {
  return [...logs].flatMap(([partition, log]): Violation[] => {
    const offset = committed.get(partition) ?? 0
    const before = ledger.commits.get(group)?.get(partition) ?? 0
    const about = { partition, offset }
    if (offset < before) {
      return [
        { kind: 'committed', text: `${group} had committed ${before} of ${partition}, and now ${offset}`, ...about },
      ]
    }
    if (offset === log.length) return []
    const text = `${group} has committed ${offset} of ${partition}, which has ${log.length} records`
    return [{ kind: 'committed', text, ...about }]
  })
}
