/**
 * Scenarios of group membership as text: lines that start with `>` are commands, the lines below are what came back.
 * The same commands run against our coordinator and against Apache Kafka, so that a transcript is a fact, not an
 * opinion. Answers that arrive within one step are sorted by member, their order is nobody's promise.
 *
 *   join NAME [v=9] [as=INSTANCE] [fresh] [protocols=range:t,sticky:t+u] [type=consumer] [session=10000] [rebalance=60000]
 *   sync NAME [v=5] [assign=a:x,b:y] [generation=N] [protocol=range] [type=consumer] [as=INSTANCE]
 *   heartbeat NAME [v=4] [generation=N] [as=INSTANCE]
 *   leave NAME... [v=5] | leave as=INSTANCE
 *   commit [NAME] t-0=5,u-1=7 [v=9] [generation=N] [metadata=LENGTH] [as=INSTANCE]
 *   offsets [t-0,t-1] [v=9] | delete-offsets t-0 | describe [v=6] | list | delete-group
 *   wait MS
 */
import { errorName } from '../../src/protocol/error-codes.ts'
import { offsetCommit } from '../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../src/protocol/messages/09-offset-fetch.ts'
import { joinGroup } from '../../src/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../src/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../src/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../src/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../src/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../src/protocol/messages/16-list-groups.ts'
import { deleteGroups } from '../../src/protocol/messages/42-delete-groups.ts'
import { offsetDelete } from '../../src/protocol/messages/47-offset-delete.ts'
import type { Api, RequestInput, ResponseOf } from '../../src/protocol/schema.ts'
import { subscription } from './harness.ts'

/** What a transcript is run against. */
export interface Subject {
  readonly groupId: string
  /** Sends on the connection of that client: a parked request blocks only its own. */
  call<A extends Api>(client: string, api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A>>
  wait(ms: number): Promise<void>
  /** Resolves when no more answers are about to come. */
  quiet(): Promise<void>
}

type Options = Readonly<Record<string, string>>

interface Command {
  readonly verb: string
  readonly words: readonly string[]
  readonly options: Options
}

function parse(line: string): Command {
  const [verb = '', ...rest] = line.split(/\s+/)
  const isOption = (word: string): boolean => /^[a-z]+=/.test(word)
  const options = rest.filter(isOption).map((word) => {
    const at = word.indexOf('=')
    return [word.slice(0, at), word.slice(at + 1)]
  })
  return { verb, words: rest.filter((word) => !isOption(word)), options: Object.fromEntries(options) }
}

interface KnownMember {
  memberId: string
  generation: number
}

/** Settings a transcript wants, from its line `# config: group.max.size=2 ...`. */
export function transcriptConfig(text: string): Readonly<Record<string, number>> {
  const words = /^# config: (.*)$/m.exec(text)?.[1]?.split(' ') ?? []
  return Object.fromEntries(words.map((word) => [word.split('=')[0]!, Number(word.split('=')[1])]))
}

export class Transcript {
  private readonly subject: Subject
  private readonly members = new Map<string, KnownMember>()
  /** Member id -> name; the second id of a name is shown as `a'`. */
  private readonly names = new Map<string, string>()
  /** Rendered at the end of the step, when the names of all members are known. */
  private arrived: (() => string)[] = []

  constructor(subject: Subject) {
    this.subject = subject
  }

  /** Runs the commands of a transcript and returns it with the answers that came. */
  async run(text: string): Promise<string> {
    const out: string[] = []
    for (const line of text.split('\n')) {
      if (line.startsWith('#')) out.push(line)
      if (line === '' && out.at(-1) !== '') out.push('')
      if (!line.startsWith('> ')) continue
      out.push(line)
      await this.step(parse(line.slice(2)))
      out.push(...this.arrived.map((render) => render()).sort())
      this.arrived = []
    }
    return `${out.join('\n').trim()}\n`
  }

  private async step(command: Command): Promise<void> {
    await this.commands[command.verb]!(command)
    await this.subject.quiet()
  }

  private readonly commands: Readonly<Record<string, (command: Command) => Promise<void> | void>> = {
    join: (command) => this.join(command),
    sync: (command) => this.sync(command),
    heartbeat: (command) => this.heartbeat(command),
    leave: (command) => this.leave(command),
    commit: (command) => this.commit(command),
    offsets: (command) => this.offsets(command),
    'delete-offsets': (command) => this.deleteOffsets(command),
    describe: (command) => this.describe(command),
    list: (command) => this.list(command),
    'delete-group': (command) => this.deleteGroup(command),
    wait: ({ words }) => this.subject.wait(Number(words[0])),
  }

  private say(who: string, words: () => readonly (string | null)[]): void {
    this.arrived.push(() => `${who}: ${words().filter(Boolean).join(' ')}`)
  }

  private nameOf(memberId: string): string {
    return memberId === '' ? '-' : (this.names.get(memberId) ?? memberId)
  }

  private learn(name: string, memberId: string): void {
    if (memberId === '' || this.names.has(memberId)) return
    const known = [...this.names.values()].filter((other) => other.replaceAll("'", '') === name).length
    this.names.set(memberId, name + "'".repeat(known))
  }

  private known(name: string): KnownMember {
    let member = this.members.get(name)
    if (member === undefined) {
      member = { memberId: '', generation: -1 }
      this.members.set(name, member)
    }
    return member
  }

  private join({ words, options }: Command): void {
    const name = words[0]!
    const member = this.known(name)
    if (words.includes('fresh')) member.memberId = ''
    const protocols = (options.protocols ?? 'range:t').split(',').map((protocol) => {
      const [protocolName = '', topics = ''] = protocol.split(':')
      return { name: protocolName, metadata: subscription(...topics.split('+').map((topic) => `transcript-${topic}`)) }
    })
    const request = {
      groupId: this.subject.groupId,
      sessionTimeoutMs: Number(options.session ?? 10_000),
      rebalanceTimeoutMs: Number(options.rebalance ?? 60_000),
      memberId: options.id ?? member.memberId,
      groupInstanceId: options.as ?? null,
      protocolType: options.type ?? 'consumer',
      protocols: options.protocols === 'none' ? [] : protocols,
      reason: null,
    }
    void this.subject.call(name, joinGroup, Number(options.v ?? 9), request).then((response) => {
      if (options.id === undefined) this.learn(name, response.memberId)
      if (response.memberId !== '' && options.id === undefined) member.memberId = response.memberId
      if (response.errorCode === 0) member.generation = response.generationId
      const success = (): string[] => [
        `generation=${response.generationId}`,
        `protocol=${response.protocolName}`,
        `type=${response.protocolType}`,
        `leader=${this.nameOf(response.leader)}`,
        response.skipAssignment ? 'skip-assignment' : '',
        `members=[${response.members.map(({ memberId }) => this.nameOf(memberId)).sort()}]`,
      ]
      this.say(name, () => [
        'join',
        errorName(response.errorCode),
        `id=${this.nameOf(response.memberId)}`,
        ...(response.errorCode === 0 ? success() : []),
      ])
    })
  }

  private generation(name: string, options: Options): number {
    return options.generation === undefined ? this.known(name).generation : Number(options.generation)
  }

  private sync({ words, options }: Command): void {
    const name = words[0]!
    const assignments = (options.assign ?? '')
      .split(',')
      .filter((part) => part !== '')
      .map((part) => {
        const [to = '', text = ''] = part.split(':')
        return { memberId: this.known(to).memberId, assignment: Buffer.from(text) }
      })
    const version = Number(options.v ?? 5)
    const request = {
      groupId: this.subject.groupId,
      generationId: this.generation(name, options),
      memberId: options.id ?? this.known(name).memberId,
      groupInstanceId: options.as ?? null,
      ...(version >= 5 ? { protocolType: options.type ?? 'consumer', protocolName: options.protocol ?? 'range' } : {}),
      assignments,
    }
    void this.subject.call(name, syncGroup, version, request).then((response) => {
      const ok = response.errorCode === 0
      this.say(name, () => [
        'sync',
        errorName(response.errorCode),
        ok ? `protocol=${response.protocolName}` : '',
        ok ? `assignment=${JSON.stringify(response.assignment.toString())}` : '',
      ])
    })
  }

  private async heartbeat({ words, options }: Command): Promise<void> {
    const name = words[0]!
    const request = {
      groupId: this.subject.groupId,
      generationId: this.generation(name, options),
      memberId: options.id ?? this.known(name).memberId,
      groupInstanceId: options.as ?? null,
    }
    const response = await this.subject.call(`${name}-control`, heartbeat, Number(options.v ?? 4), request)
    this.say(name, () => ['heartbeat', errorName(response.errorCode)])
  }

  private async leave({ words, options }: Command): Promise<void> {
    const version = Number(options.v ?? 5)
    const leaving =
      words.length === 0
        ? [{ memberId: '', groupInstanceId: options.as ?? null }]
        : words.map((name) => ({ memberId: this.known(name).memberId, groupInstanceId: options.as ?? null }))
    const request =
      version < 3
        ? { groupId: this.subject.groupId, memberId: leaving[0]!.memberId }
        : { groupId: this.subject.groupId, members: leaving }
    const response = await this.subject.call('admin', leaveGroup, version, request)
    const instance = (id: string | null): string => (id === null ? '' : `(${id})`)
    this.say('leave', () => [
      errorName(response.errorCode),
      ...response.members.map(
        (member) => `${this.nameOf(member.memberId)}${instance(member.groupInstanceId)}=${errorName(member.errorCode)}`,
      ),
    ])
  }

  private async commit({ words, options }: Command): Promise<void> {
    const [name, offsets] = words.length > 1 ? [words[0]!, words[1]!] : [null, words[0]!]
    const request = {
      groupId: this.subject.groupId,
      generationIdOrMemberEpoch:
        options.generation === undefined && name === null ? -1 : this.generation(name ?? '', options),
      memberId: name === null ? '' : this.known(name).memberId,
      groupInstanceId: options.as ?? null,
      topics: offsets.split(',').map((entry) => {
        const [, topic = '', partition, offset] = /^(\w+)-(\d+)=(-?\d+)$/.exec(entry)!
        const committedMetadata = options.metadata === undefined ? null : 'm'.repeat(Number(options.metadata))
        const at = { partitionIndex: Number(partition), committedOffset: BigInt(offset!), committedMetadata }
        return { name: `transcript-${topic}`, partitions: [at] }
      }),
    }
    const response = await this.subject.call('admin', offsetCommit, Number(options.v ?? 9), request)
    const each = response.topics.flatMap((topic) =>
      topic.partitions.map(
        (partition) =>
          `${topic.name.replace('transcript-', '')}-${partition.partitionIndex}=${errorName(partition.errorCode)}`,
      ),
    )
    this.say('commit', () => each)
  }

  private async offsets({ words, options }: Command): Promise<void> {
    const version = Number(options.v ?? 9)
    const topics =
      words[0]?.split(',').map((entry) => {
        const [topic = '', partition] = entry.split('-')
        return { name: `transcript-${topic}`, partitionIndexes: [Number(partition)] }
      }) ?? null
    const { groupId } = this.subject
    const request = version >= 8 ? { groups: [{ groupId, topics }] } : { groupId, topics }
    const response = await this.subject.call('admin', offsetFetch, version, request)
    const group = version >= 8 ? response.groups[0]! : response
    const each = group.topics.flatMap((topic) =>
      topic.partitions.map((partition) => {
        const error = partition.errorCode === 0 ? '' : `(${errorName(partition.errorCode)})`
        const metadata = partition.metadata === '' ? '' : `/${partition.metadata?.length}`
        const name = topic.name.replace('transcript-', '')
        return `${name}-${partition.partitionIndex}=${partition.committedOffset}${metadata}${error}`
      }),
    )
    this.say('offsets', () => [errorName(group.errorCode), ...each.sort()])
  }

  private async deleteOffsets({ words }: Command): Promise<void> {
    const topics = words[0]!.split(',').map((entry) => {
      const [topic = '', partition] = entry.split('-')
      return { name: `transcript-${topic}`, partitions: [{ partitionIndex: Number(partition) }] }
    })
    const response = await this.subject.call('admin', offsetDelete, 0, { groupId: this.subject.groupId, topics })
    const each = response.topics.flatMap((topic) =>
      topic.partitions.map(
        (partition) =>
          `${topic.name.replace('transcript-', '')}-${partition.partitionIndex}=${errorName(partition.errorCode)}`,
      ),
    )
    this.say('delete-offsets', () => [errorName(response.errorCode), ...each])
  }

  private async describe({ options }: Command): Promise<void> {
    const request = { groups: [this.subject.groupId] }
    const response = await this.subject.call('admin', describeGroups, Number(options.v ?? 6), request)
    const group = response.groups[0]!
    const message = group.errorMessage?.replace(this.subject.groupId, 'GROUP') ?? null
    const head = [group.groupState, `type=${group.protocolType}`, `protocol=${group.protocolData}`]
    this.say('describe', () => [errorName(group.errorCode), message, ...head])
    for (const member of group.members) {
      const instance = member.groupInstanceId === null ? '' : ` instance=${member.groupInstanceId}`
      const bytes = `metadata=${member.memberMetadata.length} assignment=${JSON.stringify(member.memberAssignment.toString())}`
      const rest = `${instance} client=${member.clientId} host=${member.clientHost} ${bytes}`
      this.say('describe', () => [`  ${this.nameOf(member.memberId)}${rest}`])
    }
  }

  private async list({ options }: Command): Promise<void> {
    const request = {
      statesFilter: options.states?.split(',') ?? [],
      typesFilter: options.types?.split(',') ?? [],
    }
    const response = await this.subject.call('admin', listGroups, 5, request)
    const mine = response.groups.find(({ groupId }) => groupId === this.subject.groupId)
    const words =
      mine === undefined ? ['not listed'] : [mine.groupState, `type=${mine.groupType}`, `protocol=${mine.protocolType}`]
    this.say('list', () => [errorName(response.errorCode), ...words])
  }

  private async deleteGroup(_command: Command): Promise<void> {
    const response = await this.subject.call('admin', deleteGroups, 2, { groupsNames: [this.subject.groupId] })
    this.say('delete-group', () => [errorName(response.results[0]!.errorCode)])
  }
}
