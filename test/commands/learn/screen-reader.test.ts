import { describe, expect, it } from 'vitest'
import { hasScreenReader } from '../../../src/commands/learn/screen-reader.ts'

describe('hasScreenReader', () => {
  it.each([
    [{ ACCESSIBLE: '1' }],
    [{ ACCESSIBLE: 'true' }],
    [{ INK_SCREEN_READER: 'true' }],
    [{ ACCESSIBLE: '0', INK_SCREEN_READER: '1' }],
  ])('is told by %j', (env) => {
    expect(hasScreenReader(env)).toBe(true)
  })

  it.each([[{}], [{ ACCESSIBLE: '' }], [{ ACCESSIBLE: '0' }], [{ INK_SCREEN_READER: 'false', ACCESSIBLE: 'no' }]])(
    'is not told by %j',
    (env) => {
      expect(hasScreenReader(env)).toBe(false)
    },
  )
})
