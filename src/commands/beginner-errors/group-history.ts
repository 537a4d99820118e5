/**
 * Who came to a group and who is gone, from the group's own records in `__consumer_offsets`; why somebody is gone only the
 * log of the coordinator tells, which can be read where that is a node of the local cluster.
 */

import { systemClock } from '../../base/clock.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { OFFSETS_TOPIC } from './coordinator.ts'
import { count, duration } from './facts.ts'
import type { Found } from './found.ts'
import { logLines, timeText } from './local-nodes.ts'
import type { Look } from './look.ts'

/** Offsets before the end that are looked through: the partition is shared with other groups and their commits. */
const HISTORY = 2_000
/** Reading must leave time for the rest of a look. */
const READ_MS = 1_200
/** Older changes are not what somebody asks about. */
const MAX_CHANGES = 6
const RECENT_MS = 600_000

/** A member came, or is gone. */
export interface GroupChange {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly memberId: string
  /** As people tell members apart. */
  readonly member: string
  readonly host: string
  readonly isGone: boolean
  /** Classic groups: the generation that begins with it. */
  readonly generation: number | null
}

export interface GroupHistory {
  readonly changes: readonly GroupChange[]
  /** When each generation, or group epoch, began; the oldest first. */
  readonly rounds: readonly number[]
}

/** Tells the last changes of the members, each with its reason as far as it can be known. */
export async function tellHistory(groupId: string, look: Look, found: Found): Promise<void> {
  const [history, reasons] = await Promise.all([historyOf(groupId, look), departures(groupId, look)])
  if (history === null) return
  const recent = history.rounds.filter((at) => look.now() - at <= RECENT_MS)
  if (recent.length > 1) {
    found.fact(`shared out ${count(recent.length, 'time')} within the last ${duration(look.now() - recent[0]!)}`)
  }
  const shown = history.changes.slice(-MAX_CHANGES)
  for (const change of shown) found.fact(changeText(change, reasons?.get(change.memberId)))
  const isUnexplained = shown.some(({ isGone, memberId }) => isGone && reasons?.get(memberId) === undefined)
  if (isUnexplained) found.fact(await unknownReason(groupId, look))
}

function changeText({ at, member, host, isGone, generation }: GroupChange, reason: string | undefined): string {
  const where = generation === null ? '' : `, generation ${generation}`
  const what = isGone ? `is gone${reason === undefined ? '' : `: ${reason}`}` : 'has joined'
  return `${timeText(at)} ${member} at ${host.replace(/^\//, '')} ${what}${where}`
}

async function unknownReason(groupId: string, look: Look): Promise<string> {
  const group = await look.group(groupId)
  const broker = group === null || group === 'absent' ? 'the coordinator' : `broker ${group.coordinator.id}`
  return `why a member is gone the cluster does not tell: it is in the log of ${broker}, the group's coordinator`
}

/** Null where the records cannot be read. */
async function historyOf(groupId: string, look: Look): Promise<GroupHistory | null> {
  const connection = (await look.live())?.connection
  const topic = await look.topic(OFFSETS_TOPIC)
  if (connection === undefined || topic === null || topic === 'absent') return null
  try {
    return await readHistory(groupId, topic.partitions.length, connection, look)
  } catch {
    return null
  }
}

async function readHistory(
  groupId: string,
  partitions: number,
  connection: ClientOptions,
  look: Look,
): Promise<GroupHistory> {
  const [{ Fetcher }, { decodeRecords, loadCodecsFor }, { groupRecordOf }, { partitionFor }] = await Promise.all([
    import('../../client/fetcher.ts'),
    import('../../protocol/records/record.ts'),
    import('../consumer-groups/steps/group-records.ts'),
    import('../consumer-groups/steps/record-source.ts'),
  ])
  const partition = partitionFor(groupId, partitions)
  const range = (await look.ranges(OFFSETS_TOPIC)).find((each) => each.partition === partition)
  const writer = new HistoryWriter()
  if (range === undefined || range.end === null || range.end === range.start) return writer.history
  const fetcher = new Fetcher(connection, { stopAtEnd: true, maxWaitMs: 100 })
  const timer = systemClock.setTimer(READ_MS, () => fetcher.close())
  try {
    const offset = Math.max(range.start ?? 0, range.end - HISTORY)
    await fetcher.assign([{ topic: OFFSETS_TOPIC, partition, start: { offset } }])
    for (let batch = await fetcher.next(); batch !== null; batch = await fetcher.next()) {
      await loadCodecsFor(batch.buffer.subarray(batch.at, batch.at + batch.header.sizeInBytes))
      for (const raw of decodeRecords(batch.buffer, batch.at)) {
        const record = groupRecordOf(raw)
        if (record?.groupId === groupId) writer.take(record, raw.timestamp)
      }
    }
  } finally {
    timer.cancel()
    fetcher.close()
  }
  return writer.history
}

type GroupRecord = NonNullable<ReturnType<typeof import('../consumer-groups/steps/group-records.ts').groupRecordOf>>
type MemberInfo = Pick<GroupChange, 'memberId' | 'member' | 'host'>

/** Turns records into what has changed between them; the first generation that is seen is where it begins. */
export class HistoryWriter {
  readonly #changes: GroupChange[] = []
  readonly #rounds: number[] = []
  #members = new Map<string, MemberInfo>()
  #generation: number | null = null

  get history(): GroupHistory {
    return { changes: this.#changes, rounds: this.#rounds }
  }

  take(record: GroupRecord, at: number): void {
    if (record.type === 'generation') this.#generationBegins(record, at)
    else if (record.type === 'groupEpoch' && record.epoch !== null) this.#rounds.push(at)
    else if (record.type === 'member') this.#memberChanges(record, at)
  }

  #generationBegins({ value }: Extract<GroupRecord, { type: 'generation' }>, at: number): void {
    const now = new Map((value?.members ?? []).map((each) => [each.memberId, infoOf(each)]))
    const generation = value?.generation ?? null
    // The same generation is written again when its members have their partitions.
    if (now.size > 0 && generation !== this.#generation) this.#rounds.push(at)
    const come = [...now.values()].filter(({ memberId }) => !this.#members.has(memberId))
    const gone = [...this.#members.values()].filter(({ memberId }) => !now.has(memberId))
    for (const each of gone) this.#changes.push({ ...each, at, isGone: true, generation })
    for (const each of come) this.#changes.push({ ...each, at, isGone: false, generation })
    this.#members = now
    this.#generation = generation
  }

  #memberChanges({ memberId, info }: Extract<GroupRecord, { type: 'member' }>, at: number): void {
    const known = this.#members.get(memberId)
    if (info === null) {
      this.#members.delete(memberId)
      if (known !== undefined) this.#changes.push({ ...known, at, isGone: true, generation: null })
      return
    }
    this.#members.set(memberId, infoOf(info))
    if (known === undefined) this.#changes.push({ ...infoOf(info), at, isGone: false, generation: null })
  }
}

function infoOf(member: {
  memberId: string
  groupInstanceId: string | null
  clientId: string
  host: string
}): MemberInfo {
  return { memberId: member.memberId, host: member.host, member: memberText(member) }
}

const ID_TAIL = 4

/** As `consumer-groups --describe --steps` names them. */
export function memberText({
  memberId,
  groupInstanceId,
  clientId,
}: {
  memberId: string
  groupInstanceId: string | null
  clientId: string
}): string {
  return groupInstanceId ?? `${clientId === '' ? 'member' : clientId}~${memberId.slice(-ID_TAIL)}`
}

/** How the coordinator's log words that a member is gone. */
const DEPARTURES: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /^Member (?<ID>\S+) in group (?<GROUP>\S+) has failed, removing it/,
    () => 'no heartbeat within its session.timeout.ms',
  ],
  [
    /^\[Group (?<GROUP>[^\]]+)\] Member (?<ID>\S+) has left group through explicit `LeaveGroup` request; client reason: (?<REASON>.*)$/,
    ({ groups }) => leaveText(groups!.REASON!),
  ],
]
const NOT_BACK = /^Group (?<GROUP>\S+) removed dynamic members who haven't joined: \[(?<IDS>.*)\]$/

function leaveText(reason: string): string {
  if (/poll timeout has expired|max\.poll\.interval/i.test(reason))
    return 'it polled later than max.poll.interval.ms and left'
  return reason === 'not provided' ? 'it left by itself' : `it left by itself (${reason})`
}

/** Why members are gone, by their ids; null where no log can be read. */
async function departures(groupId: string, look: Look): Promise<ReadonlyMap<string, string> | null> {
  const lines = await logLines(look, /\bremoving it from|has left group through|who haven't joined/)
  if (lines === null) return null
  const reasons = new Map<string, string>()
  for (const { text } of lines) for (const [id, reason] of departuresIn(text, groupId)) reasons.set(id, reason)
  return reasons
}

/** Ids of members of the group that are gone by this line of a log, and why. */
export function departuresIn(line: string, groupId: string): readonly (readonly [string, string])[] {
  const late = NOT_BACK.exec(line)?.groups
  if (late !== undefined) {
    const ids = late.GROUP === groupId ? late.IDS!.split(', ') : []
    return ids.map((id) => [id, 'it did not join again within its max.poll.interval.ms'])
  }
  for (const [pattern, reason] of DEPARTURES) {
    const match = pattern.exec(line)
    if (match !== null) return match.groups!.GROUP === groupId ? [[match.groups!.ID!, reason(match)]] : []
  }
  return []
}
