import { describe, expect, it } from 'vitest'
import { flag, integer, text, UsageError } from '../../src/cli/options.ts'
import { type ArgparseGrammar, HelpAsked, parseArgparse } from '../../src/cli/parse-argparse.ts'

const GRAMMAR: ArgparseGrammar = {
  options: {
    'bootstrap-server': text('host:port', '', { short: 'b' }),
    'bootstrap-controller': text('host:port', '', { short: 'C' }),
    config: text('file', '', { abbreviable: false }),
  },
  exclusive: [{ names: ['bootstrap-server', 'bootstrap-controller'] }],
  subcommands: {
    describe: { options: { status: flag('', { short: 's' }), verbose: flag('', { short: 'v' }) } },
    delete: {
      options: {
        id: integer('id', '', { short: 'i', required: true }),
        directory: text('id', '', { required: true }),
        feature: text('f', '', { repeatable: true }),
        level: text('l', '', { choices: ['a', 'b'] }),
      },
    },
    shell: { options: {}, takesWords: true },
    pick: { options: { x: flag(''), y: flag('') }, exclusive: [{ names: ['x', 'y'], required: true }] },
  },
}

const parse = (line: string) => parseArgparse(line === '' ? [] : line.split(' '), GRAMMAR)

function refusal(line: string): UsageError {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`'${line}' was accepted`)
}

describe('a command line of an argparse4j script', () => {
  it('has options before the subcommand and after it', () => {
    const { given, subcommand, inner } = parse('--bootstrap-server a:1 delete --id 4 --directory=x')
    expect(subcommand).toBe('delete')
    expect(given.value('bootstrap-server')).toBe('a:1')
    expect(inner!.value('id')).toBe(4)
    expect(inner!.value('directory')).toBe('x')
  })

  it('takes single letters, with their value attached or not, several at once', () => {
    expect(parse('-ba:1 describe -sv').inner!.order).toEqual(['status', 'verbose'])
    expect(parse('-ba:1 describe').given.value('bootstrap-server')).toBe('a:1')
    expect(parse('-b a:1 delete -i7 --directory d').inner!.value('id')).toBe(7)
  })

  it('may be abbreviated as long as it is clear', () => {
    const { subcommand, inner } = parse('--bootstrap-s a:1 desc --stat')
    expect(subcommand).toBe('describe')
    expect(inner!.has('status')).toBe(true)
    expect(refusal('--boot a:1 describe').message).toBe(
      'ambiguous option: --boot could match --bootstrap-controller, --bootstrap-server',
    )
    expect(refusal('de').message).toBe('ambiguous command: de could match delete, describe')
  })

  it('is not abbreviated to an option the script does not have', () => {
    expect(refusal('--conf x describe').message).toBe("unrecognized arguments: '--conf'")
    expect(parse('--config x describe').given.value('config')).toBe('x')
  })

  it('counts the last of several values, all of a repeatable option', () => {
    const { inner } = parse('delete --directory a --directory b --id 1 --id 2 --feature x --feature y')
    expect(inner!.value('directory')).toBe('b')
    expect(inner!.value('id')).toBe(2)
    expect(inner!.values('feature')).toEqual(['x', 'y'])
  })

  it('reads negative numbers as values', () => {
    expect(parse('delete --id -1 --directory d').inner!.value('id')).toBe(-1)
  })

  it('gives plain words to who takes them, after -- even those with dashes', () => {
    expect(parse('shell ls /').inner!.words).toEqual(['ls', '/'])
    expect(parse('shell -- --x').inner!.words).toEqual(['--x'])
    expect(parse('shell -').inner!.words).toEqual(['-'])
  })

  it('asks for help before it is looked at any further', () => {
    const help = (line: string): string | undefined => {
      try {
        parse(line)
      } catch (error) {
        if (error instanceof HelpAsked) return error.subcommand ?? 'all'
      }
      return undefined
    }
    expect(help('--help')).toBe('all')
    expect(help('--hel')).toBe('all')
    expect(help('-h nonsense')).toBe('all')
    expect(help('delete -h')).toBe('delete')
    expect(help('describe -sh')).toBe('describe')
  })

  it.each([
    ['', 'too few arguments'],
    ['-b a:1', 'too few arguments'],
    ['-- describe', "unrecognized arguments: 'describe'"],
    ['nonsense', "invalid choice: 'nonsense' (choose from 'describe', 'delete', 'shell', 'pick')"],
    ['describe extra words', "unrecognized arguments: 'extra words'"],
    ['describe -sv extra words', "unrecognized arguments: 'extra words'"],
    ['describe --wrong', "unrecognized arguments: '--wrong'"],
    ['describe -x', "unrecognized arguments: '-x'"],
    ['describe --status=yes', "argument --status/-s: ignore implicit argument 'yes'"],
    ['-b', 'argument --bootstrap-server/-b: expected one argument'],
    ['-b -C x describe', 'argument --bootstrap-server/-b: expected one argument'],
    ['-b x -C y describe', 'argument --bootstrap-controller/-C: not allowed with argument --bootstrap-server/-b'],
    ['delete --id x', 'argument --id/-i: could not convert \'x\' to Integer (For input string: "x")'],
    ['delete --id 1', 'argument --directory is required'],
    ['delete', 'argument --directory is required'],
    ['delete --level c', "argument --level: invalid choice: 'c' (choose from {a,b})"],
    ['pick', 'one of the arguments --x --y is required'],
  ])('%s: is refused', (line, message) => {
    expect(refusal(line).message).toBe(message)
  })

  it('says what is missing, and what a wrong word may have been', () => {
    expect(refusal('delete --directory d').missing).toBe('id')
    expect(refusal('describe --statsu').facts).toEqual(['Did you mean --status?'])
    expect(refusal('descrbie').facts).toEqual(['Did you mean describe?'])
  })

  it('gives an option that takes many every word up to the next option', () => {
    const grammar = { options: { set: text('k=v', '', { manyArguments: true }), id: integer('id', '') } }
    const values = (line: string) => parseArgparse(line.split(' '), grammar).given.values('set')
    expect(values('--set a=1 b=2 --id 3')).toEqual(['a=1', 'b=2'])
    expect(values('--set=a=1')).toEqual(['a=1'])
    expect(values('--set a=1 --set b=2')).toEqual(['b=2'])
    expect(() => values('--set --id 3')).toThrow('argument --set: expected 1 argument(s)')
  })
})
