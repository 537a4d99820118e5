import { expect, it } from 'vitest'
import { SHELL_TARGET, withShellTarget } from '../../src/cli/shell-target.ts'

const env = { [SHELL_TARGET]: JSON.stringify({ profile: 'prod' }) }

it('a line that does not say where to connect does as the shell was told', () => {
  expect(withShellTarget({ clientId: 'c' }, env)).toMatchObject({ clientId: 'c', profile: 'prod' })
})

it.each([
  [{ bootstrapServer: 'b:1' }],
  [{ bootstrapController: 'c:1' }],
  [{ commandConfig: 'f' }],
  [{ profile: 'test' }],
])('one that says it takes nothing of the shell: a login of one cluster is none of another (%j)', (target) => {
  expect(withShellTarget(target, env)).toBe(target)
})

it('outside of a shell, and with nonsense, nothing changes', () => {
  expect(withShellTarget({}, {})).toEqual({})
  expect(withShellTarget({}, { [SHELL_TARGET]: '' })).toEqual({})
  expect(withShellTarget({ clientId: 'c' }, { [SHELL_TARGET]: '{' })).toEqual({ clientId: 'c' })
})
