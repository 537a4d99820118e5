/** `kt client-metrics`, Kafka's `kafka-client-metrics.sh`: which metrics clients push to the brokers (KIP-714). */
import { randomUuid } from '../base/uuid.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { defineScriptCommand, type Presentation, presentationOf, targetOf } from '../cli/script-command.ts'
import { drawTable } from '../cli/table.ts'
import type { Admin, ConfigChange, ConfigEntry, ConfigResource } from '../client/admin-types.ts'
import { CLIENT_METRICS_OPTIONS, type ClientMetricsGiven, checkClientMetrics } from './client-metrics/options.ts'
import { showScriptFailure } from './failure.ts'
import { unwrap } from './outcome.ts'

export const clientMetrics = defineScriptCommand({
  name: 'client-metrics',
  script: 'kafka-client-metrics.sh',
  summary: 'Show and change which metrics clients push to the brokers',
  options: CLIENT_METRICS_OPTIONS,
  examples: [
    { command: 'kt client-metrics --list', does: 'names of the subscriptions' },
    {
      command: 'kt client-metrics --alter --name basics --metrics org.apache.kafka. --interval 30000',
      does: 'every client pushes those metrics twice a minute',
    },
    { command: 'kt client-metrics --describe --name basics', does: 'one subscription' },
    { command: 'kt client-metrics --delete --name basics', does: 'ends it' },
  ],
  check: checkClientMetrics,
  run: runClientMetrics,
})

interface Job {
  readonly given: ClientMetricsGiven
  readonly admin: Admin
  readonly context: CommandContext
  readonly presentation: Presentation
}

async function runClientMetrics(given: ClientMetricsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const connected = await context.admin(targetOf(given))
  const changes = given.has('alter') || given.has('delete')
  const admin = changes ? (await import('./undo/journaled.ts')).journaled(connected, context) : connected
  const run = given.has('alter') ? alter : given.has('delete') ? remove : given.has('list') ? list : describe
  try {
    await run({ given, admin, context, presentation })
    return OK
  } catch (error) {
    return showScriptFailure(error, 'Error while executing client metrics command : ', presentation, context)
  }
}

const resourceOf = (name: string): ConfigResource => ({ type: 'CLIENT_METRICS', name })

async function namesOf(admin: Admin): Promise<string[]> {
  return (await admin.listConfigResources(['CLIENT_METRICS'])).map(({ name }) => name)
}

async function entriesOf(admin: Admin, name: string): Promise<ConfigEntry[]> {
  return unwrap((await admin.describeConfigs([resourceOf(name)]))[0]!)
}

async function alter(job: Job): Promise<void> {
  const { given } = job
  const name = given.value('name') ?? randomUuid()
  const settings: [string, string | undefined][] = [
    ['interval.ms', given.value('interval')],
    ['metrics', given.has('metrics') ? given.values('metrics').join(',') : undefined],
    ['match', given.has('match') ? given.values('match').join(',') : undefined],
  ]
  const changes = settings.flatMap(([key, value]): ConfigChange[] => {
    if (value === undefined) return []
    return [{ name: key, operation: value === '' ? 'DELETE' : 'SET', value }]
  })
  await change(job, name, changes, 'Altered')
}

async function remove(job: Job): Promise<void> {
  const name = job.given.value('name')!
  const entries = await entriesOf(job.admin, name)
  const changes = entries.map((entry): ConfigChange => ({ name: entry.name, operation: 'DELETE', value: entry.value }))
  await change(job, name, changes, 'Deleted')
}

async function change(
  { given, admin, context, presentation }: Job,
  name: string,
  changes: readonly ConfigChange[],
  done: 'Altered' | 'Deleted',
): Promise<void> {
  const validateOnly = given.has('dry-run')
  const [outcome] = await admin.incrementalAlterConfigs([{ resource: resourceOf(name), changes }], { validateOnly })
  unwrap(outcome!)
  if (presentation === 'json' || presentation === 'yaml') {
    const added = changes.filter(({ operation }) => operation === 'SET').map((each) => [each.name, each.value])
    const deleted = changes.filter(({ operation }) => operation === 'DELETE').map((each) => each.name)
    const fields = { name, validatedOnly: validateOnly, added: Object.fromEntries(added), deleted }
    context.stdout.write(formatDocument(presentation, 'ClientMetricsAltered', fields))
  } else {
    const text = validateOnly ? `Would have ${done.toLowerCase()}` : done
    context.stdout.write(`${text} client metrics config for ${name}.\n`)
  }
}

async function list({ admin, context, presentation }: Job): Promise<void> {
  const names = await namesOf(admin)
  if (presentation === 'script') {
    context.stdout.write(`${names.join('\n')}\n`)
  } else if (presentation === 'terminal') {
    if (names.length === 0) context.stderr.write('There are no subscriptions.\n')
    context.stdout.write(names.map((name) => `${name}\n`).join(''))
  } else {
    context.stdout.write(formatDocument(presentation, 'ClientMetricsList', { names }))
  }
}

async function describe({ given, admin, context, presentation }: Job): Promise<void> {
  const all = await namesOf(admin)
  const wanted = given.value('name')
  const names = wanted === undefined ? all : all.filter((name) => name === wanted)
  const found: { name: string; entries: ConfigEntry[] }[] = []
  for (const name of names) found.push({ name, entries: await entriesOf(admin, name) })
  if (presentation === 'json' || presentation === 'yaml') {
    const resources = found.map(({ name, entries }) => ({
      name,
      configs: Object.fromEntries(entries.map((entry) => [entry.name, entry.value])),
    }))
    context.stdout.write(formatDocument(presentation, 'ClientMetricsDescriptionList', { resources }))
  } else if (wanted !== undefined && found.length === 0) {
    context.stdout.write(`The client metric resource ${wanted} doesn't exist and doesn't have dynamic config.\n`)
  } else if (presentation === 'script') {
    for (const { name, entries } of found) {
      const lines = entries.map((entry) => `  ${entry.name}=${entry.value}\n`)
      context.stdout.write(`Client metrics configs for ${name} are:\n${lines.join('')}`)
    }
  } else {
    await showTable(found, context)
  }
}

async function showTable(
  found: readonly { name: string; entries: readonly ConfigEntry[] }[],
  context: CommandContext,
): Promise<void> {
  if (found.length === 0) {
    context.stderr.write('There are no subscriptions.\n')
    return
  }
  const { dim, name: coloured } = await context.colours()
  const value = (entries: readonly ConfigEntry[], key: string): string =>
    entries.find((entry) => entry.name === key)?.value || dim('-')
  context.stdout.write(
    await drawTable({
      head: ['NAME', 'INTERVAL (MS)', 'METRICS', 'MATCH'].map(dim),
      rows: found.map(({ name, entries }) => [
        coloured(name),
        value(entries, 'interval.ms'),
        value(entries, 'metrics'),
        value(entries, 'match'),
      ]),
      rightAligned: [1],
    }),
  )
}
