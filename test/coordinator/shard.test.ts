import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { Shard } from '../../src/coordinator/shard.ts'
import type { CoordinatorTimer } from '../../src/coordinator/timer.ts'
import type { CoordinatorRecord, CoordinatorResult, StateMachine } from '../../src/coordinator/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { MemoryCoordinatorLog } from '../support/memory-coordinator-log.ts'

const record = (text: string): CoordinatorRecord => ({ key: Buffer.from(text), value: Buffer.from(text) })

/** A state machine that remembers what was replayed. */
class Words implements StateMachine {
  readonly seen: string[] = []
  readonly timer: CoordinatorTimer
  loaded = false
  unloaded = false

  constructor(timer: CoordinatorTimer) {
    this.timer = timer
  }

  replay({ key }: CoordinatorRecord): void {
    if (key.toString() === 'poison') throw new TypeError('cannot replay this')
    this.seen.push(key.toString())
  }

  onLoaded(): void {
    this.loaded = true
  }

  onUnloaded(): void {
    this.unloaded = true
  }
}

function start() {
  const clock = new ManualClock()
  const log = new MemoryCoordinatorLog()
  const machines: Words[] = []
  const build = (timer: CoordinatorTimer): Words => {
    const machine = new Words(timer)
    machines.push(machine)
    return machine
  }
  const shard = new Shard<Words>(3, { clock, log, logger: silentLogger, writeTimeoutMs: 5000, build })
  const add =
    (...words: string[]) =>
    (): CoordinatorResult<string> => ({ records: words.map(record), response: `added ${words}` })
  const look = (machine: Words): string => machine.seen.join(' ')
  return { clock, log, shard, machines, add, look }
}

const failure = (name: ConstructorParameters<typeof KafkaError>[0]) => expect.objectContaining({ errorName: name })

describe('loading', () => {
  it('replays the log, then runs operations', async () => {
    const { shard, log, machines, look } = start()
    log.records(3).push(record('a'), record('b'))
    await expect(shard.read(look)).rejects.toEqual(failure('NOT_COORDINATOR'))
    await shard.load(1)
    expect(shard.state).toBe('active')
    expect(machines[0]!.loaded).toBe(true)
    expect(await shard.read(look)).toBe('a b')
  })

  it('says so while it is under way', async () => {
    const { shard, log, look, add } = start()
    let open = (): void => undefined
    log.readGate = new Promise((resolve) => {
      open = resolve
    })
    const loaded = shard.load(1)
    await expect(shard.read(look)).rejects.toEqual(failure('COORDINATOR_LOAD_IN_PROGRESS'))
    await expect(shard.write(add('x'))).rejects.toEqual(failure('COORDINATOR_LOAD_IN_PROGRESS'))
    open()
    await loaded
    expect(await shard.read(look)).toBe('')
  })

  it('stays failed until another election', async () => {
    const { shard, log, look } = start()
    log.readError = new KafkaError('KAFKA_STORAGE_ERROR')
    await shard.load(1)
    expect(shard.state).toBe('failed')
    await expect(shard.read(look)).rejects.toEqual(failure('NOT_COORDINATOR'))
    log.readError = null
    await shard.load(1)
    expect(shard.state).toBe('failed')
    await shard.load(2)
    expect(shard.state).toBe('active')
  })

  it('keeps its state when it is elected again while it leads', async () => {
    const { shard, machines } = start()
    await shard.load(1)
    await shard.load(5)
    expect(shard.epoch).toBe(5)
    expect(machines).toHaveLength(1)
  })

  it('is forgotten when the shard is closed before it ends', async () => {
    const { shard, log, machines, look } = start()
    let open = (): void => undefined
    log.readGate = new Promise((resolve) => {
      open = resolve
    })
    log.records(3).push(record('a'))
    const loaded = shard.load(1)
    shard.close()
    open()
    await loaded
    expect(shard.state).toBe('closed')
    expect(machines[0]!.loaded).toBe(false)
    await expect(shard.read(look)).rejects.toEqual(failure('NOT_COORDINATOR'))
  })

  it('fails on a record that cannot be replayed', async () => {
    const { shard, log } = start()
    log.records(3).push(record('poison'))
    await shard.load(1)
    expect(shard.state).toBe('failed')
  })
})

describe('writing', () => {
  it('replays at once and answers when committed', async () => {
    const { shard, log, machines, add } = start()
    await shard.load(1)
    log.holdCommits = true
    const answers: string[] = []
    void shard.write(add('a')).then((answer) => answers.push(answer))
    void shard.write((machine) => ({ ...add('b')(), response: `after ${machine.seen}` })).then((a) => answers.push(a))
    await settled()
    expect(machines[0]!.seen).toEqual(['a', 'b'])
    expect(answers).toEqual([])
    log.commit(3)
    await settled()
    expect(answers).toEqual(['added a', 'after a'])
  })

  it('holds back a reader until what it saw is committed', async () => {
    const { shard, log, add, look } = start()
    await shard.load(1)
    log.holdCommits = true
    void shard.write(add('a'))
    const answers: string[] = []
    void shard.read(look).then((answer) => answers.push(answer))
    await settled()
    expect(answers).toEqual([])
    log.commit(3)
    await settled()
    expect(answers).toEqual(['a'])
  })

  it('runs onCommitted before the answer, in order', async () => {
    const { shard, log } = start()
    await shard.load(1)
    log.holdCommits = true
    const events: string[] = []
    const operation = (name: string) => () => ({
      records: [record(name)],
      response: name,
      onCommitted: () => events.push(`committed ${name}`),
    })
    for (const name of ['a', 'b']) void shard.write(operation(name)).then((answer) => events.push(`answered ${answer}`))
    log.commit(3)
    await settled()
    expect(events.filter((event) => event.startsWith('committed'))).toEqual(['committed a', 'committed b'])
    expect(events.indexOf('committed a')).toBeLessThan(events.indexOf('answered a'))
  })

  it('does not replay what the operation says it holds already', async () => {
    const { shard, log, machines } = start()
    await shard.load(1)
    await shard.write(() => ({ records: [record('a')], response: null, replay: false }))
    expect(machines[0]!.seen).toEqual([])
    expect(log.records(3)).toHaveLength(1)
  })

  it('writes nothing when the operation throws', async () => {
    const { shard, log } = start()
    await shard.load(1)
    const operation = () => {
      throw new KafkaError('ILLEGAL_GENERATION')
    }
    await expect(shard.write(operation)).rejects.toEqual(failure('ILLEGAL_GENERATION'))
    expect(log.appends).toBe(0)
    expect(shard.state).toBe('active')
  })

  it('splits what may be split, and nothing else', async () => {
    const { shard, log, machines } = start()
    await shard.load(1)
    const big = (n: number): CoordinatorRecord => ({ key: Buffer.from(`k${n}`), value: Buffer.alloc(300 * 1024) })
    const records = [big(0), big(1), big(2)]
    await shard.write(() => ({ records, response: null, atomic: false }))
    expect(log.appends).toBe(3)
    expect(machines[0]!.seen).toEqual(['k0', 'k1', 'k2'])
    await shard.write(() => ({ records, response: null }))
    expect(log.appends).toBe(4)
  })
})

describe('failing', () => {
  it('fails one operation alone when its append throws', async () => {
    const { shard, log, machines, add, look } = start()
    await shard.load(1)
    await shard.write(add('a'))
    log.nextAppendError = new KafkaError('NOT_ENOUGH_REPLICAS')
    const failures: unknown[] = []
    const operation = () => ({ ...add('b')(), onAppendFailure: (error: unknown) => failures.push(error) })
    await expect(shard.write(operation)).rejects.toEqual(failure('NOT_ENOUGH_REPLICAS'))
    expect(failures).toEqual([failure('NOT_ENOUGH_REPLICAS')])
    expect(await shard.read(look)).toBe('a')
    expect(machines).toHaveLength(1)
  })

  it('rebuilds itself from the log when a commit is rejected', async () => {
    const { shard, log, machines, add, look } = start()
    await shard.load(1)
    await shard.write(add('kept'))
    log.holdCommits = true
    const failures: string[] = []
    const lost = shard.write(() => ({ ...add('lost')(), onAppendFailure: () => failures.push('lost') }))
    const reader = shard.read(look)
    expect(machines[0]!.seen).toEqual(['kept', 'lost'])
    log.rejectCommits(3, new KafkaError('KAFKA_STORAGE_ERROR'))
    await expect(lost).rejects.toEqual(failure('KAFKA_STORAGE_ERROR'))
    await expect(reader).rejects.toEqual(failure('KAFKA_STORAGE_ERROR'))
    await settled()
    expect(failures).toEqual(['lost'])
    expect(machines[0]!.unloaded).toBe(true)
    expect(machines).toHaveLength(2)
    expect(await shard.read(look)).toBe('kept')
  })

  it('does not load again when it is no leader any more', async () => {
    const { shard, log, machines, add } = start()
    await shard.load(1)
    log.holdCommits = true
    const lost = shard.write(add('lost'))
    log.rejectCommits(3, new KafkaError('NOT_LEADER_OR_FOLLOWER'))
    await expect(lost).rejects.toEqual(failure('NOT_LEADER_OR_FOLLOWER'))
    expect(shard.state).toBe('failed')
    expect(machines).toHaveLength(1)
    await shard.load(2)
    expect(shard.state).toBe('active')
  })

  it('rebuilds itself when replay breaks', async () => {
    const { shard, log, machines, add, look } = start()
    await shard.load(1)
    log.records(3).push(record('a'))
    const broken = shard.write(add('poison'))
    log.records(3).pop()
    await broken.catch(() => undefined)
    await settled()
    expect(machines).toHaveLength(2)
    expect(await shard.read(look)).toBe('a')
  })

  it('answers a write that is not committed in time, and keeps what it wrote', async () => {
    const { shard, log, clock, add, look } = start()
    await shard.load(1)
    log.holdCommits = true
    const slow = shard.write(add('slow'))
    const told = expect(slow).rejects.toEqual(failure('REQUEST_TIMED_OUT'))
    await clock.advance(5000)
    await told
    log.holdCommits = false
    log.commit(3)
    await settled()
    expect(await shard.read(look)).toBe('slow')
  })

  it('handles the rejection of every slice of a split write', async () => {
    const { shard, log, machines } = start()
    await shard.load(1)
    log.holdCommits = true
    const big = { key: Buffer.from('k'), value: Buffer.alloc(600 * 1024) }
    const lost = shard.write(() => ({ records: [big, big, big], response: null, atomic: false }))
    log.rejectCommits(3, new KafkaError('KAFKA_STORAGE_ERROR'))
    await expect(lost).rejects.toEqual(failure('KAFKA_STORAGE_ERROR'))
    await settled()
    expect(machines).toHaveLength(2)
    expect(shard.state).toBe('active')
  })

  it('tells those who wait when it is closed, and runs no timer after that', async () => {
    const { shard, log, clock, machines, add } = start()
    await shard.load(1)
    log.holdCommits = true
    const waiting = shard.write(add('a'))
    machines[0]!.timer.schedule('t', 10, add('timed') as never)
    shard.close()
    await expect(waiting).rejects.toEqual(failure('NOT_COORDINATOR'))
    await clock.advance(1000)
    expect(log.appends).toBe(1)
    expect(machines[0]!.unloaded).toBe(true)
    expect(clock.timerCount).toBe(0)
  })
})

describe('timers', () => {
  it('run operations that write', async () => {
    const { shard, log, clock, machines } = start()
    await shard.load(1)
    machines[0]!.timer.schedule('t', 10, () => ({ records: [record('timed')], response: undefined }))
    await clock.advance(10)
    expect(machines[0]!.seen).toEqual(['timed'])
    expect(log.records(3)).toHaveLength(1)
  })

  it('survive an append that fails', async () => {
    const { shard, log, clock, machines, look } = start()
    await shard.load(1)
    log.nextAppendError = new KafkaError('KAFKA_STORAGE_ERROR')
    machines[0]!.timer.schedule('t', 10, () => ({ records: [record('timed')], response: undefined }))
    await clock.advance(10)
    expect(await shard.read(look)).toBe('')
  })
})
