/** Randomness, handed in so that a seed replays a run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** `length` random bytes. */
  bytes(length: number): Buffer
}

/** The most that `getRandomValues` gives at once. */
const MAX_BYTES_AT_ONCE = 65_536

export const systemRandom: Random = {
  next: () => Math.random(),
  bytes(length) {
    const bytes = Buffer.alloc(length)
    // The global loads node's crypto when it is first touched; importing it would cost every command 3 ms.
    for (let at = 0; at < length; at += MAX_BYTES_AT_ONCE) {
      crypto.getRandomValues(bytes.subarray(at, at + MAX_BYTES_AT_ONCE))
    }
    return bytes
  },
}

/** mulberry32: small, good enough for tests and simulation, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    bytes(length) {
      const out = Buffer.alloc(length)
      for (let i = 0; i < length; i++) out[i] = Math.floor(next() * 256)
      return out
    },
  }
}
