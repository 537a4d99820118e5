/**
 * `kt zookeeper-server-start` and `-stop`: scripts that Kafka 4.0 dropped and that older notes begin with. They teach, and
 * what the notes do next works: a node that has never been formatted is formatted, as ZooKeeper's first start once did.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Command } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import type { Example } from '../cli/help.ts'
import { runNested } from '../cli/nested.ts'
import { flag } from '../cli/options.ts'
import { parseProperties } from '../client/java-properties.ts'

const TEACHING = `There is no ZooKeeper any more: since Kafka 4.0 the controllers keep the cluster's metadata in a log of their own
(KRaft), __cluster_metadata. Nothing has to be started before Kafka.
`

const START_EXAMPLES: readonly Example[] = [
  {
    command: 'zookeeper-server-start.sh config/zookeeper.properties',
    does: 'in a workspace of kt init: formats the node of config/server.properties, if nobody has',
  },
]

export const zookeeperServerStart: Command = {
  name: 'zookeeper-server-start',
  script: 'zookeeper-server-start.sh',
  grammar: async () => ({
    summary: 'Says what has become of ZooKeeper, and makes the node beside its file ready to start',
    options: { daemon: flag('As in older notes; nothing runs.', { short: 'daemon' }) },
    words: 'zookeeper.properties',
    examples: START_EXAMPLES,
  }),
  run: runStart,
}

export const zookeeperServerStop: Command = {
  name: 'zookeeper-server-stop',
  script: 'zookeeper-server-stop.sh',
  grammar: async () => ({
    summary: 'Says that there is no ZooKeeper to stop',
    options: {},
    examples: [{ command: 'zookeeper-server-stop.sh', does: 'nothing, and says so' }],
  }),
  run: async (_args, context) => {
    context.stdout.write('There is no ZooKeeper to stop: Kafka keeps its metadata itself.\n')
    if (!context.asScript) context.stdout.write('  next: kt server-stop, kt cluster stop\n')
    return OK
  },
}

async function runStart(args: readonly string[], context: CommandContext): Promise<number> {
  context.stdout.write(TEACHING)
  const file = args.find((word) => !word.startsWith('-'))
  const properties = file === undefined ? undefined : path.join(path.dirname(file), 'server.properties')
  const directories = properties === undefined ? [] : unformatted(properties)
  if (properties === undefined || directories === null) {
    context.stdout.write('  next: kt cluster start   (a cluster that is ready), or kt init DIR   (one by hand)\n')
    return OK
  }
  if (directories.length > 0 && !(await format(properties, context))) return OK
  context.stdout.write(`  next: ${startLine(properties, context)}\n`)
  return OK
}

function startLine(properties: string, { asScript }: CommandContext): string {
  return `${asScript ? 'bin/kafka-server-start.sh' : 'kt server-start'} ${properties}`
}

/** Directories of a node that is broker and controller and was never formatted; null when there is no such file. */
function unformatted(properties: string): string[] | null {
  if (!fs.existsSync(properties)) return null
  const values = parseProperties(fs.readFileSync(properties, 'utf8'))
  if (!(values.get('process.roles') ?? '').includes('controller')) return null
  const directories = (values.get('log.dirs') ?? values.get('log.dir') ?? '').split(',').map((each) => each.trim())
  return directories.filter((each) => each !== '' && !fs.existsSync(path.join(each, 'meta.properties')))
}

/** As `kafka-storage.sh format` does it, and shows how. True when it worked; else the reason has been told. */
async function format(properties: string, context: CommandContext): Promise<boolean> {
  const { randomUuid } = await import('../base/uuid.ts')
  const isStatic = parseProperties(fs.readFileSync(properties, 'utf8')).has('controller.quorum.voters')
  const words = ['format', '-t', String(randomUuid()), '-c', properties, ...(isStatic ? [] : ['--standalone'])]
  const table = { storage: { summary: '', load: async () => (await import('./storage.ts')).storage } }
  const { code, transcript } = await runNested(['storage', ...words], context, table)
  context.stdout.write(`The log directory of ${properties} has to be formatted once instead; done now, with\n`)
  context.stdout.write(`  bin/kafka-storage.sh ${words.join(' ')}\n`)
  if (code !== 0) context.stderr.write(transcript)
  return code === 0
}
