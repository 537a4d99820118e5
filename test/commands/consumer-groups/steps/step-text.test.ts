import { expect, it } from 'vitest'
import { noColours } from '../../../../src/cli/colour.ts'
import { memberText, stepLines } from '../../../../src/commands/consumer-groups/steps/step-text.ts'

it('names a member by its instance id, or by client and the end of its id', () => {
  const member = { memberId: 'app-77aa-91bc', groupInstanceId: null, clientId: 'app', host: '/h' }
  expect(memberText(member)).toBe('app~91bc')
  expect(memberText({ ...member, groupInstanceId: 'till-1' })).toBe('till-1')
  expect(memberText({ ...member, clientId: '' })).toBe('member~91bc')
})

it('begins with how the group stands', () => {
  const member = { memberId: 'a-0001', groupInstanceId: null, clientId: 'a', host: '/h', memberEpoch: 3, partitions: 1 }
  const step = {
    step: 'watching',
    state: 'Stable',
    type: 'Consumer',
    assignor: 'uniform',
    generation: null,
    groupEpoch: 3,
    targetAssignmentEpoch: 3,
    members: [member],
    partitions: 6,
    source: 'records',
    lag: 12,
  } as const
  expect(stepLines(step, noColours)).toEqual([
    'Stable, group epoch 3, target assignment epoch 3, uniform, 1 member, 6 partitions; lag 12',
    '  a~0001 from /h reads 1 partition',
  ])
  expect(stepLines({ ...step, state: 'Dead' }, noColours)).toEqual(['does not exist yet'])
})
