import { describe, expect, it } from 'vitest'
import { Said } from '../../../src/commands/beginner-errors/said.ts'

const line = (args: string): Said => new Said({ text: 'x', command: 'topics', args: args.split(' ') })

describe('what was said', () => {
  it('has names from the message before those of the command line', () => {
    const match = /topic (?<TOPIC>\w+)/.exec('topic orders')
    const said = new Said({ text: 'topic orders', args: ['--topic', 'other', '--group=g'] }, match)
    expect([said.name('TOPIC'), said.name('GROUP'), said.name('PARTITION')]).toEqual(['orders', 'g', undefined])
    expect(said.number('TOPIC')).toBeUndefined()
  })

  it('reads options in both ways, the last one counts', () => {
    expect(line('--topic a --topic=b').option('topic')).toBe('b')
    expect(line('--create --topic').option('topic')).toBeUndefined()
    expect(line('--from-beginning').has('from-beginning')).toBe(true)
    expect(line('--topic --from').has('from-beginning')).toBe(false)
  })

  it('gives the line with other options', () => {
    const said = line('--create --topic t --replication-factor 5 --config a=b')
    expect(said.lineWith({ 'replication-factor': '3' })).toBe(
      'kt topics --create --topic t --replication-factor 3 --config a=b',
    )
    expect(said.lineWith({ config: null })).toBe('kt topics --create --topic t --replication-factor 5')
    expect(line('--list --zookeeper=h:2181').lineWith({ zookeeper: null, 'bootstrap-server': 'h:9092' })).toBe(
      'kt topics --list --bootstrap-server h:9092',
    )
    expect(new Said({ text: 'pasted' }).lineWith({ topic: 'x' })).toBeNull()
  })

  it('quotes what a shell would take apart', () => {
    const said = new Said({ text: 'x', command: 'topics', args: ['--topic', "it's a"] })
    expect(said.lineWith({})).toBe(`kt topics --topic 'it'\\''s a'`)
  })
})
