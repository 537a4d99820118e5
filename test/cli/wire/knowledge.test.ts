import { describe, expect, it } from 'vitest'
import { partitionsNamed, WireKnowledge } from '../../../src/cli/wire/knowledge.ts'
import type { WireEvent } from '../../../src/client/trace.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { heartbeat } from '../../../src/protocol/messages/12-heartbeat.ts'
import { apiVersions } from '../../../src/protocol/messages/18-api-versions.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { endTxn } from '../../../src/protocol/messages/26-end-txn.ts'
import { describeConfigs } from '../../../src/protocol/messages/32-describe-configs.ts'
import type { Api } from '../../../src/protocol/schema.ts'

const at = (port: number) => ({ host: 'b', port })
const exchange = (api: Api, port: number, request: unknown, response: unknown): WireEvent => ({
  ...{ address: at(port), api, version: 1, correlationId: 1, request, requestBytes: 1 },
  ...{ response, responseBytes: 1, elapsedMs: 1, failure: null },
})

function informed(): WireKnowledge {
  const knowledge = new WireKnowledge()
  const brokers = [1, 2, 3].map((nodeId) => ({ nodeId, ...at(9090 + nodeId) }))
  const partitions = [
    { partitionIndex: 0, leaderId: 2, replicaNodes: [2, 3] },
    { partitionIndex: 1, leaderId: -1, replicaNodes: [1] },
  ]
  const topics = [{ name: 'orders', topicId: 'id', errorCode: 0, partitions }]
  knowledge.learn(exchange(metadata, 9091, { topics: null }, { brokers, topics }))
  const found = { key: 'billing', nodeId: 3, ...at(9093), errorCode: 0 }
  knowledge.learn(
    exchange(findCoordinator, 9091, { keyType: 0, coordinatorKeys: ['billing'] }, { coordinators: [found] }),
  )
  knowledge.learn(exchange(findCoordinator, 9091, { keyType: 1, key: 'pay' }, { errorCode: 0, nodeId: 1, ...at(9091) }))
  return knowledge
}

describe('why this broker', () => {
  const why = (api: Api, port: number, request: unknown): string | null =>
    informed().why({ api, address: at(port), request })
  const topic = (partition: number) => ({ topics: [{ topic: 'orders', partitions: [{ partition }] }] })

  it('is where one begins, and what brokers advertise', () => {
    expect(new WireKnowledge().why({ api: apiVersions, address: at(1), request: {} })).toBe(
      'a new connection, at the bootstrap address',
    )
    expect(why(apiVersions, 9092, {})).toBe('a new connection, under the address that broker 2 advertises')
    // Asked again on the same one, it is no new one; others than us count from 1.
    const again = (correlationId: number, clientSoftwareName: string) =>
      informed().why({ api: apiVersions, address: at(9092), request: { clientSoftwareName }, correlationId })
    expect(again(1, 'kafka-toolkit')).toBeNull()
    expect(again(1, 'librdkafka')).toMatch(/^a new connection/)
    expect(again(7, 'librdkafka')).toBeNull()
  })

  it('is the leader of partitions, by name or by id, or is not', () => {
    expect(why(fetch, 9092, topic(0))).toBe('the leader of orders-0')
    expect(why(fetch, 9092, { topics: [{ topicId: 'id', partitions: [{ partition: 0 }] }] })).toBe(
      'the leader of orders-0',
    )
    expect(why(produce, 9092, { topicData: [{ name: 'orders', partitionData: [{ index: 0 }] }] })).toBe(
      'the leader of orders-0',
    )
    expect(why(fetch, 9093, topic(0))).toBe('a replica of orders-0 as far as is known, broker 2 leads it')
    expect(why(fetch, 9092, topic(1))).toBe('no replica of orders-1 as far as is known, nobody leads it')
    expect(why(fetch, 9092, topic(7))).toBeNull()
  })

  it('is the coordinator of groups and of transactions', () => {
    expect(why(heartbeat, 9093, { groupId: 'billing' })).toBe('the coordinator of group billing')
    expect(why(heartbeat, 9092, { groupId: 'billing' })).toBeNull()
    expect(why(endTxn, 9091, { transactionalId: 'pay' })).toBe('the coordinator of transactional id pay')
  })

  it('may be any broker', () => {
    expect(why(createTopics, 9091, {})).toBe('any broker does: it passes this on to the controller')
    expect(why(describeConfigs, 9091, { resources: [{ resourceType: 4, resourceName: '1' }] })).toBe(
      'the broker whose settings they are',
    )
    expect(why(metadata, 1, {})).toBe('any broker knows')
  })
})

it('names brokers and topics as they are told', () => {
  const knowledge = informed()
  expect([knowledge.brokerName(at(9092)), knowledge.brokerName(at(1))]).toEqual(['broker 2 (b:9092)', 'b:1'])
  expect([knowledge.topicName('id'), knowledge.topicName('other')]).toEqual(['orders', 'other'])
  const request = { topics: [{ topicId: 'id', partitionIndexes: [0, 1] }] }
  expect(partitionsNamed(request, knowledge)).toEqual(['orders-0', 'orders-1'])
})
