import { describe, expect, it } from 'vitest'
import { FOREIGN } from '../../src/commands/foreign.ts'
import { runCommand } from '../support/run-command.ts'

describe.each(Object.entries(FOREIGN))('%s', (name, { script, why }) => {
  it('says in a line where it stands, and fails', async () => {
    const { code, stdout, stderr } = await runCommand([script, 'config/some.properties', '--help'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(`${script}: ${why}`)
  })
  it('is known by its command’s name and left out of the list of commands', async () => {
    expect((await runCommand([name])).code).toBe(1)
    expect((await runCommand(['--help'])).stdout).not.toContain(`  ${name} `)
  })
})
