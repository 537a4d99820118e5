import { describe, expect, it } from 'vitest'
import { planned } from '../../../src/commands/streams-application-reset/offsets.ts'

const partition = (number: number) => ({ topic: 't', partition: number })

describe('a reset plan', () => {
  it('has an offset for each partition of the input', () => {
    expect(planned([partition(1), partition(0)], 't,0,5\nt,1,6\nother,0,1\n')).toEqual([
      { topic: 't', partition: 1, offset: 6 },
      { topic: 't', partition: 0, offset: 5 },
    ])
  })

  it.each([
    ['', 'Error parsing reset plan CSV file. It is empty,'],
    ['a,b', 'Reset plan CSV file is not following the format `TOPIC,PARTITION,OFFSET`.'],
    ['t,x,1', "Not a partition and an offset in the reset plan: 't,x,1'"],
    ['t,1,1', 'The reset plan has no offset for t-0'],
  ])('%s: is refused', (text, message) => {
    expect(() => planned([partition(0)], text)).toThrow(message)
  })
})
