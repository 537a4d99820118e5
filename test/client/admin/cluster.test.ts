import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import { describeCluster } from '../../../src/protocol/messages/60-describe-cluster.ts'
import { unregisterBroker } from '../../../src/protocol/messages/64-unregister-broker.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

describe('the cluster', () => {
  it('is described with its brokers', async () => {
    const cluster = await startCluster()
    const admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
    const port = Number(cluster.bootstrapServers.split(':')[1])
    expect(await admin.describeCluster()).toEqual({
      clusterId: cluster.clusterId,
      controllerId: 1,
      brokers: [{ id: 1, host: '127.0.0.1', port, rack: null, isFenced: false }],
    })
    await admin.close()
    await cluster.close()
  })

  it('shows fenced brokers only when asked', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeCluster, ({ includeFencedBrokers }) => ({
      clusterId: 'c',
      brokers: [
        { brokerId: 2, host: 'h', port: 2, isFenced: false },
        { brokerId: 1, host: 'h', port: 1, isFenced: true },
      ].filter(({ isFenced }) => includeFencedBrokers || !isFenced),
    }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    expect((await admin.describeCluster()).brokers.map(({ id }) => id)).toEqual([2])
    expect((await admin.describeCluster({ includeFenced: true })).brokers.map(({ id }) => id)).toEqual([1, 2])
    await admin.close()
  })

  it('is described by Metadata where brokers know no better', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.controllerId = 1
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    expect(await admin.describeCluster()).toMatchObject({
      clusterId: 'scripted',
      controllerId: 1,
      brokers: [{ id: 1 }],
    })
    await admin.close()
  })

  it('that refuses says why', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeCluster, () => ({ clusterId: '', errorCode: 31, errorMessage: 'not you' }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    await expect(admin.describeCluster()).rejects.toMatchObject({ kind: 'authorization', message: 'not you' })
    await admin.close()
  })

  it('forgets a broker that is unregistered, and says when there was none', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(unregisterBroker, ({ brokerId }) =>
      brokerId === 4 ? {} : { errorCode: 102, errorMessage: `Broker ID ${brokerId} is not currently registered` },
    )
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    await admin.unregisterBroker(4)
    await expect(admin.unregisterBroker(5)).rejects.toMatchObject({
      message: 'Broker ID 5 is not currently registered',
    })
    await admin.close()
  })
})
