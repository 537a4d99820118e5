import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { abortOnSignals } from '../../src/cli/signals.ts'

describe('abortOnSignals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('turns %s into an abort with its name', (signal) => {
    const controller = new AbortController()
    const source = new EventEmitter()
    abortOnSignals(controller, source)
    source.emit(signal)
    expect(controller.signal.reason).toBe(signal)
  })

  it('listens once: the second Ctrl-C is the system’s', () => {
    const source = new EventEmitter()
    abortOnSignals(new AbortController(), source)
    source.emit('SIGINT')
    expect(source.listenerCount('SIGINT')).toBe(0)
    expect(source.listenerCount('SIGTERM')).toBe(0)
  })

  it('stops listening when told', () => {
    const controller = new AbortController()
    const source = new EventEmitter()
    abortOnSignals(controller, source)()
    source.emit('SIGINT')
    expect(controller.signal.aborted).toBe(false)
  })
})
