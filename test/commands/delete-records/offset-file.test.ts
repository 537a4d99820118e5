import { describe, expect, it } from 'vitest'
import { parseOffsetFile } from '../../../src/commands/delete-records/offset-file.ts'

const item = (partition: number, offset: number | string = 1): string =>
  `{"topic":"t","partition":${partition},"offset":${offset}}`

describe('the offset file', () => {
  it('names the first offset to keep of each partition, in its own order', () => {
    expect(parseOffsetFile(`{"partitions":[${item(1, 9_999_999_999)},${item(0, -1)}],"version":1}`)).toEqual([
      { topic: 't', partition: 1, offset: 9_999_999_999 },
      { topic: 't', partition: 0, offset: -1 },
    ])
    expect(parseOffsetFile('{"partitions":[]}')).toEqual([])
  })

  it.each([
    ['', 'The input string is not a valid JSON'],
    ['{', 'The input string is not a valid JSON'],
    ['[]', 'Expected JSON object, received []'],
    ['{"version":2}', 'Not supported version field value 2'],
    ['{}', 'Missing partitions field'],
    ['{"partitions":[{}]}', 'No such field exists: `topic`'],
    [`{"partitions":[${item(0, 1.5)}]}`, 'Expected `Long` value, received 1.5'],
    [`{"partitions":[${item(0, '"1"')}]}`, 'Expected `Long` value, received "1"'],
    [`{"partitions":[${item(0)},${item(0)}]}`, 'Offset json file contains duplicate topic partitions: t-0'],
  ])('%s: is refused', (text, message) => {
    expect(() => parseOffsetFile(text)).toThrow(message)
  })
})
