/** Command lines as the journal keeps them: without secrets. */
import { shellWord } from '../../base/shell-word.ts'

const SECRET = /pass(word|wd|phrase)|secret|jaas|token|credential|hmac|private|SCRAM-SHA|\.key\b/i
const HIDDEN = '(hidden)'
/** A command line that is longer says nothing more to a person. */
const MAX_CHARS = 500

/**
 * The words joined as a shell would take them. What looks like a secret, and the value of each of `sensitive` (names of
 * settings that the cluster hides), is replaced.
 */
export function safeCommandLine(programName: string, args: readonly string[], sensitive: readonly string[]): string {
  const words = args.map((word, at) => shellWord(hidden(word, args[at - 1], sensitive)))
  const line = [programName, ...words].join(' ')
  return line.length <= MAX_CHARS ? line : `${line.slice(0, MAX_CHARS)}…`
}

function hidden(word: string, before: string | undefined, sensitive: readonly string[]): string {
  // The word after an option whose name says that a secret follows.
  if (before?.startsWith('--') && !before.includes('=') && SECRET.test(before) && !word.startsWith('--')) return HIDDEN
  const equals = word.indexOf('=')
  if (equals < 0) return word
  const isSecret = SECRET.test(word) || sensitive.some((name) => word.includes(name))
  return isSecret ? `${word.slice(0, equals)}=${HIDDEN}` : word
}

const CONNECTING = ['--bootstrap-server', '--bootstrap-controller', '--command-config', '--profile']

/** The words that say where the command connected, for the command that takes it back: ` --profile prod`. */
export function connectionWords(args: readonly string[]): string {
  return args
    .flatMap((word, at) => {
      const option = CONNECTING.find((each) => word === each || word.startsWith(`${each}=`))
      if (option === undefined) return []
      const value = word === option ? args[at + 1] : word.slice(option.length + 1)
      return value === undefined ? [] : [` ${option} ${shellWord(value)}`]
    })
    .join('')
}
