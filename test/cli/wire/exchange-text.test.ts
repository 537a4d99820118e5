import { describe, expect, it } from 'vitest'
import { answerWords, exchangeText } from '../../../src/cli/wire/exchange-text.ts'
import { WireKnowledge } from '../../../src/cli/wire/knowledge.ts'
import type { WireEvent } from '../../../src/client/trace.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { saslAuthenticate } from '../../../src/protocol/messages/36-sasl-authenticate.ts'
import { incrementalAlterConfigs } from '../../../src/protocol/messages/44-incremental-alter-configs.ts'

const event = (more: Partial<WireEvent> = {}): WireEvent => ({
  address: { host: 'h', port: 9092 },
  api: metadata,
  version: 12,
  correlationId: 4,
  request: { topics: [{ name: 'orders' }], allowAutoTopicCreation: false },
  requestBytes: 30,
  response: { brokers: [{ nodeId: 1, host: 'h', port: 9092 }], topics: [{ name: 'orders', errorCode: 0 }] },
  responseBytes: 100,
  elapsedMs: 1.26,
  failure: null,
  ...more,
})

function told(more: Partial<WireEvent> = {}, knowledge = new WireKnowledge()): string {
  const { asked, answer } = exchangeText(event(more), knowledge, 'words')
  return asked + answer
}

describe('an exchange in words', () => {
  it('says where and why there, what for, what was asked and what came back', () => {
    const knowledge = new WireKnowledge()
    knowledge.learnBroker({ host: 'h', port: 9092 }, 1)
    expect(told({}, knowledge)).toBe(
      'Metadata v12 to broker 1 (h:9092), any broker knows: which brokers there are, and who leads which partition\n' +
        '    asked  #4, 30 bytes: topics orders\n' +
        '    answer after 1.3 ms, 100 bytes: 1 broker (1); orders; no error\n',
    )
  })

  it('says what errors mean', () => {
    const topics = [
      { name: 'orders', errorCode: 3 },
      { name: 'x', errorCode: 0 },
    ]
    expect(told({ response: { topics } })).toContain(
      'topics[orders] error 3 UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.',
    )
  })

  it('says why there is no answer, and what could not be read', () => {
    expect(told({ response: null })).toContain('no answer is expected (acks=0)')
    expect(told({ response: null, failure: 'gone' })).toContain('no answer: gone')
    expect(told({ unread: 'version 99' })).toContain('kt could not read all of it: version 99')
    expect(told({ request: null })).toContain('what kt cannot read')
  })

  it('says when a quota made it slow', () => {
    const response = { ...(event().response as object), throttleTimeMs: 120 }
    expect(answerWords(event({ response }), {}, new WireKnowledge())).toContain('throttled for 120 ms (a quota)')
  })

  it('shows all fields but bytes and secrets when asked', () => {
    const full = (more: Partial<WireEvent>): string => exchangeText(event(more), new WireKnowledge(), 'fields').answer
    const login = full({
      api: saslAuthenticate,
      version: 2,
      request: { authBytes: Buffer.from('hunter2') },
      response: null,
    })
    expect(login).toContain('    request, version 2\n      authBytes: <7 bytes, not shown>\n')
    const configs = [
      { name: 'ssl.keystore.password', configOperation: 0, value: 'hunter2' },
      { name: 'a', configOperation: 0, value: 'b' },
    ]
    const request = { resources: [{ resourceType: 2, resourceName: 'orders', configs }] }
    const text = full({ api: incrementalAlterConfigs, version: 1, request, response: { responses: [] } })
    expect(text).toContain('value: <hidden>')
    expect(text).toContain('value: b')
    expect(text).not.toContain('hunter2')
    expect(text).toContain('    response, version 1\n      throttleTimeMs: 0\n      responses: none\n')
  })
})
