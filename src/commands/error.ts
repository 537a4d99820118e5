/** `kt error NAME|CODE`: what an error of Kafka's protocol means, and what to do about it. Needs no cluster. */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { defineCommand } from '../cli/own-command.ts'
import { ErrorCode, type ErrorName, errorInfo, errorName } from '../protocol/error-codes.ts'
import { errorAdvice } from './error-advice.ts'

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
    `  ${errorAdvice().get(name)!.advice}`,
  ]
  return `${lines.join('\n')}\n`
}

function fields(name: ErrorName) {
  const { code, retriable, exception, message } = errorInfo(ErrorCode[name])
  return { code, name, retriable, exception, message, ...errorAdvice().get(name)! }
}
