import type { Clock } from '../base/clock.ts'
import type { Admin, ClientOptions } from '../client/admin-types.ts'
import type { Denial } from '../client/denials.ts'
import type { Colours } from './colour.ts'

/** A text stream: `write` resolves when the stream can take more, so that a slow reader holds the writer back. */
export interface Output {
  /**
   * Adds text or bytes; returns false when the caller should `await drain()` before writing more. Bytes are not copied:
   * they may be changed again only when `drain()` has resolved.
   */
  write(data: string | Uint8Array): boolean
  drain(): Promise<void>
  readonly isTerminal: boolean
  /** Columns of the terminal, 80 when it is none. */
  readonly columns: number
  /** Lines of the terminal; absent when it is none. */
  readonly rows?: number | undefined
}

/**
 * Everything a command may touch, handed in: tests run commands in-process with their own, and `--help` or a flag
 * error never reaches the network. stdout is data, stderr is talk.
 */
export interface CommandContext {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: NodeJS.ReadableStream & { readonly isTerminal: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborted by Ctrl-C, SIGTERM or a closed stdout; the reason is `'SIGINT'`, `'SIGTERM'` or `'closed'`. */
  readonly signal: AbortSignal
  /** Name the person typed, `kt topics` or `kafka-topics.sh`, for usage lines. */
  readonly programName: string
  /** The words after the command's name, as they were typed. */
  readonly args?: readonly string[]
  /**
   * True under Kafka's own script names (`bin/kafka-topics.sh`): what is printed is then always what the script prints,
   * on a terminal too.
   */
  readonly asScript: boolean
  /** Colours of stdout; loaded with the first call, plain text on anything but a colour terminal. */
  colours(): Promise<Colours>
  /**
   * Where to connect: `--bootstrap-server`, else `KT_BOOTSTRAP_SERVER`, else the local cluster, which is started first
   * if it is not running, saying so in one line on stderr.
   */
  connection(target: ConnectionTarget): Promise<ClientOptions>
  /** The admin facade, connected lazily and closed when the command ends. */
  admin(target: ConnectionTarget): Promise<Admin>
  /** Asks on the terminal (inquirer); only called when stdin and stderr are terminals. */
  ask(question: { message: string; kind: 'text' | 'confirm' | 'secret'; default?: string }): Promise<string>
  /** Has `work` done when the command has ended, before its connections are closed: a last word on stderr. */
  atEnd?(work: () => void): void
  /** What was denied to the connections of this command, by the name of an error or (null) of any; null when nothing was. */
  denial?(errorName: string | null): Denial | null
  /** True when a person can be asked: stdin and stdout are both terminals. */
  readonly interactive: boolean
  /** While held, Ctrl-C is told to `listener` instead of ending the command; returns what lets go. For shells. */
  holdInterrupts(listener: () => void): () => void
  /**
   * Runs another command line (the words behind `kt`) to its exit code, as the program does: failures are shown, what it
   * opened is closed. It has the streams and services of this command but for those in `surroundings`.
   */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>
}

/** What a command that runs others gives them instead of its own. */
export interface Surroundings {
  readonly stdout?: Output
  readonly stderr?: Output
  /** Called at the first use. */
  readonly stdin?: () => CommandContext['stdin']
  readonly stdinIsTerminal?: boolean
  readonly env?: CommandContext['env']
  readonly signal?: AbortSignal
  readonly ask?: (question: Parameters<CommandContext['ask']>[0], signal: AbortSignal) => Promise<string>
}

export interface ConnectionTarget {
  readonly bootstrapServer?: string | undefined
  /** Controllers to ask instead of brokers (KIP-919). */
  readonly bootstrapController?: string | undefined
  /** Path of a Java properties file. */
  readonly commandConfig?: string | undefined
  /** A profile named by `--profile`. */
  readonly profile?: string | undefined
  /** Properties that win over the file (`--command-property`). */
  readonly properties?: ReadonlyMap<string, string>
  /** `client.id` unless the properties name one. */
  readonly clientId?: string | undefined
}
