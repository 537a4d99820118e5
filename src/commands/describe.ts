/**
 * `kt describe`: one picture of the cluster, of topics, groups or brokers: leaders, replicas, ISR, offsets and sizes,
 * trouble marked. `--watch` keeps it up to date in place.
 */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { errorText, toKtError } from '../cli/errors.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, STRUCTURED_FORMATS, type StructuredFormat } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { addConnectionOptions, type ConnectionFlags, defineCommand, targetOfFlags } from '../cli/own-command.ts'
import type { Admin } from '../client/admin-types.ts'
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
  const format = formatOf(flags.format)
  const intervalMs = flags.watch === undefined ? undefined : intervalOf(flags.watch)
  const admin = await context.admin(targetOfFlags(flags))
  const print = await printer(format, context)
  if (intervalMs === undefined) {
    context.stdout.write(print(await gather(admin, subject, names)))
    return OK
  }
  const { watch } = await import('./describe/watch.ts')
  const { clock, signal, stdout } = context
  await watch({ intervalMs, clock, signal, output: stdout, frame: () => frame(admin, subject, names, print) })
  return OK
}

/** A cluster that does not answer for a while is part of what a person watches. */
async function frame(
  admin: Admin,
  subject: Subject,
  names: readonly string[],
  print: (picture: Picture) => string,
): Promise<string> {
  try {
    return print(await gather(admin, subject, names))
  } catch (error) {
    return errorText(toKtError(error))
  }
}

async function gather(admin: Admin, subject: Subject, names: readonly string[]): Promise<Picture> {
  if (subject === 'group') return (await import('./describe/gather-groups.ts')).gatherGroups(admin, names)
  const { gatherBrokers, gatherCluster, gatherTopics } = await import('./describe/gather.ts')
  if (subject === 'topic') return gatherTopics(admin, names)
  return subject === 'broker' ? gatherBrokers(admin, names) : gatherCluster(admin)
}

async function printer(
  format: StructuredFormat | undefined,
  context: CommandContext,
): Promise<(picture: Picture) => string> {
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
  return (picture) => render(picture, draw, colours)
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

function formatOf(text: string | undefined): StructuredFormat | undefined {
  const format = STRUCTURED_FORMATS.find((each) => each === text)
  if (text === undefined || format !== undefined) return format
  throw new KtError('usage', `Unknown format '${text}'`, { facts: [`Formats: ${STRUCTURED_FORMATS.join(', ')}`] })
}

function intervalOf(text: string | true): number {
  const seconds = text === true ? DEFAULT_INTERVAL_SECONDS : Number(text)
  if (!(seconds >= MIN_INTERVAL_SECONDS)) {
    throw new KtError('usage', `--watch takes seconds, ${MIN_INTERVAL_SECONDS} or more, not '${text}'`)
  }
  return seconds * 1000
}
