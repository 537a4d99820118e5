import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { deleteTopics } from '../../src/controller/topic-deletion.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { topicRecords, uuidOf } from '../metadata/support.ts'
import { viewOf } from './support.ts'

const records = [...topicRecords('a', uuidOf(1), [[1]]), ...topicRecords('b', uuidOf(2), [[1]])]

function run(
  request: { topics?: { name: string | null; topicId: string }[]; topicNames?: string[] },
  config: Record<string, string> = {},
  version = 6,
) {
  const view = viewOf({ records, config })
  const result = deleteTopics(view, version, { topics: [], topicNames: [], timeoutMs: 1, ...request })
  const answers = result.response.responses!.map(
    ({ name, topicId, errorCode, errorMessage }) =>
      `${name} ${topicId === ZERO_UUID ? '-' : topicId} ${errorName(errorCode!)}${errorMessage === null ? '' : `: ${errorMessage}`}`,
  )
  return { answers, removed: result.records.map(({ body }) => (body as { topicId: string }).topicId) }
}

const byName = (name: string) => ({ name, topicId: ZERO_UUID })
const byId = (topicId: string) => ({ name: null, topicId })

describe('DeleteTopics', () => {
  it('by name and by id', () => {
    expect(run({ topics: [byName('a'), byId(uuidOf(2))] })).toEqual({
      answers: [`b ${uuidOf(2)} NONE`, `a ${uuidOf(1)} NONE`],
      removed: [uuidOf(2), uuidOf(1)],
    })
    expect(run({ topicNames: ['a'] }, {}, 5).removed).toEqual([uuidOf(1)])
  })

  it.each([
    [[byName('x')], 'x - UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.'],
    [[byId(uuidOf(9))], `null ${uuidOf(9)} UNKNOWN_TOPIC_ID: This server does not host this topic ID.`],
    [[byName('a'), byName('a')], 'a - INVALID_REQUEST: Duplicate topic name.'],
    [[byId(uuidOf(1)), byId(uuidOf(1))], `null ${uuidOf(1)} INVALID_REQUEST: Duplicate topic id.`],
    [[{ name: null, topicId: ZERO_UUID }], 'null - INVALID_REQUEST: Neither topic name nor id were specified.'],
    [
      [{ name: 'a', topicId: uuidOf(1) }],
      `a ${uuidOf(1)} INVALID_REQUEST: You may not specify both topic name and topic id.`,
    ],
    [
      [byName('a'), byId(uuidOf(1))],
      `a ${uuidOf(1)} INVALID_REQUEST: The provided topic name maps to an ID that was already supplied.`,
    ],
  ])('refuses %j', (topics, answer) => {
    expect(run({ topics })).toEqual({ answers: [answer], removed: [] })
  })

  it('may be turned off', () => {
    const off = { 'delete.topic.enable': 'false' }
    expect(run({ topics: [byName('a')] }, off)).toEqual({
      answers: ['a - TOPIC_DELETION_DISABLED: Topic deletion is disabled.'],
      removed: [],
    })
    expect(run({ topicNames: ['a'] }, off, 2).answers).toEqual([
      'a - INVALID_REQUEST: This version does not support topic deletion.',
    ])
  })
})
