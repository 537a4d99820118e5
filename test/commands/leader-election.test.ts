import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { Admin, ClientOptions, Outcome, TopicPartition } from '../../src/client/admin-types.ts'
import { memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

let directory: string
const fileOf = (name: string, text: string): string => {
  const file = path.join(directory, name)
  fs.writeFileSync(file, text)
  return file
}
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-election-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true }))

type Answer = TopicPartition & { result: Outcome<void> }
const answer = (topic: string, partition: number, result: Outcome<void> = ok(undefined)): Answer => ({
  topic,
  partition,
  result,
})
const NOT_NEEDED = refused('ELECTION_NOT_NEEDED', 'Leader election not needed for topic partition.', 84)
const UNAVAILABLE = refused('PREFERRED_LEADER_NOT_AVAILABLE', 'The preferred leader was not available.', 80)

async function run(line: string, answers: readonly Answer[] | KtError = [], options: RunOptions = {}) {
  const seen: ClientOptions[] = []
  const memory = memoryAdmin({
    electLeaders: async () => {
      if (answers instanceof KtError) throw answers
      return [...answers]
    },
    describeTopics: async () => new Map([['t', ok(topicOf('t', ['2:2,1:2,1', '-1:3:3:3']))]]),
  } satisfies Partial<Admin>)
  const createAdmin = async (client: ClientOptions): Promise<Admin> => {
    seen.push(client)
    return memory.admin
  }
  const args = ['leader-election', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, asked: memory.calls.find(({ method }) => method === 'electLeaders')?.args, client: seen[0] }
}

describe('what is asked', () => {
  it('is one partition', async () => {
    const { asked, code } = await run('--election-type preferred --topic t --partition 3', [answer('t', 3)])
    expect(code).toBe(0)
    expect(asked).toEqual(['PREFERRED', [{ topic: 't', partition: 3 }]])
  })

  it('is everything', async () => {
    expect((await run('--election-type UnClean --all-topic-partitions')).asked).toEqual(['UNCLEAN', 'all'])
  })

  it('is what a file lists', async () => {
    const file = fileOf('list.json', '{"partitions":[{"topic":"b","partition":1},{"topic":"a","partition":0}]}')
    const { asked } = await run(`--election-type preferred --path-to-json-file ${file}`)
    expect(asked![1]).toEqual(
      expect.arrayContaining([
        { topic: 'b', partition: 1 },
        { topic: 'a', partition: 0 },
      ]),
    )
  })

  it('may take 30 s in all and 15 s per request, unless the properties say otherwise', async () => {
    const usual = await run('--election-type preferred --all-topic-partitions')
    expect(usual.client).toMatchObject({ apiTimeoutMs: 30_000, requestTimeoutMs: 15_000 })
    const file = fileOf('client.properties', 'request.timeout.ms=7\nclient.id=me\n')
    for (const option of ['--command-config', '--admin.config']) {
      const { client } = await run(`--election-type preferred --all-topic-partitions ${option} ${file}`)
      expect(client).toMatchObject({ apiTimeoutMs: 30_000, requestTimeoutMs: 7, clientId: 'me' })
    }
  })
})

describe('what is printed', () => {
  const ANSWERS = [answer('t', 0), answer('t', 1, NOT_NEEDED), answer('u', 0, UNAVAILABLE)]

  it('is a line per kind of result, as the script has it', async () => {
    const { code, stdout, stderr } = await run('--election-type preferred --all-topic-partitions', ANSWERS)
    expect(code).toBe(1)
    expect(stdout).toBe(
      'Successfully completed leader election (PREFERRED) for partitions t-0\n' +
        'Valid replica already elected for partitions t-1\n' +
        'Error completing leader election (PREFERRED) for partition: u-0: org.apache.kafka.common.errors.PreferredLeaderNotAvailableException: The preferred leader was not available.\n',
    )
    expect(stderr).toContain('1 replica(s) could not be elected\n')
  })

  it('is a table with the leaders there are now, for people', async () => {
    const line = '--election-type preferred --all-topic-partitions'
    const { code, stdout } = await run(line, ANSWERS, { terminal: true })
    expect(code).toBe(1)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((each) => each.split(/ {2,}/))
    expect(lines).toEqual([
      ['TOPIC', 'PARTITION', 'LEADER', 'ELECTION'],
      ['t', '0', '2', 'elected'],
      ['t', '1', 'none', 'not needed'],
      ['u', '0', '-', 'The preferred leader was not available.'],
    ])
    expect((await run(line, [], { terminal: true })).stdout).toContain('led by its preferred replica')
    const unclean = await run('--election-type unclean --all-topic-partitions', [], { terminal: true })
    expect(unclean.stdout).toBe('No partition is without a leader.\n')
  })

  it('is a document, and nothing else on stdout', async () => {
    const file = fileOf('empty.properties', '')
    const { stdout, stderr } = await run(
      `--election-type preferred --all-topic-partitions --format json --admin.config ${file}`,
      ANSWERS,
    )
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'LeaderElection',
      electionType: 'PREFERRED',
      elected: [{ topic: 't', partition: 0 }],
      notNeeded: [{ topic: 't', partition: 1 }],
      failed: [
        {
          topic: 'u',
          partition: 0,
          error: { name: 'PREFERRED_LEADER_NOT_AVAILABLE', message: 'The preferred leader was not available.' },
        },
      ],
    })
    expect(stderr).toContain('--admin.config has been deprecated')
  })

  it.each([
    ['timeout', 'Timeout waiting for election results'],
    ['authorization', 'Not authorized to perform leader election'],
  ] as const)("is the script's sentence when the whole call fails with %s", async (kind, text) => {
    const failure = new KtError(kind, 'what the client said', { facts: ['a fact'] })
    const { code, stdout, stderr } = await run('--election-type preferred --all-topic-partitions', failure)
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${text}\n` })
    expect(stderr).toBe(`${text}\n  a fact\n`)
  })

  it('is any other failure as it is', async () => {
    const failure = new KtError('unreachable', 'nobody there')
    const { code, stdout, stderr } = await run('--election-type preferred --all-topic-partitions', failure)
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'nobody there\n' })
  })
})

describe('a wrong command line', () => {
  it.each([
    ['--all-topic-partitions', 'Missing required option(s): election-type'],
    ['--election-type preferred --topic t', 'Missing required option(s): partition'],
    [
      '--election-type preferred --partition 1 --all-topic-partitions',
      'Option partition is only allowed if topic is used',
    ],
    ['--election-type best --all-topic-partitions', "Cannot parse argument 'best' of option election-type"],
    [
      '--election-type preferred',
      'One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file',
    ],
  ])('%s', async (line, message) => {
    const { code, stderr, asked } = await run(line)
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toBe(message)
    expect(asked).toBeUndefined()
  })

  it('is asked about at a terminal', async () => {
    const { questions, asked } = await run('--all-topic-partitions', [], { terminal: true, answers: ['unclean'] })
    expect(questions).toEqual([expect.stringContaining('--election-type')])
    expect(asked).toEqual(['UNCLEAN', 'all'])
  })
})
