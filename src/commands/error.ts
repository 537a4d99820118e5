/** `kt error NAME|CODE`: what an error of Kafka's protocol means, and what to do about it. Needs no cluster. */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { defineCommand } from '../cli/own-command.ts'
import { ErrorCode, type ErrorName, errorInfo, errorName } from '../protocol/error-codes.ts'

/** What is behind an error mostly, and what to look at: only where there is more to say than Kafka's own text. */
const ADVICE: Readonly<Partial<Record<ErrorName, string>>> = {
  UNKNOWN_TOPIC_OR_PARTITION:
    'The topic is not there, or this broker has not heard of it yet. List them: kt topics --list',
  LEADER_NOT_AVAILABLE: 'An election is going on, or every replica that may lead is down: kt describe topic TOPIC',
  NOT_LEADER_OR_FOLLOWER: 'Leadership has moved; clients look it up and go on. Often: look at kt describe cluster',
  OFFSET_OUT_OF_RANGE:
    'The offset was deleted by retention, or never written. The range: kt get-offsets --topic TOPIC --time earliest, latest',
  NOT_ENOUGH_REPLICAS:
    'Fewer replicas are in sync than min.insync.replicas wants (acks=all): kt topics --describe --under-min-isr-partitions',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    'Written, but a replica fell out of sync meanwhile: kt topics --describe --under-min-isr-partitions',
  MESSAGE_TOO_LARGE:
    'The batch is larger than max.message.bytes of the topic: kt configs --describe --topic TOPIC --all',
  GROUP_ID_NOT_FOUND: 'No such group, or it has been deleted. List them: kt consumer-groups --list',
  NON_EMPTY_GROUP:
    'The group has members: stop them first. Who they are: kt consumer-groups --describe --members --group GROUP',
  REBALANCE_IN_PROGRESS: 'Members come or go; the client joins again by itself.',
  ILLEGAL_GENERATION:
    'The member was away through a rebalance, mostly because processing took longer than max.poll.interval.ms.',
  UNKNOWN_MEMBER_ID: 'The coordinator gave the member up (session.timeout.ms passed); the client joins again.',
  COORDINATOR_NOT_AVAILABLE:
    '__consumer_offsets (or __transaction_state) has no leader: kt describe topic __consumer_offsets',
  TOPIC_AUTHORIZATION_FAILED: 'An ACL is missing: kt acls --list --topic TOPIC',
  GROUP_AUTHORIZATION_FAILED: 'An ACL is missing: kt acls --list --group GROUP',
  CLUSTER_AUTHORIZATION_FAILED: 'An ACL on the cluster is missing: kt acls --list --cluster',
  SASL_AUTHENTICATION_FAILED: 'User or password are not what the broker has, or the user is of another mechanism.',
  UNSUPPORTED_VERSION: 'Broker and client do not share a version of this request: kt broker-api-versions',
  INVALID_REPLICATION_FACTOR: 'There are fewer brokers alive than replicas wanted: kt describe cluster',
  TOPIC_ALREADY_EXISTS: 'kt topics --create --if-not-exists goes on in that case.',
  INVALID_PRODUCER_EPOCH:
    'Another producer with the same transactional.id has taken over, or the transaction timed out.',
  PRODUCER_FENCED: 'Another producer with the same transactional.id has taken over.',
  OUT_OF_ORDER_SEQUENCE_NUMBER:
    'Records of an idempotent producer are missing in the log: after data loss, or a broker that forgot it.',
  UNSTABLE_OFFSET_COMMIT: 'A transaction that commits offsets is still open; the client asks again.',
  FENCED_LEADER_EPOCH: 'The client knows an older leader; it looks it up and goes on.',
  UNKNOWN_LEADER_EPOCH: 'The broker knows an older leader than the client; it catches up in a moment.',
  POLICY_VIOLATION:
    'A policy of the cluster (create.topic.policy, alter.config.policy) says no; its words are in the message.',
}

interface ErrorFlags {
  readonly format?: string
}

export const error = defineCommand({
  name: 'error',
  summary: 'What an error of Kafka means: by its code, its name or a part of it',
  examples: [
    { command: 'kt error 3', does: 'UNKNOWN_TOPIC_OR_PARTITION' },
    { command: 'kt error NOT_ENOUGH_REPLICAS', does: 'the same by name; the name of a Java exception does, too' },
    { command: 'kt error replica', does: 'every error with that word' },
    { command: 'kt error --format json', does: 'all of them' },
  ],
  configure(command, act) {
    command
      .argument('[words...]', 'code, name, Java exception, or a part of one; all errors when left out')
      .option('--format <json|yaml>', 'print a documented structure instead of text')
      .action(act(runError))
  },
})

async function runError(words: readonly string[], { format }: ErrorFlags, context: CommandContext): Promise<number> {
  const structured = formatNamed(format)
  const found = words.length === 0 ? allErrors() : [...new Set(words.flatMap(find))]
  if (structured !== undefined) {
    context.stdout.write(formatDocument(structured, 'ErrorList', { errors: found.map(fields) }))
  } else if (found.length > MAX_EXPLAINED) {
    context.stdout.write(found.map((name) => `${String(ErrorCode[name]).padStart(4)}  ${name}\n`).join(''))
  } else {
    const colours = await context.colours()
    context.stdout.write(found.map((name) => describe(name, colours.bold(name))).join('\n'))
  }
  return OK
}

/** Beyond this many, a line each. */
const MAX_EXPLAINED = 10

function allErrors(): ErrorName[] {
  return (Object.keys(ErrorCode) as ErrorName[]).sort((left, right) => ErrorCode[left] - ErrorCode[right])
}

/** Throws a `not-found` `KtError`. */
function find(word: string): ErrorName[] {
  if (/^-?\d+$/.test(word)) {
    const name = errorName(Number(word))
    if (ErrorCode[name] === Number(word)) return [name]
    throw new KtError('not-found', `Kafka has no error ${word}`, { next: 'all of them: kt error' })
  }
  const plain = (text: string): string => text.replaceAll(/[_\s]|^.*\./g, '').toLowerCase()
  const wanted = plain(word)
  const exact = allErrors().filter(
    (name) => plain(name) === wanted || plain(errorInfo(ErrorCode[name]).exception ?? '') === wanted,
  )
  if (exact.length > 0) return exact
  const partly = allErrors().filter((name) => plain(name).includes(wanted))
  if (partly.length > 0) return partly
  const near = nearest(word.toUpperCase(), allErrors())
  throw new KtError('not-found', `Kafka has no error '${word}'`, {
    facts: near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`],
    next: 'all of them: kt error',
  })
}

function describe(name: ErrorName, heading: string): string {
  const { code, retriable, exception, message } = errorInfo(ErrorCode[name])
  const lines = [
    `${heading}  code ${code}, ${retriable ? 'the same request may succeed later' : 'asking again does not help'}`,
    `  ${message}`,
    ...(exception === null ? [] : [`  Java: ${exception}`]),
    ...(ADVICE[name] === undefined ? [] : [`  ${ADVICE[name]}`]),
  ]
  return `${lines.join('\n')}\n`
}

function fields(name: ErrorName) {
  const { code, retriable, exception, message } = errorInfo(ErrorCode[name])
  return { code, name, retriable, exception, message, advice: ADVICE[name] ?? null }
}
