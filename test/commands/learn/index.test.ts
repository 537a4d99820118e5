/** `kt learn` on a cluster of plain data that is not ours: what it prints, keeps, asks and exits with. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { VERBS } from '../../../src/commands/learn/desk.ts'
import { learnCommand } from '../../../src/commands/learn/index.ts'
import { COURSE } from '../../../src/learn/lessons/index.ts'
import { LearnStore } from '../../../src/learn/store.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const TOPIC = 'kt-01-orders'

let home: string
/** The topics of the cluster: name -> partitions. */
let topics: Map<string, string[]>
let cluster: { clusterId: string }
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-learn-'))
  topics = new Map([['orders', ['1:1,2,3:1,2,3']]])
  cluster = { clusterId: 'c1' }
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const methods: Partial<Admin> = {
  describeCluster: async () => ({ ...cluster, controllerId: 1, brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] }) as never,
  listTopics: async () => [...topics.keys()].map((name) => ({ name, isInternal: false })) as never,
  listGroups: async () => [],
  describeTopics: async (asked) =>
    new Map(
      (asked as readonly string[]).map((name) => {
        const partitions = topics.get(name)
        return [
          name,
          partitions === undefined ? refused('UNKNOWN_TOPIC_OR_PARTITION', '') : ok(topicOf(name, partitions)),
        ]
      }),
    ) as never,
  listOffsets: async (asked) => asked.map(() => ok({ offset: 0 } as never)),
  deleteTopics: async (asked) => {
    for (const name of asked) topics.delete(name)
    return new Map(asked.map((name) => [name, ok(undefined)]))
  },
}

const learn = (words: string, more: RunOptions = {}) =>
  runCommand(['learn', ...words.split(' ').filter((word) => word !== '')], {
    createAdmin: memoryAdmin(methods).createAdmin,
    ...more,
    env: { KT_HOME: home, ...more.env },
  })
const THERE = '--bootstrap-server there:9092'
const solved = () => topics.set(TOPIC, ['1:1,2,3:1,2,3', '2:2,3,1:1,2,3', '3:3,1,2:1,2,3'])

describe('kt learn list', () => {
  it('has every lesson, asks no cluster and keeps nothing', async () => {
    const { code, stdout } = await learn('list')
    expect(code).toBe(0)
    expect(stdout.split('\n').length).toBe(COURSE.length + 1)
    expect(stdout).toMatch(/^\* {2}0 {2}new {5}A cluster in one command\n/)
    expect(fs.readdirSync(home)).toEqual([])
  })

  it('finds a lesson by a word of its title', async () => {
    const lines = (await learn('list directory')).stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^ {3}1 {2}new .*directory$/)
    expect(lines.filter((line) => !/directory/i.test(line))).toEqual([])
    expect((await learn('list xyzzy')).stderr).toContain("No lesson has 'xyzzy'")
  })

  it('as a structure says which are passed', async () => {
    const { lessons, kind } = JSON.parse((await learn('list --format json')).stdout)
    expect(kind).toBe('LessonList')
    expect(lessons[0]).toEqual({ number: 0, title: COURSE[0]!.title, state: 'new', isCurrent: true, passedAt: null })
  })
})

describe('a lesson on a cluster that is not ours', () => {
  it('is begun only when somebody wants it there', async () => {
    const { code, stderr } = await learn(`goto 1 ${THERE}`)
    expect(code).toBe(2)
    expect(stderr).toContain('Lessons on this cluster need your word')
    expect(stderr).toContain(`next: kt learn goto 1 ${THERE} --yes`)
    expect((await learn('list')).stdout).toContain('*  0')
  })

  it('asks at a terminal, once for each cluster', async () => {
    const no = await learn(`goto 1 --plain ${THERE}`, {
      terminal: true,
      answers: ['no'],
      signal: AbortSignal.abort('SIGINT'),
    })
    expect(no.questions).toEqual(['Do lessons on this cluster?'])
    await learn(`goto 1 ${THERE} --yes`)
    expect((await learn(`goto 1 ${THERE}`)).code).toBe(0)
    cluster = { clusterId: 'c2' }
    expect((await learn(`goto 1 ${THERE}`)).code).toBe(2)
  })

  it('that breaks brokers says so, and offers the next that can be done', async () => {
    const { code, stdout } = await learn(`goto 0 ${THERE} --yes`)
    expect(code).toBe(21)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'cannot be done on this cluster: this lesson kills and pauses brokers',
    )
    expect(stdout).toContain('next: kt learn --local')
    expect(stdout).toContain('or go on: kt learn goto 1')
  })

  it('is remembered: what follows goes there without being told', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    const { code, stdout } = await learn('check')
    expect([code, stdout]).toEqual([1, expect.stringContaining('observed  no topic kt-01-orders')])
    expect(new LearnStore(home).readOpen()?.target).toEqual({ bootstrapServer: 'there:9092' })
  })

  it('tells where commands have to go', async () => {
    expect((await learn(`goto 1 ${THERE} --yes`)).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'put `--bootstrap-server there:9092` behind commands',
    )
  })
})

describe('a lesson', () => {
  beforeEach(() => learn(`goto 1 ${THERE} --yes`))

  it('is shown with its text, its lines and its goals, each in its state', async () => {
    const { stdout } = await learn('goto 1')
    expect(stdout).toMatch(/^Lesson 1 of \d+: A topic is partitions, and a partition is a directory\n\nOrders go into /)
    expect(stdout).toContain(`  kt topics --describe --topic ${TOPIC}\n`)
    expect(stdout).toContain('  not yet  the topic has three partitions\n           expected  3 partitions\n')
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
  })

  it('turns by what is there; passed, it tells why, and does not move on', async () => {
    expect((await learn('check')).code).toBe(1)
    solved()
    const { code, stdout } = await learn('check')
    expect(code).toBe(0)
    expect(stdout).toContain('  done     the topic has three partitions\n           observed  3 partitions\n')
    expect(stdout).toContain('Lesson 1 is passed.')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('partition 0 by broker 1')
    expect((await learn('list')).stdout).toMatch(/\* {2}1 {2}passed/)
    topics.delete(TOPIC)
    expect((await learn('check')).code).toBe(1)
    expect((await learn('list')).stdout).toMatch(/\* {2}1 {2}passed/)
  })

  it('counts what happened while it was open, and not what was done in another one', async () => {
    const store = new LearnStore(home)
    const made = () => store.readJournal(1).find('partition')
    store.writeProgress({ ...store.readProgress(), current: 2 })
    solved()
    // What is true is true; that it was made is nobody's deed here.
    expect((await learn('goto 1')).code).toBe(0)
    expect(made()).toEqual([])
    topics.delete(TOPIC)
    await learn('check')
    expect(made().map(({ change }) => change)).toEqual(['gone', 'gone', 'gone'])
    // Evidence of before the beginning, as after an import.
    const progress = store.readProgress()
    const later = { ...progress.lessons['1']!, startedAt: Date.now() + 60_000 }
    store.writeProgress({ ...progress, lessons: { ...progress.lessons, '1': later } })
    await learn('check')
    expect(made()).toEqual([])
  })

  it('says as a structure what it says in words', async () => {
    const check = JSON.parse((await learn('check --format json')).stdout)
    expect(check).toMatchObject({ apiVersion: 'kt/v1', kind: 'LessonCheck', lesson: 1, isPassed: false, after: null })
    expect(check.goals[0]).toEqual({
      name: 'the topic has three partitions',
      state: 'not-yet',
      expected: '3 partitions',
      observed: `no topic ${TOPIC}`,
      show: 'kt topics --list',
    })
    const lesson = JSON.parse((await learn('goto 1 --format json')).stdout)
    expect(lesson).toMatchObject({ kind: 'Lesson', number: 1, name: 'topic', where: 'anywhere', cannot: null })
    solved()
    const passed = JSON.parse((await learn('check --format json')).stdout)
    expect(passed.events).toContainEqual(
      expect.objectContaining({ kind: 'partition', partition: `${TOPIC}-0`, change: 'made' }),
    )
  })

  it('hints step by step, and knows the last command and its error', async () => {
    const first = await learn('hint')
    expect(first.stdout).toMatch(/^Hint 1 of 3, for: the topic has three partitions\n/)
    await runCommand(['topics', '--creat'], { env: { KT_HOME: home } })
    expect((await learn('hint')).stdout).toMatch(/^Your last command failed: kt topics --creat: creat is not/)
    expect((await learn('hint')).stdout).toContain(
      `  kt topics --create --topic ${TOPIC} --partitions 3 --replication-factor 3\n`,
    )
    expect(JSON.parse((await learn('hint --format json')).stdout).hint).toMatchObject({ level: 3 })
    solved()
    expect((await learn('hint')).stdout).toContain('nothing to hint at')
  })

  it('shows its solution after an attempt only', async () => {
    const early = await learn('solution')
    expect([early.code, early.stdout]).toEqual([1, ''])
    await learn('check')
    const { code, stdout } = await learn('solution')
    expect([code, stdout]).toEqual([0, `  kt topics --create --topic ${TOPIC} --partitions 3 --replication-factor 3\n`])
    expect(JSON.parse((await learn('solution --format json')).stdout).steps).toMatchObject([
      { beside: false, exitCode: 0 },
    ])
  })

  it('is set up anew on another cluster, with nothing of the first one in its journal', async () => {
    solved()
    await learn('check')
    cluster = { clusterId: 'c2' }
    topics.delete(TOPIC)
    await learn(`goto 1 ${THERE} --yes`)
    expect(JSON.parse((await learn('check --format json')).stdout).events).toEqual([])
    expect(new LearnStore(home).readPlaces().setUpOn).toEqual({ 1: 'c2' })
  })

  it('is undone by reset, and nothing else is', async () => {
    solved()
    await learn('check')
    const { code, stdout } = await learn('reset 1')
    expect([code, stdout]).toEqual([0, expect.stringContaining('Lesson 1 is undone')])
    expect([...topics.keys()]).toEqual(['orders'])
    expect((await learn('list')).stdout).toMatch(/\* {2}1 {2}new/)
    expect(new LearnStore(home).readOpen()).toBeNull()
  })

  it('fails as every command when nobody answers', async () => {
    const broken = { ...methods, describeCluster: () => Promise.reject(new Error('nobody there')) }
    const { code, stderr } = await learn('check', { createAdmin: memoryAdmin(broken).createAdmin })
    expect([code, stderr]).toEqual([1, expect.stringContaining('nobody there')])
  })

  it('tells a check that failed from a goal that is open', async () => {
    const broken = { ...methods, describeTopics: () => Promise.reject(new Error('no answer')) }
    const { code, stdout } = await learn('check', { createAdmin: memoryAdmin(broken).createAdmin })
    expect(code).toBe(22)
    expect(stdout).toContain('the check itself failed: no answer')
  })
})

describe('what is kept', () => {
  it('goes to another machine and comes back', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    const { stdout } = await learn('export')
    const file = path.join(home, 'progress.json')
    expect((await learn(`export ${file}`)).stdout).toBe(`Written to ${file}\n`)
    expect(fs.readFileSync(file, 'utf8')).toBe(stdout)
    expect((await learn(`export ${home}/nowhere/progress.json`)).code).toBe(10)
    await learn('reset --all --yes')
    expect((await learn('list')).stdout).toMatch(/\* {2}0 {2}new/)
    const imported = await learn(`import ${file}`)
    expect(imported.stdout).toBe('1 lesson, 0 of them passed; lesson 1 is next.\n')
    expect((await learn('list')).stdout).toMatch(/\* {2}1 {2}open/)
    expect((await learn('import -', { input: stdout })).stdout).toContain('what was here before is in')
  })

  it('is not replaced by what is no progress', async () => {
    const { code, stderr } = await learn('import -', { input: '{"version":9}' })
    expect([code, stderr]).toEqual([2, expect.stringContaining('its version is 9')])
    expect((await learn('import /nowhere')).code).toBe(8)
  })

  it('is forgotten as a whole only when that was meant', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    solved()
    const { code, stderr } = await learn('reset --all')
    expect([code, stderr]).toEqual([2, expect.stringContaining('next: kt learn reset --all --yes')])
    const done = await learn('reset --all --yes')
    expect(done.stdout).toBe('Everything is as before the first lesson: 1 lessons undone, progress forgotten.\n')
    expect([...topics.keys()]).toEqual(['orders'])
    expect(fs.existsSync(path.join(home, 'learn'))).toBe(false)
  })

  it('is a notebook', async () => {
    expect((await learn('notes')).stderr).toContain('No lesson was opened yet')
    await learn(`goto 1 ${THERE} --yes`)
    solved()
    await learn('check')
    const { stdout } = await learn('notes')
    expect(stdout).toContain('## 1. A topic is partitions')
    expect(stdout).toMatch(/- \d\d:\d\d:\d\d kt-01-orders-0 is there\n/)
    expect(stdout).toContain('partition 0 by broker 1')
  })
})

describe('the local cluster', () => {
  it('need not run for the first lesson, and is not started by looking', async () => {
    const { code, stdout } = await learn('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Lesson 0 of \d+: A cluster in one command\n/)
    expect(stdout).toContain('  not yet  three brokers are in service\n')
    expect((await learn('check')).code).toBe(1)
    expect((await learn('hint')).stdout).toContain('Hint 1 of 3')
    expect((await learn('reset 0')).code).toBe(0)
    expect(fs.readdirSync(home)).toEqual(['learn'])
  })

  it('is where lessons go with --local, whatever is said elsewhere', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    const { code, stdout } = await learn('goto 0 --local', { env: { KT_BOOTSTRAP_SERVER: 'other:9092' } })
    expect([code, stdout]).toEqual([0, expect.stringContaining('Lesson 0 of')])
    expect(new LearnStore(home).readOpen()?.target).toBeNull()
  })

  it('is not where they go when KT_BOOTSTRAP_SERVER says otherwise, nor where the last one was', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    await learn('check', { env: { KT_BOOTSTRAP_SERVER: 'other:9092' } })
    expect(new LearnStore(home).readOpen()?.target).toEqual({ bootstrapServer: 'other:9092' })
  })
})

describe('lessons of several clusters', () => {
  it('are undone where this one is; of the others it is said that they are not', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    solved()
    cluster = { clusterId: 'c2' }
    const { stdout } = await learn('reset --all --yes')
    expect(stdout).toContain('so is what they made: lessons 1')
    expect([...topics.keys()]).toEqual(['orders', TOPIC])
  })
})

describe('words that are wrong', () => {
  it.each([
    ['goto 99', 8, "There is no lesson '99'"],
    ['hnit', 8, 'next: kt learn hint'],
    ['goto 99', 8, 'they go from 0 to'],
    ['goto xyzzy', 8, "There is no lesson 'xyzzy'"],
    ['goto the', 8, 'There is more than one lesson'],
    ['reset', 2, 'Which lesson: a number, or --all'],
    ['reset 1 --all', 2, 'Which lesson: a number, or --all'],
    ['check --format xml', 2, "Unknown format 'xml'"],
  ])('%s', async (words, code, said) => {
    const result = await learn(`${words} ${THERE} --yes`)
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)])
  })

  it('are held against the verbs that there are', async () => {
    const { subcommands = {} } = await learnCommand({}).grammar()
    expect([...VERBS].sort()).toEqual(Object.keys(subcommands).sort())
  })

  it('of an answer are told with what can be answered', async () => {
    await learn(`goto 1 ${THERE} --yes`)
    const { code, stderr } = await learn('answer nothing a')
    expect([code, stderr]).toEqual([8, expect.stringContaining("Lesson 1 has no question 'nothing'")])
  })
})
