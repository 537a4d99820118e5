/** `kt log-dirs`, Kafka's `kafka-log-dirs.sh`: what brokers keep in their log directories, and how large it is. */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { flag, text, UsageError } from '../cli/options.ts'
import { CONNECTION_OPTIONS, defineScriptCommand, type Given, presentationOf, targetOf } from '../cli/script-command.ts'
import { distinctInHashOrder, partitionsInHashOrder } from './java-order.ts'
import { javaParseInt } from './java-text.ts'
import { type BrokerLogDirs, logDirsFields, logDirsJson } from './log-dirs/log-dirs-text.ts'
import { unwrap } from './outcome.ts'

const options = {
  describe: flag('Describe the log directories.'),
  'topic-list': text('topic,...', 'Only these topics.'),
  'broker-list': text('id,...', 'Only these brokers.'),
  ...CONNECTION_OPTIONS,
}
type LogDirsGiven = Given<typeof options>

export const logDirs = defineScriptCommand({
  name: 'log-dirs',
  script: 'kafka-log-dirs.sh',
  summary: 'Show the log directories of brokers: partitions, sizes, lags',
  options,
  examples: [
    { command: 'kt log-dirs --describe', does: 'every replica on every broker' },
    { command: 'kt log-dirs --describe --broker-list 1 --topic-list orders,payments', does: 'two topics on a broker' },
    { command: 'kt log-dirs --describe --format json', does: 'everything as a structure' },
  ],
  check(given) {
    // Nobody can be asked for a flag.
    if (!given.has('describe')) throw new UsageError('Missing required argument "[describe]"')
  },
  run: runLogDirs,
})

async function runLogDirs(given: LogDirsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const topics = new Set(listOf(given, 'topic-list'))
  const admin = await context.admin({ ...targetOf(given), clientId: 'log-dirs-tool' })
  const existing = distinctInHashOrder((await admin.describeCluster()).brokers.map(({ id }) => id))
  const brokerIds = chosenBrokers(listOf(given, 'broker-list').map(javaParseInt), existing)
  if (presentation === 'script') context.stdout.write('Querying brokers for log directories information\n')
  const answers = await admin.describeLogDirs(brokerIds)
  const brokers = brokerIds.map((broker): BrokerLogDirs => {
    const directories = unwrap(answers.get(broker)!).map((each) => ({
      ...each,
      // The script filters one hash map into another: both show in the order it prints.
      replicas: partitionsInHashOrder(each.replicas).filter(({ topic }) => topics.size === 0 || topics.has(topic)),
    }))
    return { broker, directories }
  })
  if (presentation === 'script') {
    context.stdout.write(`Received log directory information from brokers ${brokerIds.join(',')}\n`)
    context.stdout.write(`${logDirsJson(brokers)}\n`)
  } else if (presentation === 'terminal') {
    const { logDirsTables } = await import('./log-dirs/tables.ts')
    context.stdout.write(await logDirsTables(brokers, await context.colours()))
  } else {
    context.stdout.write(formatDocument(presentation, 'LogDirList', { brokers: logDirsFields(brokers) }))
  }
  return OK
}

function listOf(given: LogDirsGiven, name: 'topic-list' | 'broker-list'): string[] {
  return (given.value(name) ?? '').split(',').filter((each) => each !== '')
}

/** Those asked for, else all. Throws in the script's words for a broker that is not there. */
function chosenBrokers(asked: readonly number[], existing: readonly number[]): number[] {
  const unknown = distinctInHashOrder(asked).filter((id) => !existing.includes(id))
  if (unknown.length > 0) {
    throw new KtError(
      'not-found',
      `ERROR: The given brokers do not exist from --broker-list: ${unknown.join(',')}. Current existent brokers: ${existing.join(',')}`,
    )
  }
  return asked.length === 0 ? [...existing] : distinctInHashOrder(asked)
}
