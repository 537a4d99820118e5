import { expect, it } from 'vitest'
import { adminOver, createAdmin } from '../../src/client/admin.ts'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

it('an admin connects with its first call, once, and closes what it opened', async () => {
  await using broker = await ScriptedBroker.start()
  const admin = createAdmin({ bootstrapServers: [broker.address] })
  expect(broker.connections).toBe(0)
  await admin.listTopics()
  await admin.listTopics()
  expect(broker.connections).toBe(1)
  await admin.close()
  await expect(admin.listTopics()).rejects.toThrow('closed')
})

it('an admin may share a client', async () => {
  await using broker = await ScriptedBroker.start()
  const client = new ClusterClient({ bootstrapServers: [broker.address] })
  await client.refreshMetadata([])
  await adminOver(client).listTopics()
  expect(broker.connections).toBe(1)
  client.close()
})

it('bad addresses are refused before anything is tried', () => {
  expect(() => createAdmin({ bootstrapServers: ['nowhere'] })).toThrow('Invalid url in bootstrap.servers: nowhere')
})
