/**
 * `kt streams-application-reset`, Kafka's `kafka-streams-application-reset.sh`: lets an application that is stopped begin
 * anew, by the offsets of its input and by deleting its internal topics.
 *
 * Differs: failures are one line after `ERROR:` without a stack trace. A partition that a `--from-file` does not name is
 * told; the script ends with a NullPointerException.
 */
import { KtError } from '../base/errors.ts'
import type { CommandContext, ConnectionTarget } from '../cli/context.ts'
import { reportHints, toKtError } from '../cli/errors.ts'
import { OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { UsageError } from '../cli/options.ts'
import { defineScriptCommand, presentationOf } from '../cli/script-command.ts'
import type { Admin, TopicPartition } from '../client/admin-types.ts'
import { inHashOrder, partitionsInHashOrder } from './java-order.ts'
import { unwrap } from './outcome.ts'
import { at, inputOffsets, type NewOffset } from './streams-application-reset/offsets.ts'
import { checkReset, RESET_OPTIONS, type ResetGiven } from './streams-application-reset/options.ts'
import { isInternalTopic } from './streams-groups/change.ts'
import { journaled } from './undo/journaled.ts'

export const streamsApplicationReset = defineScriptCommand({
  name: 'streams-application-reset',
  script: 'kafka-streams-application-reset.sh',
  summary: 'Let a Kafka Streams application begin anew: offsets and internal topics',
  options: RESET_OPTIONS,
  examples: [
    {
      command: 'kt streams-application-reset --application-id word-count --input-topics orders --dry-run',
      does: 'what would be done; the application must be stopped',
    },
    {
      command: 'kt streams-application-reset --application-id word-count --input-topics orders',
      does: 'reads its input from the beginning, and deletes its internal topics',
    },
    {
      command:
        'kt streams-application-reset --application-id word-count --input-topics orders --by-duration P1D --dry-run',
      does: 'the same from a day ago on',
    },
  ],
  check: checkReset,
  run: runReset,
})

interface Job {
  readonly given: ResetGiven
  readonly admin: Admin
  readonly context: CommandContext
  readonly groupId: string
  readonly dryRun: boolean
  /** Nothing when a document was asked for. */
  say(line: string): void
}

/** What was done, or would be. */
interface Done {
  readonly offsets: readonly NewOffset[]
  readonly missingTopics: readonly string[]
  readonly deletedTopics: readonly string[]
}

async function runReset(given: ResetGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const isDocument = presentation === 'json' || presentation === 'yaml'
  const say = (line: string): void => {
    if (!isDocument) context.stdout.write(`${line}\n`)
  }
  if (given.has('config-file')) {
    say(
      'Option --config-file has been deprecated and will be removed in a future version. Use --command-config instead.',
    )
  }
  const groupId = given.value('application-id')!
  try {
    const admin = journaled(await context.admin(targetOf(given)), context)
    const dryRun = given.has('dry-run')
    const done = await reset({ given, admin, context, groupId, dryRun, say })
    if (isDocument) {
      const fields = {
        applicationId: groupId,
        dryRun,
        offsets: done.offsets.map((each) => ({ ...each })),
        missingTopics: done.missingTopics,
        deletedTopics: done.deletedTopics,
      }
      context.stdout.write(formatDocument(presentation, 'StreamsApplicationReset', fields))
    }
    return done.missingTopics.length === 0 ? OK : SCRIPT_FAILURE
  } catch (error) {
    if (error instanceof UsageError || context.signal.aborted) throw error
    const failure = toKtError(error)
    context.stderr.write(`ERROR: ${failure.message}\n`)
    reportHints(failure, context)
    return SCRIPT_FAILURE
  }
}

function targetOf(given: ResetGiven): ConnectionTarget {
  return {
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('config-file') ?? given.value('command-config'),
  }
}

async function reset(job: Job): Promise<Done> {
  await removeMembers(job)
  const topics = (await job.admin.listTopics()).filter(({ isInternal }) => !isInternal).map(({ name }) => name)
  if (job.dryRun) {
    job.say('----Dry run displays the actions which will be performed when running Streams Reset Tool----')
  }
  const { offsets, missingTopics } = await resetOffsets(job, topics)
  const deletedTopics = await deleteInternalTopics(job, topics)
  return { offsets, missingTopics, deletedTopics }
}

/** Nobody may be in the group; `--force` makes them leave. */
async function removeMembers({ given, admin, groupId, say }: Job): Promise<void> {
  const outcome = (await admin.describeGroups([groupId])).get(groupId)!
  if (!outcome.ok && outcome.error.name === 'GROUP_ID_NOT_FOUND') return
  const { members } = unwrap(outcome)
  if (members.length === 0) return
  if (!given.has('force')) {
    const list = members.map(({ memberId, clientId, host }) => `${memberId} (client ${clientId}, host ${host})`)
    throw new KtError(
      'conflict',
      `java.lang.IllegalStateException: Consumer group '${groupId}' is still active and has following members: [${list.join(', ')}]. Make sure to stop all running application instances before running the reset tool. You can use option '--force' to remove active members from the group.`,
    )
  }
  say(`Force deleting all active members in the group: ${groupId}`)
  unwrap(await admin.removeGroupMembers(groupId, members))
}

interface Topics {
  readonly found: readonly string[]
  readonly missing: readonly string[]
}

function sorted(names: readonly string[], existing: readonly string[]): Topics {
  const known = new Set(existing)
  return { found: names.filter((name) => known.has(name)), missing: names.filter((name) => !known.has(name)) }
}

async function resetOffsets(
  job: Job,
  existing: readonly string[],
): Promise<{ offsets: NewOffset[]; missingTopics: string[] }> {
  const { given, say } = job
  const input = given.values('input-topics')
  const intermediate = given.values('intermediate-topics')
  if (given.has('intermediate-topics')) {
    say('WARN: `--intermediate-topics` is deprecated and will be removed in a future release')
  }
  if (input.length + intermediate.length === 0) {
    say('No input or intermediate topics specified. Skipping seek.')
    return { offsets: [], missingTopics: [] }
  }
  if (input.length > 0) say(`Reset-offsets for input topics [${input.join(', ')}]`)
  if (intermediate.length > 0) say(`Seek-to-end for intermediate topics [${intermediate.join(', ')}]`)
  const [inputs, others] = [sorted(input, existing), sorted(intermediate, existing)]
  tellMissing('input', 'Topic: ', inputs.missing, say)
  tellMissing('intermediate', 'Topic:', others.missing, say)
  const missingTopics = [...inputs.missing, ...others.missing]
  if (inputs.found.length + others.found.length === 0) return { offsets: [], missingTopics }
  const offsets = await newOffsets(job, inputs.found, others.found)
  if (!job.dryRun) {
    for (const outcome of await job.admin.alterGroupOffsets(job.groupId, offsets)) unwrap(outcome)
  }
  say('Done.')
  return { offsets, missingTopics }
}

function tellMissing(kind: string, label: string, names: readonly string[], say: Job['say']): void {
  if (names.length === 0) return
  say(`Following ${kind} topics are not found, skipping them`)
  for (const name of names) say(`${label}${name}`)
}

async function newOffsets(job: Job, input: readonly string[], intermediate: readonly string[]): Promise<NewOffset[]> {
  const { given, admin, context, groupId, say } = job
  const partitions = await partitionsOf([...new Set([...input, ...intermediate])], admin)
  const ofInput = partitions.filter(({ topic }) => input.includes(topic))
  const ofOthers = partitions.filter(({ topic }) => !input.includes(topic))
  const offsets: NewOffset[] = []
  if (ofInput.length > 0) {
    say(`Following input topics offsets will be reset to (for consumer group ${groupId})`)
    const found = await failingAsReset(job, () =>
      inputOffsets(ofInput, { given, admin, nowMs: context.clock.now(), say }),
    )
    for (const { topic, partition, offset } of found) say(`Topic: ${topic} Partition: ${partition} Offset: ${offset}`)
    offsets.push(...found)
  }
  if (ofOthers.length > 0) {
    say(`Following intermediate topics offsets will be reset to end (for consumer group ${groupId})`)
    for (const { topic } of partitionsInHashOrder(ofOthers)) say(`Topic: ${topic}`)
    offsets.push(...(await at(ofOthers, 'latest', { admin })))
  }
  return offsets
}

/** A plan or a time that cannot be read is announced before it is told. */
async function failingAsReset<T>({ context }: Job, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    const isText = error instanceof KtError && error.message.startsWith('java.text.ParseException')
    const isFile = error instanceof KtError && error.kind === 'not-found'
    if (isText || isFile) context.stderr.write('ERROR: Resetting offsets failed.\n')
    throw error
  }
}

async function partitionsOf(topics: readonly string[], admin: Admin): Promise<TopicPartition[]> {
  const described = await admin.describeTopics(topics)
  return [...described.values()].flatMap((outcome) => {
    const { name: topic, partitions } = unwrap(outcome)
    return partitions.map(({ partition }) => ({ topic, partition }))
  })
}

/** All internal topics of the application, or those that are named. */
async function deleteInternalTopics(job: Job, existing: readonly string[]): Promise<string[]> {
  const { given, admin, context, groupId, dryRun, say } = job
  const own = new Set([...given.values('input-topics'), ...given.values('intermediate-topics')])
  const inferred = inHashOrder(existing, (name) => name).filter(
    (name) => !own.has(name) && isInternalTopic(name, groupId),
  )
  const named = given.values('internal-topics')
  if (named.some((name) => !inferred.includes(name))) {
    throw new KtError(
      'usage',
      'java.lang.IllegalArgumentException: Invalid topic specified in the --internal-topics option. Ensure that the topics specified are all internal topics. Do a dry run without the --internal-topics option to see the list of all internal topics that can be deleted.',
    )
  }
  const topics = named.length > 0 ? named : inferred
  say(`Deleting ${named.length > 0 ? 'specified' : 'inferred'} internal topics [${topics.join(', ')}]`)
  if (!dryRun && topics.length > 0) {
    const failed = [...(await admin.deleteTopics(topics))].filter(([, outcome]) => !outcome.ok)
    for (const [name, outcome] of failed) {
      context.stderr.write(`ERROR: deleting topic ${name}${outcome.ok ? '' : `: ${outcome.error.message}`}\n`)
    }
    if (failed.length > 0) {
      throw new KtError('kafka', 'java.lang.RuntimeException: Encountered an error deleting one or more topics')
    }
  }
  say('Done.')
  return topics
}
