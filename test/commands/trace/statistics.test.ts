import { describe, expect, it } from 'vitest'
import type { WireEvent } from '../../../src/client/trace.ts'
import { CLIENT_LEFT } from '../../../src/commands/trace/link.ts'
import { percentile, Statistics, summaryText } from '../../../src/commands/trace/statistics.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'

const event = (more: Partial<WireEvent> = {}): WireEvent => ({
  ...{ address: { host: 'b', port: 1 }, api: metadata, version: 12, correlationId: 1, clientId: 'billing' },
  ...{ request: {}, requestBytes: 10, response: {}, responseBytes: 100, elapsedMs: 2, failure: null },
  ...more,
})

describe('statistics', () => {
  it('count requests, bytes and errors by kind', () => {
    const statistics = new Statistics()
    statistics.connections = 2
    for (let at = 0; at < 99; at++) statistics.count(event())
    statistics.count(
      event({ elapsedMs: 500, response: { topics: [{ errorCode: 3 }, { errorCode: 3 }, { errorCode: 6 }] } }),
    )
    statistics.count(event({ api: fetch, response: null, failure: CLIENT_LEFT, clientId: null }))
    statistics.count(event({ api: fetch, response: null, failure: 'gone', responseBytes: 0 }))
    expect(statistics.apis.map(({ api, count, failed, bytesUp }) => [api, count, failed, bytesUp])).toEqual([
      ['Metadata', 100, 1, 1000],
      ['Fetch', 2, 1, 20],
    ])
    const text = summaryText(statistics)
    expect(text).toMatch(
      /^102 requests on 2 connections, clients: one without a name, billing\nREQUEST +COUNT +ERRORS +P50 +P99 +SENT +RECEIVED\n/,
    )
    expect(text).toMatch(/\nMetadata +100 +1 +2 ms +2 ms +1000 bytes +10 kB\n/)
    expect(text).toContain(
      '  Metadata: UNKNOWN_TOPIC_OR_PARTITION 1 times\n  Metadata: NOT_LEADER_OR_FOLLOWER 1 times\n',
    )
    expect(text).toContain('  Fetch: no answer 1 times\n')
  })

  it('say that there was nothing', () => {
    expect(summaryText(new Statistics())).toBe('no requests (0 connections)\n')
  })

  it('know percentiles', () => {
    const samples = Array.from({ length: 200 }, (_, at) => 200 - at)
    expect([percentile(samples, 0.5), percentile(samples, 0.99), percentile([7], 0.99), percentile([], 0.5)]).toEqual([
      100, 198, 7, 0,
    ])
  })
})
