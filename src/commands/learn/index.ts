/** `kt learn`: lessons that are checked on the real cluster. */
import type { Command as CommanderCommand } from 'commander'
import type { Command, CommandTable } from '../../cli/command.ts'
import { STRUCTURED_FORMATS } from '../../cli/format.ts'
import { type Act, type Action, addConnectionOptions, defineCommand } from '../../cli/own-command.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import type { Desk } from './desk.ts'
import { hasScreenReader } from './screen-reader.ts'
import type { LearnFlags } from './with-desk.ts'

const lessonVerbs = () => import('./lesson-verbs.ts')
const courseVerbs = () => import('./course-verbs.ts')

/** The command; `commands` are those that the full screen's prompt runs. */
export function learnCommand(commands: CommandTable): Command {
  return defineCommand({
    name: 'learn',
    summary: 'Lessons that look at the real cluster: goals turn green by what is there, not by what was typed.',
    examples: [
      { command: 'kt learn', does: 'the lesson where you left off; on a terminal its goals are watched' },
      { command: 'kt learn list', does: 'all lessons, and which are passed' },
      { command: 'kt learn goto 1', does: 'open another lesson' },
      {
        command: 'kt learn check',
        does: 'look now: each goal with what was expected and seen; exit code 0 when passed',
      },
      { command: 'kt learn hint', does: 'a nudge, then the idea, then the command' },
      { command: 'kt learn incident', does: 'things that are broken: a symptom, and when it counts as mended' },
      { command: 'kt learn reset 1', does: "undo a lesson: its own topics and groups, nobody else's" },
      { command: 'kt learn notes', does: 'your notebook so far, in Markdown' },
    ],
    configure(command, act) {
      command.argument('[lesson]', 'its number; left out: where you left off')
      withPlain(withPlace(command)).action(
        act(
          onScreen(
            commands,
            later(async () => (await lessonVerbs()).learn),
            (desk, [word]) => (word === undefined ? desk.current : desk.entry(word)),
          ),
        ),
      )
      configureLesson(command, act, commands)
      configureIncidents(command, act, commands)
      configureCourse(command, act)
    },
  })
}

/** The full screen where there is a terminal for it; else, and with `--plain`, line by line. */
function onScreen(
  commands: CommandTable,
  plain: Action<LearnFlags & { readonly plain?: boolean }>,
  choose: (desk: Desk, words: readonly string[]) => LessonEntry,
): typeof plain {
  return async (words, flags, context) => {
    const isPlain = flags.plain === true || flags.format !== undefined || hasScreenReader(context.env)
    if (isPlain || !context.interactive) return plain(words, flags, context)
    const { canShowScreen, runScreen } = await import('./screen/index.ts')
    if (!canShowScreen(context)) return plain(words, flags, context)
    return runScreen((desk) => choose(desk, words), flags, context, commands)
  }
}

function withPlain(command: CommanderCommand): CommanderCommand {
  return command.option(
    '--plain',
    'no full screen: lines, as a screen reader wants them; also with ACCESSIBLE=1 or INK_SCREEN_READER=true',
  )
}

/** Loaded when it is run. */
function later<T>(load: () => Promise<Action<T>>): Action<T> {
  return async (words, flags, context) => (await load())(words, flags, context)
}

function withFormat(command: CommanderCommand): CommanderCommand {
  return command.option('--format <format>', `structured output: ${STRUCTURED_FORMATS.join(' or ')}`)
}

/** Where the lesson is done: what the open lesson was begun with holds until something else is said. */
function withPlace(command: CommanderCommand): CommanderCommand {
  return withFormat(addConnectionOptions(command))
    .option('--local', 'the local cluster, whatever the environment says')
    .option('-y, --yes', 'do not ask before lessons on another cluster')
}

function configureLesson(command: CommanderCommand, act: Act, commands: CommandTable): void {
  const verb = (
    name: string,
    description: string,
    load: (verbs: Awaited<ReturnType<typeof lessonVerbs>>) => Action<LearnFlags>,
  ): CommanderCommand =>
    withPlace(command.command(name).description(description)).action(act(later(async () => load(await lessonVerbs()))))
  const opening = (
    name: string,
    description: string,
    choose: Parameters<typeof onScreen>[2],
    plain: Action<LearnFlags>,
  ) =>
    withPlain(withPlace(command.command(name).description(description))).action(act(onScreen(commands, plain, choose)))
  opening(
    'goto',
    'open a lesson',
    (desk, [word = '']) => desk.entry(word),
    later(async () => (await lessonVerbs()).goTo),
  ).argument('<lesson>', 'its number, or words of its title')
  opening(
    'next',
    'open the lesson after the current one',
    (desk) => desk.after(desk.current.number) ?? desk.current,
    later(async () => (await lessonVerbs()).next),
  )
  verb(
    'check',
    'look at the cluster now: 0 passed, 1 not yet, 21 cannot be done here, 22 a check failed',
    (verbs) => verbs.check,
  ).option('--picture', 'the cluster as a picture as well: brokers as columns, replicas as cells')
  verb('hint', 'the next hint for the first goal that is open', (verbs) => verbs.hint)
  verb('solution', 'the lines that solve it, once something was tried', (verbs) => verbs.solution)
  verb('answer', 'answer a question of the lesson', (verbs) => verbs.answer)
    .argument('<question>', 'its name or number')
    .argument('<answer...>', 'a letter, a number or the words')
}

/** Incidents, and the programs that lessons start beside the learner's commands. */
function configureIncidents(command: CommanderCommand, act: Act, commands: CommandTable): void {
  const verbs = () => import('./incident-verbs.ts')
  withPlain(withPlace(command.command('incident').description('something is broken: open an incident, or list them')))
    .argument('[incident]', 'its number or name; left out: all of them')
    .action(
      act(async (words, flags: LearnFlags, context) => {
        const { incident, incidentOf } = await verbs()
        if (words.length === 0) return incident(words, flags, context)
        return onScreen(commands, incident, (_, [word = '']) => incidentOf(word))(words, flags, context)
      }),
    )
  withFormat(
    command.command('programs').description("the shop's programs of a lesson: list them, stop one, start it again"),
  )
    .argument('[action]', 'stop or start; left out: list')
    .argument('[name]', 'which one')
    .action(act(later(async () => (await verbs()).programs)))
  withFormat(command.command('files').description('where the files of the open lesson are; or what is in one of them'))
    .argument('[name]', 'a file; left out: their directory')
    .action(act(later(async () => (await verbs()).files)))
  addConnectionOptions(command.command('act').description('be a program of a lesson: the lesson starts it'))
    .requiredOption('--name <name>', 'its name and client id')
    .requiredOption('--topic <topic>', 'reads or writes it')
    .option('--group <group>', 'reads as a member of this group; left out: writes')
    .option('--delay-ms <ms>', 'time for each record', '100')
    .option('--stuck-on <text>', 'a record with this in it is tried again and again')
    .option('--to <topic>', 'what was read and dealt with is written there')
    .action(act(later(async () => (await import('./programs/act.ts')).act)))
}

function configureCourse(command: CommanderCommand, act: Act): void {
  withFormat(command.command('list').description('all lessons, or those with a word in their title'))
    .argument('[word]', 'a part of the title')
    .action(act(later(async () => (await courseVerbs()).list)))
  withPlace(
    command.command('reset').description('undo a lesson: its topics, groups and settings, and what is known of it'),
  )
    .argument('[lesson]', 'its number')
    .option('--all', 'every lesson, and all progress')
    .action(act(later(async () => (await courseVerbs()).reset)))
  command
    .command('export')
    .description('progress as JSON, for another machine')
    .argument('[file]', 'where to write it; else standard output')
    .action(act(later(async () => (await courseVerbs()).exportProgress)))
  command
    .command('import')
    .description('take over what export wrote')
    .argument('<file>', 'the file; - for standard input')
    .action(act(later(async () => (await courseVerbs()).importProgress)))
  command
    .command('notes')
    .description('your notebook in Markdown: what was run, what changed, what it means')
    .argument('[file]', 'where to write it; else standard output')
    .action(act(later(async () => (await courseVerbs()).notes)))
}
