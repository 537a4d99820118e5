import { describe, expect, it } from 'vitest'
import { NetworkFaults, NO_FAULTS } from '../../src/network/faults.ts'

const peer = (port: number) => ({ host: '127.0.0.1', port })

describe('NetworkFaults', () => {
  it('cuts nothing at first', () => {
    const faults = new NetworkFaults()
    expect(faults.current).toBe(NO_FAULTS)
    expect(faults.blocksPeer(peer(1))).toBe(false)
    expect(faults.blocksClients).toBe(false)
  })
  it('cuts addresses, or all of them', () => {
    const faults = new NetworkFaults()
    faults.change({ blockedPeers: ['127.0.0.1:1'], blocksClients: true })
    expect([1, 2].map((port) => faults.blocksPeer(peer(port)))).toEqual([true, false])
    expect(faults.blocksClients).toBe(true)
    faults.change({ blockedPeers: ['*'], blocksClients: false })
    expect([1, 2].map((port) => faults.blocksPeer(peer(port)))).toEqual([true, true])
    faults.change(NO_FAULTS)
    expect(faults.blocksPeer(peer(1))).toBe(false)
  })
  it('tells each who waits once, and not who went away', () => {
    const faults = new NetworkFaults()
    const told: string[] = []
    faults.onChange(() => told.push('one'))
    faults.onChange(() => told.push('other'))()
    faults.change(NO_FAULTS)
    faults.change(NO_FAULTS)
    expect(told).toEqual(['one'])
  })
  it('lets one that is told wait again', () => {
    const faults = new NetworkFaults()
    let told = 0
    const wait = (): void => void faults.onChange(() => (++told < 3 ? wait() : undefined))
    wait()
    for (let i = 0; i < 5; i++) faults.change(NO_FAULTS)
    expect(told).toBe(3)
  })
})
