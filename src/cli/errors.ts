import { KtError } from '../base/errors.ts'
import { type Denial, denialText, grantCommand } from '../client/denials.ts'
import type { CommandContext } from './context.ts'

/** Any thrown value as a KtError; what is none already is a defect of ours. */
export function toKtError(error: unknown): KtError {
  if (error instanceof KtError) return error
  const lost = lostConnection(error) ?? goneProgram(error)
  if (lost !== null) return lost
  const message = error instanceof Error ? error.message : String(error)
  const code = kafkaErrorName(error)
  const kind = code?.endsWith('_AUTHORIZATION_FAILED') ? 'authorization' : 'kafka'
  if (code !== null) return new KtError(kind, message, { facts: [`Kafka's error ${code}`], cause: error })
  return new KtError('internal', message === '' ? 'unknown failure' : message, { cause: error })
}

/** A connection that was lost under a single request; known by its shape, so that the client is not loaded at every start. */
function lostConnection(error: unknown): KtError | null {
  if (!(error instanceof Error) || error.name !== 'ConnectionFailure') return null
  const { reason, fact = error.message } = error as { readonly reason?: string; readonly fact?: string }
  return new KtError(reason === 'request-timeout' ? 'timeout' : 'unreachable', `Lost the connection to ${fact}`, {
    cause: error,
  })
}

/** A piece of kt itself that was there when the command began: another version was installed, or built, over it. */
function goneProgram(error: unknown): KtError | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const piece = /^Cannot find module '((?:\.{1,2}\/|\/).*?)'/.exec(error.message)?.[1]
  if (piece === undefined || !/^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code))) return null
  const message = 'kt was installed or built anew while this command ran, or not all of it is there'
  return new KtError('internal', message, {
    facts: [`missing: ${piece}`],
    next: 'the same command again',
    cause: error,
  })
}

/** The name of a protocol error code; asked of the error itself, so that the registry is not loaded at every start. */
function kafkaErrorName(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'KafkaError' || !('errorName' in error)) return null
  return String(error.errorName)
}

/** Who reports a failure, and knows what was denied. */
type Reporter = Pick<CommandContext, 'denial'>

/** What a person reads: what happened, the facts observed, and the next command, each on its own line. */
export function errorText(error: KtError, reporter: Reporter = {}, showStack = false): string {
  const denial = denialBehind(error, reporter)
  const lines = [error.message, ...error.facts.map((fact) => `  ${fact}`)]
  if (denial !== null) lines.push(`  denied: ${denialText(denial)}`)
  if (error.next !== undefined) lines.push(`  next: ${error.next}`)
  else if (denial !== null) lines.push(`  next: ask an administrator for it: ${grantCommand(denial)}`)
  else if (error.kind === 'internal' && !showStack)
    lines.push('  next: run the same command with KT_DEBUG=1 for the details')
  if (showStack) lines.push(stackOf(error))
  return `${lines.join('\n')}\n`
}

/** What was denied and what would allow it, for commands that print the failure itself in their own way; else nothing. */
export function denialHints(error: unknown, reporter: Reporter): string {
  const denial = denialBehind(toKtError(error), reporter)
  if (denial === null) return ''
  return `  denied: ${denialText(denial)}\n  next: ask an administrator for it: ${grantCommand(denial)}\n`
}

/** Authorization was refused: by the protocol's error in what caused it, by its kind, or by its words. */
function denialBehind(error: KtError, { denial }: Reporter): Denial | null {
  if (denial === undefined) return null
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const name = kafkaErrorName(each)
    if (name?.endsWith('_AUTHORIZATION_FAILED')) return denial(name)
  }
  const isDenial = error.kind === 'authorization' || /not authorized|authorization failed/i.test(error.message)
  return isDenial ? denial(null) : null
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own
}

/** Writes the error to stderr; stack traces only with KT_DEBUG. */
export function reportError(error: KtError, context: Pick<CommandContext, 'stderr' | 'env' | 'denial'>): void {
  const debug = context.env.KT_DEBUG
  context.stderr.write(errorText(error, context, debug !== undefined && debug !== '' && debug !== '0'))
}

/** Facts and the next command alone, for commands that print the message itself where their script prints it. */
export function reportHints(error: KtError, context: Pick<CommandContext, 'stderr' | 'env' | 'denial'>): void {
  const debug = context.env.KT_DEBUG
  const text = errorText(error, context, debug !== undefined && debug !== '' && debug !== '0')
  context.stderr.write(text.slice(error.message.length + 1))
}
