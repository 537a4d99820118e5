/** How the end was asked for; `closed` is a reader of stdout that went away. */
export type EndReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'closed'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The process's signals, as far as they matter here. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown
  off(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown
}

/**
 * Turns the first signal into an abort of `controller`. It then stops listening, so that a second Ctrl-C ends the
 * process the hard way. Returns a function that stops listening.
 */
export function abortOnSignals(controller: AbortController, source: SignalSource): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      stop()
      controller.abort(signal)
    }
    source.on(signal, listener)
    return { signal, listener }
  })
  const stop = (): void => {
    for (const { signal, listener } of listeners) source.off(signal, listener)
  }
  return stop
}
