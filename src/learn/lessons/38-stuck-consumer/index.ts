import { describeGroup, readToTheEnd } from '../../checks/groups.ts'
import { showRecords } from '../../checks/records.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(38)
const payments = name('payments')
const booked = name('booked')
const booking = name('booking')
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const COUNT = 30
/** Its offset in the one partition. */
const BROKEN = 12
const PAYMENTS = Array.from({ length: COUNT }, (_, at) => ({
  key: CUSTOMERS[at % CUSTOMERS.length]!,
  value: at === BROKEN ? 'payment 13: EUR ?' : `payment ${at + 1}: EUR ${10 + at}`,
}))
const GOOD = PAYMENTS.filter((_, at) => at !== BROKEN).map(({ value }) => value)

const allBooked: Check = async ({ facts }) => {
  const found = new Set((await facts.records(booked)).map(({ value }) => value))
  const missing = GOOD.filter((value) => !found.has(value))
  return seen(missing.length === 0, {
    expected: `all ${GOOD.length} good payments in ${booked}`,
    observed: missing.length === 0 ? `all ${GOOD.length}` : `${missing.length} are missing, such as '${missing[0]}'`,
    show: showRecords(booked),
  })
}

const isRunning: Check = async ({ facts }) => {
  const members = (await facts.group(booking))?.members ?? []
  const runs = members.some(({ clientId }) => clientId.startsWith(booking))
  return seen(runs, {
    expected: `the program ${booking} in its group`,
    observed: runs ? `${booking} is a member` : `${members.length} members, ${booking} is none of them`,
    show: `${describeGroup(booking)} --members`,
  })
}

export const lesson: Lesson = {
  number: 38,
  name: 'stuck-consumer',
  title: 'Incident: nothing is booked any more',
  inShort: 'A record that a program cannot read stops its group at this offset: look at it, keep it, and step over it.',
  where: 'anywhere',
  answers: [],
  text: `The accountants call: since a while no payment is booked. The program that does it, ${booking}, reads
${payments} with the group ${booking} and writes what it has booked to ${booked}. It runs, and nobody has
changed anything.

Get the bookings going again, and lose no good payment on the way. \`kt learn programs\` stops the program, and starts
it again, as it was; its code cannot be changed today.`,
  type: [],
  watch: { topics: [payments, booked], groups: [booking] },
  async setUp(stage) {
    await stage.topicWith(payments, { partitions: 1 }, PAYMENTS)
    await stage.topic(booked, { partitions: 1 })
    await stage.program(booking, {
      ...{ topic: payments, group: booking, to: booked },
      ...{ 'delay-ms': '20', 'stuck-on': 'EUR ?' },
    })
    await stage.until(async (admin) => {
      const found = (await admin.listGroupOffsets([booking])).get(booking)
      return found?.ok === true && found.value.some(({ offset }) => offset >= BROKEN)
    })
  },
  goals: [
    {
      name: 'every good payment is booked',
      check: allBooked,
      hints: [
        'Is there something to read, and does somebody read it? How far has the group come, and does that change?',
        'The group is stable and has a member, so nobody takes over. But its offset stands still at one record: look at that record, and at what the program says.',
        `\`${describeGroup(booking)} --peek 1\`, then \`kt learn programs stop ${booking}\`, then \`kt consumer-groups --reset-offsets --group ${booking} --topic ${payments} --shift-by 1 --execute\``,
      ],
    },
    {
      name: 'nothing is left to read',
      check: readToTheEnd(booking, payments),
      hints: [
        'What stands in the way is one record, and the log cannot be changed.',
        'A position can be changed: a group that has no members lets its offsets be set. One record further is enough.',
        `kt consumer-groups --reset-offsets --group ${booking} --topic ${payments} --shift-by 1 --execute`,
      ],
    },
    {
      name: 'the program runs',
      check: isRunning,
      fromStart: true,
      hints: [
        'You have stopped it; the next payment is to be booked, too.',
        'It goes on where its group stands.',
        `kt learn programs start ${booking}`,
      ],
    },
  ],
  solution: [
    { line: `consumer-groups --describe --group ${booking} --peek 1` },
    { line: `learn programs stop ${booking}` },
    {
      line: `consumer-groups --reset-offsets --group ${booking} --topic ${payments} --shift-by 1 --execute`,
    },
    { line: `learn programs start ${booking}`, until: 'every good payment is booked' },
  ],
  async after({ facts }) {
    const copies = await facts.records(booked)
    const twice = copies.length - new Set(copies.map(({ value }) => value)).size
    const again = twice === 0 ? 'No payment was booked twice' : `${twice} payments were booked twice`
    return `The record at offset ${BROKEN}, 'payment 13: EUR ?', has no amount. The program tried it again and again; its heartbeats went on, so the group took it for alive and gave its partition to nobody else. For Kafka nothing was wrong: only the committed offset, which stood still while the end was further on, told of it. You stopped the member, set the offset one record further, and it went on. ${again}. In a real shop such a record is put into a topic of its own, to be looked at by a person.`
  },
  play: [
    `${describeGroup(booking)} --lag-time`,
    `kt console-consumer --topic ${payments} --partition 0 --offset ${BROKEN} --max-messages 1`,
  ],
}
