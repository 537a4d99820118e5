/**
 * `kt reassign-partitions`, Kafka's `kafka-reassign-partitions.sh`: moves partitions to other brokers and replicas to other
 * log directories. Failures go to stdout, as the script's.
 */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import type { KafkaError } from '../../protocol/error-codes.ts'
import { showScriptFailure } from '../failure.ts'
import { ScriptFailure } from '../script-failure.ts'
import {
  actionOf,
  checkReassign,
  connectionOf,
  REASSIGN_OPTIONS,
  type ReassignAction,
  type ReassignGiven,
  type ReassignRun,
} from './options.ts'
import { TerseFailure } from './terse-failure.ts'

export const reassignPartitions = defineScriptCommand({
  name: 'reassign-partitions',
  script: 'kafka-reassign-partitions.sh',
  summary: 'Move partitions to other brokers: propose, start, verify, cancel, list',
  options: REASSIGN_OPTIONS,
  examples: [
    {
      command: 'kt reassign-partitions --generate --topics-to-move-json-file topics.json --broker-list 1,2,3',
      does: 'proposes where their partitions could lie',
    },
    {
      command: 'kt reassign-partitions --execute --reassignment-json-file plan.json --throttle 10000000',
      does: 'starts the moves, at most 10 MB/s',
    },
    {
      command: 'kt reassign-partitions --verify --reassignment-json-file plan.json',
      does: 'how far they are; takes the throttle away when they are done',
    },
    { command: 'kt reassign-partitions --list', does: 'what is being moved' },
  ],
  check: checkReassign,
  run: runReassign,
})

/** Actions load lazily: listing does not pay for generating. */
const ACTIONS: Readonly<Record<ReassignAction, () => Promise<(run: ReassignRun) => Promise<void>>>> = {
  generate: async () => (await import('./generate.ts')).generate,
  execute: async () => (await import('./execute.ts')).execute,
  verify: async () => (await import('./verify.ts')).verify,
  cancel: async () => (await import('./cancel.ts')).cancel,
  list: async () => (await import('./list.ts')).list,
}

async function runReassign(given: ReassignGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  try {
    const action = await ACTIONS[actionOf(given)]()
    const admin = await context.admin(connectionOf(given))
    const say = (text: string): void => {
      if (presentation === 'script') context.stdout.write(text)
    }
    await action({ given, admin, context, presentation, say })
    return OK
  } catch (error) {
    const prefix = error instanceof TerseFailure ? '' : 'Error: '
    return showScriptFailure(await inJavasWords(error), prefix, presentation, context)
  }
}

/** A refusal of a whole call is an exception inside an exception there: its class stands before its text. */
async function inJavasWords(error: unknown): Promise<unknown> {
  const cause = error instanceof KtError ? error.cause : undefined
  if (!(cause instanceof Error) || cause.name !== 'KafkaError') return error
  const { javaText } = await import('../java-failure.ts')
  const { code, errorName: name, message } = cause as KafkaError
  const { facts, next } = error as KtError
  return new ScriptFailure((error as KtError).message, javaText({ code, name, message }), { facts, next })
}
