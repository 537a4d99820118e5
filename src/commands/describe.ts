/**
 * `kt describe`: one picture of the cluster, of topics, groups or brokers: leaders, replicas, ISR, offsets and sizes,
 * trouble marked. `--watch` keeps it up to date in place.
 */
import { KtError } from '../base/errors.ts'
import type { CommandContext, ConnectionTarget } from '../cli/context.ts'
import { errorText, toKtError } from '../cli/errors.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, formatNamed, STRUCTURED_FORMATS, type StructuredFormat } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { addConnectionOptions, type ConnectionFlags, defineCommand, targetOfFlags } from '../cli/own-command.ts'
import type { ChangeLog } from './describe/changes.ts'
import type { Look } from './describe/gather.ts'
import type { Picture } from './describe/model.ts'

interface DescribeFlags extends ConnectionFlags {
  /** `true` without a number. */
  readonly watch?: string | true
  readonly format?: string
}

const SUBJECTS = ['cluster', 'topic', 'group', 'broker'] as const
type Subject = (typeof SUBJECTS)[number]

const DEFAULT_INTERVAL_SECONDS = 1
const MIN_INTERVAL_SECONDS = 0.1

export const describe = defineCommand({
  name: 'describe',
  summary: 'A picture of the cluster, of topics, groups or brokers.',
  examples: [
    { command: 'kt describe', does: 'brokers and topics of the cluster' },
    { command: 'kt describe topic orders --watch', does: 'leaders, ISR, offsets and sizes, redrawn every second' },
    { command: 'kt describe group billing', does: 'members, offsets and lag' },
    { command: 'kt describe broker 1 --format json', does: 'a broker as a structure' },
  ],
  configure(command, act) {
    command
      .argument('[subject]', `what to describe: ${SUBJECTS.join(', ')}`, 'cluster')
      .argument('[names...]', 'names of topics or groups, ids of brokers; left out: all of them')
      .option('--watch [seconds]', 'redraw in place until Ctrl-C')
      .option('--format <format>', `print a documented structure: ${STRUCTURED_FORMATS.join(', ')}`)
    addConnectionOptions(command).action(act(runDescribe))
  },
})

async function runDescribe(words: readonly string[], flags: DescribeFlags, context: CommandContext): Promise<number> {
  const [word = 'cluster', ...names] = words
  const subject = subjectOf(word, names)
  const format = formatNamed(flags.format)
  const intervalMs = flags.watch === undefined ? undefined : intervalOf(flags.watch)
  const admin = await context.admin(connectionOf(flags, intervalMs !== undefined))
  const { Questions } = await import('./describe/questions.ts')
  const look = { admin, questions: new Questions(context.clock, intervalMs !== undefined) }
  const print = await printer(format, context)
  if (intervalMs === undefined) {
    context.stdout.write(print(await gather(look, subject, names)))
    return OK
  }
  const { watch } = await import('./describe/watch.ts')
  const { ChangeLog } = await import('./describe/changes.ts')
  const changes = new ChangeLog(context.clock)
  const colours = await context.colours()
  const frame = async () => {
    const text = await frameText(() => gather(look, subject, names), print, changes, context)
    return { text, footer: format === undefined ? changes.text(colours) : '' }
  }
  const { clock, signal, stdout } = context
  await watch({ intervalMs, clock, signal, output: stdout, frame })
  return OK
}

/** While somebody watches, a request that hangs is given up soon, and another broker asked. */
const WATCH_REQUEST_TIMEOUT_MS = 2_000
const WATCH_API_TIMEOUT_MS = 5_000

function connectionOf(flags: DescribeFlags, isWatching: boolean): ConnectionTarget {
  const target = targetOfFlags(flags)
  // A properties file says itself how patient it is.
  if (!isWatching || target.commandConfig !== undefined) return target
  const properties = new Map([
    ['request.timeout.ms', String(WATCH_REQUEST_TIMEOUT_MS)],
    ['default.api.timeout.ms', String(WATCH_API_TIMEOUT_MS)],
  ])
  return { ...target, properties }
}

type Print = (picture: Picture, isNew?: (mark: string) => boolean) => string

/** A cluster that does not answer for a while is part of what a person watches. */
async function frameText(
  look: () => Promise<Picture>,
  print: Print,
  changes: ChangeLog,
  context: CommandContext,
): Promise<string> {
  try {
    const picture = await look()
    changes.add(picture)
    return print(picture, (mark) => changes.isNew(mark))
  } catch (error) {
    return errorText(toKtError(error), context)
  }
}

async function gather(look: Look, subject: Subject, names: readonly string[]): Promise<Picture> {
  if (subject === 'group') return (await import('./describe/gather-groups.ts')).gatherGroups(look.admin, names)
  const { gatherBrokers, gatherCluster, gatherTopics } = await import('./describe/gather.ts')
  if (subject === 'topic') return gatherTopics(look, names)
  return subject === 'broker' ? gatherBrokers(look, names) : gatherCluster(look)
}

async function printer(format: StructuredFormat | undefined, context: CommandContext): Promise<Print> {
  if (format !== undefined) {
    const { documentOf } = await import('./describe/fields.ts')
    return (picture) => {
      const { kind, fields } = documentOf(picture)
      return formatDocument(format, kind, fields)
    }
  }
  const [{ render }, { loadTableDrawer }] = await Promise.all([
    import('./describe/render.ts'),
    import('../cli/table.ts'),
  ])
  const [draw, colours] = await Promise.all([loadTableDrawer(), context.colours()])
  return (picture, isNew) => render(picture, draw, colours, isNew)
}

function subjectOf(word: string, names: readonly string[]): Subject {
  const subject = SUBJECTS.find((each) => each === word || `${each}s` === word)
  if (subject === undefined) {
    // A slip of the fingers, or the name of something: topics are what people look at most.
    const meant = nearest(word, SUBJECTS)[0]
    throw new KtError('usage', `kt describe: '${word}' is none of ${SUBJECTS.join(', ')}`, {
      next: ['kt describe', meant ?? `topic ${word}`, ...names].join(' '),
    })
  }
  if (subject === 'cluster' && names.length > 0) {
    throw new KtError('usage', 'kt describe cluster takes no names', { next: `kt describe topic ${names.join(' ')}` })
  }
  return subject
}

function intervalOf(text: string | true): number {
  const seconds = text === true ? DEFAULT_INTERVAL_SECONDS : Number(text)
  if (!(seconds >= MIN_INTERVAL_SECONDS)) {
    throw new KtError('usage', `--watch takes seconds, ${MIN_INTERVAL_SECONDS} or more, not '${text}'`)
  }
  return seconds * 1000
}
