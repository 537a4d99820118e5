import { describe, expect, it } from 'vitest'
import { StreamOutput, type TargetStream } from '../../src/cli/output.ts'

/** A stream whose writes end when the test says so. */
class SlowStream implements TargetStream {
  readonly chunks: Buffer[] = []
  readonly pending: ((error?: Error | null) => void)[] = []
  fail: (error: Error) => void = () => undefined
  readonly columns = 132
  readonly rows = 50

  write(data: string | Uint8Array, callback: (error?: Error | null) => void): boolean {
    this.chunks.push(Buffer.from(data as string))
    this.pending.push(callback)
    return false
  }
  on(_: 'error', listener: (error: Error) => void): void {
    this.fail = listener
  }
  finish(): void {
    for (const callback of this.pending.splice(0)) callback()
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }
}

function open(isTerminal = false) {
  const stream = new SlowStream()
  const closed = { times: 0 }
  let opened = 0
  const output = new StreamOutput(
    () => {
      opened++
      return stream
    },
    isTerminal,
    () => closed.times++,
  )
  return { stream, output, closed, opened: () => opened }
}

describe('StreamOutput', () => {
  it('opens the stream with the first write only', () => {
    const { output, opened } = open()
    expect(output.columns).toBe(80)
    expect(output.rows).toBeUndefined()
    expect(opened()).toBe(0)
    output.write(Buffer.from('x'))
    output.write(Buffer.from('y'))
    expect(opened()).toBe(1)
  })

  it('gathers small texts into one write at the end of the turn', async () => {
    const { output, stream } = open()
    for (let line = 0; line < 100; line++) output.write(`line ${line}\n`)
    expect(stream.chunks).toHaveLength(0)
    await new Promise((resolve) => setImmediate(resolve))
    expect(stream.chunks).toHaveLength(1)
    expect(stream.text.split('\n')).toHaveLength(101)
  })

  it('writes at once when much has been gathered', () => {
    const { output, stream } = open()
    output.write('x'.repeat(70_000))
    expect(stream.text).toHaveLength(70_000)
  })

  it('keeps the order of texts and bytes', async () => {
    const { output, stream } = open()
    output.write('a')
    output.write(Buffer.from('b'))
    output.write('c')
    const drained = output.drain()
    stream.finish()
    await drained
    expect(stream.text).toBe('abc')
  })

  it('tells a fast writer to wait, and lets it go on when the stream has taken everything', async () => {
    const { output, stream } = open()
    expect(output.write(Buffer.alloc(1000))).toBe(true)
    expect(output.write(Buffer.alloc(2_000_000))).toBe(false)
    let drained = false
    const waiting = output.drain().then(() => {
      drained = true
    })
    await Promise.resolve()
    expect(drained).toBe(false)
    stream.finish()
    await waiting
    expect(output.write(Buffer.alloc(1))).toBe(true)
  })

  it('ends cleanly when the reader goes away: writers are let go, later writes vanish', async () => {
    const { output, stream, closed } = open()
    output.write(Buffer.alloc(2_000_000))
    const waiting = output.drain()
    stream.fail(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await waiting
    expect(closed.times).toBe(1)
    const before = stream.chunks.length
    expect(output.write('more')).toBe(true)
    await output.drain()
    expect(stream.chunks).toHaveLength(before)
  })

  it('takes a failed write for a reader that went away, once', () => {
    const { output, stream, closed } = open()
    output.write(Buffer.from('x'))
    output.write(Buffer.from('y'))
    for (const callback of stream.pending) callback(new Error('EPIPE'))
    expect(closed.times).toBe(1)
  })

  it('lets what was written before to the other stream go first', () => {
    const order: string[] = []
    const stream = (name: string): TargetStream => ({
      write: (data) => order.push(`${name} ${data}`) > 0,
      on: () => undefined,
    })
    const stdout = new StreamOutput(() => stream('stdout'), false)
    const stderr = new StreamOutput(() => stream('stderr'), false, undefined, stdout)
    stdout.write('1')
    stderr.write('2')
    stdout.write('3')
    stderr.write('4')
    expect(order).toEqual(['stdout 1', 'stderr 2', 'stdout 3', 'stderr 4'])
  })

  it('has the size of the terminal', () => {
    const { output } = open(true)
    expect([output.columns, output.rows]).toEqual([132, 50])
  })
})
