import type { Clock } from '../base/clock.ts'
import type { Admin, ClientOptions } from '../client/admin-types.ts'
import { DenialLog } from '../client/denials.ts'
import { type Colours, loadColours } from './colour.ts'
import { type LocalClusterAccess, resolveConnection } from './connection.ts'
import type { CommandContext, ConnectionTarget, Output } from './context.ts'
import type { Question } from './prompt.ts'

/** What a context is made of; everything is handed in, and what costs time is a function. */
export interface ContextParts {
  readonly stdout: Output
  readonly stderr: Output
  /** Called at the first use: opening process.stdin costs start-up time and keeps the process alive. */
  readonly stdin: () => CommandContext['stdin']
  readonly stdinIsTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly programName: string
  readonly args?: readonly string[]
  readonly asScript: boolean
  readonly localCluster: LocalClusterAccess
  readonly createAdmin: (options: ClientOptions) => Promise<Admin>
  readonly ask: (question: Question, signal: AbortSignal) => Promise<string>
  /** Left out where no signals come: Ctrl-C then reaches nobody. */
  readonly holdInterrupts?: CommandContext['holdInterrupts']
  readonly run: CommandContext['run']
}

/** A context together with the duty to close what it opened. */
export interface OwnedContext {
  readonly context: CommandContext
  /** How the command was connected last; null when it did not come so far. */
  connected(): ClientOptions | null
  /** Closes admins; called once when the command has ended. */
  close(): Promise<void>
}

/** Builds the context of one command run. */
export function createContext(parts: ContextParts): OwnedContext {
  const admins: Promise<Admin>[] = []
  let colours: Promise<Colours> | undefined
  let stdin: CommandContext['stdin'] | undefined
  const denials = new DenialLog()
  let connected: ClientOptions | null = null
  const connection = async (target: ConnectionTarget): Promise<ClientOptions> => {
    connected = { ...(await resolveConnection(target, parts)), denials }
    return connected
  }
  const atEnd: (() => void)[] = []
  const { stdout, stderr, env, clock, signal, programName, args = [], asScript } = parts
  const context: CommandContext = {
    stdout,
    stderr,
    get stdin() {
      stdin ??= parts.stdin()
      return stdin
    },
    env,
    clock,
    signal,
    programName,
    args,
    asScript,
    atEnd: (work) => void atEnd.push(work),
    interactive: parts.stdinIsTerminal && stdout.isTerminal,
    colours() {
      colours ??= loadColours(env, stdout.isTerminal)
      return colours
    },
    connection,
    admin(target) {
      const admin = connection(target).then(parts.createAdmin)
      admins.push(admin)
      return admin
    },
    denial: (errorName) => denials.last(errorName),
    ask: (question) => parts.ask(question, signal),
    holdInterrupts: parts.holdInterrupts ?? (() => () => undefined),
    run: parts.run,
  }
  const close = (): Promise<void> => {
    for (const work of atEnd) work()
    return closeAll(admins)
  }
  return { context, close, connected: () => connected }
}

async function closeAll(admins: readonly Promise<Admin>[]): Promise<void> {
  // An admin that never connected has nothing to close, and its error has been shown already.
  await Promise.allSettled(admins.map(async (admin) => (await admin).close()))
}
