import { describe, expect, it } from 'vitest'
import { groupProtocolOptions } from '../../../src/client/group/protocol-properties.ts'

const of = (properties: Readonly<Record<string, string>>) => groupProtocolOptions(new Map(Object.entries(properties)))

describe('group.protocol', () => {
  it('is classic when left out', () => {
    expect(of({})).toEqual({ protocol: 'classic' })
    expect(of({ 'group.protocol': 'Classic', 'session.timeout.ms': '10000' })).toEqual({ protocol: 'classic' })
  })

  it('brings an instance id and an assignor', () => {
    expect(
      of({ 'group.protocol': 'CONSUMER', 'group.instance.id': 'till-1', 'group.remote.assignor': 'range' }),
    ).toEqual({ protocol: 'consumer', groupInstanceId: 'till-1', remoteAssignor: 'range' })
    expect(of({ 'group.protocol': ' consumer ' })).toEqual({ protocol: 'consumer' })
  })

  it.each([
    [{ 'group.protocol': 'none' }, 'Invalid value none for configuration group.protocol'],
    [{ 'group.remote.assignor': 'range' }, 'group.remote.assignor cannot be set when group.protocol=CLASSIC'],
    [
      { 'group.protocol': 'consumer', 'session.timeout.ms': '1' },
      'session.timeout.ms cannot be set when group.protocol=CONSUMER',
    ],
    [
      { 'group.protocol': 'consumer', 'partition.assignment.strategy': 'x' },
      'partition.assignment.strategy cannot be set when group.protocol=CONSUMER',
    ],
  ])('refuses %j as Kafka does', (properties, message) => {
    expect(() => of(properties)).toThrow(message)
  })
})
