/**
 * `kt metadata-shell` and Apache's kafka-metadata-shell.sh over the same files: those of Apache, those of our node, and one
 * that holds everything an image can hold. A shell of Apache's runs many lines, since each costs a JVM.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { COMMON_RECORDS, segmentOf, snapshotOf } from '../../commands/metadata-shell/support.ts'
import { apacheKafkaHome, runScript, startApacheKafka } from '../../support/apache-kafka.ts'
import { splitWords } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'
import { RunningNode } from '../../support/running-node.ts'

const home = await apacheKafkaHome()
const missing = home === null ? ': no Java or no installation, skipped' : ''

/** A snapshot as soon as there is something new. */
const OFTEN = { 'metadata.log.max.record.bytes.between.snapshots': '1' }

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-metadata-shell-'))
  fs.writeFileSync(path.join(directory, 'all.log'), segmentOf(COMMON_RECORDS.slice(0, 20), COMMON_RECORDS.slice(20)))
  fs.writeFileSync(path.join(directory, 'all.checkpoint'), snapshotOf(COMMON_RECORDS))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

interface Result {
  readonly code: number
  readonly stdout: string
}

const TIMEOUT_MS = 30_000
/** Commands of the script race its loader: some see an image without a record, some wait for ever. It is asked again. */
const ATTEMPTS = 4

async function askScript(args: readonly string[], input = ''): Promise<Result> {
  const { code, stdout } = await runScript(home!, 'kafka-metadata-shell', args, { input, timeoutMs: TIMEOUT_MS })
  return { code, stdout: withoutCommit(stdout) }
}

async function askKt(args: readonly string[], input = ''): Promise<Result> {
  const { code, stdout } = await runCommand(['metadata-shell', ...args], { input })
  return { code, stdout: withoutCommit(stdout) }
}

/** The builds differ. */
const withoutCommit = (stdout: string): string => stdout.replace(/^((?:>>)?\s*)(?:[0-9a-f]{16}|unknown)$/gm, '$1COMMIT')

async function compare(args: readonly string[], input?: string): Promise<Result> {
  const [kt, first] = await Promise.all([askKt(args, input), askScript(args, input)])
  let script = first
  for (let attempt = 1; attempt < ATTEMPTS && script.stdout !== kt.stdout; attempt++) {
    script = await askScript(args, input)
  }
  expect(kt).toEqual(script)
  return kt
}

const LINES = `
ls
ls /image
ls /image/topics/byName
ls {image,local}
ls /{image,loc*}
ls /image/pro*
ls /image/provenance /image/topics /image/topics
ls /local/version /image/provenance
ls /image/acls /image/delegationToken /image/scram/*
ls /*/version /nope
ls {
ls /image/{a,{b}}
ls '' /
ls a"b'c "d e" 'f"g
ls /ima\\ge
ls -x
ls -- -x
ls -- -- -x
ls $HOME ~ a;pwd
cd /image/scram
cd
pwd
cd /image
pwd
cd nope
cd provenance
cd *
pwd
cd ../cluster
pwd
ls .. ../..
cat brokers/1 controllers/* brokers/2 ./brokers/+1
cd a b
cd ''
pwd
cat
cat /image
cat nope /local/version
cat /local/*
cat /image/features/finalized_x /image/features/metadataVersion
cat /image/topics/byName/*/0
cat /image/topics/byName/*/{id,name}
cat --targets
tree
tree /
tree /image/topics /local
tree /image/features/metadataVersion
tree nope
find
find /image/topics
find local/
find /loc*
find nope
find /image/provenance/x
foo
h
c
l
histor
-h
--help
exit now
pwd x
help me
man
man l
man cat ls
history 1 2
history x
history -1
history 0

 pwd
pwd
pwd
history 3
history
`

const OWN_HELP = `
help
man cat
man cd
man exit
man find
man help
man history
man ls
man pwd
ls -h
cd --help
help -h
`

/** Descriptions are in our words: names and usage are compared. */
function withoutDescriptions(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => !/^ {25}/.test(line))
    .map((line) => line.replace(/^(\s{2,4}\S.*?)\s{2,}.*$/, '$1').replace(/^(>> )?(\w+): .*$/, '$1$2:'))
}

describe.skipIf(home === null)(`kt metadata-shell beside kafka-metadata-shell.sh${missing}`, () => {
  it.each(['all.log', 'all.checkpoint'])('understands the same lines: %s', async (name) => {
    const { code, stdout } = await compare(['-s', path.join(directory, name)], LINES)
    expect(code).toBe(0)
    expect(stdout).toContain('PartitionRegistration(')
  })

  it('helps with the same commands', async () => {
    const args = ['-s', path.join(directory, 'all.log')]
    const [script, kt] = await Promise.all([askScript(args, OWN_HELP), askKt(args, OWN_HELP)])
    expect(withoutDescriptions(kt.stdout)).toEqual(withoutDescriptions(script.stdout))
  })

  it.each([
    '-s {log} ls /',
    '-s{log} cat /image/provenance',
    '--snapshot={snapshot} ls /image/cluster/brokers /image/topics',
    '--snap {snapshot} find /image/configs',
    'ls -s {log} /image',
    '-s {log} ls / -- -x',
    '-s {log} -- ls -x',
    '-s {log} -- ls -- -x',
    "-s {log} ls ''",
    "-s {log} '' ls",
    "-s {log} ''",
    '-s {log} l',
    '-s {log} cd /',
    '-s {log} history',
    '-s {log} cat',
    '-s {log} cat /image /nope',
    '-s {log} tree /image/clientQuotas /nope',
    '-s /nope -s {log} ls',
    '-s {log} -- foo -x',
  ])('runs one command: %s', async (line) => {
    const files = { log: path.join(directory, 'all.log'), snapshot: path.join(directory, 'all.checkpoint') }
    await compare(
      splitWords(line).map((word) => word.replace('{log}', files.log).replace('{snapshot}', files.snapshot)),
    )
  })

  it.each([
    '',
    'ls',
    '-s',
    '-s {log} ls -x',
    '--directory {dir} ls',
    '-s {dir}/nope ls',
    '-s {dir}/nope',
    '-x',
    '-s a -s',
  ])('does not accept: %s', async (line) => {
    const names = { log: path.join(directory, 'all.log'), dir: directory }
    const args = splitWords(line).map((word) => word.replace('{log}', names.log).replace('{dir}', names.dir))
    const script = await runScript(home!, 'kafka-metadata-shell', args)
    const kt = await runCommand(['metadata-shell', ...args])
    // What is announced before a file is found to be missing.
    expect([kt.code, kt.stdout]).toEqual([script.code, script.stdout === '' ? expect.any(String) : script.stdout])
    expect(script.code).toBe(1)
    const theirs = /kafka-metadata-shell: error: (.*)/.exec(script.stderr)?.[1]
    if (theirs !== undefined) expect(kt.stderr.split('\n')[0]).toBe(theirs)
  })

  it('fails with help on stdout', async () => {
    const [script, kt] = await Promise.all([askScript(['-h']), askKt(['-h'])])
    expect([kt.code, kt.stdout === '']).toEqual([script.code, script.stdout === ''])
  })
})

const CHANGES = [
  'topics --create --topic orders --partitions 3 --config retention.ms=1000',
  'topics --create --topic gone --partitions 1',
  'topics --delete --topic gone',
  'topics --create --topic returns --replica-assignment 1,1',
  'configs --alter --entity-type topics --entity-name orders --add-config cleanup.policy=[compact,delete]',
  'configs --alter --entity-type brokers --entity-default --add-config log.cleaner.threads=2',
  'configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=3',
  'configs --alter --entity-type groups --entity-name g --add-config consumer.session.timeout.ms=50000',
]

/** What our node does not serve. */
const USERS = [
  'configs --alter --entity-type users --entity-name alice --entity-type clients --entity-name app --add-config producer_byte_rate=1024,request_percentage=12.5',
  'configs --alter --entity-type users --entity-name alice --add-config SCRAM-SHA-256=[iterations=4096,password=secret]',
]

/** A topic that was just made may not be known to the broker that is asked. */
const UNTIL_KNOWN = { timeout: 10_000, interval: 100 }

async function change(bootstrapServers: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const [command, ...rest] = line.split(' ')
    await vi.waitFor(async () => {
      const result = await runCommand([command!, '--bootstrap-server', bootstrapServers, ...rest])
      expect(result.code, line + result.stdout + result.stderr).toBe(0)
    }, UNTIL_KNOWN)
  }
}

const METADATA = '__cluster_metadata-0'

/** The log and the newest snapshot. */
function filesIn(data: string): string[] {
  const names = fs.readdirSync(path.join(data, METADATA)).sort()
  const snapshot = names.filter((name) => name.endsWith('.checkpoint')).at(-1)!
  expect(snapshot).not.toMatch(/^0{20}-/)
  return [...names.filter((name) => name.endsWith('.log')), snapshot].map((name) => path.join(data, METADATA, name))
}

const EVERYTHING = 'tree /\ncat /image/topics/byName/orders/0 /image/cluster/*/1\nfind /image\n'

const REGISTRATIONS = [
  'BrokerRegistration(id=1',
  'ControllerRegistration(id=1',
  'PartitionRegistration(',
  'TOPIC:orders',
]

/** Compares what both shells show of every file; all of these texts must be in it. */
async function compareFiles(data: string, texts: readonly string[]): Promise<void> {
  const files = filesIn(data)
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const { stdout } = await compare(['-s', file], EVERYTHING)
    for (const text of texts) expect(stdout, file).toContain(text)
  }
}

describe.skipIf(home === null)(`files of nodes${missing}`, () => {
  it('of Apache look the same in both shells; ours reads them while they are written', async () => {
    const kafka = await startApacheKafka(home!, OFTEN)
    const copy = path.join(directory, 'apache')
    try {
      await change(kafka.bootstrapServers, [...CHANGES, ...USERS])
      const log = path.join(kafka.dataDirectory, METADATA, '00000000000000000000.log')
      const [script, kt] = await Promise.all(
        [askScript, askKt].map((ask) => ask(['-s', log, 'cat', '/image/topics/byName/orders/name'])),
      )
      expect(script).toEqual({ code: 1, stdout: '' })
      expect(kt).toEqual({ code: 0, stdout: 'orders\n' })
      fs.cpSync(kafka.dataDirectory, copy, { recursive: true })
    } finally {
      await kafka.stop()
    }
    await compareFiles(copy, [...REGISTRATIONS, 'ScramCredentialData(', 'clientId(app)_user(alice):'])
  })

  it('of ours look the same in both shells, while the node runs and afterwards', async () => {
    await using node = new RunningNode(OFTEN)
    await node.start()
    await change(node.bootstrapServers, CHANGES)
    const data = path.join(node.directory, 'data')
    const log = path.join(data, METADATA, '00000000000000000000.log')
    const { stdout } = await compare(['-s', log, 'tree', '/image/configs'])
    expect(stdout).toContain('log.cleaner.threads')
    const copy = path.join(directory, 'ours')
    fs.cpSync(data, copy, { recursive: true })
    await compareFiles(copy, REGISTRATIONS)
  })
})
