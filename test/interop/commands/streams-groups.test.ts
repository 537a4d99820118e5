/** `kt streams-groups` and Apache's script over the same groups; a member is made of plain heartbeats. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { randomUuid } from '../../../src/base/uuid.ts'
import { ClusterClient, toBroker } from '../../../src/client/cluster-client.ts'
import { streamsGroupHeartbeat } from '../../../src/protocol/messages/88-streams-group-heartbeat.ts'
import { type ApacheKafka, apacheKafkaHome, isBundledReferee, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

const ownLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(GROUP|Gst-)/.test(line))
    .map((line) => line.replace(/ +/g, ' '))
    .join('\n')
const seen = { normalise: ownLines, busy: true }
const RESET = '--reset-offsets --group Gst-idle --dry-run'
const withoutStates = (text: string): string => text.replace(/(states are: ).*/, '$1STATES')

const CASES: ScriptCase[] = [
  { args: '--list', ...seen },
  { args: '--list --state', ...seen },
  { args: '--list --state stable', ...seen },
  { args: '--list --state=EMPTY,notready', ...seen },
  { args: '--list --state bogus', stderr: true, normalise: withoutStates },
  { args: '--list --timeout 20000 --command-config /dev/null', ...seen },
  { args: '--describe --group Gst-live' },
  { args: '--describe --group Gst-live --offsets --verbose' },
  { args: '--describe --group Gst-live --members' },
  { args: '--describe --group Gst-live --members --verbose' },
  { args: '--describe --group Gst-live --state' },
  { args: '--describe --group Gst-live --state --verbose' },
  { args: '--describe --group Gst-idle' },
  { args: '--describe --group Gst-idle --members' },
  { args: '--describe --group Gst-idle --state' },
  { args: '--describe --group Gst-idle --group Gst-live --state' },
  { args: '--describe --all-groups --state', normalise: ownLines, busy: true },
  { args: '--describe --group Gst-nobody' },
  { args: '--describe --group Gst-nobody --state' },
  { args: '--describe', stderr: true },
  { args: '--describe --group a --members --state', stderr: true },
  { args: '--describe --group a --state b', stderr: true },
  { args: '--describe --group a --all-groups', stderr: true },
  { args: '--describe --group a --input-topic b', stderr: true },

  { args: `${RESET} --input-topic Gst-topic --to-earliest` },
  { args: `${RESET} --input-topic Gst-topic:1 --to-latest` },
  { args: `${RESET} --all-input-topics --to-latest` },
  { args: `${RESET} --all-input-topics --to-latest --export` },
  { args: `${RESET} --input-topic Gst-topic:0 --to-offset 1` },
  { args: `${RESET} --input-topic Gst-topic:0 --to-offset 99` },
  { args: `${RESET} --all-input-topics --shift-by -1` },
  { args: `${RESET} --all-input-topics --to-current` },
  { args: `${RESET} --input-topic Gst-topic:0 --to-datetime 2020-01-01T00:00:00.000` },
  { args: `${RESET} --input-topic Gst-topic:0 --to-datetime nope` },
  { args: `${RESET} --input-topic Gst-topic:0 --by-duration P1D` },
  {
    args: `${RESET} --from-file {dir}/plan.csv`,
    files: { 'plan.csv': 'Gst-topic,0,1\nGst-topic,1,0\n' },
  },
  { args: `${RESET} --input-topic Gst-other --to-latest` },
  { args: `${RESET} --input-topic Gst-nothing --to-latest` },
  { args: `${RESET} --input-topic Gst-nothing:0 --to-latest` },
  { args: `${RESET} --input-topic Gst-topic:9 --to-latest` },
  { args: `${RESET} --input-topic Gst-topic:x --to-latest`, stderr: true },
  { args: `${RESET} --to-latest`, stderr: true },
  { args: `${RESET} --all-input-topics`, ownWords: true },
  { args: '--reset-offsets --group Gst-nobody --dry-run --input-topic Gst-topic --to-latest' },
  { args: '--reset-offsets --group Gst-nobody --dry-run --all-input-topics --to-latest' },
  { args: '--reset-offsets --group Gst-live --execute --all-input-topics --to-latest' },
  { args: '--reset-offsets --group Gst-idle --execute --input-topic Gst-topic --to-latest' },
  { args: '--reset-offsets --group a --to-latest', stderr: true },
  { args: '--reset-offsets --group a --to-latest --execute --dry-run', stderr: true },
  { args: '--reset-offsets --dry-run --to-latest', stderr: true },
  { args: '--reset-offsets --group a --dry-run --to-latest --shift-by 1', stderr: true },
  { args: '--reset-offsets --group a --dry-run --delete-all-internal-topics', stderr: true },
  { args: '--reset-offsets --group a --dry-run --delete-internal-topic t', stderr: true },

  { args: '--delete-offsets --group Gst-live --input-topic Gst-topic' },
  { args: '--delete-offsets --group Gst-nobody --input-topic Gst-topic:0' },
  { args: '--delete-offsets --group Gst-idle --input-topic Gst-nothing:0' },
  { args: '--delete-offsets --group a', stderr: true },
  { args: '--delete-offsets --input-topic a', stderr: true },
  { args: '--delete-offsets --group a --group b --input-topic a', stderr: true },
  { args: '--delete --group Gst-live' },
  { args: '--delete --group Gst-nobody --group Gst-live' },
  { args: '--delete', stderr: true },
  { args: '--delete --group a --input-topic b', stderr: true },
  { args: '--delete --group a --execute', stderr: true },
  { args: '--list --delete-all-internal-topics', stderr: true },

  { args: '--list --group a', stderr: true },
  { args: '--list --input-topic a', stderr: true },
  { args: '--list --members', stderr: true },
  { args: '--list --describe --group a', stderr: true },
  { args: '', stderr: true },
  { args: '--nonsense', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

/** A member of a streams group as the broker sees one. */
class StreamsMember {
  readonly #client: ClusterClient
  readonly #groupId: string
  readonly #memberId = randomUuid()
  #epoch = 0
  #tasks: readonly { subtopologyId: string; partitions: readonly number[] }[] = []

  constructor(client: ClusterClient, groupId: string) {
    this.#client = client
    this.#groupId = groupId
  }

  async beat(epoch = this.#epoch): Promise<void> {
    const joining = epoch === 0
    const subtopology = { subtopologyId: '0', sourceTopics: ['Gst-topic'] }
    const answer = await this.#client.send(toBroker(1), streamsGroupHeartbeat, {
      groupId: this.#groupId,
      memberId: this.#memberId,
      memberEpoch: epoch,
      rebalanceTimeoutMs: joining ? 60_000 : -1,
      topology: joining ? { epoch: 0, subtopologies: [subtopology] } : null,
      activeTasks: joining ? [] : this.#tasks,
      standbyTasks: [],
      warmupTasks: [],
      processId: joining ? 'process' : null,
      clientTags: joining ? [] : null,
    })
    expect({ code: answer.errorCode, message: answer.errorMessage }).toMatchObject({ code: 0 })
    this.#epoch = answer.memberEpoch
    if (answer.activeTasks !== null) this.#tasks = answer.activeTasks
  }

  leave(): Promise<void> {
    return this.beat(-1)
  }
}

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt streams-groups beside kafka-streams-groups.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    const kt = (line: string, input = ''): Promise<CommandResult> => {
      const [command, ...rest] = line.split(' ')
      return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
    }
    for (const topic of ['Gst-topic', 'Gst-other'])
      await kt(`topics --create --if-not-exists --topic ${topic} --partitions 2`)
    await kt('console-producer --topic Gst-topic --reader-property parse.key=true', 'a\t1\nb\t2\nc\t3\nd\t4\n')
    // Nobody can join a streams group there.
    if (isBundledReferee()) return
    const client = new ClusterClient({ bootstrapServers: [kafka.bootstrapServers], clientId: 'streams-client' })
    await client.refreshMetadata([])
    await kt('groups --list')
    const [live, idle] = [new StreamsMember(client, 'Gst-live'), new StreamsMember(client, 'Gst-idle')] as const
    // The first heartbeat may find the coordinator still at loading its partition.
    for (const member of [live, idle]) await vi.waitFor(() => member.beat(), { timeout: 30_000, interval: 500 })
    const stable = async (groupId: string) => (await kt(`streams-groups --describe --group ${groupId} --state`)).stdout
    for (const [member, groupId] of [
      [live, 'Gst-live'],
      [idle, 'Gst-idle'],
    ] as const) {
      const settled = async () => {
        await member.beat()
        expect(await stable(groupId)).toContain('Stable')
      }
      await vi.waitFor(settled, { timeout: 30_000, interval: 500 })
    }
    await idle.leave()
    await kt('consumer-groups --reset-offsets --group Gst-idle --topic Gst-topic --to-latest --execute')
    const beating = setInterval(() => void live.beat().catch(() => undefined), 3_000)
    return async () => {
      clearInterval(beating)
      await live.leave()
      client.close()
      await kafka.stop()
    }
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const needs = ['cannot answer StreamsGroupDescribe requests']
    const subject = { home: home!, script: 'kafka-streams-groups', command: 'streams-groups', bootstrapServers, needs }
    await compareWithScript(subject, given)
  })
})
