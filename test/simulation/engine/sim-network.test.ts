import { describe, expect, it } from 'vitest'
import { Reader } from '../../../src/base/bytes.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import type { RequestProcessor } from '../../../src/network/processor.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { decodeRequestHeader, encodeResponse } from '../../../src/protocol/header.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import type { PeerChannel } from '../../../src/protocol/peers.ts'
import { Dice } from './dice.ts'
import { Scheduler } from './scheduler.ts'
import { SimClock } from './sim-clock.ts'
import { GOOD_LINK } from './sim-link.ts'
import { SimNetwork } from './sim-network.ts'
import { SimProcess } from './sim-process.ts'

const SERVER = '10.0.0.1'
const CLIENT = '10.0.0.2'
const VERSION = 2
const TIMEOUT_MS = 1_000

function world(options: { abortive?: boolean } = {}) {
  const scheduler = new Scheduler()
  const dice = new Dice(5)
  const network = new SimNetwork(scheduler, dice)
  const seen: string[] = []
  /** Answers with the key it was asked for, after as many ms as the key says. */
  const processor = (process: SimProcess): RequestProcessor => ({
    process(frame, connection) {
      const reader = new Reader(frame)
      const header = decodeRequestHeader(reader)
      const { key } = decode(findCoordinator.request, VERSION, reader) as { key: string }
      seen.push(`${key} from ${connection.clientAddress} @${Math.round(scheduler.now)}`)
      if (connection.closed.aborted) seen.push('closed at once')
      let answered = key === 'now'
      connection.closed.addEventListener('abort', () => answered || seen.push(`${key} abandoned`))
      const answer = {
        chunks: encodeResponse(findCoordinator, VERSION, header.correlationId, {
          errorMessage: key,
          nodeId: 1,
          host: 'h',
          port: 1,
        }),
        afterSend: () => {
          answered = true
          seen.push(`${key} sent`)
        },
      }
      if (key === 'now') return answer
      if (key === 'bad') throw new Error('unexpected')
      return new Promise((resolve) =>
        new SimClock(scheduler, process, dice).setTimer(Number(key), () => resolve(answer)),
      )
    },
  })
  const start = (): SimProcess => {
    const process = new SimProcess('server')
    const server = network.of(process, SERVER, new SimClock(scheduler, process, dice)).server({} as never, {
      processor: processor(process),
      clock: new SimClock(scheduler, process, dice),
      logger: silentLogger,
    })
    void server.listen({ name: 'PLAINTEXT', host: '', port: 9092 })
    return process
  }
  const client = new SimProcess('client')
  const clock = new SimClock(scheduler, client, dice)
  const { peers } = network.of(client, CLIENT, clock, options)
  const channel = peers.open({ host: SERVER, port: 9092 }, 'test')
  const ask = (key: string, on: PeerChannel = channel): void => {
    on.send(findCoordinator, VERSION, { key, keyType: 0 } as never, TIMEOUT_MS).then(
      ({ errorMessage }) => seen.push(`answer ${errorMessage}`),
      (error: unknown) => seen.push(`${key}: ${error instanceof KafkaError ? error.errorName : error}`),
    )
  }
  const at = (ms: number, action: () => void): void => void scheduler.after(ms, null, action)
  const run = (): Promise<string> =>
    scheduler.runUntil(
      60_000,
      () => false,
      () => undefined,
    )
  return { scheduler, network, seen, start, client, peers, channel, ask, at, run }
}

const plain = (seen: readonly string[]): string[] => seen.map((line) => line.replace(/ from .*$/, ''))

describe('SimNetwork', () => {
  it('carries real frames there and back, in order, one at a time per connection', async () => {
    const { seen, start, ask, run } = world()
    start()
    for (const key of ['50', 'now', '10']) ask(key)
    await run()
    expect(plain(seen)).toEqual([
      '50',
      '50 sent',
      'now',
      'now sent',
      '10',
      'answer 50',
      'answer now',
      '10 sent',
      'answer 10',
    ])
    expect(seen[0]).toContain(`from ${CLIENT}`)
  })

  it('refuses where nobody listens, and connects again once somebody does', async () => {
    const { seen, start, ask, at, run } = world()
    ask('now')
    at(100, () => {
      start()
      ask('now')
    })
    await run()
    expect(plain(seen)).toEqual(['now: NETWORK_EXCEPTION', 'now', 'now sent', 'answer now'])
  })

  it('times out at a machine without power, which does not even refuse', async () => {
    const { seen, network, ask, run, scheduler } = world()
    network.host(SERVER).up = false
    ask('now')
    await run()
    expect(seen).toEqual(['now: REQUEST_TIMED_OUT'])
    expect(scheduler.now).toBeGreaterThan(TIMEOUT_MS)
  })

  it('a timeout ends the connection for all that wait on it, and the server notices', async () => {
    const { seen, start, ask, at, run } = world()
    start()
    ask('3000')
    at(500, () => ask('now'))
    await run()
    expect(plain(seen)).toEqual([
      '3000',
      '3000: REQUEST_TIMED_OUT',
      'now: NETWORK_EXCEPTION',
      '3000 abandoned',
      '3000 sent',
    ])
  })

  it('a killed server resets its connections', async () => {
    const { seen, network, start, ask, at, run } = world()
    const server = start()
    ask('500')
    at(100, () => {
      server.kill()
      network.processEnded(server, 'killed')
    })
    await run()
    expect(plain(seen)).toEqual(['500', '500: NETWORK_EXCEPTION'])
  })

  it('a server that lost power says nothing; once it is back, old connections are reset', async () => {
    const { seen, network, start, ask, at, run } = world()
    const server = start()
    ask('now')
    at(100, () => {
      server.kill()
      network.host(SERVER).up = false
      network.processEnded(server, 'power-failure')
    })
    at(200, () => ask('now'))
    at(2_000, () => {
      network.host(SERVER).up = true
      start()
      ask('now')
    })
    await run()
    expect(plain(seen)).toEqual([
      'now',
      'now sent',
      'answer now',
      'now: REQUEST_TIMED_OUT',
      'now',
      'now sent',
      'answer now',
    ])
  })

  it('a cut link delivers late, in order, when it heals', async () => {
    const { seen, network, start, ask, at, run } = world()
    start()
    at(10, () => network.block(CLIENT, SERVER))
    at(20, () => {
      ask('now')
      ask('10')
    })
    at(500, () => network.heal(CLIENT, SERVER))
    await run()
    expect(plain(seen)).toEqual(['now', 'now sent', '10', 'answer now', '10 sent', 'answer 10'])
    expect(Number(/@(\d+)/.exec(seen[0]!)![1])).toBeGreaterThanOrEqual(500)
  })

  it('a request its sender gave up on may still be served when the link heals', async () => {
    const { seen, network, start, ask, at, run } = world()
    start()
    at(10, () => network.block(CLIENT, SERVER))
    at(20, () => ask('now'))
    at(3_000, () => network.heal(CLIENT, SERVER))
    await run()
    expect(plain(seen)).toEqual(['now: REQUEST_TIMED_OUT', 'now', 'now sent'])
  })

  it('but not where closing takes it back', async () => {
    const { seen, network, start, ask, at, run } = world({ abortive: true })
    start()
    at(10, () => network.block(CLIENT, SERVER))
    at(20, () => ask('now'))
    at(3_000, () => network.heal(CLIENT, SERVER))
    await run()
    expect(plain(seen)).toEqual(['now: REQUEST_TIMED_OUT'])
  })

  it('one direction can be cut alone: the request is served, the answer does not come', async () => {
    const { seen, network, start, ask, at, run } = world()
    start()
    at(10, () => network.block(SERVER, CLIENT))
    at(20, () => ask('now'))
    await run()
    expect(plain(seen)).toEqual(['now', 'now sent', 'now: REQUEST_TIMED_OUT'])
  })

  it('a paused server gets everything when it goes on, also what was given up', async () => {
    const { seen, scheduler, start, ask, at, run } = world()
    const server = start()
    server.pause()
    ask('now')
    at(2_000, () => scheduler.resume(server))
    await run()
    expect(plain(seen)).toEqual(['now: REQUEST_TIMED_OUT', 'now', 'now sent'])
  })

  it('a lost message ends the connection at both ends', async () => {
    const { seen, network, start, ask, at, run } = world()
    start()
    ask('30000')
    at(100, () => {
      network.link(CLIENT, SERVER).quality = { ...GOOD_LINK, lossRate: 1 }
      ask('now')
    })
    await run()
    expect(plain(seen)).toContain('30000 abandoned')
    expect(plain(seen).some((line) => /now: (NETWORK_EXCEPTION|REQUEST_TIMED_OUT)/.test(line))).toBe(true)
    expect(plain(seen)).not.toContain('now')
  })

  it('may bring a request twice where the protocol allows it', async () => {
    const { seen, network, start, ask, run } = world()
    start()
    network.duplicable = new Set([findCoordinator.key])
    network.link(CLIENT, SERVER).quality = { ...GOOD_LINK, duplicateRate: 1 }
    ask('now')
    await run()
    expect(plain(seen)).toEqual(['now', 'now sent', 'answer now', 'now', 'now sent'])
  })

  it('an unexpected error of the server closes the connection', async () => {
    const { seen, start, ask, run } = world()
    start()
    ask('bad')
    await run()
    expect(plain(seen)).toEqual(['bad', 'bad abandoned', 'bad: NETWORK_EXCEPTION'])
  })

  it('a closed channel answers no more', async () => {
    const { seen, start, ask, channel, at, run } = world()
    start()
    ask('500')
    at(100, () => {
      channel.close()
      channel.close()
      ask('now')
    })
    await run()
    expect(plain(seen)).toEqual([
      '500',
      '500: NETWORK_EXCEPTION',
      'now: NETWORK_EXCEPTION',
      '500 abandoned',
      '500 sent',
    ])
  })
})
