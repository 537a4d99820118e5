import { expect, it } from 'vitest'
import { assigner, type ProtocolCodecs } from '../../../src/client/group/assignors.ts'
import { assignRange } from '../../../src/protocol/assignors/range.ts'

it('speaks to kafkajs in its own codecs, under the name Java members know', async () => {
  const codecs = (await import('kafkajs')).default.AssignerProtocol as unknown as ProtocolCodecs
  const cluster = { findTopicPartitionMetadata: () => [{}, {}, {}] } as never
  const range = assigner('range', assignRange, codecs)({ cluster })
  expect(range.name).toBe('range')
  const { name, metadata } = range.protocol({ topics: ['t'] })
  expect(name).toBe('range')
  const members = ['a', 'b'].map((memberId) => ({ memberId, memberMetadata: metadata }))
  const assigned = await range.assign({ members, topics: ['t'] })
  const { MemberAssignment } = (await import('kafkajs')).default.AssignerProtocol
  expect(
    assigned.map(({ memberId, memberAssignment }) => [memberId, MemberAssignment.decode(memberAssignment)!.assignment]),
  ).toEqual([
    ['a', { t: [0, 1] }],
    ['b', { t: [2] }],
  ])
})
