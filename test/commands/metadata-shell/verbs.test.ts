import { describe, expect, it } from 'vitest'
import {
  helpText,
  manText,
  parseShellCommand,
  VERB_NAMES,
  verbHelpText,
} from '../../../src/commands/metadata-shell/verbs.ts'

const ALL = "(choose from 'cat', 'cd', 'exit', 'find', 'help', 'history', 'ls', 'man', 'pwd', 'tree')"

describe('parseShellCommand', () => {
  it.each<[string[], string, string[]]>([
    [['ls'], 'ls', []],
    [['ls', 'a', 'b'], 'ls', ['a', 'b']],
    [['ls', 'a', '', ''], 'ls', ['a']],
    [['ls', '', 'a'], 'ls', ['', 'a']],
    [['cd'], 'cd', []],
    [['cat', 'a'], 'cat', ['a']],
    [['history', '-3'], 'history', ['-3']],
    [['ls', '--', '-x'], 'ls', ['-x']],
    [['ls', '--', '--', '-x'], 'ls', ['--', '-x']],
  ])('understands %j', (words, verb, operands) => {
    expect(parseShellCommand(words, true)).toEqual({ kind: 'run', verb, words: operands })
  })

  it.each<[string[], string]>([
    [['foo'], `invalid choice: 'foo' ${ALL}`],
    [['', 'ls'], `invalid choice: '' ${ALL}`],
    [['l'], "invalid choice: 'l': did you mean 'ls'?"],
    [['h'], 'ambiguous command: h could match help, history'],
    [['cat'], 'too few arguments'],
    [['tree', ''], 'too few arguments'],
    [['man'], 'too few arguments'],
    [['cd', 'a', 'b'], "unrecognized arguments: 'b'"],
    [['history', '1', '2'], "unrecognized arguments: '2'"],
    [['pwd', 'x'], "unrecognized arguments: 'x'"],
    [['help', 'me', 'now'], "unrecognized arguments: 'me now'"],
    [['ls', '-x'], "unrecognized arguments: '-x'"],
    [['cat', '--targets'], "unrecognized arguments: '--targets'"],
    [['-h'], "unrecognized arguments: '-h'"],
    [['--help', 'ls'], "unrecognized arguments: '--help'"],
    [['history', 'x'], 'argument numEntriesToShow: could not convert \'x\' to Integer (For input string: "x")'],
  ])('does not understand %j', (words, message) => {
    expect(parseShellCommand(words, true)).toEqual({ kind: 'wrong', message })
  })

  it('knows four commands where there is only one to run', () => {
    const choices = "(choose from 'cat', 'find', 'ls', 'tree')"
    for (const verb of VERB_NAMES.filter((name) => !['cat', 'find', 'ls', 'tree'].includes(name))) {
      expect(parseShellCommand([verb], false)).toEqual({
        kind: 'wrong',
        message: `invalid choice: '${verb}' ${choices}`,
      })
    }
    expect(parseShellCommand(['l'], false)).toEqual({
      kind: 'wrong',
      message: "invalid choice: 'l': did you mean 'ls'?",
    })
  })

  it('has nothing to do with nothing', () => {
    expect(parseShellCommand([], true)).toEqual({ kind: 'nothing' })
    expect(parseShellCommand(['', ''], true)).toEqual({ kind: 'nothing' })
  })

  it('helps with one command', () => {
    expect(parseShellCommand(['ls', '-h'], true)).toEqual({ kind: 'help', verb: 'ls' })
    expect(parseShellCommand(['man', '--help'], true)).toEqual({ kind: 'help', verb: 'man' })
  })
})

describe('help', () => {
  it('lists the commands', () => {
    const lines = helpText().split('\n')
    expect(lines[0]).toBe('Welcome to the Apache Kafka metadata shell.')
    expect(lines[2]).toBe('usage:  {cat,cd,exit,find,help,history,ls,man,pwd,tree} ...')
    for (const verb of VERB_NAMES) expect(lines.filter((line) => line.startsWith(`    ${verb} `))).toHaveLength(1)
  })

  it.each([
    ['cat', 'usage: cat targets [targets ...]'],
    ['cd', 'usage: cd [target]'],
    ['exit', 'usage: exit'],
    ['find', 'usage: find [paths [paths ...]]'],
    ['history', 'usage: history [numEntriesToShow]'],
    ['man', 'usage: man cmd'],
  ] as const)('shows how %s is used', (verb, usage) => {
    expect(manText(verb).split('\n')[2]).toBe(usage)
    expect(verbHelpText(verb)).toContain(usage.replace(`usage: ${verb}`, `usage:  ${verb} [-h]`))
  })
})
