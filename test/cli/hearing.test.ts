import { describe, expect, it } from 'vitest'
import { listenTo } from '../../src/cli/hearing.ts'
import { KeptOutput } from '../support/run-command.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const streams = () => ({ stdout: new KeptOutput(), stderr: new KeptOutput(true, 100) })

describe('listening to a command', () => {
  it('passes everything on, and keeps what a failure says', () => {
    const to = streams()
    const listening = listenTo('topics', to)!
    listening.stdout.write('Error while executing: no\n')
    listening.stderr.write(Buffer.from('bytes\n'))
    expect([to.stdout.text, to.stderr.text]).toEqual(['Error while executing: no\n', 'bytes\n'])
    expect(listening.heard(1)).toEqual({ stdout: 'Error while executing: no\n', stderr: 'bytes\n' })
    expect([listening.stderr.isTerminal, listening.stderr.columns]).toEqual([true, 100])
  })

  it('has nothing to say about what went well', () => {
    const listening = listenTo('topics', streams())!
    listening.stdout.write('orders\n')
    expect(listening.heard(0)).toBeNull()
    expect(listening.heard(1)).toEqual({ stdout: 'orders\n', stderr: '' })
  })

  it('hears remarks of commands that end well, in colour too, and what differs is no failure', () => {
    const listening = listenTo('consumer-groups', streams())!
    listening.stderr.write("\u001b[33mConsumer group 'g' has no active members.\u001b[39m\n")
    expect(listening.heard(0)).not.toBeNull()
    const plan = listenTo('plan', streams())!
    plan.stderr.write('1 step\n')
    expect([plan.heard(20), plan.heard(1)]).toEqual([null, { stdout: '', stderr: '1 step\n' }])
  })

  it('does not take data for failures', () => {
    const to = streams()
    const listening = listenTo('console-consumer', to)!
    listening.stdout.write('Error: a record\n')
    expect([to.stdout.text, listening.heard(0), listening.heard(1)]).toEqual(['Error: a record\n', null, null])
  })

  it('leaves prompts, lessons and explanations alone', () => {
    for (const command of ['shell', 'learn', 'explain', '__complete']) expect(listenTo(command, streams())).toBeNull()
  })

  it('holds the next command back until something else is said', () => {
    const to = streams()
    const listening = listenTo('topics', to)!
    listening.stderr.write('it failed\n  a fact\n  next: kt describe\n')
    expect(to.stderr.text).toBe('it failed\n  a fact\n')
    listening.stderr.write('more\n')
    expect(to.stderr.text).toBe('it failed\n  a fact\n  next: kt describe\nmore\n')
    listening.stderr.write('  next: kt a\n')
    listening.release()
    listening.release()
    expect(to.stderr.text).toMatch(/more\n {2}next: kt a\n$/)
    expect(listening.heard(1)!.stderr).toBe(to.stderr.text)
  })

  it('holds it while the command is about to end', async () => {
    const to = streams()
    const listening = listenTo('topics', to)!
    listening.stderr.write('it failed\n  next: kt describe\n')
    listening.ending()
    await turn()
    expect(to.stderr.text).toBe('it failed\n')
    listening.release()
    listening.ending()
    listening.stderr.write('  next: kt a\n')
    await turn()
    expect(to.stderr.text).toBe('it failed\n  next: kt describe\n')
    listening.release()
    expect(to.stderr.text).toMatch(/next: kt a\n$/)
  })

  it('lets it go where the command goes on, and before a prompt or data', async () => {
    const to = streams()
    const listening = listenTo('transact', to)!
    listening.stderr.write('no such step\n  next: help\n')
    await turn()
    expect(to.stderr.text).toBe('no such step\n  next: help\n')
    listening.stderr.write('  next: help\n')
    let before = ''
    const { write } = to.stdout
    to.stdout.write = (data) => {
      before = to.stderr.text
      return write.call(to.stdout, data)
    }
    listening.stdout.write('> ')
    expect(before).toMatch(/next: help\n {2}next: help\n$/)
  })

  it('keeps the beginning only', () => {
    const listening = listenTo('topics', streams())!
    for (let at = 0; at < 100; at++) listening.stderr.write('x'.repeat(1_000))
    expect(listening.heard(1)!.stderr).toHaveLength(8_192)
  })
})
