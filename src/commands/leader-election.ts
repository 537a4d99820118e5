/**
 * `kt leader-election`, Kafka's `kafka-leader-election.sh`: gives partitions back to their preferred leader, or a leader
 * at all when only replicas outside the ISR are left.
 */
import { forbidWith } from '../cli/check-options.ts'
import type { CommandContext, ConnectionTarget } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../cli/options.ts'
import { CONNECTION_OPTIONS, defineScriptCommand, type Given, presentationOf } from '../cli/script-command.ts'
import type { ElectionType } from '../client/admin-types.ts'
import { printNotice } from './deprecation.ts'

const options = {
  'election-type': text(
    'type',
    'preferred: the first of the replicas leads again. unclean: where no replica of the ISR is left any other may lead, and records may be lost.',
    { choices: ['preferred', 'unclean'] },
  ),
  topic: text('topic', 'Topic of the one partition to elect a leader for.'),
  partition: integer('number', 'Partition of --topic.'),
  'all-topic-partitions': flag('Elect wherever it is needed.'),
  'path-to-json-file': text(
    'file',
    'Partitions to elect leaders for: {"partitions": [{"topic": "orders", "partition": 1}]}',
  ),
  ...CONNECTION_OPTIONS,
  'admin.config': text('file', 'Now --command-config.', { deprecated: true }),
}
export type LeaderElectionGiven = Given<typeof options>

export const leaderElection = defineScriptCommand({
  name: 'leader-election',
  script: 'kafka-leader-election.sh',
  summary: 'Elect leaders of partitions: preferred or unclean',
  options,
  examples: [
    {
      command: 'kt leader-election --election-type preferred --all-topic-partitions',
      does: 'every partition back to its preferred leader',
    },
    {
      command: 'kt leader-election --election-type unclean --topic orders --partition 0',
      does: 'a leader from outside the ISR, whatever it is missing',
    },
    {
      command: 'kt leader-election --election-type preferred --topic orders --partition 0 --format json',
      does: 'one partition, the result as a structure',
    },
  ],
  check: checkLeaderElection,
  run: runLeaderElection,
})

const WHICH = ['topic', 'all-topic-partitions', 'path-to-json-file'] as const

/** The command line alone, in the script's order and words. */
function checkLeaderElection(given: LeaderElectionGiven): void {
  if (!given.has('election-type')) throw missing('election-type')
  forbidWith(given, 'admin.config', ['command-config'])
  if (WHICH.filter((name) => given.has(name)).length !== 1) {
    throw new UsageError(`One and only one of the following options is required: ${WHICH.join(', ')}`)
  }
  if (given.has('topic') && !given.has('partition')) throw missing('partition')
  if (!given.has('topic') && given.has('partition')) {
    throw new UsageError('Option partition is only allowed if topic is used')
  }
  electionTypeOf(given)
}

function missing(name: keyof typeof options): UsageError {
  return new UsageError(`Missing required option(s): ${name}`, { missing: name })
}

const TYPES: Readonly<Record<string, ElectionType>> = { preferred: 'PREFERRED', unclean: 'UNCLEAN' }

function electionTypeOf(given: LeaderElectionGiven): ElectionType {
  const word = given.value('election-type')!
  const type = TYPES[word.toLowerCase()]
  if (type !== undefined) return type
  throw new UsageError(`Cannot parse argument '${word}' of option election-type`, {
    facts: ['It is preferred or unclean.'],
  })
}

async function runLeaderElection(given: LeaderElectionGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const { electAndShow } = await import('./leader-election/elect.ts')
  const partitions = await partitionsOf(given)
  const admin = await context.admin(await targetOf(given, context))
  await electAndShow({ type: electionTypeOf(given), partitions, admin, context, presentation })
  return OK
}

async function partitionsOf(given: LeaderElectionGiven) {
  const file = given.value('path-to-json-file')
  if (file !== undefined) return (await import('./leader-election/election-file.ts')).readElectionFile(file)
  if (given.has('all-topic-partitions')) return 'all'
  return [{ topic: given.value('topic')!, partition: given.value('partition')! }]
}

const API_TIMEOUT_MS = 30_000
const REQUEST_TIMEOUT_MS = 15_000

/** Elections take less patience than other calls, unless the properties file says how much. */
async function targetOf(given: LeaderElectionGiven, context: CommandContext): Promise<ConnectionTarget> {
  const old = given.value('admin.config')
  if (old !== undefined) {
    const notice =
      'Option --admin.config has been deprecated and will be removed in a future version. Use --command-config instead.'
    // Nothing but the document may stand on stdout when a structure was asked for.
    if (presentationOf(given, context) === 'script') printNotice(notice, context)
    else context.stderr.write(`${notice}\n`)
  }
  const file = old ?? given.value('command-config')
  const { loadProperties } = await import('../client/properties.ts')
  const properties = new Map([
    ['default.api.timeout.ms', String(API_TIMEOUT_MS)],
    ['request.timeout.ms', String(REQUEST_TIMEOUT_MS)],
    ...(file === undefined ? [] : loadProperties(file)),
  ])
  return { bootstrapServer: given.value('bootstrap-server'), properties }
}
