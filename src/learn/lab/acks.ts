/** The acknowledgement laboratory, as far as it is counting: what was sent, reported, acknowledged, and is there afterwards. */
import { names } from '../names.ts'

/** How many replicas must have a record before a producer is told that it is written. */
export const ACKS = ['0', '1', 'all'] as const
export type Acks = (typeof ACKS)[number]

const { name } = names(21)

/** The topic that records of this setting go to. */
export const acksTopic = (acks: Acks): string => name(`acks-${acks}`)
/** Where each run leaves what it measured: the key is the setting, the value an `AcksRun` as JSON. */
export const ACKS_RESULTS = name('results')

/** `order 7`: each is sent once, so that it can be found again, or missed. */
export const orderValue = (number: number): string => `order ${number}`

/** What a producer was told while its leader died. */
export interface Delivery {
  readonly acks: Acks
  readonly topic: string
  /** Who led when sending began, and who led in the end. */
  readonly leader: number
  readonly newLeader: number
  /** From the kill until another broker led. */
  readonly leaderlessMs: number
  readonly sent: number
  /** Numbers of the orders that the producer reported as done. */
  readonly reported: readonly number[]
  readonly failed: number
}

/** One line of the table. */
export interface AcksRun extends Omit<Delivery, 'reported'> {
  /** Reported as done to whoever sent them. */
  readonly reported: number
  /** Of those, with a broker's word for it: none with acks=0, where no answer comes. */
  readonly acknowledged: number
  /** Different orders in the topic afterwards. */
  readonly readable: number
  /** Reported as done, and not in the topic. */
  readonly lost: number
  /** Records beyond the first of the same order. */
  readonly repeated: number
}

/** Compares what the producer was told with what lies in the topic. */
export function tallyAcks(delivery: Delivery, values: readonly (string | null)[]): AcksRun {
  const there = new Set(values)
  const lost = delivery.reported.filter((number) => !there.has(orderValue(number)))
  const { length } = delivery.reported
  return {
    ...delivery,
    reported: length,
    acknowledged: delivery.acks === '0' ? 0 : length,
    readable: there.size,
    lost: lost.length,
    repeated: values.length - there.size,
  }
}

/** The latest result of each setting, in the order of `ACKS`; what is no result is passed over. */
export function acksResults(records: readonly { key: string | null; value: string | null }[]): AcksRun[] {
  const latest = new Map<string, AcksRun>()
  for (const { key, value } of records) {
    const run = value === null ? null : runOf(value)
    if (run !== null && run.acks === key) latest.set(key, run)
  }
  return ACKS.flatMap((acks) => latest.get(acks) ?? [])
}

const COUNTS = ['sent', 'reported', 'acknowledged', 'readable', 'lost', 'repeated'] as const

function runOf(text: string): AcksRun | null {
  try {
    const run = JSON.parse(text) as AcksRun
    return ACKS.includes(run.acks) && COUNTS.every((count) => Number.isInteger(run[count])) ? run : null
  } catch {
    return null
  }
}

export const ACKS_HEAD = ['ACKS', 'SENT', 'REPORTED DONE', 'ACKNOWLEDGED', 'READABLE', 'LOST', 'TWICE']

export function acksRow({ acks, sent, reported, acknowledged, readable, lost, repeated }: AcksRun): string[] {
  return [acks, ...[sent, reported, acknowledged, readable, lost, repeated].map(String)]
}

/** What the table says, in words. */
export function acksLines(run: AcksRun): string[] {
  const { acks, reported, lost, failed, leader, newLeader } = run
  const died = `broker ${leader} died, broker ${newLeader} leads`
  const told = acks === '0' ? 'reported as done (no broker answered)' : 'acknowledged'
  const lines = [
    `acks=${acks}: ${died}; of ${reported} orders ${told}, ${lost === 0 ? 'none is' : lost === 1 ? '1 is' : `${lost} are`} lost`,
  ]
  return failed === 0 ? lines : [...lines, `acks=${acks}: ${failed} failed, and the producer said so`]
}
