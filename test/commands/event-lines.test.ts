import { expect, it } from 'vitest'
import { EventLines, JavaNumber } from '../../src/commands/event-lines.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { KeptOutput } from '../support/run-command.ts'

it('prints events as the verifiable scripts do: no blanks, what is not known left out', () => {
  const stdout = new KeptOutput()
  const events = new EventLines({ stdout, clock: new ManualClock(12) })
  events.print('started')
  events.print('some', {
    key: null,
    value: 'é "\n',
    error: undefined,
    rate: new JavaNumber('0.0'),
    parts: [{ topic: 't', partition: 0 }],
    success: true,
  })
  expect(stdout.text).toBe(
    '{"timestamp":12,"name":"started"}\n' +
      '{"timestamp":12,"name":"some","key":null,"value":"é \\"\\n","rate":0.0,"parts":[{"topic":"t","partition":0}],"success":true}\n',
  )
})
