import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { leaveGroup } from '../../../src/protocol/messages/13-leave-group.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

describe('members of a group', () => {
  it('are made to leave, static ones by their instance', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
    }))
    broker.on(leaveGroup, ({ members }, { count }) => ({
      members: members.map((member) => ({ ...member, errorCode: count === 0 ? 0 : 25 })),
    }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const members = [
      { memberId: 'm', groupInstanceId: null },
      { memberId: 's', groupInstanceId: 'static' },
    ]
    expect(await admin.removeGroupMembers('g', members)).toEqual({ ok: true, value: undefined })
    expect(broker.askedFor(leaveGroup)[0]).toMatchObject({
      groupId: 'g',
      members: [
        { memberId: 'm', groupInstanceId: null },
        { memberId: '', groupInstanceId: 'static' },
      ],
    })
    expect(await admin.removeGroupMembers('g', members)).toMatchObject({ error: { name: 'UNKNOWN_MEMBER_ID' } })
    await admin.close()
  })
})
