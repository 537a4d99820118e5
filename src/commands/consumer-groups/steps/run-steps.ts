/** `--describe --steps`: every step of a rebalance as it happens, until Ctrl-C. */
import { KtError } from '../../../base/errors.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { toKtError } from '../../../cli/errors.ts'
import { nearest } from '../../../cli/nearest.ts'
import { presentationOf, targetOf } from '../../../cli/script-command.ts'
import type { Admin, GroupDescription } from '../../../client/admin-types.ts'
import { refusedWith } from '../../kafka-refusal.ts'
import { pause } from '../../pause.ts'
import { ScriptFailure } from '../../script-failure.ts'
import { offsetRows } from '../group-rows.ts'
import { groupIdsOf } from '../list.ts'
import type { GivenConsumerGroups } from '../options.ts'
import { RecordSource } from './record-source.ts'
import type { Step } from './step.ts'
import { StepPrinter } from './step-printer.ts'
import { nameOf } from './tracker.ts'
import { WatchedGroup } from './watched-group.ts'

/** How often the state is asked for: while something happens, and the more seldom the longer nothing does. */
const BUSY_POLL_MS = 100
const IDLE_POLL_MS = 500
const SLOWER = 1.3
/** Kinds of groups that have a command of their own. */
const OTHER_COMMANDS: ReadonlyMap<string, string> = new Map([
  ['Share', 'share-groups'],
  ['Streams', 'streams-groups'],
])
/** Another try at the groups' records. */
const REOPEN_MS = 5_000

/** Watches groups until the signal; a group that does not exist yet is waited for. */
export async function runSteps(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const groupIds = [...new Set(await groupIdsOf(given, admin))]
  const printer = new StepPrinter(
    context.stdout,
    presentationOf(given, context),
    await context.colours(),
    groupIds.length > 1,
  )
  const watch = new StepWatch(given, context, admin, printer, groupIds)
  await watch.run()
}

class StepWatch {
  readonly #given: GivenConsumerGroups
  readonly #context: CommandContext
  readonly #admin: Admin
  readonly #printer: StepPrinter
  readonly #groups: ReadonlyMap<string, WatchedGroup>
  readonly #startedAt: number
  #source: RecordSource | null = null
  /** When the records are tried next; null: they may not be read. */
  #openAt: number | null = 0
  #polledAt: number
  #isAway = false
  #beginPrinting: () => void = () => undefined
  /** Settles when everything so far is printed: one step after the other, and how the group stands before all of them. */
  #printing = new Promise<void>((resolve) => {
    this.#beginPrinting = resolve
  })

  constructor(
    given: GivenConsumerGroups,
    context: CommandContext,
    admin: Admin,
    printer: StepPrinter,
    groupIds: readonly string[],
  ) {
    this.#given = given
    this.#context = context
    this.#admin = admin
    this.#printer = printer
    this.#groups = new Map(groupIds.map((groupId) => [groupId, new WatchedGroup(groupId)]))
    this.#startedAt = context.clock.now()
    this.#polledAt = this.#startedAt
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#context
    await this.#ask()
    await this.#openRecords()
    // Asked again, so that nothing lies between the answer and the first record.
    if (this.#source !== null) await this.#ask()
    try {
      await this.#announce()
    } catch (error) {
      this.#source?.close()
      throw error
    }
    this.#beginPrinting()
    let everyMs = BUSY_POLL_MS
    while (!signal.aborted) {
      await pause(clock, everyMs, signal)
      if (signal.aborted) break
      const isBusy = await this.#poll()
      everyMs = isBusy ? BUSY_POLL_MS : Math.min(IDLE_POLL_MS, everyMs * SLOWER)
    }
    this.#source?.close()
    await this.#printing
    await this.#summarise()
  }

  /** Describes every group for the first time; what cannot be described ends the command. */
  async #ask(): Promise<void> {
    const found = await this.#admin.describeGroups([...this.#groups.keys()])
    const at = this.#context.clock.now()
    for (const [groupId, outcome] of found) {
      if (!outcome.ok && outcome.error.name !== 'GROUP_ID_NOT_FOUND') throw new ScriptFailure(outcome.error.message)
      this.#groups.get(groupId)!.polled(outcome.ok ? outcome.value : null, at, 0)
    }
    this.#polledAt = at
  }

  async #announce(): Promise<void> {
    const { stderr, clock } = this.#context
    const source = this.#source
    const from =
      source === null
        ? ''
        : `${source.partitions.slice(0, 3).join(', ')}${source.partitions.length > 3 ? ', ...' : ''} and from `
    stderr.write(
      `Steps come from ${from}describing the group every ${BUSY_POLL_MS} to ${IDLE_POLL_MS} ms; Ctrl-C ends.\n`,
    )
    const missing = [...this.#groups.values()].filter(({ view }) => view.state === 'Dead')
    for (const { groupId } of missing) stderr.write(await this.#waitingText(groupId))
    for (const group of this.#groups.values()) {
      await this.#printer.print(group.groupId, await this.#watching(group), clock.now())
    }
  }

  async #waitingText(groupId: string): Promise<string> {
    const known = await this.#admin.listGroups().catch(() => [])
    const other = known.find((group) => group.groupId === groupId && OTHER_COMMANDS.has(group.type))
    if (other !== undefined) {
      throw new KtError('usage', `Group '${groupId}' is of another kind (${other.type}): steps are told of consumers`, {
        next: `kt ${OTHER_COMMANDS.get(other.type)} --describe --group ${groupId} --members`,
      })
    }
    const near = nearest(
      groupId,
      known.map((group) => group.groupId),
    )
    const hint = near.length === 0 ? '' : `; did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`
    return `There is no group '${groupId}' yet, its first member is waited for${hint}\n`
  }

  async #watching(group: WatchedGroup): Promise<Step> {
    const { state, type, assignor, generation, groupEpoch, targetAssignmentEpoch, members } = group.view
    return {
      step: 'watching',
      state,
      type,
      assignor,
      generation,
      groupEpoch,
      targetAssignmentEpoch,
      members: [...members.values()].map((member) => ({
        ...nameOf(member),
        memberEpoch: member.memberEpoch,
        partitions: member.assignment.length,
      })),
      partitions: group.tracker.partitionCount,
      source: group.hasRecords ? 'records' : 'polls',
      lag: await this.#lagOf(group),
    }
  }

  /** True while something is going on. */
  async #poll(): Promise<boolean> {
    const { clock } = this.#context
    if (this.#source === null) await this.#openRecords()
    const before = new Map([...this.#groups.values()].map((group) => [group, group.recordCount]))
    const found = await this.#described()
    if (found === null) return true
    const at = clock.now()
    const uncertaintyMs = at - this.#polledAt
    this.#polledAt = at
    let isBusy = false
    for (const [group, recordCount] of before) {
      // A record came while we asked: the answer may be older than it.
      if (group.recordCount !== recordCount) continue
      const steps = group.polled(found.get(group.groupId) ?? null, at, uncertaintyMs)
      this.#enqueue(group, steps, at)
      isBusy ||= steps.length > 0 || group.tracker.isUnderWay
    }
    await this.#printing
    return isBusy
  }

  /** Null when nobody answers: that is told once, and again when they do. */
  async #described(): Promise<Map<string, GroupDescription> | null> {
    const { stderr } = this.#context
    try {
      const found = await this.#admin.describeGroups([...this.#groups.keys()])
      if (this.#isAway) stderr.write('The coordinator answers again.\n')
      this.#isAway = false
      return new Map([...found].flatMap(([id, outcome]) => (outcome.ok ? [[id, outcome.value] as const] : [])))
    } catch (error) {
      if (!this.#isAway && !this.#context.signal.aborted) stderr.write(`${toKtError(error).message}; asking again\n`)
      this.#isAway = true
      return null
    }
  }

  async #openRecords(): Promise<void> {
    const { clock, stderr } = this.#context
    if (this.#openAt === null || clock.now() < this.#openAt) return
    this.#openAt = clock.now() + REOPEN_MS
    try {
      const connection = await this.#context.connection(targetOf(this.#given))
      this.#source = await RecordSource.open(this.#admin, connection, [...this.#groups.keys()])
    } catch (error) {
      stderr.write(
        `The records of __consumer_offsets cannot be read (${toKtError(error).message}): what is over between two looks is not seen.\n`,
      )
      this.#openAt = null
      return
    }
    if (this.#source === null) return
    for (const group of this.#groups.values()) group.hasRecords = true
    void this.#read(this.#source)
  }

  async #read(source: RecordSource): Promise<void> {
    const { clock, signal, stderr } = this.#context
    try {
      for (let found = await source.next(); found !== null; found = await source.next()) {
        const at = clock.now()
        for (const { groupId, records, isHistory } of found) {
          const group = this.#groups.get(groupId)!
          if (isHistory) for (const record of records) group.remember(record)
          else this.#enqueue(group, group.recorded(records, source.nameOf, at), at)
        }
      }
    } catch (error) {
      if (!signal.aborted) stderr.write(`Reading the group's records ended: ${toKtError(error).message}\n`)
      if (refusedWith(error, 'TOPIC_AUTHORIZATION_FAILED')) this.#openAt = null
    }
    source.close()
    for (const group of this.#groups.values()) group.hasRecords = false
    this.#source = null
  }

  #enqueue(group: WatchedGroup, steps: readonly Step[], at: number): void {
    for (const step of steps) {
      this.#printing = this.#printing.then(async () => {
        const whole = step.step === 'settled' ? { ...step, lag: await this.#lagOf(group) } : step
        await this.#printer.print(group.groupId, whole, at)
      })
    }
  }

  /** Records that the group has still to read; null where that cannot be told. */
  async #lagOf({ groupId, view }: WatchedGroup): Promise<number | null> {
    if (view.state === 'Dead') return null
    const members = [...view.members.values()].map(({ assignment, ...member }) => ({ ...member, assignment }))
    const description = { groupId, ...view, members, protocolType: 'consumer' } as unknown as GroupDescription
    try {
      const [described] = await offsetRows(this.#admin, [description])
      const lags = described!.rows.flatMap(({ lag }) => (lag === null ? [] : [lag]))
      return lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0)
    } catch {
      return null
    }
  }

  async #summarise(): Promise<void> {
    const at = this.#context.clock.now()
    for (const { groupId, tracker } of this.#groups.values()) {
      await this.#printer.print(groupId, tracker.summary(at - this.#startedAt, at), at)
    }
  }
}
