import type { Clock, Timer } from '../base/clock.ts'
import type { Address } from './address.ts'
import type { Connection } from './connection.ts'
import { ConnectionFailure } from './failure.ts'

/** How long one address of a bootstrap list may hang before the next one is tried beside it. */
const STAGGER_MS = 300

/**
 * Connects to the first address that answers. The next address is tried when one fails or hangs, so one dead host of a
 * list costs little. Rejects with the failures of all, or at once with an error that is not about reaching the address
 * (a refused login).
 */
export function raceAddresses(
  addresses: readonly Address[],
  clock: Clock,
  open: (address: Address) => Promise<Connection>,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const failures: ConnectionFailure[] = []
    let next = 0
    let done = false
    let timer: Timer | null = null
    const finish = (settle: () => void): void => {
      done = true
      timer?.cancel()
      settle()
    }
    const failed = (error: unknown): void => {
      if (done) return
      if (error instanceof ConnectionFailure) failures.push(error)
      else finish(() => reject(error))
      if (failures.length === addresses.length) finish(() => reject(new AllFailed(failures)))
      else if (!done) startNext()
    }
    const connected = (connection: Connection): void => {
      if (done) connection.close()
      else finish(() => resolve(connection))
    }
    const startNext = (): void => {
      if (next >= addresses.length) return
      const address = addresses[next]!
      next += 1
      timer?.cancel()
      timer = next < addresses.length ? clock.setTimer(STAGGER_MS, startNext) : null
      open(address).then(connected, failed)
    }
    startNext()
  })
}

/** No address of the list could be used. */
export class AllFailed extends Error {
  override readonly name = 'AllFailed'
  readonly failures: readonly ConnectionFailure[]

  constructor(failures: readonly ConnectionFailure[]) {
    super(failures.map((failure) => failure.fact).join('; '))
    this.failures = failures
  }
}
