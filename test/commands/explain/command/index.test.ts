import { expect, it } from 'vitest'
import { meanings } from '../../../../src/commands/explain/command/index.ts'
import { questionOf } from '../../../support/explain-question.ts'

it('a command by its name: what it does, its verbs, lines to begin with', async () => {
  const [topics] = await meanings('topics', questionOf(''))
  expect(topics).toMatchObject({ kind: 'command', title: 'kafka-topics.sh', details: { script: 'kafka-topics.sh' } })
  expect(topics!.sections[1]!.lines![0]).toBe('kt topics --help')
  const [cluster] = await meanings('cluster', questionOf(''))
  expect(cluster!.sections[0]!.rows!.map(([line]) => line)).toContain('kt cluster start')
  for (const word of ['nonsense', 'constructor', '__complete']) expect(await meanings(word, questionOf(''))).toEqual([])
})
