import { expect, it } from 'vitest'
import { recordTexts } from '../../src/controller/record-text.ts'
import type { MetadataImage } from '../../src/metadata/types.ts'
import type { MetadataRecord } from '../../src/protocol/metadata/index.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAABQ'
const image = { topicsById: new Map([[topicId, { name: 'orders' }]]) } as unknown as MetadataImage
const textOf = (record: string, body: object): string => recordTexts([{ record, body } as MetadataRecord], image)[0]!

it('says what each record decides', () => {
  expect(textOf('topicRecord', { name: 'orders', topicId })).toBe('TopicRecord orders')
  expect(textOf('partitionRecord', { partitionId: 2, topicId, leader: 1, replicas: [1, 3] })).toBe(
    'PartitionRecord orders-2 leader 1, replicas 1,3',
  )
  const change = { partitionId: 0, topicId, leader: 2, isr: [2, 3] }
  expect(textOf('partitionChangeRecord', change)).toBe('PartitionChangeRecord orders-0 leader 2, ISR 2,3')
  expect(textOf('partitionChangeRecord', { ...change, leader: -2, isr: null })).toBe('PartitionChangeRecord orders-0')
  expect(textOf('partitionChangeRecord', { ...change, leader: -1 })).toContain('no leader')
  expect(textOf('configRecord', { resourceName: 'orders', name: 'retention.ms', value: '5' })).toBe(
    'ConfigRecord orders retention.ms=5',
  )
  expect(textOf('brokerRegistrationChangeRecord', { brokerId: 3, fenced: 1 })).toContain('broker 3 fenced')
  expect(textOf('partitionChangeRecord', { ...change, isr: [] })).toContain('ISR empty')
  const leaving = { brokerId: 3, fenced: 0, inControlledShutdown: 1 }
  expect(textOf('brokerRegistrationChangeRecord', leaving)).toContain('broker 3 in controlled shutdown')
  expect(textOf('brokerRegistrationChangeRecord', { brokerId: 3, fenced: -1 })).toContain('broker 3 unfenced')
  expect(textOf('noOpRecord', {})).toBe('NoOpRecord')
})

it('stops somewhere', () => {
  const many = Array.from({ length: 500 }, () => ({ record: 'noOpRecord', body: {} }) as MetadataRecord)
  expect(recordTexts(many, image)).toHaveLength(201)
  expect(recordTexts(many, image).at(-1)).toBe('and 300 more')
})
