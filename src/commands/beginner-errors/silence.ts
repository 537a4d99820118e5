/** Why a consumer prints nothing: each thing that it can be is looked at, and what it is not is left out. */
import type { GroupDescription } from '../../client/admin-types.ts'
import { tellCoordinator } from './coordinator.ts'
import { count, list } from './facts.ts'
import { Found } from './found.ts'
import type { Look, Range } from './look.ts'
import type { Step } from './step.ts'

export interface SilentReader {
  readonly topic: string
  /** Null: all of them. */
  readonly partition: number | null
  /** Null: it reads without a group. */
  readonly group: string | null
  readonly fromBeginning: boolean
  readonly isCommitted: boolean
  /** Partitions that the group has given to this reader; null where that is not known. */
  readonly assigned: number | null
}

/** Tells the first reason that holds, with what shows it. */
export async function diagnoseSilence(reader: SilentReader, look: Look, found: Found): Promise<void> {
  const { topic, group } = reader
  const description = await look.topic(topic)
  if (description === null) {
    found.fact('no cluster answers')
    return
  }
  if (description === 'absent') return absent(topic, look, found)
  const ranges = (await look.ranges(topic)).filter(
    ({ partition }) => reader.partition === null || partition === reader.partition,
  )
  const leaderless = description.partitions.filter(({ leader }) => leader < 0).map(({ partition }) => partition)
  if (leaderless.length > 0)
    found.fact(`no leader, so nothing can be read: ${list(leaderless.map((each) => `${topic}-${each}`))}`)
  if (group !== null && (await lacksCoordinator(reader, group, look, found))) return
  if (group !== null && (await hasNoPartition(reader, group, ranges.length, look, found))) return
  const records = ranges.reduce((sum, { start, end }) => sum + (end ?? 0) - (start ?? 0), 0)
  if (records === 0) return isEmpty(topic, ranges, look, found)
  found.fact(`topic '${topic}' holds ${count(records, 'record')}`)
  if (reader.isCommitted && (await isHeldBack(topic, ranges, look, found))) return
  if (group === null) atTheEnd(reader, found)
  else await inGroup(reader, group, ranges, look, found)
}

async function absent(topic: string, look: Look, found: Found): Promise<void> {
  const near = await look.nearTopics(topic)
  found.because(`Topic '${topic}' does not exist.`)
  if (near.length > 0) found.fact(`names like it: ${list(near)}`)
  found.do({ run: near.length > 0 ? `kt console-consumer --topic ${near[0]} --from-beginning` : 'kt topics --list' })
}

async function isEmpty(topic: string, ranges: readonly Range[], look: Look, found: Found): Promise<void> {
  const written = ranges.reduce((sum, { end }) => sum + (end ?? 0), 0)
  if (written === 0) {
    const near = await look.nearTopics(topic)
    if (near.length > 0) found.fact(`names like it: ${list(near)}`)
    found.because(`Topic '${topic}' is empty: nobody has written to it yet.`)
    found.do({ run: `kt console-producer --topic ${topic}`, does: 'in another terminal; each line is a record' })
    return
  }
  found.because(
    `Topic '${topic}' is empty now: ${count(written, 'record')} were written, and retention or a deletion took them.`,
  )
  found.do({
    run: `kt configs --describe --topic ${topic} --all`,
    does: 'retention.ms, retention.bytes, cleanup.policy',
  })
}

/** Of transactions whose records read_committed does not see yet. */
const OPEN_STATES = new Set(['Ongoing', 'PrepareCommit', 'PrepareAbort', 'PrepareEpochFence'])

/** read_committed ends where the first open transaction begins. */
export async function isHeldBack(topic: string, ranges: readonly Range[], look: Look, found: Found): Promise<boolean> {
  const stable = new Map((await look.ranges(topic, 'read_committed')).map(({ partition, end }) => [partition, end]))
  const held = ranges.filter(({ partition, end }) => (stable.get(partition) ?? end ?? 0) < (end ?? 0))
  if (held.length === 0) return false
  for (const { partition, end } of held) {
    found.fact(`${topic}-${partition}: last stable offset ${stable.get(partition)}, end ${end}`)
  }
  const listed = await look.ask('transactions', (admin) => admin.listTransactions())
  const open = (listed ?? []).filter(({ state }) => OPEN_STATES.has(state))
  for (const { transactionalId, state } of open) found.fact(`transaction of '${transactionalId}': ${state}`)
  const [first] = open
  found.because(
    'A transaction is open: read_committed shows nothing behind its first record until it is committed or aborted, records of others as well.',
  )
  found.do(
    {
      run: `kt transactions describe --transactional-id ${first?.transactionalId ?? 'ID'}`,
      does: 'who has it open, and since when',
    },
    { run: `kt transactions find-hanging --topic ${topic}`, does: 'one whose producer is gone' },
  )
  return true
}

function atTheEnd({ topic, partition, fromBeginning }: SilentReader, found: Found): void {
  if (fromBeginning) return
  const where = partition === null ? '' : ` --partition ${partition}`
  found.because('A reader without a group begins at the end: only records that come from now on are shown.')
  found.do({
    run: `kt console-consumer --topic ${topic}${where} ${partition === null ? '--from-beginning' : '--offset earliest'}`,
    does: 'what is there already',
  })
}

async function inGroup(
  reader: SilentReader,
  groupId: string,
  ranges: readonly Range[],
  look: Look,
  found: Found,
): Promise<void> {
  const group = await look.group(groupId)
  if (group === null) return void (await tellCoordinator(look, found, groupId))
  const offsets = (await look.committed(groupId)).filter(({ topic }) => topic === reader.topic)
  if (offsets.length === 0) return noOffsets(groupId, reader, found)
  const committed = new Map(offsets.map(({ partition, offset }) => [partition, offset]))
  const left = ranges.reduce(
    (sum, { partition, end }) => sum + Math.max(0, (end ?? 0) - (committed.get(partition) ?? end ?? 0)),
    0,
  )
  for (const { partition, end } of ranges.slice(0, 8)) {
    found.fact(
      `${reader.topic}-${partition}: group '${groupId}' committed ${committed.get(partition) ?? 'nothing'}, end ${end}`,
    )
  }
  if (left > 0) {
    found.fact(`${count(left, 'record')} are still to be read by the group`)
    return
  }
  const ignored = reader.fromBeginning ? ' --from-beginning only counts for a group without committed offsets.' : ''
  found.because(
    `Group '${groupId}' has read everything: it goes on at its committed offsets, which are at the end.${ignored}`,
  )
  found.do(...again(groupId, reader.topic))
}

/** A new group, or the same from the beginning. */
export function again(groupId: string, topic: string): readonly Step[] {
  return [
    { run: `kt console-consumer --topic ${topic} --from-beginning`, does: 'without a group, to look at all of it' },
    {
      run: `kt consumer-groups --reset-offsets --group ${groupId} --topic ${topic} --to-earliest --execute`,
      does: 'the group once more from the beginning; stop its members first',
    },
  ]
}

function noOffsets(groupId: string, { topic, fromBeginning }: SilentReader, found: Found): void {
  found.fact(`group '${groupId}' has no committed offset of topic '${topic}'`)
  if (fromBeginning) return
  found.because(
    'A new group begins at the end (auto.offset.reset=latest): only records that come from now on are shown.',
  )
  found.do({
    run: `kt console-consumer --topic ${topic} --group ${groupId}-2 --from-beginning`,
    does: 'a new group, from the beginning',
  })
}

/** A group without a coordinator answers nobody, so that is looked at before the group is asked. */
async function lacksCoordinator(
  { assigned }: SilentReader,
  groupId: string,
  look: Look,
  found: Found,
): Promise<boolean> {
  if ((assigned ?? 0) > 0) return false
  const matter = new Found()
  if (!(await tellCoordinator(look, matter, groupId))) return false
  for (const fact of matter.facts) found.fact(fact)
  if (matter.why !== null) found.because(matter.why)
  if (matter.next !== null) found.do(...matter.next)
  return true
}

/** The group has given this reader nothing: it shares out right now, or has more members than there are partitions. */
async function hasNoPartition(
  reader: SilentReader,
  groupId: string,
  partitions: number,
  look: Look,
  found: Found,
): Promise<boolean> {
  if ((reader.assigned ?? 0) > 0) return false
  const group = await look.group(groupId)
  if (group === null || group === 'absent') return false
  if (/Rebalanc/.test(group.state)) {
    found.because(
      `Group '${groupId}' is sharing its partitions out right now (${group.state}), nobody reads meanwhile.`,
    )
    found.do({
      run: `kt consumer-groups --describe --group ${groupId} --steps`,
      does: 'who comes and who goes',
    })
    return true
  }
  return isIdle(reader, group, partitions, found)
}

/** More members than partitions: one of them reads nothing. */
function isIdle(
  { topic, assigned }: SilentReader,
  { groupId, members, state }: GroupDescription,
  partitions: number,
  found: Found,
): boolean {
  const idle = members.filter(({ assignment }) => assignment.length === 0).length
  if (state !== 'Stable' || idle === 0 || members.length <= partitions) return false
  found.fact(
    `group '${groupId}': ${count(members.length, 'member')}, topic '${topic}': ${count(partitions, 'partition')}`,
  )
  const who = assigned === 0 ? 'This member' : 'A member'
  found.because(
    `${who} of group '${groupId}' has no partition: there are more members than partitions, and the others have them all. It takes over when one of them goes.`,
  )
  found.do(
    { run: `kt consumer-groups --describe --group ${groupId} --members`, does: 'who has which' },
    {
      run: `kt topics --alter --topic ${topic} --partitions ${members.length}`,
      does: 'keys then go to other partitions',
    },
  )
  return true
}
