/** Events of the journal in words, as a watching learner and the notebook have them. */
import { clockTime } from './checks/happened.ts'
import type { Event } from './journal.ts'

/** Ends and offsets move with every record: worth a line in a notebook, too much for somebody who watches. */
export function isQuiet({ kind }: Event): boolean {
  return kind === 'end' || kind === 'committed'
}

/** `leader of kt-15-orders-0: 2 -> 1, leader epoch 3` */
export function eventText(event: Event): string {
  switch (event.kind) {
    case 'leader':
      return `leader of ${event.partition}: ${brokerText(event.from)} -> ${brokerText(event.to)}, leader epoch ${event.epoch}`
    case 'isr':
      return `ISR of ${event.partition}: ${listText(event.from)} -> ${listText(event.to)}`
    case 'replicas':
      return `replicas of ${event.partition}: ${listText(event.from)} -> ${listText(event.to)}`
    case 'end':
      return `log end of ${event.partition}: ${event.from} -> ${event.to}`
    case 'partition':
      return `${event.partition} ${event.change === 'made' ? 'is there' : 'is gone'}`
    case 'group':
      return `group ${event.group}: ${event.from} -> ${event.to}`
    case 'member':
      return `${event.clientId} ${event.change} group ${event.group}`
    case 'assignment':
      return `${event.clientId} in group ${event.group} reads ${listText(event.to, 'nothing')}, before: ${listText(event.from, 'nothing')}`
    case 'committed':
      return `group ${event.group} has committed ${event.to} of ${event.partition}${event.from < 0 ? '' : `, before: ${event.from}`}`
    case 'broker':
      return `broker ${event.id} ${event.change === 'gone' ? 'is out of service' : 'is in service'}`
    case 'node':
      return `process of node ${event.id}: ${event.from} -> ${event.to}`
    case 'restored':
      return `the cluster was put back to the snapshot ${event.snapshot} of ${clockTime(event.takenAt)}`
  }
}

function brokerText(id: number): string {
  return id < 0 ? 'none' : String(id)
}

function listText(items: readonly (string | number)[], none = 'none'): string {
  return items.length === 0 ? none : items.join(',')
}
