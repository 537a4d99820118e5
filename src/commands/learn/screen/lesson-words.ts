/** Words of a lesson at the prompt of its screen: what `kt learn` does with the lesson that is open, without the `kt learn`. */
import { OK } from '../../../cli/exit-codes.ts'
import type { LineContext } from '../../../cli/shell/run-line.ts'

/** What the words do. */
export interface LessonActions {
  /** Opens a lesson by what was typed; null is the one after the current. */
  goTo(word: string | null): Promise<void>
  /** Prints the lesson's text anew. */
  text(): void
  /** Prints the whole picture. */
  picture(): void
  clear(): void
  /** Ends what runs beside the prompt: one by its number, or all. */
  stop(word: string | undefined): number
  jobs(): void
  /** Runs a subcommand of `kt learn`, printing into the output. */
  learn(words: readonly string[]): Promise<number>
  /** Help of a command. */
  help(word: string): Promise<number>
  print(text: string): void
}

/** Each with what help says of it. */
export const LESSON_WORDS: Readonly<Record<string, string>> = {
  hint: 'the next hint for the first goal that is open',
  check: 'every goal with what was expected and seen',
  solution: 'the lines that solve it, once something was tried',
  answer: 'answer QUESTION ANSWER, such as answer 1 a',
  next: 'the next lesson',
  goto: 'goto N, or words of a title: another lesson',
  list: 'all lessons',
  text: "the lesson's text again",
  picture: 'the whole picture of the cluster, and what its marks mean',
  reset: 'reset N: undo a lesson',
  notes: 'your notebook so far',
  stop: 'stop N: end a line that runs beside (any line with & behind it); stop: all of them',
  jobs: 'the lines that run beside',
  clear: 'empty the output (Ctrl-L draws the screen anew)',
}

/** Subcommands of `kt learn` that are words as they are. */
const SAME = ['hint', 'check', 'solution', 'answer', 'list', 'reset', 'notes'] as const

/** The words for `ShellSession`. */
export function lessonWords(actions: LessonActions): LineContext['builtIns'] {
  const done = (work: () => void): number => {
    work()
    return OK
  }
  const goTo = async (word: string | null): Promise<number> => {
    await actions.goTo(word)
    return OK
  }
  const words: Record<string, (words: readonly string[]) => Promise<number>> = {
    ...Object.fromEntries(SAME.map((word) => [word, (rest: readonly string[]) => actions.learn([word, ...rest])])),
    next: () => goTo(null),
    goto: (rest) => (rest.length === 0 ? actions.learn(['goto']) : goTo(rest.join(' '))),
    text: async () => done(actions.text),
    picture: async () => done(actions.picture),
    clear: async () => done(actions.clear),
    stop: async ([word]) => actions.stop(word),
    jobs: async () => done(actions.jobs),
    help: async ([word]) => (word === undefined ? done(() => actions.print(helpText())) : actions.help(word)),
  }
  return { ...words, learn: (rest) => runLearn(rest, words, actions) }
}

/** `kt learn hint` is `hint`; `kt learn 3` is `goto 3`. */
function runLearn(
  [verb, ...rest]: readonly string[],
  words: LineContext['builtIns'],
  actions: LessonActions,
): Promise<number> {
  if (verb === undefined) return words.text!([])
  if (/^\d+$/.test(verb)) return words.goto!([verb])
  const isWord = Object.hasOwn(words, verb) && verb !== 'help'
  return isWord ? words[verb]!(rest) : actions.learn([verb, ...rest])
}

function helpText(): string {
  const lines = Object.entries(LESSON_WORDS).map(([word, text]) => `  ${word.padEnd(9)} ${text}\n`)
  return `Every command of kt and Kafka's scripts, with or without kt in front; Tab completes. help topics: its options.
Words of the lesson:
${lines.join('')}  quit      leave (Ctrl-D); the lesson stays open
PgUp, PgDn   scroll the output     Ctrl-C   end what runs     Ctrl-Z   suspend
`
}
