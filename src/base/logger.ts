/** Levels in Kafka's words. Commands log to stderr, nodes to their log file; nothing logs to stdout. */
export type LogLevel = 'ERROR' | 'WARN' | 'INFO' | 'DEBUG'

export interface Logger {
  error(message: string, error?: unknown): void
  warn(message: string, error?: unknown): void
  info(message: string): void
  debug(message: string): void
  /** A logger whose lines name a part of the house, for example `log.loader`. */
  child(name: string): Logger
}

const RANK: Record<LogLevel, number> = { ERROR: 0, WARN: 1, INFO: 2, DEBUG: 3 }

function describe(error: unknown): string {
  if (error === undefined) return ''
  return ` ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

/** Lines in the shape of Kafka's server log: `[2026-01-31 12:00:00,000] INFO message (name)`. */
export function lineLogger(write: (line: string) => void, level: LogLevel = 'INFO', name = 'kt'): Logger {
  const line = (at: LogLevel, message: string, error?: unknown): void => {
    if (RANK[at] > RANK[level]) return
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '').replace('.', ',')
    write(`[${time}] ${at} ${message}${describe(error)} (${name})\n`)
  }
  return {
    error: (message, error) => line('ERROR', message, error),
    warn: (message, error) => line('WARN', message, error),
    info: (message) => line('INFO', message),
    debug: (message) => line('DEBUG', message),
    child: (childName) => lineLogger(write, level, `${name}.${childName}`),
  }
}

export const silentLogger: Logger = lineLogger(() => undefined, 'ERROR')
