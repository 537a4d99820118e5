/** Apache's administration scripts against the bundled node: topics, configurations, groups, offsets and log directories. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { BundledNode } from '../../support/bundled-node.ts'
import { ApacheTools, table } from './apache-tools.ts'

const home = await apacheKafkaHome()

describe.skipIf(home === null)(
  `Apache's admin tools${home === null ? ': no Java or no installation, skipped' : ''}`,
  () => {
    let node: BundledNode
    let tools: ApacheTools

    beforeAll(async () => {
      node = await BundledNode.start()
      tools = new ApacheTools(home!, node.bootstrapServers)
    })
    afterAll(() => node?.[Symbol.asyncDispose]())

    it('finds the versions and the cluster id it knows', async () => {
      const [versions, cluster] = await Promise.all([
        tools.stdout('broker-api-versions', []),
        tools.stdout('cluster', ['cluster-id']),
      ])
      expect(versions).toContain(`${node.bootstrapServers} (id: 1 rack: null isFenced: false) -> (`)
      for (const api of ['Produce(0): 0 to 13', 'Fetch(1): 4 to 18', 'Metadata(3): 0 to 13', 'JoinGroup(11): 0 to 9']) {
        expect(versions).toContain(api)
      }
      const { clusterId } = JSON.parse((await node.kt(['cluster', 'status', '--format', 'json'])).stdout)
      expect(cluster).toBe(`Cluster ID: ${clusterId}\n`)
    })

    it('creates, lists, describes, enlarges and deletes topics', async () => {
      const created = ['--create', '--topic', 'shop', '--partitions', '3', '--config', 'retention.ms=60000']
      expect(await tools.stdout('topics', created)).toBe('Created topic shop.\n')
      expect(await tools.run('topics', ['--create', '--topic', 'shop'])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("Topic 'shop' already exists."),
      })
      await tools.stdout('topics', ['--alter', '--topic', 'shop', '--partitions', '5'])
      const described = await tools.stdout('topics', ['--describe', '--topic', 'shop'])
      const [head, ...partitions] = described.trim().split('\n')
      expect(head).toMatch(
        /^Topic: shop\tTopicId: [\w-]{22}\tPartitionCount: 5\tReplicationFactor: 1\tConfigs: .*retention\.ms=60000/,
      )
      expect(partitions.map((line) => line.trim())).toEqual(
        [0, 1, 2, 3, 4].map(
          (partition) => `Topic: shop\tPartition: ${partition}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr:`,
        ),
      )
      await tools.stdout('topics', ['--delete', '--topic', 'shop'])
      expect((await tools.stdout('topics', ['--list'])).split('\n')).not.toContain('shop')
    })

    it('alters configurations of topics, of a broker and of all brokers', async () => {
      await tools.stdout('topics', ['--create', '--topic', 'tuned'])
      const topic = ['--entity-type', 'topics', '--entity-name', 'tuned']
      const broker = ['--entity-type', 'brokers', '--entity-name', '1']
      const brokers = ['--entity-type', 'brokers', '--entity-default']
      const alter = async (entity: string[], ...change: string[]): Promise<void> => {
        expect(await tools.stdout('configs', ['--alter', ...entity, ...change])).toMatch(/^Completed updating/)
      }
      await alter(topic, '--add-config', 'retention.ms=120000,cleanup.policy=[compact,delete]')
      await alter(topic, '--delete-config', 'retention.ms')
      await alter(broker, '--add-config', 'log.cleaner.threads=2')
      await alter(brokers, '--add-config', 'message.max.bytes=2000000')
      const refused = await tools.run('configs', ['--alter', ...topic, '--add-config', 'retention.ms=soon'])
      expect(refused.code).toBe(1)
      const [ofTopic, allOfTopic, ofBrokers, allOfBroker] = await Promise.all([
        tools.stdout('configs', ['--describe', ...topic]),
        tools.stdout('configs', ['--describe', '--all', ...topic]),
        tools.stdout('configs', ['--describe', '--entity-type', 'brokers']),
        tools.stdout('configs', ['--describe', '--all', ...broker]),
      ])
      expect(ofTopic).toMatch(
        /^Dynamic configs for topic tuned are:\n {2}cleanup\.policy=compact,delete sensitive=false .*\n$/,
      )
      expect(allOfTopic).toContain(
        '  max.message.bytes=2000000 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:',
      )
      expect(ofBrokers).toContain('log.cleaner.threads=2 sensitive=false synonyms={DYNAMIC_BROKER_CONFIG:')
      expect(ofBrokers).toContain('Default configs for brokers in the cluster are:\n  message.max.bytes=2000000')
      expect(allOfBroker).toContain('  log.retention.hours=168 ')
    })

    it('deletes records, and tells offsets and sizes', async () => {
      await tools.stdout('topics', ['--create', '--topic', 'trimmed', '--partitions', '2'])
      await tools.produce(
        'trimmed',
        Array.from({ length: 10 }, (_, index) => `key:${index}`),
        KEYED,
      )
      const ends = await tools.stdout('get-offsets', ['--topic', 'trimmed'])
      const partition = /trimmed:(\d):10/.exec(ends)![1]!
      const file = path.join(node.directory, 'delete-records.json')
      fs.writeFileSync(file, `{"version":1,"partitions":[{"topic":"trimmed","partition":${partition},"offset":4}]}`)
      expect(await tools.stdout('delete-records', ['--offset-json-file', file])).toContain(
        `partition: trimmed-${partition}\tlow_watermark: 4`,
      )
      const [starts, rest, directories] = await Promise.all([
        tools.stdout('get-offsets', ['--topic', 'trimmed', '--time', 'earliest']),
        tools.consume(6, ['--topic', 'trimmed', '--from-beginning']),
        tools.stdout('log-dirs', ['--describe', '--topic-list', 'trimmed']),
      ])
      expect(starts).toContain(`trimmed:${partition}:4\n`)
      expect(rest).toEqual(['4', '5', '6', '7', '8', '9'])
      const told = JSON.parse(directories.split('\n').find((line) => line.startsWith('{'))!) as LogDirectories
      expect(told.brokers[0]!.logDirs[0]!.logDir).toBe(node.dataDirectory)
      const sizes = told.brokers[0]!.logDirs[0]!.partitions
      for (const { partition: name, size } of sizes) {
        expect(size).toBe(fs.statSync(path.join(node.dataDirectory, name, `${'0'.repeat(20)}.log`)).size)
      }
      expect(sizes.map(({ partition: name }) => name).sort()).toEqual(['trimmed-0', 'trimmed-1'])
    })

    describe('consumer groups', () => {
      const group = ['--group', 'clerks']
      const groups = (...args: string[]): Promise<string> => tools.stdout('consumer-groups', [...args])

      beforeAll(async () => {
        await tools.stdout('topics', ['--create', '--topic', 'counter', '--partitions', '2'])
        await tools.produce(
          'counter',
          Array.from({ length: 40 }, (_, index) => `key-${index}:${index}`),
          KEYED,
        )
      })

      it('shows two members that share the partitions, and protects what they use', async () => {
        const members = [member(), member()]
        try {
          await expect
            .poll(() => assignments(), { timeout: 60_000, interval: 1_000 })
            .toEqual(['counter:0', 'counter:1'])
          const state = table(await groups('--describe', ...group, '--state'))
          expect(state).toEqual([
            expect.objectContaining({ 'ASSIGNMENT-STRATEGY': 'range', STATE: 'Stable', '#MEMBERS': '2' }),
          ])
          expect(
            await groups('--reset-offsets', ...group, '--topic', 'counter', '--to-earliest', '--execute'),
          ).toContain(
            "Assignments can only be reset if the group 'clerks' is inactive, but the current state is Stable.",
          )
          expect(await groups('--delete', ...group)).toContain('GroupNotEmptyException')
          expect(await groups('--delete-offsets', ...group, '--topic', 'counter')).toContain(
            'GroupSubscribedToTopicException',
          )
        } finally {
          await Promise.all(members.map(ended))
        }
        expect(await column('LAG')).toEqual(['0', '0'])
      })

      it('resets, deletes and forgets offsets of a group without members', async () => {
        const reset = (...how: string[]): Promise<string> =>
          groups('--reset-offsets', ...group, '--topic', 'counter', ...how)
        const planned = table(await reset('--to-offset', '3', '--dry-run'))
        expect(planned.map((row) => row['NEW-OFFSET'])).toEqual(['3', '3'])
        expect(await column('LAG')).toEqual(['0', '0'])
        await reset('--to-offset', '3', '--execute')
        expect(await column('CURRENT-OFFSET')).toEqual(['3', '3'])
        await reset('--shift-by', '-1', '--execute')
        expect(await column('CURRENT-OFFSET')).toEqual(['2', '2'])
        expect(await tools.consume(36, ['--topic', 'counter', ...group])).toHaveLength(36)
        expect(await groups('--delete-offsets', ...group, '--topic', 'counter:1')).toMatch(/counter +1 +Successful/)
        expect(table(await groups('--describe', ...group)).map((row) => row.PARTITION)).toEqual(['0'])
        expect(await groups('--list', '--state')).toMatch(/^clerks +Empty/m)
        expect(await groups('--delete', ...group)).toBe(
          "Deletion of requested consumer groups ('clerks') was successful.\n",
        )
        expect(await groups('--list')).not.toContain('clerks')
      })

      /** A console consumer that stays until it is ended; it prints what it reads. */
      function member(): ChildProcess {
        const args = ['--bootstrap-server', node.bootstrapServers, '--topic', 'counter', ...group, '--from-beginning']
        return spawn(path.join(home!, 'bin/kafka-console-consumer.sh'), args, { stdio: 'ignore' })
      }

      async function assignments(): Promise<(string | undefined)[]> {
        const rows = table(await groups('--describe', ...group, '--members', '--verbose'))
        return rows.map((row) => row['CURRENT-ASSIGNMENT']).sort()
      }

      /** One column of `--describe`, in order of partitions. */
      async function column(name: string): Promise<(string | undefined)[]> {
        const rows = table(await groups('--describe', ...group))
        return rows.sort((a, b) => Number(a.PARTITION) - Number(b.PARTITION)).map((row) => row[name])
      }
    })
  },
)

const KEYED = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:']

interface LogDirectories {
  readonly brokers: readonly {
    readonly logDirs: readonly {
      readonly logDir: string
      readonly partitions: readonly { readonly partition: string; readonly size: number }[]
    }[]
  }[]
}

function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  return exit
}
