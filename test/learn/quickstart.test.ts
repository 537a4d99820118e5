import { describe, expect, it } from 'vitest'
import { type CommandRun, difference, type QuickstartShell, quickstart, shorten } from '../../src/learn/quickstart.ts'

describe('shorten', () => {
  it('keeps a short output whole', () => {
    expect(shorten('a\nb\n')).toBe('a\nb')
  })
  it('cuts the middle of a long one and says how much', () => {
    expect(shorten('1\n2\n3\n4\n5\n6\n7\n', 2, 1)).toBe('1\n2\n... 4 more lines ...\n7')
  })
})

describe('difference', () => {
  const sent = ['a:1', 'b:1', 'a:2']
  it('accepts any interleaving of keys', () => {
    expect(difference(sent, ['b:1', 'a:1', 'a:2'])).toBeNull()
  })
  it('sees a missing, a changed and a reordered record', () => {
    expect(difference(sent, ['a:1', 'b:1'])).toContain('3 records went in, 2 came out')
    expect(difference(sent, ['a:1', 'b:9', 'a:2'])).toContain('key b')
    expect(difference(sent, ['a:2', 'b:1', 'a:1'])).toContain('record 1 of key a')
  })
  it('sees a record that came twice in place of another', () => {
    expect(difference(sent, ['a:1', 'a:1', 'a:2'])).not.toBeNull()
  })
})

function scriptedShell(answers: (args: readonly string[]) => Partial<CommandRun>) {
  const typed: string[] = []
  let printed = ''
  const shell: QuickstartShell = {
    async run(args) {
      typed.push(args.join(' '))
      return { code: 0, stdout: '', stderr: '', transcript: '', ...answers(args) }
    },
    print: (text) => {
      printed += text
    },
    emphasise: (text) => text,
    monotonic: () => 0,
  }
  return { shell, typed, printed: () => printed }
}

const orders = ['a:1', 'b:1']
const options = { ordersFile: '/x/orders.log', ordersName: 'x/orders.log', orders, connection: [], startCluster: [] }

describe('quickstart', () => {
  it('leaves existing topics alone and says what it verified', async () => {
    const { shell, typed, printed } = scriptedShell((args) => {
      if (args[1] === '--list') return { stdout: 'quickstart-orders\n' }
      return args.includes('print.key=true') ? { stdout: 'b:1\na:1\n' } : {}
    })
    const summary = await quickstart(shell, options)
    expect(summary).toEqual({
      ...{ topic: 'quickstart-orders-2', group: 'quickstart-shipping-2', recordCount: 2, durationMs: 0 },
    })
    expect(typed[0]).toBe('cluster start')
    expect(typed.find((line) => line.includes('--create'))).toContain('--topic quickstart-orders-2 ')
    expect(printed()).toContain('Verified: 2 records in, the same 2 out')
  })

  it('fails when what came out is not what went in', async () => {
    const { shell } = scriptedShell((args) => (args.includes('print.key=true') ? { stdout: 'a:1\n' } : {}))
    await expect(quickstart(shell, options)).rejects.toThrow('2 records went in, 1 came out')
  })

  it('stops at the first command that fails', async () => {
    const { shell, typed } = scriptedShell((args) => (args[0] === 'console-producer' ? { code: 1, stderr: 'no' } : {}))
    await expect(quickstart(shell, options)).rejects.toThrow('kt console-producer ended with exit code 1')
    expect(typed.some((line) => line.startsWith('console-consumer'))).toBe(false)
  })
})
