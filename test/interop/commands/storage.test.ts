/** `kt storage` and Apache's kafka-storage.sh: the same command line, the same stdout, the same exit code, the same files. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apacheKafkaHome, runScript } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const home = await apacheKafkaHome()
const missing = home === null ? ': no Java or no installation, skipped' : ''

const ID = '4L6g3nShT-eMCtK--X86sw'
const VOTER = 'JEXY6aqzQY-32P5TStzaFg'
const OTHER = 'MvDxzVmcRsaTz33bUuRU6A'

type Lines = Readonly<Record<string, string>>

function propertiesText(lines: Lines): string {
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const BROKER: Lines = {
  'process.roles': 'broker',
  'node.id': '1',
  listeners: 'PLAINTEXT://127.0.0.1:9092',
  'controller.listener.names': 'CONTROLLER',
  'controller.quorum.bootstrap.servers': '127.0.0.1:9093',
}
const CONTROLLER: Lines = {
  ...BROKER,
  'process.roles': 'controller',
  'node.id': '100',
  listeners: 'CONTROLLER://127.0.0.1:9093',
}
const { 'controller.quorum.bootstrap.servers': _, ...WITHOUT_QUORUM } = CONTROLLER
const STATIC: Lines = { ...WITHOUT_QUORUM, 'controller.quorum.voters': '100@127.0.0.1:9093' }

/** Files of every case: the directories are its own. */
const FILES: Lines = {
  'b.properties': propertiesText({ ...BROKER, 'log.dirs': '{dir}/b' }),
  'c.properties': propertiesText({ ...CONTROLLER, 'log.dirs': '{dir}/c' }),
  's.properties': propertiesText({ ...STATIC, 'log.dirs': '{dir}/s' }),
}

/** A directory that is formatted already. */
const FORMATTED: Lines = {
  'meta.properties': propertiesText({ version: '1', 'cluster.id': ID, 'node.id': '1', 'directory.id': VOTER }),
  'b.properties': propertiesText({ ...BROKER, 'log.dirs': '{dir}' }),
}

/** Ids are drawn, and salts. */
function withoutIds(stdout: string): string {
  return stdout
    .replace(/directory\.id=[\w-]{22}/g, 'directory.id=ID')
    .replace(/(salt|storedKey|serverKey)=\[[^\]]*\]/g, '$1=[]')
}

const line = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  files: FILES,
  withoutServer: true,
  normalise: withoutIds,
  ...more,
})
const B = `format -t ${ID} -c {dir}/b.properties`
const C = `format -t ${ID} -c {dir}/c.properties`
const S = `format -t ${ID} -c {dir}/s.properties`

const CASES: ScriptCase[] = [
  line('', { argparseError: true }),
  line('nonsense', { argparseError: true }),
  line('format', { argparseError: true }),
  line(`format -t ${ID}`, { argparseError: true }),
  line('info', { argparseError: true }),
  line('feature-dependencies', { argparseError: true }),
  line(`${B} --bogus`, { argparseError: true }),
  line(`${B} -s -N`, { argparseError: true }),
  line(`${C} -I x -s`, { argparseError: true }),
  line('--help', { ownWords: true }),
  line('format --help', { ownWords: true }),
  line('random-uuid', { normalise: (stdout) => stdout.replace(/^[\w-]{22}$/m, 'ID') }),
  line('version-mapping'),
  ...['3.3', '3.5-IV1', '3.9.2', '4.0', '4.1-IV0', '4.2', '4.4-IV0'].map((each) => line(`version-mapping -r ${each}`)),
  line('version-mapping --release-version 9.9', { stderr: true }),
  line('feature-dependencies -f group.version=1 --feature eligible.leader.replicas.version=1 -f metadata.version=9'),
  ...['x', 'x=1', 'group.version=9', 'group.version=a', 'metadata.version=99'].map((each) =>
    line(`feature-dependencies -f group.version=1 -f ${each}`, { stderr: true }),
  ),
  line('info -c {dir}/b.properties'),
  line('info -c /no/such/file', { ownWords: true }),
  line('info -c {dir}/b.properties', { files: FORMATTED }),
  line('info -c {dir}/b.properties', {
    files: { ...FORMATTED, 'meta.properties': 'version=1\nnode.id=1\n' },
    ownWords: true,
  }),
  line('info -c {dir}/b.properties', { files: { ...FORMATTED, 'meta.properties': 'version=7\n' }, ownWords: true }),
  line(B),
  line(B, { files: FORMATTED, stderr: true }),
  line(`${B} --ignore-formatted`, { files: FORMATTED }),
  line('format -t other -g -c {dir}/b.properties', { files: FORMATTED, ownWords: true }),
  line(`${B} --standalone`, { stderr: true }),
  line(C, { stderr: true }),
  line(`${C} --standalone`),
  line(`${C} --no-initial-controllers`),
  line(`${C} --initial-controllers 100@127.0.0.1:9093:${VOTER},101@h:1:${OTHER}`),
  line(`${C} --initial-controllers 101@127.0.0.1:9093:${VOTER}`),
  line(`${C} --initial-controllers 101@`, { ownWords: true }),
  line(S),
  line(`${S} --standalone`, { stderr: true }),
  line(`${S} -f kraft.version=1`, { stderr: true }),
  line(`${S} -f kraft.version=0`),
  line(`${C} -s -f kraft.version=0`, { stderr: true }),
  line(`${C} -s -r 4.0`),
  line(`${C} -s -r 4.0 -f transaction.version=1 -f group.version=0`),
  line(`${C} -s -f metadata.version=7`),
  line(`${C} -s -f metadata.version=25 -r 4.0`, { stderr: true }),
  line(`${C} -s -f metadata.version=31`, { stderr: true }),
  line(`${C} -s -f metadata.version=77`, { ownWords: true }),
  line(`${C} -s -r 4.4-IV0`, { stderr: true }),
  line(`${C} -s -f foo=1`, { stderr: true }),
  line(`${C} -s -f foo`, { ownWords: true }),
  line(`${C} -s -r 3.3 -f eligible.leader.replicas.version=1`, { ownWords: true }),
  line(`${C} -s -S 'SCRAM-SHA-256=[name=alice,password=alice-secret]'`),
  line(`${C} -s -S 'SCRAM-SHA-512=[name=a,iterations=8192,salt="N3E=",saltedpassword="YCE="]'`, {
    normalise: (stdout) => stdout,
  }),
  line(`${C} -s -r 3.3 -S 'SCRAM-SHA-256=[name=a,password=b]'`, { stderr: true }),
  line(`${C} -s -S bogus`, { stderr: true }),
  line(`${C} -s -S 'SCRAM-SHA-1=[name=a,password=b]'`, { stderr: true }),
  line(`${C} -s -S 'SCRAM-SHA-256=[name=a,password=b,iterations=1]'`, { stderr: true }),
  line(`${C} -s -S 'SCRAM-SHA-256=[name=a,password=b,y=1,x=2]'`, { stderr: true }),
]

describe.skipIf(home === null)(`kt storage beside kafka-storage.sh${missing}`, () => {
  it.each(CASES.map((each) => [each.args, each] as const))('storage %s', async (_args, each) => {
    await compareWithScript({ home: home!, script: 'kafka-storage', command: 'storage', bootstrapServers: '' }, each)
  })
})

describe.skipIf(home === null)(`formatted directories${missing}`, () => {
  let directory: string
  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-formatted-'))
  })
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

  /** Name and size of every file; meta.properties has the date in Apache's. */
  function contents(data: string): string[] {
    const names = fs.readdirSync(data, { recursive: true, encoding: 'utf8' }).sort()
    return names.flatMap((name) => {
      const stat = fs.statSync(path.join(data, name))
      return stat.isDirectory() ? [] : [name.endsWith('.properties') ? name : `${name} ${stat.size}`]
    })
  }

  function linesOf(file: string): string[] {
    const text = fs.readFileSync(file, 'utf8').replace(/directory\.id=.*/, 'directory.id=ID')
    return text.split('\n').filter((each) => !each.startsWith('#'))
  }

  it.each([
    ['broker', BROKER, []],
    ['controller', CONTROLLER, ['--initial-controllers', `100@127.0.0.1:9093:${VOTER},101@localhost:9094:${OTHER}`]],
    ['static', STATIC, ['--release-version', '4.0']],
  ] as const)('have the same files, and each reads the other’s: %s', async (name, lines, flags) => {
    const [theirs, ours] = ['theirs', 'ours'].map((side) => {
      const file = path.join(directory, `${name}-${side}.properties`)
      const data = path.join(directory, `${name}-${side}`)
      fs.writeFileSync(file, propertiesText({ ...lines, 'log.dirs': data }))
      return { data, words: ['-c', file] }
    }) as [Side, Side]
    const format = ['format', '-t', ID, ...flags]
    const [script, kt] = await Promise.all([
      runScript(home!, 'kafka-storage', [...format, ...theirs.words]),
      runCommand(['storage', ...format, ...ours.words]),
    ])
    expect([script.code, kt.code]).toEqual([0, 0])
    expect(contents(ours.data)).toEqual(contents(theirs.data))
    expect(linesOf(path.join(ours.data, 'meta.properties'))).toEqual(linesOf(path.join(theirs.data, 'meta.properties')))
    const [read, readByUs] = await Promise.all([
      runScript(home!, 'kafka-storage', ['info', ...ours.words]),
      runCommand(['storage', 'info', ...theirs.words]),
    ])
    expect([read.code, readByUs.code]).toEqual([0, 0])
    expect(withoutIds(read.stdout).replaceAll('ours', '')).toBe(withoutIds(readByUs.stdout).replaceAll('theirs', ''))
  })

  interface Side {
    readonly data: string
    readonly words: string[]
  }
})
