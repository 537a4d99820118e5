import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import { randomJavaUuid } from '../../../../src/coordinator/group/classic/member-id.ts'

describe('randomJavaUuid', () => {
  it('looks like a version 4 UUID and is replayed by its seed', () => {
    const random = seededRandom(1)
    const ids = [randomJavaUuid(random), randomJavaUuid(random)]
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids[0]).not.toBe(ids[1])
    expect(randomJavaUuid(seededRandom(1))).toBe(ids[0])
  })
})
