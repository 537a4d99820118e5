/** Consumer groups: members, coordinators, rebalances. */
import type { GroupDescription } from '../../../client/admin-types.ts'
import { OFFSETS_TOPIC, tellCoordinator } from '../coordinator.ts'
import { count, duration, list } from '../facts.ts'
import type { Found } from '../found.ts'
import { memberText, tellHistory } from '../group-history.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

const MAX_MEMBERS = 6

/** The group that the failure names, else the only one that there is; null when nothing can be told of it. */
async function groupOf(said: Said, look: Look, found: Found): Promise<GroupDescription | null> {
  const groupId = said.name('GROUP') ?? (await onlyGroup(look, found))
  if (groupId === undefined) return null
  const group = await look.group(groupId)
  if (group === 'absent') found.fact(`group '${groupId}' does not exist in this cluster`)
  return group === 'absent' ? null : group
}

async function onlyGroup(look: Look, found: Found): Promise<string | undefined> {
  const names = (await look.groupNames()) ?? []
  if (names.length > 1) found.fact(`groups of this cluster: ${list(names)} (kt explain --group NAME tells more)`)
  return names.length === 1 ? names[0] : undefined
}

/** Who the members are, where they run and what they have. */
function tellMembers({ groupId, state, members }: GroupDescription, found: Found): void {
  found.fact(`group '${groupId}' is ${state || 'unknown'} with ${count(members.length, 'member')}`)
  for (const { host, assignment, ...member } of members.slice(0, MAX_MEMBERS)) {
    found.fact(`${memberText(member)} at ${host.replace(/^\//, '')}: ${count(assignment.length, 'partition')}`)
  }
}

async function tellGroup(said: Said, look: Look, found: Found): Promise<void> {
  const group = await groupOf(said, look, found)
  if (group !== null) tellMembers(group, found)
}

async function tellCommitted(said: Said, look: Look, found: Found): Promise<void> {
  const groupId = said.name('GROUP')
  if (groupId === undefined) return
  const committed = await look.committed(groupId)
  if (committed.length === 0) return
  const topics = [...new Set(committed.map(({ topic }) => topic))]
  found.fact(`group '${groupId}' has committed offsets of ${count(committed.length, 'partition')} of ${list(topics)}`)
  found.do({
    run: `kt console-consumer --topic ${topics[0]} --group ${groupId}`,
    does: 'goes on reading where the group was',
  })
}

/** The partitions of what is subscribed to, beside the members. */
async function tellIdle(said: Said, look: Look, found: Found): Promise<void> {
  const group = await groupOf(said, look, found)
  if (group === null) return
  tellMembers(group, found)
  const assigned = group.members.flatMap(({ assignment }) => assignment)
  const topics = [...new Set(assigned.map(({ topic }) => topic))]
  const idle = group.members.filter(({ assignment }) => assignment.length === 0).length
  if (topics.length === 0) return
  found.fact(
    `${list(topics)}: ${count(assigned.length, 'partition')} for ${count(group.members.length, 'member')}, ${idle} without one`,
  )
  found.do(
    {
      run: `kt topics --alter --topic ${topics[0]} --partitions ${group.members.length}`,
      does: 'as many partitions as members; keys then go to other partitions',
    },
    {
      run: `kt console-share-consumer --topic ${topics[0]}`,
      does: 'members of a share group do share partitions, where the cluster has such groups',
    },
  )
}

async function tellPollTime(said: Said, look: Look, found: Found): Promise<void> {
  const interval = said.number('INTERVAL')
  if (interval !== undefined) found.fact(`max.poll.interval.ms was ${interval}, which is ${duration(interval)}`)
  const over = said.number('OVER')
  if (over !== undefined) found.fact(`it polled ${duration(over)} too late`)
  await tellChanges(said, look, found)
}

/** The members now, and who came and went before. */
async function tellChanges(said: Said, look: Look, found: Found): Promise<GroupDescription | null> {
  const group = await groupOf(said, look, found)
  if (group === null) return null
  tellMembers(group, found)
  await tellHistory(group.groupId, look, found)
  return group
}

/** What the coordinator means by each code. */
const CODES: Readonly<Record<string, string>> = {
  UNKNOWN_MEMBER_ID:
    'The coordinator has taken this member out of the group: no heartbeat came within session.timeout.ms, or it left. It joins again as a new one.',
  ILLEGAL_GENERATION:
    'The group has been shared out since this member last heard of it: what it says in the name of the old generation is refused. It joins again.',
  REBALANCE_IN_PROGRESS:
    'The group is being shared out right now: every member has to join again, which clients do by themselves.',
  FENCED_INSTANCE_ID:
    'Two members run with the same group.instance.id: the one that came last has it, and this one is shut out for good.',
  FENCED_MEMBER_EPOCH:
    'The coordinator has given the partitions of this member away (group.protocol=consumer): it must give up what it reads and join again, which clients do by themselves.',
  STALE_MEMBER_EPOCH:
    'The group has moved on to a newer epoch between two heartbeats: the client repeats what was refused.',
}

const SILENT_MS = 'silent-ms'

async function tellRefusal(said: Said, look: Look, found: Found): Promise<void> {
  const code = Object.keys(CODES).find((each) => said.codes.includes(each) || said.text.includes(each))
  if (code !== undefined) found.because(CODES[code]!)
  const silentMs = Number(said.option(SILENT_MS) ?? 0)
  const sessionMs = Number(said.option('session-timeout-ms') ?? 0)
  if (silentMs > 0) found.fact(`the coordinator last heard of this member ${duration(silentMs)} before`)
  if (sessionMs > 0 && silentMs >= sessionMs) {
    found.fact(`session.timeout.ms is ${sessionMs}, which is ${duration(sessionMs)}`)
    found.because(
      'This program stood still for longer than session.timeout.ms (Ctrl-Z, a machine that slept, too busy), so its partitions went to others. It has joined again; what it read after its last commit is read once more.',
    )
  }
  await tellChanges(said, look, found)
}

async function tellRebalances(said: Said, look: Look, found: Found): Promise<void> {
  const group = await tellChanges(said, look, found)
  if (group === null) return
  if (group.groupEpoch !== undefined && group.groupEpoch >= 0)
    found.fact(`group epoch ${group.groupEpoch}: so many changes since it began`)
  const fixed = group.members.filter(({ groupInstanceId }) => groupInstanceId !== null).length
  if (group.members.length > 0)
    found.fact(`${fixed} of ${count(group.members.length, 'member')} with a group.instance.id`)
  found.fact(`protocol ${group.type.toLowerCase() || 'classic'}, assignor ${group.assignor || 'none'}`)
}

export const GROUPS: readonly BeginnerError[] = [
  {
    id: 'group-is-active',
    title: 'Offsets are only changed while nobody reads',
    texts: [
      "Assignments can only be reset if the group 'g' is inactive, but the current state is Stable.",
      'org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.',
    ],
    when: [
      /Assignments can only be reset if the group '(?<GROUP>[^']+)' is inactive/,
      /Group '(?<GROUP>[^']+)' could not be deleted due to: .*GroupNotEmpty/,
    ],
    codes: ['NON_EMPTY_GROUP'],
    why: 'Members hold their positions in memory and would commit over what is set. Stop them first: the group is Empty once they have left, or after session.timeout.ms (45 s) when they were killed.',
    next: [
      {
        run: 'kt consumer-groups --describe --group GROUP --members --verbose',
        does: 'who is in it; then stop those programs',
      },
      { run: 'kt consumer-groups --describe --group GROUP --state', does: 'Empty, and it works' },
    ],
    where: 'consumer-groups --reset-offsets, --delete, --delete-offsets',
    observe: tellGroup,
  },
  {
    id: 'no-active-members',
    title: 'Nobody reads in this group right now',
    texts: ["Consumer group 'g' has no active members."],
    when: [/(Consumer|Share) group '(?<GROUP>[^']+)' has no active members/],
    why: 'This is no error: the offsets shown are those that were committed, and stay offsets.retention.minutes (7 days) after the last member has left.',
    next: [{ run: 'kt console-consumer --topic TOPIC --group GROUP', does: 'goes on reading where the group was' }],
    where: 'consumer-groups --describe',
    shown: 'at a terminal',
    observe: tellCommitted,
  },
  {
    id: 'poll-too-late',
    title: 'The consumer took too long between two polls',
    texts: [
      'Commit cannot be completed since the group has already rebalanced and assigned the partitions to another member.',
      'consumer poll timeout has expired. This means the time between subsequent calls to poll() was longer than the configured max.poll.interval.ms',
      'Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment',
      'Application maximum poll interval (300000ms) exceeded by 88ms (adjust max.poll.interval.ms for long-running message processing): leaving group',
    ],
    when: [
      /Commit cannot be completed since the group has already rebalanced/,
      /consumer poll timeout has expired/,
      /time between subsequent calls to poll\(\) was longer than the configured max\.poll\.interval\.ms(\D+(?<INTERVAL>\d+))?/,
      /consumer is not part of an active group/,
      /maximum poll interval \((?<INTERVAL>\d+)\s?ms\) exceeded( by (?<OVER>\d+)\s?ms)?/,
    ],
    why: 'Whoever does not poll within max.poll.interval.ms (5 min) is taken for dead: its partitions go to others, and its commit comes too late. Those records are read again by somebody else.',
    next: [
      { does: 'lower max.poll.records (500), so that a batch is done in time, or raise max.poll.interval.ms' },
      { run: 'kt consumer-groups --describe --group GROUP --members', does: 'who has the partitions now' },
    ],
    where:
      'kt lab slow, and programs with Java clients or librdkafka; consumers of kt keep their place while they print',
    observe: tellPollTime,
  },
  {
    id: 'endless-rebalances',
    title: 'The group shares its partitions out again and again',
    texts: [
      'Preparing to rebalance group g in state PreparingRebalance with old generation 41',
      'endless rebalances',
      "group 'g' has been shared out 4 times in 60 s",
    ],
    when: [
      /Preparing to rebalance group (?<GROUP>\S+) in state/,
      /(endless|constant|frequent) rebalanc/i,
      /[Gg]roup '(?<GROUP>[^']+)' (has been shared out|keeps rebalancing)/,
      /\(Re-\)joining group/,
      /due to (?<WHY>.*member.* heartbeat expiration)/,
    ],
    why: 'Every member that comes, goes or falls silent makes the group share out anew. A member leaves when its heartbeat is late (session.timeout.ms), when it polls too late (max.poll.interval.ms), or because it was restarted.',
    next: [
      {
        run: 'kt consumer-groups --describe --group GROUP --steps',
        does: 'each step as it happens: who comes, who goes, what stands still',
      },
      {
        does: 'group.instance.id for members that restart, CooperativeStickyAssignor or group.protocol=consumer (KIP-848) so that the others read on',
      },
    ],
    where: 'console-consumer --group at a terminal, after four in a minute',
    observe: tellRebalances,
  },
  {
    id: 'idle-member',
    title: 'A member without a partition',
    texts: ['4 consumers, 1 with 0 partitions', "member of group 'g' has no partition"],
    when: [
      /\d+ consumers, \d+ with (0|no) partitions/,
      /[Mm]ember of group '(?<GROUP>[^']+)' has no partition/,
      /\bCONSUMER-ID\b.*PARTITIONS\b[\s\S]*?\n(?<GROUP>\S+) [^\n]*\s0\s*(?:-\s*)?(?:\n|$)/,
    ],
    why: 'By design: within a group a partition is read by one member. More members than partitions are a reserve, which takes over when another one goes.',
    next: [
      { run: 'kt topics --alter --topic TOPIC --partitions 4', does: 'keys then go to other partitions' },
      {
        run: 'kt console-share-consumer --topic TOPIC',
        does: 'members of a share group do share partitions, where the cluster has such groups',
      },
    ],
    where: 'consumer-groups --describe --members, and console-consumer --group that prints nothing',
    shown: 'at a terminal',
    observe: tellIdle,
  },
  {
    id: 'coordinator-not-available',
    title: 'The group has no coordinator',
    texts: [
      'COORDINATOR_NOT_AVAILABLE',
      'The coordinator is not available.',
      'GROUP_COORDINATOR_NOT_AVAILABLE',
      'Broker 2 is not part of the cluster or not alive\n  DescribeGroups was answered with BROKER_NOT_AVAILABLE',
    ],
    when: [
      /Group '?(?<GROUP>[\w.-]+)'?: (Failed to find group coordinator|The group coordinator is not available|This is not the correct coordinator)/,
      /Group '(?<GROUP>[^']+)' finds no coordinator/,
      /Broker \d+ is not part of the cluster or not alive\s+((Describe|Delete|Consumer)Group|Offset)/,
      /GROUP_COORDINATOR_NOT_AVAILABLE|GroupCoordinatorNotAvailable|NOT_COORDINATOR_FOR_GROUP/,
      /Failed to find group coordinator|This is not the correct coordinator/,
      /Group coordinator \S+ \(id: \d+ rack: \S+\) is unavailable or invalid/,
    ],
    codes: ['COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS'],
    why: "The broker that leads a group's partition of __consumer_offsets is its coordinator. Without a leader there, or without that topic, groups wait in silence.",
    next: [{ run: `kt topics --describe --topic ${OFFSETS_TOPIC} --unavailable-partitions` }],
    where: 'console-consumer --group, consumer-groups',
    observe: async (said, look, found) => void (await tellCoordinator(look, found, said.name('GROUP') ?? null)),
  },
  {
    id: 'rebalance-codes',
    title: 'The group has moved on without this member',
    texts: [
      'REBALANCE_IN_PROGRESS',
      'ILLEGAL_GENERATION',
      'UNKNOWN_MEMBER_ID',
      'The group is rebalancing, so a rejoin is needed.',
      'Specified group generation id is not valid.',
      "This member of group 'g' was taken out of it while it was silent (UNKNOWN_MEMBER_ID), and joins again.",
    ],
    when: [
      /[Tt]his member of group '(?<GROUP>[^']+)' was taken out of it/,
      /Group '?(?<GROUP>[\w.-]+)'?: (The coordinator is not aware of this member|Specified group generation id is not valid|The group is rebalancing)/,
      /coordinator is not aware of this member/,
      /group generation id is not valid/,
      /group is rebalancing, so a rejoin is needed/,
      /Attempt to heartbeat failed since group is rebalancing/,
    ],
    codes: Object.keys(CODES),
    why: 'The partitions are being shared out, or were while this member was busy or silent. It joins again by itself; what it had not committed is read again.',
    next: [
      { run: 'kt consumer-groups --describe --group GROUP --members', does: 'who is in it now' },
      { run: 'kt consumer-groups --describe --group GROUP --steps', does: 'each step from now on, as it happens' },
    ],
    where:
      'console-consumer --group and verifiable-consumer at a terminal, when they stood still for longer than their session (Ctrl-Z, a sleeping machine); programs with consumers',
    observe: tellRefusal,
  },
]
