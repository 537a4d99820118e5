import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { denialHints, errorText, reportError, reportHints, toKtError } from '../../src/cli/errors.ts'
import { DenialLog } from '../../src/client/denials.ts'
import { ConnectionFailure } from '../../src/client/failure.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { KeptOutput } from '../support/run-command.ts'

const unreachable = new KtError('unreachable', 'Cannot reach a Kafka broker at localhost:9092', {
  facts: ['tried 127.0.0.1:9092: connection refused'],
  next: 'kt cluster start',
})

describe('errors at a person', () => {
  it('say what happened, the facts and the next command', () => {
    expect(errorText(unreachable)).toBe(
      'Cannot reach a Kafka broker at localhost:9092\n  tried 127.0.0.1:9092: connection refused\n  next: kt cluster start\n',
    )
  })

  it('name the error of the protocol, which is no defect of ours', () => {
    const failure = toKtError(new KafkaError('MESSAGE_TOO_LARGE', 'The message is too long'))
    expect(failure.kind).toBe('kafka')
    expect(errorText(failure)).toBe("The message is too long\n  Kafka's error MESSAGE_TOO_LARGE\n")
  })

  it('tell of a kt that was built anew under a command that runs, and of nothing else that cannot be loaded', () => {
    const gone = (what: string) =>
      Object.assign(new Error(`Cannot find module '${what}'\nRequire stack:\n- /x`), {
        code: 'MODULE_NOT_FOUND',
      })
    expect(errorText(toKtError(gone('./topics-1a2b.cjs')))).toBe(
      'kt was installed or built anew while this command ran, or not all of it is there\n' +
        '  missing: ./topics-1a2b.cjs\n  next: the same command again\n',
    )
    expect(toKtError(gone('/opt/kt/dist/screen/app.js')).facts).toEqual(['missing: /opt/kt/dist/screen/app.js'])
    expect(toKtError(gone('inquirer')).message).toContain("Cannot find module 'inquirer'")
    expect(toKtError(new Error("Cannot find module './x'")).message).toBe("Cannot find module './x'")
  })

  it('never show a stack unless KT_DEBUG asks for it', () => {
    const failure = toKtError(new TypeError('x is not a function'))
    expect(failure.kind).toBe('internal')
    expect(errorText(failure)).toBe(
      'x is not a function\n  next: run the same command with KT_DEBUG=1 for the details\n',
    )
    for (const [debug, shows] of [
      ['1', true],
      ['0', false],
      ['', false],
    ] as const) {
      const stderr = new KeptOutput()
      reportError(failure, { stderr, env: { KT_DEBUG: debug } })
      expect(stderr.text.includes('    at ')).toBe(shows)
    }
  })

  it('show the cause too when debugging', () => {
    const failure = new KtError('storage', 'no disk', { cause: new Error('ENOSPC') })
    expect(errorText(failure, {}, true)).toContain('caused by Error: ENOSPC')
  })

  it('say which operation on which resource was denied, and what would allow it', () => {
    const log = new DenialLog()
    log.add(3, 29, 'orders', { principal: 'User:alice', server: 'k:1' })
    const context = { denial: (name: string | null) => log.last(name) }
    const failure = toKtError(new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.'))
    expect(failure.kind).toBe('authorization')
    const hints =
      '  denied: Describe on topic orders, as User:alice\n' +
      '  next: ask an administrator for it: kt acls --bootstrap-server k:1 --add --allow-principal User:alice --operation Describe --topic orders\n'
    expect(errorText(failure, context)).toContain(hints)
    expect(denialHints(failure, context)).toBe(hints)
    expect(errorText(new KtError('kafka', 'Not authorized to access topics: [orders]'), context)).toContain(hints)
    expect(errorText(new KtError('authorization', 'no', { next: 'do this' }), context)).toContain('next: do this\n')
    expect(errorText(unreachable, context)).not.toContain('denied')
    expect(errorText(failure)).not.toContain('denied')
  })

  it('take no denial of a topic for that of a group', () => {
    const log = new DenialLog()
    log.add(3, 29, 'orders', { principal: 'User:alice', server: 'k:1' })
    const context = { denial: (name: string | null) => log.last(name) }
    const ofGroup = new KtError('kafka', 'no', { cause: new KafkaError('GROUP_AUTHORIZATION_FAILED') })
    expect(errorText(ofGroup, context)).toBe('no\n')
  })

  it('take a lost connection for what it is, and no defect', () => {
    const address = { host: 'kafka', port: 9092 }
    const closed = toKtError(new ConnectionFailure('closed', address, 'the connection was closed by the broker'))
    expect(closed.kind).toBe('unreachable')
    expect(errorText(closed)).toBe('Lost the connection to kafka:9092: the connection was closed by the broker\n')
    expect(toKtError(new ConnectionFailure('request-timeout', address, 'no answer')).kind).toBe('timeout')
  })

  it('keep a KtError as it is and take anything for one', () => {
    expect(toKtError(unreachable)).toBe(unreachable)
    expect(toKtError('text').message).toBe('text')
    expect(toKtError(new Error('')).message).toBe('unknown failure')
  })

  it('give the hints alone to commands that print the message elsewhere', () => {
    const stderr = new KeptOutput()
    reportHints(unreachable, { stderr, env: {} })
    expect(stderr.text).toBe('  tried 127.0.0.1:9092: connection refused\n  next: kt cluster start\n')
    const silent = new KeptOutput()
    reportHints(new KtError('kafka', 'refused'), { stderr: silent, env: {} })
    expect(silent.text).toBe('')
  })
})
