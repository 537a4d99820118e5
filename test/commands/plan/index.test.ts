import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { splitWords } from '../../support/compare-with-script.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
let home: string
beforeAll(async () => {
  cluster = await startCluster({})
})
afterAll(() => cluster.close())
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-plan-'))
  return () => fs.rmSync(home, { recursive: true, force: true })
})

async function kt(line: string, options: RunOptions = {}) {
  const env = { KT_HOME: home, KT_BOOTSTRAP_SERVER: cluster.bootstrapServers }
  return runCommand(splitWords(line.replaceAll('{dir}', home)), { ...options, env: { ...env, ...options.env } })
}
async function done(line: string, options: RunOptions = {}): Promise<string> {
  const result = await kt(line, options)
  expect(result, line).toMatchObject({ code: 0 })
  return result.stdout
}
function file(name: string, text: string): string {
  const place = path.join(home, name)
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.writeFileSync(place, text)
  return place
}
const topic = (name: string, more: string) => `apiVersion: kt/v1\nkind: Topic\nname: ${name}\n${more}`
/** A broker hears of a change a moment after the controller has made it. */
const untilPlanned = async (line: string, text: string): Promise<void> => {
  await expect.poll(async () => (await kt(line)).stdout).toContain(text)
}

describe('kt plan and kt apply', () => {
  it('make the cluster as declared, once', async () => {
    file('d/a.yaml', `${topic('a1', 'partitionCount: 2\nconfigs: {retention.ms: 5000}\n')}---\n${topic('a2', '')}`)
    const settings = {
      apiVersion: 'kt/v1',
      kind: 'ConfigList',
      entities: [{ entityType: 'brokers', entityName: null, configs: { 'log.cleaner.threads': 2 } }],
    }
    file('d/more/b.json', JSON.stringify(settings))
    const planned = await kt('plan {dir}/d')
    expect(planned.stdout).toContain('+ topic a1  ')
    expect(planned.stdout).toContain('    + retention.ms        5000\n')
    expect(planned.stdout).toMatch(/\n2 to create, 1 to change, 0 to delete; 0 things are as declared\.\n$/)
    expect(planned.code).toBe(0)
    expect((await kt('plan {dir}/d --exit-code')).code).toBe(20)

    const applied = await kt('apply {dir}/d --yes')
    expect(applied.code).toBe(0)
    expect(applied.stdout).toContain(
      'done: create topic a1\ndone: create topic a2\ndone: brokers (default): set log.cleaner.threads\n',
    )
    expect(applied.stderr).toBe('Applied: 3 steps.\n')
    await untilPlanned('plan {dir}/d', 'Nothing to change: 3 things are as declared.')
    expect(await done('apply {dir}/d --yes')).toBe('Nothing to change: 3 things are as declared.\n')
    expect((await kt('plan {dir}/d --exit-code')).code).toBe(0)

    expect(await done('undo --dry-run')).toContain('cannot be undone: create topic a1')
    await done('undo --yes')
    await untilPlanned('plan {dir}/d', '+ log.cleaner.threads')
  })

  it('change what is there, and refuse what cannot be', async () => {
    await done('topics --create --topic b --partitions 2')
    const place = file('b.yaml', topic('b', 'partitionCount: 1\nconfigs: {retention.ms: soon}\n'))
    await untilPlanned('plan {dir}/b.yaml', 'cannot: partitions 2 -> 1: Kafka cannot take partitions away')
    expect((await kt('plan {dir}/b.yaml')).code).toBe(9)
    const refused = await kt('apply {dir}/b.yaml --yes')
    expect(refused.code).toBe(9)
    expect(refused.stderr).toContain(
      'Nothing was applied: not all of it can be done as declared\n  topic b: partitions 2 -> 1',
    )
    // What Kafka would refuse is asked of Kafka.
    file('b.yaml', topic('b', 'configs: {retention.ms: soon}\n'))
    expect((await kt('plan {dir}/b.yaml')).stdout).toMatch(
      /cannot: Kafka refuses it: Invalid value soon for configuration retention\.ms/,
    )
    file('b.yaml', topic('b', 'partitionCount: 3\nconfigs: {retention.ms: 5000}\n'))
    await done('apply {dir}/b.yaml --yes')
    await untilPlanned('plan {dir}/b.yaml', 'Nothing to change')
    expect(place).toBeTruthy()
  })

  it('delete nothing that is not pruned, and then only in the scope', async () => {
    await done('topics --create --topic c1 --config retention.ms=5000')
    await done('topics --create --topic c2')
    await done('topics --create --topic other')
    file('c.yaml', topic('c1', ''))
    await untilPlanned('plan {dir}/c.yaml', 'Nothing to change')
    await untilPlanned('plan {dir}/c.yaml --prune configs', '- retention.ms  5000 -> not set  (back to the default)')
    const pruned = await done("apply {dir}/c.yaml --yes --prune configs,topics --topic 'c.*'")
    expect(pruned).toContain('- topic c2  (in no file)')
    expect(pruned).toContain('done: topic c1: take away retention.ms\ndone: delete topic c2\n')
    await expect.poll(() => done('topics --list')).not.toContain('c2')
    expect(await done('topics --list')).toContain('other')
  })

  it('ask at a terminal, and only there', async () => {
    file('d.yaml', topic('d', ''))
    expect(await kt('apply {dir}/d.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('next: add --yes'),
    })
    const no = await kt('apply {dir}/d.yaml', { terminal: true, answers: ['no'] })
    expect(no).toMatchObject({ code: 0, questions: ['Apply this plan?'], stderr: 'Nothing was applied.\n' })
    expect(await done('topics --list')).not.toMatch(/^d$/m)
    const yes = await kt('apply {dir}/d.yaml', { terminal: true, answers: ['yes'] })
    expect(yes.stdout).toContain('done: create topic d')
  })

  it('notice that somebody changed the cluster while a person was thinking', async () => {
    file('e.yaml', topic('e', 'configs: {retention.ms: 5000}\n'))
    let looks = 0
    const { createAdmin } = await import('../../../src/client/admin.ts')
    const options: RunOptions = {
      createAdmin: async (given) => {
        const admin = createAdmin(given)
        const describeTopics: typeof admin.describeTopics = async (names, more) => {
          if (++looks === 2) {
            await admin.createTopics([{ name: 'e', partitions: 1, replicationFactor: 1 }])
            await expect.poll(async () => (await admin.describeTopics(['e'])).get('e')!.ok).toBe(true)
          }
          return admin.describeTopics(names, more)
        }
        return { ...admin, describeTopics }
      },
    }
    const { code, stderr, stdout } = await kt('apply {dir}/e.yaml --yes', options)
    expect(code).toBe(9)
    expect(stderr).toContain('The cluster was changed in between; nothing was applied\n  topic e differs')
    expect(stdout).not.toContain('done:')
  })
})

describe('kt plan --export', () => {
  it('writes what plans to nothing: to stdout, a file, a directory', async () => {
    await done('topics --create --topic x1 --partitions 3 --config retention.ms=5000')
    await done('topics --create --topic x2')
    await expect.poll(() => done("plan --export --topic 'x.*'")).toContain('name: x2')
    const yaml = await done("plan --export --topic 'x.*'")
    expect(yaml).toContain(
      'kind: Topic\nname: x1\npartitionCount: 3\nreplicationFactor: 1\nconfigs:\n  retention.ms: "5000"\n---\n',
    )
    expect(await done('plan -', { input: yaml })).toBe('Nothing to change: 2 things are as declared.\n')
    const json = await done("plan --export --topic 'x.*' --format json")
    expect(await done('plan -', { input: json })).toBe('Nothing to change: 2 things are as declared.\n')

    expect(await done('plan --export {dir}/one.yaml --topic x1')).toBe(`Wrote ${home}/one.yaml.\n`)
    expect((await kt('plan --export {dir}/one.yaml --topic x1')).stderr).toContain(
      'exists already; nothing was written',
    )
    await done('plan --export {dir}/one.yaml --topic x1 --replace')
    const whole = await kt('plan --export {dir}/all')
    expect(whole.stdout).toContain(`Wrote ${home}/all/topics.yaml.`)
    expect(whole.stderr).toContain('kt: access rules are left out: ')
    expect(await done('plan {dir}/all')).toMatch(/^Nothing to change/)
  })

  it('reads what other commands print', async () => {
    await done('topics --create --topic y --partitions 2 --config retention.ms=5000')
    await expect.poll(() => done('topics --describe --topic y --format yaml')).toContain('retention.ms')
    for (const line of [
      'topics --describe --topic y',
      'configs --describe --topic y --all',
      'configs --describe --entity-type brokers',
    ]) {
      const printed = await done(`${line} --format yaml`)
      expect(await done('plan -', { input: printed }), line).toMatch(/^Nothing to change/)
    }
  })
})

describe('kt plan, its words', () => {
  it('has documents', async () => {
    file('z.yaml', topic('z', 'partitionCount: 2\n'))
    const planned = JSON.parse(await done('plan {dir}/z.yaml --format json'))
    expect(planned).toMatchObject({
      kind: 'Plan',
      unchangedCount: 0,
      changes: [{ action: 'create', subject: 'topic', name: 'z', place: `${home}/z.yaml:1`, problems: [] }],
    })
    expect(planned.changes[0].lines[0]).toEqual({
      sign: '+',
      name: 'partitions',
      before: null,
      from: null,
      after: '2',
      note: null,
    })
    const applied = await kt('apply {dir}/z.yaml --yes --format json')
    expect(JSON.parse(applied.stdout)).toMatchObject({
      kind: 'PlanApplied',
      isComplete: true,
      steps: [{ title: 'create topic z', status: 'done', error: null }],
    })
  })

  it.each([
    ['plan', 2, 'Name a file or a directory'],
    ['plan {dir}/none.yaml', 8, 'There is no file or directory'],
    ['plan {dir}/empty', 8, 'has no file that ends in .yaml'],
    ['plan {dir}/bad.yaml', 2, 'bad.yaml:3: unknown field nam: did you mean name?'],
    ['plan {dir}/bad.yaml --prune everything', 2, '--prune everything is unknown'],
    ['plan {dir}/bad.yaml --prune topics', 2, '--prune topics needs --topic'],
    ['plan {dir}/bad.yaml --topic x', 2, '--topic goes with --prune topics'],
    ['plan --export --prune configs', 2, '--export only writes files'],
    ['plan --export a b', 2, '--export writes to one file or directory'],
    ['apply {dir}/bad.yaml --format xml', 2, "Unknown format 'xml'"],
  ])('%s ends with %i', async (line, code, text) => {
    fs.mkdirSync(path.join(home, 'empty'))
    file('bad.yaml', 'apiVersion: kt/v1\nkind: Topic\nnam: x\n')
    const result = await kt(line)
    expect(result.stderr).toContain(text)
    expect(result.code).toBe(code)
  })

  it('says in one line what the cluster cannot do', async () => {
    const rule = '{resourceType: topic, name: t, principal: "User:a", operation: read}'
    file('acl.yaml', `apiVersion: kt/v1\nkind: AclList\nacls: [${rule}]\n`)
    const { code, stderr } = await kt('plan {dir}/acl.yaml')
    expect(code).toBe(7)
    expect(stderr).toContain('cannot answer DescribeAcls requests')
  })
})
