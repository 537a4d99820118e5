/** What a run came to, of whatever it was. */
export interface RunResult {
  readonly seed: number
  /** What the seed had made: `three-controllers, harsh`. */
  readonly about: string
  /** null when every invariant held. */
  readonly violation: { readonly invariant: string; readonly message: string } | null
  readonly steps: number
  readonly virtualMs: number
  /** Fingerprint of everything that happened. */
  readonly traceHash: string
  /** What happened how often. */
  readonly counts: ReadonlyMap<string, number>
  /** The newest lines of the trace. */
  readonly trace: readonly string[]
}
