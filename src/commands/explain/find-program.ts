/** Which of Kafka's programs a command line runs: by a script's name, a command of kt, or a Java class. */
import type { CommandTable } from '../../cli/command.ts'
import { JAVA_CLASSES, wordsOfClass } from '../../cli/java-classes.ts'

export interface FoundProgram {
  /** Words in front of it: `sudo`, `docker exec -it broker`. */
  readonly before: readonly string[]
  /** As typed. */
  readonly program: string
  /** The command of kt that does the same; undefined for a program of Kafka's that nothing stands for. */
  readonly command: string | undefined
  /** The class, where one was named. */
  readonly className?: string
  readonly args: readonly string[]
}

/** Programs that run the rest of their words. */
const WRAPPERS = new Set(
  'sudo nohup time exec env bash sh winpty watch timeout nice docker docker-compose podman kubectl oc xargs start call'.split(
    ' ',
  ),
)

/** Null when nothing of Kafka's is run. */
export function findProgram(words: readonly string[], commands: CommandTable): FoundProgram | null {
  const isWrapped = WRAPPERS.has(baseName(words[0] ?? ''))
  for (let at = 0; at < words.length; at++) {
    if (at > 0 && !isWrapped) return null
    const found = programAt(words, at, commands)
    if (found !== null) return found
  }
  return null
}

function programAt(words: readonly string[], at: number, commands: CommandTable): FoundProgram | null {
  const program = words[at]!
  const [before, rest] = [words.slice(0, at), words.slice(at + 1)]
  const name = baseName(program)
  if (name === 'kt' && rest[0] !== undefined) {
    return { before, program: `kt ${rest[0]}`, command: commandOf(rest[0], commands), args: rest.slice(1) }
  }
  if (name === 'java' || name === 'kafka-run-class') {
    const classAt = rest.findIndex(
      (word) => Object.hasOwn(JAVA_CLASSES, word) || /^(org\.apache\.|kafka\.)\S+\.[A-Z]\w+$/.test(word),
    )
    if (classAt >= 0) {
      const className = rest[classAt]!
      return {
        before,
        program,
        className,
        command: JAVA_CLASSES[className],
        args: wordsOfClass(className, rest.slice(classAt + 1)),
      }
    }
  }
  if (Object.hasOwn(JAVA_CLASSES, program)) {
    return { before, program, className: program, command: JAVA_CLASSES[program], args: wordsOfClass(program, rest) }
  }
  const command = scriptCommand(name, commands)
  if (command === undefined && !/^(kafka|connect|zookeeper)-[a-z0-9-]+$/.test(name)) return null
  return { before, program, command, args: rest }
}

/** Of `/opt/kafka/bin/kafka-topics.sh`, `bin\windows\kafka-topics.bat` and `kafka-topics`: the last. */
function baseName(word: string): string {
  return word.replace(/^.*[/\\]/, '').replace(/\.(sh|bat|cmd)$/, '')
}

function scriptCommand(name: string, commands: CommandTable): string | undefined {
  return Object.keys(commands).find((each) => {
    const { script, verbsOf } = commands[each]!
    return script === `${name}.sh` || verbsOf === `${name}.sh`
  })
}

function commandOf(word: string, commands: CommandTable): string | undefined {
  return Object.hasOwn(commands, word) ? word : scriptCommand(baseName(word), commands)
}
