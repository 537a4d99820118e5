import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/client/address.ts'
import type { Connection } from '../../src/client/connection.ts'
import { ConnectionFailure } from '../../src/client/failure.ts'
import { AllFailed, raceAddresses } from '../../src/client/race.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

const address = (port: number): Address => ({ host: 'h', port })
const refused = (at: Address): ConnectionFailure => new ConnectionFailure('refused', at, 'refused')

/** Attempts that a test settles by hand. */
class Attempts {
  readonly tried: number[] = []
  readonly closed: number[] = []
  private readonly settlers = new Map<number, { resolve: (c: Connection) => void; reject: (e: Error) => void }>()

  readonly open = ({ port }: Address): Promise<Connection> => {
    this.tried.push(port)
    return new Promise((resolve, reject) => this.settlers.set(port, { resolve, reject }))
  }

  async succeed(port: number): Promise<void> {
    this.settlers.get(port)!.resolve({ port, close: () => this.closed.push(port) } as unknown as Connection)
    await settled()
  }

  async fail(port: number, error: Error = refused(address(port))): Promise<void> {
    this.settlers.get(port)!.reject(error)
    await settled()
  }
}

describe('the race for a bootstrap address', () => {
  it('tries the next at once when one fails', async () => {
    const attempts = new Attempts()
    const race = raceAddresses([address(1), address(2)], new ManualClock(), attempts.open)
    expect(attempts.tried).toEqual([1])
    await attempts.fail(1)
    expect(attempts.tried).toEqual([1, 2])
    await attempts.succeed(2)
    await expect(race).resolves.toMatchObject({ port: 2 })
  })

  it('tries the next beside one that hangs, and drops the loser', async () => {
    const attempts = new Attempts()
    const clock = new ManualClock()
    const race = raceAddresses([address(1), address(2), address(3)], clock, attempts.open)
    await clock.advance(300)
    expect(attempts.tried).toEqual([1, 2])
    await attempts.succeed(2)
    await expect(race).resolves.toMatchObject({ port: 2 })
    await attempts.succeed(1)
    expect(attempts.closed).toEqual([1])
    await clock.advance(10_000)
    expect(attempts.tried).toEqual([1, 2])
    expect(clock.timerCount).toBe(0)
  })

  it('ends with every failure when none answers', async () => {
    const attempts = new Attempts()
    const race = raceAddresses([address(1), address(2)], new ManualClock(), attempts.open)
    const outcome = race.catch((error: AllFailed) => error)
    await attempts.fail(1)
    await attempts.fail(2)
    const error = await outcome
    expect(error).toBeInstanceOf(AllFailed)
    expect((error as AllFailed).failures.map((failure) => failure.address.port)).toEqual([1, 2])
  })

  it('ends at once with what no other address would cure', async () => {
    const attempts = new Attempts()
    const race = raceAddresses([address(1), address(2)], new ManualClock(), attempts.open)
    const outcome = expect(race).rejects.toThrow('wrong password')
    await attempts.fail(1, new Error('wrong password'))
    await outcome
    expect(attempts.tried).toEqual([1])
  })
})
