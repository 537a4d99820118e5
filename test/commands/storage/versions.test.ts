import { describe, expect, it } from 'vitest'
import { dependencyText } from '../../../src/commands/storage/versions.ts'
import { runCommand } from '../../support/run-command.ts'

describe('feature-dependencies', () => {
  it.each([
    ['group.version=1', 'group.version=1 has no dependencies.\n'],
    ['metadata.version=17', 'metadata.version=17 (3.7-IV2) has no dependencies.\n'],
    [
      ' eligible.leader.replicas.version = 1 ',
      'eligible.leader.replicas.version=1 requires:\n    metadata.version=23 (4.0-IV1)\n',
    ],
  ])('%j', (word, text) => {
    expect(dependencyText(word)).toBe(text)
  })
  it.each([
    ['x', "Invalid feature format: x. Expected format: 'feature=version' (e.g. 'group.version=1')"],
    ['group.version=a', 'Invalid version format: a for feature group.version'],
    ['group.version=99999', 'Invalid version format: 99999 for feature group.version'],
    ['metadata.version=99', 'Unknown metadata.version 99'],
    ['x=1', 'Unknown feature: x'],
    ['group.version=9', 'Feature level 9 is not supported for feature group.version'],
  ])('refuses %j', (word, message) => {
    expect(() => dependencyText(word)).toThrow(message)
  })
  it('prints what comes before the first that is wrong', async () => {
    const { code, stdout, stderr } = await runCommand([
      'storage',
      'feature-dependencies',
      '-f',
      'group.version=1',
      '-f',
      'x=1',
    ])
    expect([code, stdout, stderr]).toEqual([1, 'group.version=1 has no dependencies.\n', 'Unknown feature: x\n'])
  })
})

describe('version-mapping', () => {
  it('names the release as it was asked for', async () => {
    const { stdout } = await runCommand(['storage', 'version-mapping', '-r', '3.9.1'])
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'metadata.version=21 (3.9.1)',
      'kraft.version=1',
      'transaction.version=0',
    ])
    expect((await runCommand(['storage', 'version-mapping'])).stdout).toContain('metadata.version=30 (4.3-IV0)')
  })
})
