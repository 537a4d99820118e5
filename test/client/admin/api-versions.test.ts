import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { closedPort, ScriptedBroker } from '../../support/scripted-broker.ts'

describe('what brokers serve', () => {
  it('is told by each of them, and a dead one does not hide the others', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(3, { min: 1, max: 9 })
    broker.topology.brokers.set(7, { host: '127.0.0.1', port: await closedPort() })
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const [alive, dead] = await admin.describeApiVersions()
    expect(alive).toMatchObject({ broker: { id: 1 }, apis: { ok: true } })
    expect(alive!.apis.ok && alive!.apis.value).toEqual([
      { key: 3, min: 1, max: 9 },
      { key: 18, min: 0, max: 4 },
    ])
    expect(dead).toMatchObject({ broker: { id: 7 }, apis: { ok: false, error: { name: 'BROKER_NOT_AVAILABLE' } } })
    await admin.close()
  })
})
