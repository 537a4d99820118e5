import { describe, expect, it } from 'vitest'
import { parseJaas } from '../../src/client/jaas.ts'

const MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule'

describe('sasl.jaas.config', () => {
  it('names module and options', () => {
    const entry = parseJaas(`${MODULE} required username="alice" password="s3cret";`)
    expect(entry.module).toBe(MODULE)
    expect([...entry.options]).toEqual([
      ['username', 'alice'],
      ['password', 's3cret'],
    ])
  })

  it('takes quotes of both kinds, escapes, blanks and line breaks', () => {
    const { options } = parseJaas(`${MODULE}\n  required\n  username='a "b"' password="x\\"y\\\\z = ;" ;`)
    expect(options.get('username')).toBe('a "b"')
    expect(options.get('password')).toBe('x"y\\z = ;')
  })

  it('takes unquoted values and any control flag', () => {
    expect(parseJaas(`${MODULE} OPTIONAL serviceName=kafka;`).options.get('serviceName')).toBe('kafka')
  })

  it.each([
    ['', 'no login module'],
    [';', 'no login module'],
    [`${MODULE};`, 'control flag'],
    [`${MODULE} needed a=b;`, 'control flag'],
    [`${MODULE} required username="a"`, 'semicolon'],
    [`${MODULE} required username;`, 'what comes after required is not of the form NAME="VALUE"'],
    [`${MODULE} required username=a password=hush hush2;`, 'what comes after password is not of the form'],
    [`${MODULE} required a="b"; ${MODULE} required c="d";`, 'more than one'],
    [`${MODULE} required a="b`, 'cannot read'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseJaas(text)).toThrow(`Invalid sasl.jaas.config: `)
    expect(() => parseJaas(text)).toThrow(reason)
  })
})

it('never repeats what may be a piece of a password', () => {
  const text = 'org.example.Module required username="a" password=correct horse battery;'
  let told = ''
  try {
    parseJaas(text)
  } catch (error) {
    told = `${(error as Error).message} ${JSON.stringify(error)}`
  }
  expect(told).toContain('after password')
  expect(told).not.toMatch(/correct|horse|battery/)
})
