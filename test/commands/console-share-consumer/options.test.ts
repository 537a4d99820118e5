import { expect, it } from 'vitest'
import { runCommand } from '../../support/run-command.ts'

it.each([
  ['--group g', '--topic is a required argument'],
  ['--topic t --reject --release', 'At most one of --reject and --release may be specified.'],
  [
    '--topic t --consumer-property a=1 --command-property b=2',
    'Options --consumer-property and --command-property cannot',
  ],
  ['--topic t --consumer-config a --command-config b', 'Options --consumer-config and --command-config cannot'],
  ['--topic t --property a=1 --formatter-property b=2', 'Options --property and --formatter-property cannot'],
  ['--topic t --group a --command-property group.id=b', "Detected group ids: 'a', 'b'"],
  ['--topic t --formatter com.example.Nope', 'com.example.Nope'],
])('console-share-consumer %s: is refused', async (line, message) => {
  const { code, stderr } = await runCommand(['console-share-consumer', ...line.split(' ')])
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})
