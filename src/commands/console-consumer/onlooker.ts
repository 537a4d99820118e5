/**
 * Looks on while a consumer runs at a terminal, and says on stderr what a person would look for in vain: why nothing comes,
 * that a group does not begin at the beginning, that it shares out again and again, that order holds within a partition
 * only. Each of them once. Loaded at a terminal alone.
 */
import type { Timer } from '../../base/clock.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import type { FetchedBatch } from '../../client/fetcher.ts'
import type { SetBack } from '../../client/group/membership-types.ts'
import { integerProperty } from '../../client/property-values.ts'
import { SetBackTeller } from '../beginner-errors/set-back.ts'
import { tellAtOnce } from '../beginner-errors/tell.ts'
import { type ConsumerSettings, commandConfigOf, type GivenConsoleConsumer } from './options.ts'
import type { RecordSource } from './print-records.ts'

/** As long as nobody wonders yet. */
const SILENCE_MS = 5_000
/** So many assignments within so long are too many. */
const RESTLESS = { times: 4, withinMs: 60_000 } as const
/** More than these are not told apart. */
const MAX_PARTITIONS = 10_000

export class Onlooker {
  readonly #given: GivenConsoleConsumer
  readonly #settings: ConsumerSettings
  readonly #context: CommandContext
  #timer: Timer | null = null
  #hasRecords = false
  #hasWondered = false
  #assigned: number | null = null
  readonly #assignedAt: number[] = []
  /** Newest timestamp so far, whose partition it was, and whether an older record came behind it. */
  #newest = Number.NEGATIVE_INFINITY
  readonly #partitions = new Set<string>()
  #isDisordered = false
  #setBacks: SetBackTeller | null = null
  /** What is being told: one after the other. */
  #telling: Promise<void> = Promise.resolve()

  constructor(given: GivenConsoleConsumer, settings: ConsumerSettings, context: CommandContext) {
    this.#given = given
    this.#settings = settings
    this.#context = context
  }

  /** Partitions that have come to the member, or have been taken from it. */
  readonly partitionsChanged = (more: number): void => {
    this.#assigned = Math.max(0, (this.#assigned ?? 0) + more)
    const { groupId } = this.#settings
    if (more < 0 || groupId === null) return
    if (this.#assignedAt.length === 0 && this.#given.has('from-beginning')) this.#tellWhereItGoesOn(groupId)
    const now = this.#context.clock.monotonic()
    this.#assignedAt.push(now)
    if (this.#assignedAt.filter((at) => now - at <= RESTLESS.withinMs).length !== RESTLESS.times) return
    this.#tell(`group '${groupId}' has been shared out ${RESTLESS.times} times in ${RESTLESS.withinMs / 1000} s`)
  }

  /** The group went on without this member. */
  readonly setBack = (setBack: SetBack): void => {
    const { groupId, properties } = this.#settings
    // That nobody coordinates the group was the reason of the silence, and is told.
    if (groupId === null || (this.#hasWondered && setBack.code === 'COORDINATOR_NOT_AVAILABLE')) return
    this.#setBacks ??= new SetBackTeller(
      {
        ...{ command: 'console-consumer', groupId, target: this.#target },
        sessionTimeoutMs: integerProperty(properties, 'session.timeout.ms'),
      },
      this.#context,
    )
    this.#setBacks.setBack(setBack)
  }

  /** From now on the silence counts. */
  watch(source: RecordSource): RecordSource {
    this.#timer = this.#context.clock.setTimer(SILENCE_MS, () => this.#wonder(), { background: true })
    return {
      next: () => source.next(),
      printed: (batch, nextOffset) => {
        this.#saw(batch)
        source.printed(batch, nextOffset)
      },
      close: () => source.close(),
    }
  }

  /** The consumer has ended. */
  async end(): Promise<void> {
    this.#timer?.cancel()
    if (this.#context.signal.aborted) this.#telling = Promise.resolve()
    await this.#telling
    await this.#setBacks?.settled
    if (!this.#isDisordered || this.#given.has('meta') || this.#partitions.size < 2) return
    const topic = this.#given.value('topic') ?? this.#given.value('include')
    this.#context.stderr.write(
      `These records of ${this.#partitions.size} partitions of '${topic}' came in another order than they were written: ` +
        'order holds within a partition.\n  next: --meta shows partition and offset of each\n',
    )
  }

  #saw({ topic, partition, header }: FetchedBatch): void {
    this.#hasRecords = true
    if (this.#partitions.size < MAX_PARTITIONS) this.#partitions.add(`${topic}-${partition}`)
    if (header.baseTimestamp < this.#newest) this.#isDisordered = true
    this.#newest = Math.max(this.#newest, header.maxTimestamp)
  }

  #wonder(): void {
    if (this.#hasRecords || this.#context.signal.aborted) return
    this.#hasWondered = true
    this.#tell('Nothing has come for 5 s: the consumer prints nothing.', this.#assigned ?? 0)
  }

  /** Where it has committed nothing yet it does begin at the beginning. */
  #tellWhereItGoesOn(groupId: string): void {
    const hasCommitted = async (): Promise<boolean> => {
      const admin = await this.#context.admin(this.#target)
      const outcome = (await admin.listGroupOffsets([groupId])).get(groupId)
      return outcome?.ok === true && outcome.value.some(({ offset }) => offset > 0)
    }
    const text = `group '${groupId}' goes on where it was: --from-beginning counts for a new group only`
    hasCommitted().then(
      (has) => has && this.#tell(text),
      () => undefined,
    )
  }

  get #target(): ConnectionTarget {
    return {
      bootstrapServer: this.#given.value('bootstrap-server'),
      commandConfig: commandConfigOf(this.#given),
      properties: this.#settings.properties,
    }
  }

  #tell(text: string, assigned: number | null = null): void {
    const failure = {
      text,
      command: 'console-consumer',
      args: [...(this.#context.args ?? []), ...this.#extra(assigned)],
    }
    this.#telling = this.#telling.then(() => tellAtOnce(failure, this.#target, this.#context)).catch(() => undefined)
  }

  /** What the settings say beside the command line, and what the group has given us. */
  #extra(assigned: number | null): string[] {
    const { groupId, properties } = this.#settings
    const isolation = properties.get('isolation.level')
    return [
      ...(groupId === null ? [] : ['--group', groupId]),
      ...(isolation === undefined ? [] : ['--isolation-level', isolation]),
      ...(groupId === null || assigned === null ? [] : ['--assigned', String(assigned)]),
    ]
  }
}
