/** `kt metadata-quorum` and Apache's kafka-metadata-quorum.sh: the same command line, the same stdout, the same exit code. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

/** Records are written meanwhile, replicas fetch meanwhile. */
function withoutProgress(stdout: string): string {
  return stdout
    .replace(/^(HighWatermark|MaxFollowerLag|MaxFollowerLagTimeMs): +-?\d+$/gm, '$1: N')
    .replace(/\t\d+ *\t\d+ *\t/g, '\tEND\tLAG\t')
    .replace(/\d{13}|-?\d+ ms ago/g, 'TIME')
    .replace(/ +\t/g, '\t')
}

const DIRECTORY = '4ZiWXzGRTuGCjDzpsT5c6A'
const REMOVE = `remove-controller --controller-id 77 --controller-directory-id ${DIRECTORY}`

const CASES: ScriptCase[] = [
  { args: 'describe --status', normalise: withoutProgress },
  { args: 'describe --replication', normalise: withoutProgress },
  { args: 'describe --replication --human-readable', normalise: withoutProgress },
  { args: '--bootstrap-controller {controller} describe --status', withoutServer: true, normalise: withoutProgress },
  { args: '--bootstrap-controller={controller} desc --rep', withoutServer: true, normalise: withoutProgress },
  { args: '--command-config /dev/null describe --status', normalise: withoutProgress },
  { args: 'describe', stderr: true },
  { args: 'describe --human-readable', stderr: true },
  { args: 'describe --status --human-readable', stderr: true },
  { args: 'describe --status --replication', stderr: true },
  { args: '--bootstrap-controller {controller} describe --status', argparseError: true },
  { args: 'describe --status extra', argparseError: true },
  { args: 'describe --statsu', argparseError: true },
  { args: 'nonsense', argparseError: true },
  { args: '', argparseError: true },
  { args: '--bootstrap-server', withoutServer: true, argparseError: true },
  { args: '--version', argparseError: true },
  { args: '--help', ownWords: true },
  { args: 'describe --help', ownWords: true },
  { args: 'add-controller -h', ownWords: true },
  { args: `${REMOVE} --dry-run` },
  { args: `remove-controller -i 77 -d ${DIRECTORY} --dry-run` },
  { args: `remove-controller -i77 -d${DIRECTORY} --dry-run` },
  { args: REMOVE, ownWords: true },
  { args: `--bootstrap-controller {controller} ${REMOVE}`, withoutServer: true, ownWords: true },
  { args: `remove-controller -i -1 -d ${DIRECTORY}`, stderr: true },
  { args: 'remove-controller -i 1 -d x', stderr: true },
  { args: 'remove-controller -i 1 -d abcd', stderr: true },
  { args: 'remove-controller -i 1 -d far-too-long-to-be-an-id-of-anything', stderr: true },
  { args: `remove-controller -i one -d ${DIRECTORY}`, argparseError: true },
  { args: 'remove-controller', argparseError: true },
  { args: `remove-controller -d ${DIRECTORY}`, argparseError: true },
  { args: 'add-controller', stderr: true },
  { args: '--command-config /no/such/file add-controller', ownWords: true },
  { args: '--command-config {files}/good.properties add-controller --dry-run' },
  { args: '--command-config {files}/no-id.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/bad-id.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/broker.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/no-dirs.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/no-names.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/other-names.properties add-controller --dry-run', stderr: true },
  { args: '--command-config {files}/unformatted.properties add-controller --dry-run', stderr: true },
]

/** A controller's file, line by line; null takes a line out. */
function controllerFile(directory: string, changes: Readonly<Record<string, string | null>>): string {
  const lines: Record<string, string | null> = {
    'node.id': '77',
    'process.roles': 'controller',
    listeners: 'CONTROLLER://:9093,OTHER://[::1]:9094',
    'advertised.listeners': 'OTHER://[fe80::1]:9095',
    'controller.listener.names': 'controller,OTHER',
    'log.dirs': path.join(directory, 'data'),
    ...changes,
  }
  const given = Object.entries(lines).filter(([, value]) => value !== null)
  return given.map(([name, value]) => `${name}=${value}\n`).join('')
}

function writeControllerFiles(directory: string): void {
  fs.mkdirSync(path.join(directory, 'data'))
  const meta = `version=1\nnode.id=77\ncluster.id=c\ndirectory.id=${DIRECTORY}\n`
  fs.writeFileSync(path.join(directory, 'data', 'meta.properties'), meta)
  const files: Record<string, Readonly<Record<string, string | null>>> = {
    good: {},
    'no-id': { 'node.id': null },
    'bad-id': { 'node.id': '-4' },
    broker: { 'process.roles': 'broker' },
    'no-dirs': { 'log.dirs': null },
    'no-names': { 'controller.listener.names': null },
    'other-names': { 'controller.listener.names': 'NOT_THERE' },
    unformatted: { 'metadata.log.dir': path.join(directory, 'nothing') },
  }
  for (const [name, changes] of Object.entries(files)) {
    fs.writeFileSync(path.join(directory, `${name}.properties`), controllerFile(directory, changes))
  }
}

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt metadata-quorum beside kafka-metadata-quorum.sh', () => {
  const files = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-quorum-'))
  let cluster: ApacheCluster

  beforeAll(async () => {
    writeControllerFiles(files)
    cluster = await apacheCluster(home!)
  })
  afterAll(() => fs.rmSync(files, { recursive: true }))

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers, bootstrapControllers } = cluster
    const names = { controller: bootstrapControllers, files }
    const subject = {
      home: home!,
      script: 'kafka-metadata-quorum',
      command: 'metadata-quorum',
      bootstrapServers,
      names,
    }
    await compareWithScript(subject, given)
  })
})
