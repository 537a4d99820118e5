/** A step as a person sees it: producers, then each partition in two columns, one per kind of reader. Pure. */
import type { Colours } from '../../cli/colour.ts'
import type { LogEntry, PartitionView } from './log-view.ts'
import type { Refusal } from './refusal.ts'
import type { Actor, StageView } from './stage.ts'

/** Narrower columns show nothing of a record. */
const LEAST_COLUMN = 24
const OFFSET_WIDTH = 8

export interface StepResult {
  /** `orders-0 offset 3`, for records that were written. */
  readonly delivered: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[]
  readonly refusal: Refusal | null
  readonly view: StageView
}

/** The text of a step; `columns` is the width of the screen. */
export function stepText({ delivered, refusal, view }: StepResult, columns: number, colours: Colours): string {
  const lines: string[] = []
  if (refusal !== null) lines.push(...refusalLines(refusal, colours))
  for (const { topic, partition, offset } of delivered) lines.push(`written: ${topic}-${partition} offset ${offset}`)
  lines.push(...actorLines(view, colours))
  for (const partition of view.partitions) lines.push('', ...partitionLines(partition, view, columns, colours))
  for (const { groupId, offsets } of view.groups) {
    lines.push('', `group ${colours.name(groupId)}`)
    for (const { topic, partition, committed, pending } of offsets) {
      const waits = pending === null ? '' : `, ${pending} when the transaction is committed`
      lines.push(`  ${topic}-${partition}  committed ${committed ?? 'nothing'}${waits}`)
    }
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function refusalLines({ name, message, why, next }: Refusal, { bad }: Colours): string[] {
  const lines = [bad(name === null || message.includes(name) ? message : `${name}: ${message}`)]
  for (const fact of why) lines.push(`  ${fact}`)
  if (next !== null) lines.push(`  next: ${next}`)
  return lines
}

function actorLines({ actors, transactions }: StageView, { name, dim }: Colours): string[] {
  const width = Math.max(0, ...actors.map((actor) => actor.name.length))
  return actors.map((actor) => {
    const label = name(actor.name.padEnd(width))
    if (actor.transactionalId === null) return `${label}  ${dim('writes without transactions')}`
    const own = actor.identities.at(-1)
    const identity = own === undefined ? 'no producer id yet' : `producer id ${own.producerId}, epoch ${own.epoch}`
    return `${label}  ${actor.transactionalId}: ${identity}; ${stateText(actor, own, transactions.get(actor.transactionalId))}`
  })
}

function stateText(
  actor: Actor,
  own: Actor['identities'][number] | undefined,
  known: { producerId: bigint; producerEpoch: number; state: string } | undefined,
): string {
  if (known === undefined || own === undefined) return actor.isOpen ? 'begun' : 'nothing begun'
  const isCurrent = known.producerId === own.producerId && known.producerEpoch === own.epoch
  if (!isCurrent) return `fenced: the id is at epoch ${known.producerEpoch} now`
  if (actor.isOpen && known.state !== 'Ongoing') return `begun; ${known.state} at the coordinator until it writes`
  return `${known.state} at the coordinator`
}

function partitionLines(view: PartitionView, stage: StageView, columns: number, colours: Colours): string[] {
  const { topic, partition, logStartOffset, highWatermark, lastStableOffset, fromOffset, entries } = view
  const width = Math.max(LEAST_COLUMN, Math.floor((columns - OFFSET_WIDTH - 4) / 2))
  const title = `${colours.name(`${topic}-${partition}`)}  log start ${logStartOffset}, last stable offset ${lastStableOffset}, high watermark ${highWatermark}`
  const lines = [title, row('OFFSET', 'READ_UNCOMMITTED', 'READ_COMMITTED', width, colours.dim)]
  if (fromOffset > logStartOffset) lines.push(row('...', '', '', width))
  let isBehind = false
  for (const entry of entries) {
    if (entry.offset >= lastStableOffset && !isBehind) {
      isBehind = true
      lines.push(boundary(lastStableOffset, highWatermark, width, colours))
    }
    const left = leftText(entry, stage)
    lines.push(
      row(String(entry.offset), left, rightText(entry, lastStableOffset, stage), width, paintOf(entry, colours)),
    )
  }
  if (entries.length === 0) lines.push(row('', '(empty)', '(empty)', width, colours.dim))
  return lines
}

function boundary(lastStableOffset: number, highWatermark: number, width: number, { warning }: Colours): string {
  const text = ` last stable offset ${lastStableOffset}: committed readers stop here, ${highWatermark - lastStableOffset} before the end `
  const all = OFFSET_WIDTH + 4 + width * 2
  return warning(`${'-'.repeat(OFFSET_WIDTH)}${text}`.padEnd(all, '-').slice(0, all))
}

function paintOf({ kind, transaction, readCommitted }: LogEntry, colours: Colours): (text: string) => string {
  if (kind !== 'record') return colours.dim
  if (readCommitted) return colours.good
  return transaction === 'aborted' ? colours.bad : colours.warning
}

function leftText(entry: LogEntry, stage: StageView): string {
  const who = ownerOf(entry, stage)
  if (entry.kind !== 'record') return `-- ${entry.kind.toUpperCase()} marker of ${who} --`
  const record = recordText(entry)
  return entry.transaction === 'none' ? `${record}  (no transaction)` : `${record}  (${who}, ${entry.transaction})`
}

function rightText(entry: LogEntry, lastStableOffset: number, stage: StageView): string {
  if (entry.kind !== 'record') return ''
  if (entry.readCommitted) return recordText(entry)
  if (entry.transaction === 'aborted') return '. aborted, passed over'
  if (entry.transaction === 'open') return `. held back: ${ownerOf(entry, stage)} is open`
  return entry.offset >= lastStableOffset ? '. held back: an older one is open' : '. not given'
}

/** Who wrote it: a producer of this session at an epoch, else the producer's id. */
export function ownerOf({ producerId, producerEpoch }: LogEntry, { actors }: StageView): string {
  if (producerId === null) return 'nobody in particular'
  const had = (epoch: number) =>
    actors.find(({ identities }) => identities.some((each) => each.producerId === producerId && each.epoch === epoch))
  // Who is fenced is ended at the epoch after its own, which nobody has had.
  const actor = had(producerEpoch) ?? had(producerEpoch - 1)
  return actor === undefined ? `producer ${producerId}` : actor.name
}

function recordText({ key, value }: LogEntry): string {
  const text = `${key === null ? '' : `${key}: `}${value ?? '(tombstone)'}`
  return text.replaceAll(/\p{Cc}/gu, '\u00b7')
}

function row(
  offset: string,
  left: string,
  right: string,
  width: number,
  paint: (text: string) => string = (text) => text,
): string {
  return `${offset.padStart(OFFSET_WIDTH)}  ${paint(`${cut(left, width).padEnd(width)}  ${cut(right, width)}`)}`
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
