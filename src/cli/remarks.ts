/** What commands that end well have said when it is worth an explanation; everything else they say is data or talk. */

export interface Remark {
  readonly commands: readonly string[]
  readonly on: 'stdout' | 'stderr'
  /** The whole beginning of a line, so that no name, value or record can be taken for it. */
  readonly words: RegExp
  /** Nothing has failed, and scripts are not told. */
  readonly atTerminal?: true
}

const GROUPS: readonly string[] = ['consumer-groups', 'share-groups', 'streams-groups']
const CONSUMERS: readonly string[] = ['console-consumer', 'console-share-consumer']

/** Each of them is known to a row of `commands/beginner-errors/`, or may be by the error's own words in it. */
export const REMARKS: readonly Remark[] = [
  // Failures of the scripts that end with 0. Kafka puts an empty line before those of groups.
  { commands: GROUPS, on: 'stdout', words: /(?:^|\n)\nError: / },
  { commands: ['delete-records'], on: 'stdout', words: /^partition: \S+\terror: /m },
  { commands: ['delete-records'], on: 'stdout', words: /^TOPIC +PARTITION +NOW BEGINS AT[\s\S]*\n\S+ +\d+ +- / },
  { commands: ['topics'], on: 'stdout', words: /^WARNING: Due to limitations in metric names/m },
  { commands: ['get-offsets'], on: 'stderr', words: /^Skip getting offsets for topic-partition \S+ due to error: /m },
  { commands: ['console-producer', ...CONSUMERS], on: 'stderr', words: /^\[[\d ,:-]+\] ERROR /m },
  // What has not failed, and beginners wonder about.
  {
    commands: GROUPS,
    on: 'stderr',
    words: /^(?:Consumer|Share) group '.*' has no active members\.$/m,
    atTerminal: true,
  },
  {
    commands: ['consumer-groups'],
    on: 'stdout',
    words: /^GROUP +CONSUMER-ID .*PARTITIONS.*\n(?:.+\n)*?\S.* 0 *(?:- *)?$/m,
    atTerminal: true,
  },
  { commands: CONSUMERS, on: 'stderr', words: /^Processed a total of 0 messages$/m, atTerminal: true },
  { commands: CONSUMERS, on: 'stderr', words: /^These records of \d+ partitions of /m, atTerminal: true },
  { commands: ['leader-election'], on: 'stdout', words: /^Valid replica already elected for /m, atTerminal: true },
  {
    commands: ['leader-election'],
    on: 'stdout',
    words: /^TOPIC .*ELECTION\n(?:.+\n)*?\S+ +\d+ .* not needed *$/m,
    atTerminal: true,
  },
]

/** What has been said, without colours, and whether a person reads it. */
export interface SaidByEnd {
  readonly stdout: string
  readonly stderr: string
  readonly atTerminal: boolean
}

/** Whether a command that has ended well has said something to be explained. */
export function hasRemark(command: string, said: SaidByEnd): boolean {
  return REMARKS.some(
    ({ commands, on, words, atTerminal = false }) =>
      commands.includes(command) && (said.atTerminal || !atTerminal) && words.test(said[on]),
  )
}
