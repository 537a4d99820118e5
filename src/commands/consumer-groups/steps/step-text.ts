/** Steps as lines for people. */
import type { Colours } from '../../../cli/colour.ts'
import type { TopicPartition } from '../../../client/admin-types.ts'
import { spanText } from '../../plain-table.ts'
import { partitionsText } from '../partitions-text.ts'
import type { MemberName, Move, Step } from './step.ts'

/** How many letters of a member's id tell it from others of the same client. */
const ID_TAIL = 4
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** `120ms`, `3.1s`, `5m 12s` */
function timeText(ms: number): string {
  return ms < SECOND_MS || ms >= MINUTE_MS ? spanText(ms) : `${(ms / SECOND_MS).toFixed(1)}s`
}

/** The instance id, or the client id and the end of the member id. */
export function memberText({ memberId, groupInstanceId, clientId }: MemberName): string {
  return groupInstanceId ?? `${clientId === '' ? 'member' : clientId}~${memberId.slice(-ID_TAIL)}`
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
const lagText = (lag: number | null): string => (lag === null ? '' : `; lag ${lag}`)

type Text<S extends Step['step']> = (step: Extract<Step, { step: S }>, colours: Colours) => string[]
const TEXTS: { readonly [S in Step['step']]: Text<S> } = {
  watching: watchingLines,
  state: ({ from, to, unseen }, { bold, good, warning }) => [
    `${from} -> ${to === 'Stable' ? good(to) : bold(warning(to))}${unseen ? ' (what was between was over before it could be seen)' : ''}`,
  ],
  joined: ({ member, replaces }, { name, good }) => [
    `${good('+')} ${name(memberText(member))} joins from ${member.host}${replaces === null ? '' : `, in the place of ${memberText(replaces)}`}`,
  ],
  left: ({ member, partitions }, { name, bad }) => [
    `${bad('-')} ${name(memberText(member))} is gone${partitions.length === 0 ? '' : `; it read ${partitionsText(partitions)}`}`,
  ],
  generation: ({ generation, assignor, memberCount }, { bold }) => [
    `generation ${bold(String(generation))}: ${assignor === '' ? 'no assignor' : assignor}, ${count(memberCount, 'member')}`,
  ],
  epochs: ({ groupEpoch, targetAssignmentEpoch, planned }, { bold }) => [
    `group epoch ${bold(String(groupEpoch))}, target assignment epoch ${bold(String(targetAssignmentEpoch ?? '-'))}`,
    ...groupedMoves(planned).map(
      ({ from, to, partitions }) =>
        `  target: ${partitionsText(partitions)}: ${from === null ? 'nobody' : memberText(from)} -> ${to === null ? 'nobody' : memberText(to)}`,
    ),
  ],
  memberEpoch: ({ member, from, to }, { name }) => [
    `${name(memberText(member))} is at member epoch ${to} (was ${from})`,
  ],
  stopped: ({ why, partitions, total }, { warning }) => stoppedLines(why, partitions, total, warning),
  started: ({ moves }, { name }) => startedLines(moves, name),
  settled: (step, { bold, good }) => [good(settledText(step, bold))],
  summary: (step) => [
    `watched for ${timeText(step.watchedMs)}: ${count(step.rebalances, 'rebalance')}, ${step.joined} joined, ${step.left} left, ${count(step.moved, 'move')} of partitions, ${timeText(step.stoodStillMs)} of standing still summed over partitions; ${step.state} now`,
  ],
}

/** Lines without time and group; most steps are one. */
export function stepLines(step: Step, colours: Colours): string[] {
  return (TEXTS[step.step] as Text<typeof step.step>)(step as never, colours)
}

function watchingLines(step: Extract<Step, { step: 'watching' }>, { name }: Colours): string[] {
  if (step.state === 'Dead') return ['does not exist yet']
  const assignor = step.assignor === '' ? '' : `${step.assignor}, `
  const sizes = `${count(step.members.length, 'member')}, ${count(step.partitions, 'partition')}`
  return [
    `${step.state}, ${epochsText(step)}${assignor}${sizes}${lagText(step.lag)}`,
    ...step.members.map(
      (member) => `  ${name(memberText(member))} from ${member.host} reads ${count(member.partitions, 'partition')}`,
    ),
  ]
}

function epochsText(step: Extract<Step, { step: 'watching' }>): string {
  if (step.groupEpoch !== null) {
    return `group epoch ${step.groupEpoch}, target assignment epoch ${step.targetAssignmentEpoch ?? '-'}, `
  }
  return step.generation === null ? '' : `generation ${step.generation}, `
}

function stoppedLines(
  why: string,
  partitions: readonly (TopicPartition & { readonly from: MemberName | null })[],
  total: number,
  warning: (text: string) => string,
): string[] {
  if (why === 'rebalance') {
    return [
      warning(`all stand still: ${partitionsText(partitions)}; members give everything up before it is shared anew`),
    ]
  }
  return groupedMoves(partitions.map((each) => ({ ...each, to: null }))).map(({ from, partitions: some }) => {
    const owner = from === null ? 'nobody' : memberText(from)
    const reason = why === 'left' ? `${owner} is gone` : `${owner} gave up what another shall have`
    return warning(`${some.length} of ${total} stand still: ${partitionsText(some)}; ${reason}`)
  })
}

function startedLines(moves: readonly Move[], name: (text: string) => string): string[] {
  const kept = moves.filter(({ from, to }) => from?.memberId === to.memberId)
  const others = moves.filter(({ from, to }) => from?.memberId !== to.memberId)
  const still = (some: readonly { readonly stoodStillMs: number | null }[]): string => {
    const known = some.flatMap(({ stoodStillMs }) => (stoodStillMs === null ? [] : [stoodStillMs]))
    return known.length === 0 ? '' : `, nobody read for ${timeText(Math.max(...known))}`
  }
  return [
    ...groupedMoves(others).map(({ from, to, partitions }) =>
      from === null
        ? `  ${partitionsText(partitions)}: to ${name(memberText(to!))}${still(partitions)}`
        : `  ${partitionsText(partitions)}: ${memberText(from)} -> ${name(memberText(to!))}${still(partitions)}`,
    ),
    ...groupedMoves(kept).map(
      ({ to, partitions }) => `  ${partitionsText(partitions)}: stay with ${name(memberText(to!))}${still(partitions)}`,
    ),
  ]
}

interface Pair {
  readonly from: MemberName | null
  readonly to: MemberName | null
}

/** One line for each pair of members. */
function groupedMoves<M extends TopicPartition & Pair>(moves: readonly M[]): (Pair & { readonly partitions: M[] })[] {
  const groups = new Map<string, Pair & { partitions: M[] }>()
  for (const move of moves) {
    const key = `${move.from?.memberId ?? ''}\0${move.to?.memberId ?? ''}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { from: move.from, to: move.to, partitions: [move] })
    else known.partitions.push(move)
  }
  return [...groups.values()]
}

/** Less than this part of a time need not be told. */
const EXACT_ENOUGH = 0.1

function settledText(step: Extract<Step, { step: 'settled' }>, bold: (text: string) => string): string {
  const { partitions, moved, stoodStill, longestStandstillMs, unread, lag } = step
  const longest = longestStandstillMs === null ? '' : `, ${timeText(longestStandstillMs)} at most`
  const still =
    stoodStill === 0
      ? 'nothing stood still'
      : `${stoodStill} of ${count(partitions, 'partition')} stood still${longest}`
  const rest = unread.length === 0 ? '' : `; nobody reads ${partitionsText(unread)}`
  const head = step.state === 'Stable' ? 'goes on' : step.state === 'Empty' ? 'is empty' : `is ${step.state}`
  const nobody = step.joined === 0 && step.left === 0 && step.state === 'Stable' ? `; ${OTHER_REASONS}` : ''
  return `${head}${durationText(step, bold)}: ${still}, ${moved} moved${rest}${lagText(lag)}${nobody}`
}

const OTHER_REASONS =
  "nobody came or went: a subscription, a topic's partitions or a member that joined again was the reason"

function durationText(
  { durationMs, uncertaintyMs }: Extract<Step, { step: 'settled' }>,
  bold: (text: string) => string,
): string {
  if (durationMs === null || durationMs === 0) return ''
  const isExact = uncertaintyMs <= durationMs * EXACT_ENOUGH
  return ` after ${bold(timeText(durationMs))}${isExact ? '' : ` (begun ${timeText(uncertaintyMs)} earlier at most)`}`
}
