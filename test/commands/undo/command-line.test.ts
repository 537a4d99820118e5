import { describe, expect, it } from 'vitest'
import { connectionWords, safeCommandLine } from '../../../src/commands/undo/command-line.ts'

describe('safeCommandLine', () => {
  const line = (...args: string[]): string => safeCommandLine('kt configs', args, [])
  it('keeps what says nothing secret, as a shell takes it', () => {
    expect(line('--alter', '--topic', 'a b', '--add-config', 'retention.ms=5')).toBe(
      "kt configs --alter --topic 'a b' --add-config retention.ms=5",
    )
  })
  it.each([
    [['--add-config', 'SCRAM-SHA-256=[iterations=8192,password=geheim]']],
    [['--add-config=SCRAM-SHA-512=[password=geheim]']],
    [['--command-property', 'sasl.jaas.config=x required password="geheim";']],
    [['--add-config', 'ssl.keystore.password=geheim']],
    [['--add-config', 'listener.name.x.ssl.keystore.key=geheim']],
    [['--add-config', 'retention.ms=1,password=geheim']],
    [['--password', 'geheim']],
  ])('hides the secret of %j', (args) => {
    const text = line(...args)
    expect(text).not.toContain('geheim')
    expect(text).toContain('(hidden)')
  })
  it('hides settings that the cluster calls sensitive', () => {
    const text = safeCommandLine('kt configs', ['--add-config', 'my.plugin.pin=1234'], ['my.plugin.pin'])
    expect(text).toBe("kt configs --add-config 'my.plugin.pin=(hidden)'")
  })
  it('ends', () => {
    expect(line('--add-config', `a=${'x'.repeat(10_000)}`).length).toBeLessThan(600)
  })
})

describe('connectionWords', () => {
  it('repeats how the command connected, and nothing else', () => {
    expect(connectionWords(['--topic', 't', '--bootstrap-server', 'h:1', '--profile=prod'])).toBe(
      ' --bootstrap-server h:1 --profile prod',
    )
    expect(connectionWords(['--alter', '--bootstrap-server'])).toBe('')
  })
})
