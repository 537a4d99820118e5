import { expect, it } from 'vitest'
import type { Admin } from '../../../../src/client/admin-types.ts'
import type { LiveCluster } from '../../../../src/commands/explain/live.ts'
import { meanings, near } from '../../../../src/commands/explain/name/index.ts'
import { recognise } from '../../../../src/commands/explain/recognise.ts'
import { questionOf } from '../../../support/explain-question.ts'

const admin: Partial<Admin> = {
  listTopics: async () => [{ name: 'orders', topicId: 'a', isInternal: false }],
  listGroups: async () => [{ groupId: 'orders', protocolType: 'consumer', state: 'Empty', type: 'Classic' }],
}
const live: LiveCluster = { admin: admin as Admin, clusterId: 'c', brokers: [1, 2001], servers: 'h:1' }

it('a name of the cluster is pointed to kt describe: of everything that has it', async () => {
  const question = { ...questionOf('orders', {}, live), connect: ' --bootstrap-server h:1' }
  const found = await meanings('orders', question)
  expect(found.map(({ of, meaning }) => [of, meaning])).toEqual([
    ['topic', 'A topic of the cluster.'],
    ['group', 'A classic group of the cluster, Empty.'],
  ])
  expect(found[1]!.details.lines).toEqual(['kt describe group orders --bootstrap-server h:1'])
  expect((await meanings('2001', question))[0]!.of).toBe('broker')
  expect(await meanings('payments', question)).toEqual([])
})

it('is looked for when the words are nothing else, and a cluster answers', async () => {
  expect((await recognise(questionOf('orders', {}, live))).meanings.map(({ kind }) => kind)).toEqual(['name', 'name'])
  expect((await recognise(questionOf('orders'))).meanings).toEqual([])
  expect((await recognise(questionOf('1', {}, live))).meanings.map(({ kind }) => kind)).toEqual(['error'])
})

it('has topics that are near', async () => {
  expect(await near('oders', questionOf('', {}, live))).toEqual(['orders'])
  expect(await near('oders', questionOf(''))).toEqual([])
  expect((await recognise(questionOf('oders', {}, live))).near).toContain('orders')
})

it('is still found when one of the questions fails', async () => {
  const half = {
    ...live,
    admin: { ...admin, listGroups: () => Promise.reject(new Error('denied')) } as unknown as Admin,
  }
  expect(await meanings('orders', questionOf('', {}, half))).toHaveLength(1)
})
