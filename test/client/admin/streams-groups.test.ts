import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { streamsGroupDescribe } from '../../../src/protocol/messages/89-streams-group-describe.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

describe('streams groups', () => {
  it('are described with topology and tasks', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
    }))
    broker.on(streamsGroupDescribe, ({ groupIds }) => ({
      groups: groupIds.map((groupId) => ({
        groupId,
        errorCode: groupId === 'g' ? 0 : 69,
        groupState: 'Stable',
        groupEpoch: 3,
        assignmentEpoch: 2,
        topology: {
          epoch: 1,
          subtopologies: [
            {
              subtopologyId: '0',
              sourceTopics: ['in'],
              repartitionSinkTopics: ['r'],
              stateChangelogTopics: [{ name: 'g-store-changelog' }],
              repartitionSourceTopics: [{ name: 'g-r-repartition' }],
            },
          ],
        },
        members: [
          {
            memberId: 'm',
            memberEpoch: 3,
            clientId: 'c',
            clientHost: '/h',
            processId: 'p',
            assignment: { activeTasks: [{ subtopologyId: '0', partitions: [0] }] },
            targetAssignment: { standbyTasks: [{ subtopologyId: '0', partitions: [1] }] },
          },
        ],
      })),
    }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const found = await admin.describeStreamsGroups(['g', 'x'])
    expect(found.get('g')).toMatchObject({
      ok: true,
      value: {
        state: 'Stable',
        groupEpoch: 3,
        targetAssignmentEpoch: 2,
        topologyEpoch: 1,
        coordinator: { id: 1 },
        subtopologies: [
          {
            subtopologyId: '0',
            sourceTopics: ['in'],
            repartitionSourceTopics: ['g-r-repartition'],
            changelogTopics: ['g-store-changelog'],
          },
        ],
        members: [
          {
            memberId: 'm',
            processId: 'p',
            isClassic: false,
            assignment: { active: [{ subtopologyId: '0', partitions: [0] }], standby: [], warmup: [] },
            targetAssignment: { standby: [{ subtopologyId: '0', partitions: [1] }] },
          },
        ],
      },
    })
    expect(found.get('x')).toMatchObject({ ok: false, error: { name: 'GROUP_ID_NOT_FOUND' } })
    await admin.close()
  })
})
