/** How the end was asked for; `closed` is a reader of stdout that went away. */
export type EndReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'closed'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The process's signals, as far as they matter here. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown
  off(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown
}

/** Who is told of Ctrl-C instead of the command that runs: a shell, whose lines end by it and which itself goes on. */
export class Interrupts {
  #listener: (() => void) | null = null

  /** From now on Ctrl-C is told to `listener`; returns what ends that. */
  hold(listener: () => void): () => void {
    this.#listener = listener
    return () => {
      if (this.#listener === listener) this.#listener = null
    }
  }

  /** True when somebody was told. */
  tell(): boolean {
    this.#listener?.()
    return this.#listener !== null
  }
}

/**
 * Turns the first signal into an abort of `controller`. It then stops listening, so that a second Ctrl-C ends the
 * process the hard way. Ctrl-C that somebody holds does neither. Returns a function that stops listening.
 */
export function abortOnSignals(
  controller: AbortController,
  source: SignalSource,
  interrupts = new Interrupts(),
): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      if (signal === 'SIGINT' && interrupts.tell()) return
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
