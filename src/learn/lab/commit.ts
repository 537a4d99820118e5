/** The commit laboratory, as far as it is counting: which orders got an invoice when the one who writes them was killed. */
import { names } from '../names.ts'

/** When the offset of a portion is committed: before its orders are worked on, or after. */
export const TIMINGS = ['before', 'after'] as const
export type Timing = (typeof TIMINGS)[number]

const { name } = names(26)

export const COMMIT_ORDERS = name('orders')
/** Who reads the orders. */
export const commitGroup = (timing: Timing): string => name(`commit-${timing}`)
/** Where the work shows: one invoice for each order, if all goes well. */
export const invoicesTopic = (timing: Timing): string => name(`invoices-${timing}`)

/** How many orders are taken, and committed, at once. */
export const PORTION = 10

/** Amid a portion, about a third of the way. */
export function crashAt(orders: number): number {
  return PORTION * Math.floor((orders * 0.3) / PORTION) + PORTION / 2
}

export const orderOf = (number: number): string => `order ${number}`
export const invoiceOf = (order: string): string => `invoice for ${order}`

/** What was done to the group. */
export interface Crash {
  readonly timing: Timing
  readonly orders: number
  /** Committed when the first consumer was dead: where the second one went on. */
  readonly committed: number
}

/** One line of the table. */
export interface CommitRun extends Crash {
  /** Records in the topic of invoices. */
  readonly invoices: number
  /** Orders without an invoice. */
  readonly missed: readonly number[]
  /** Orders with more than one. */
  readonly repeated: readonly number[]
}

/** Looks for each order's invoice. */
export function tallyCommit(crash: Crash, values: readonly (string | null)[]): CommitRun {
  const counts = new Map<string | null, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const numbers = Array.from({ length: crash.orders }, (_, at) => at + 1)
  const countOf = (number: number): number => counts.get(invoiceOf(orderOf(number))) ?? 0
  return {
    ...crash,
    invoices: values.length,
    missed: numbers.filter((number) => countOf(number) === 0),
    repeated: numbers.filter((number) => countOf(number) > 1),
  }
}

export const COMMIT_HEAD = ['COMMIT', 'ORDERS', 'COMMITTED AT CRASH', 'INVOICES', 'MISSED', 'REPEATED']

export function commitRow({ timing, orders, committed, invoices, missed, repeated }: CommitRun): string[] {
  return [timing, ...[orders, committed, invoices, missed.length, repeated.length].map(String)]
}

/** What the table says, in words. */
export function commitLine({ timing, missed, repeated }: CommitRun): string {
  const parts = [
    ...(missed.length > 0 ? [`no invoice for ${rangeText(missed)}`] : []),
    ...(repeated.length > 0 ? [`more than one for ${rangeText(repeated)}`] : []),
  ]
  return `commit ${timing} the work: ${parts.join(', ') || 'one invoice for each order'}`
}

/** `orders 36 to 40`, `orders 3, 7` */
export function rangeText(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)]
  if (first === undefined || last === undefined) return 'no order'
  if (numbers.length === 1) return `order ${first}`
  const isWhole = last - first === numbers.length - 1
  return isWhole ? `orders ${first} to ${last}` : `orders ${numbers.join(', ')}`
}
