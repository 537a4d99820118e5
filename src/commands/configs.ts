/**
 * `kt configs`, Kafka's `kafka-configs.sh`: configurations of topics, brokers, broker loggers, groups and client
 * metrics, quotas of users, clients and addresses, SCRAM credentials of users. Failures go to stderr, as the script's.
 */
import { forbidWith } from '../cli/check-options.ts'
import type { CommandContext } from '../cli/context.ts'
import { reportError, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { UsageError } from '../cli/options.ts'
import { defineScriptCommand, presentationOf, targetOf } from '../cli/script-command.ts'
import { checkEntities, checkEntityNames, entitiesOf, RESOURCES } from './configs/entities.ts'
import { type ConfigsGiven, configsOptions } from './configs/options.ts'
import { RefusedError } from './outcome.ts'

export const configs = defineScriptCommand({
  name: 'configs',
  script: 'kafka-configs.sh',
  summary: 'Show and change configurations, quotas and SCRAM users',
  options: configsOptions,
  examples: [
    { command: 'kt configs --describe --topic orders --all', does: 'every setting of a topic and where it comes from' },
    { command: 'kt configs --alter --topic orders --add-config retention.ms=60000', does: 'changes a setting' },
    { command: 'kt configs --alter --topic orders --delete-config retention.ms', does: 'back to the default' },
    { command: 'kt configs --describe --topic orders --diff-defaults', does: "what is not as Kafka's defaults" },
    { command: 'kt configs --describe --topic orders --all --docs', does: 'what each setting means' },
    { command: 'kt configs --alter --user ann --add-config producer_byte_rate=1048576', does: 'a quota for a user' },
  ],
  check: checkConfigs,
  run: runConfigs,
})

/** The command line alone, in the script's order and words. */
function checkConfigs(given: ConfigsGiven): void {
  if (given.has('alter') === given.has('describe')) {
    throw new UsageError('Command must include exactly one action: --describe, --alter')
  }
  forbidWith(given, 'describe', ['add-config', 'delete-config'])
  checkEntities(given)
  if (given.has('bootstrap-server') && given.has('bootstrap-controller')) {
    throw new UsageError('Only one of --bootstrap-server or --bootstrap-controller can be specified')
  }
  checkEntityNames(given)
  checkAdded(given)
  if (given.has('alter')) checkChanges(given)
}

/** Our options. */
function checkAdded(given: ConfigsGiven): void {
  forbidWith(given, 'alter', ['diff', 'diff-defaults', 'docs'])
  forbidWith(given, 'describe', ['dry-run'])
  forbidWith(given, 'diff', ['diff-defaults', 'docs'])
  const { types, names } = entitiesOf(given)
  const compares = given.has('diff') || given.has('diff-defaults')
  if (!compares && !given.has('docs') && !given.has('dry-run')) return
  const holdsConfigs = RESOURCES[types[0]!] !== undefined
  if (!holdsConfigs) throw new UsageError(`${types[0]} have quotas, no configurations with defaults and checks`)
  if (compares && names.length === 0) throw new UsageError('Name the entity that is to be compared')
}

function checkChanges(given: ConfigsGiven): void {
  if (given.has('add-config') && given.has('add-config-file')) {
    throw new UsageError('Only one of --add-config or --add-config-file must be specified')
  }
  if (!given.has('add-config') && !given.has('add-config-file') && !given.has('delete-config')) {
    throw new UsageError(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    )
  }
  const { types, names } = entitiesOf(given)
  if (types.length !== names.length) throw new UsageError('An entity name must be specified for every entity type')
}

/** Ways to describe that the script does not have. */
function describesAnew(given: ConfigsGiven): boolean {
  return given.has('diff') || given.has('diff-defaults') || given.has('docs')
}

async function runConfigs(given: ConfigsGiven, context: CommandContext): Promise<number> {
  try {
    const run = given.has('alter')
      ? (await import('./configs/alter.ts')).alterConfigs
      : describesAnew(given)
        ? (await import('./configs/compare.ts')).compareConfigs
        : (await import('./configs/describe.ts')).describeConfigs
    const bootstrapController = given.value('bootstrap-controller')
    const connected = await context.admin({ ...targetOf(given), bootstrapController })
    const changes = given.has('alter') && !given.has('dry-run')
    const admin = changes ? (await import('./undo/journaled.ts')).journaled(connected, context) : connected
    await run({ given, admin, context, presentation: presentationOf(given, context) })
    return OK
  } catch (error) {
    return showFailure(error, given, context)
  }
}

/** The script prints the whole command line before what the cluster refused; what it found wrong itself stands alone. */
function showFailure(error: unknown, given: ConfigsGiven, context: CommandContext): number {
  if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
  const failure = toKtError(error)
  if (failure.kind === 'interrupted') throw failure
  if (failure instanceof RefusedError) {
    context.stderr.write(`Error while executing config command with args '${commandLine(given)}'\n`)
  }
  reportError(failure, context)
  return SCRIPT_FAILURE
}

function commandLine(given: ConfigsGiven): string {
  const taken = new Map<string, number>()
  return given.order
    .flatMap((name) => {
      const at = taken.get(name) ?? 0
      taken.set(name, at + 1)
      const value = given.given.get(name)?.[at]
      return value === undefined ? [`--${name}`] : [`--${name}`, value]
    })
    .join(' ')
}
