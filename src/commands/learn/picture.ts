/**
 * Draws the picture of a lesson's cluster: brokers are columns, replicas are cells. Everything is said in characters and
 * only repeated by colour. Pure; the same picture, size and colours give the same lines.
 */
import type { Colours } from '../../cli/colour.ts'
import type {
  NodeState,
  Picture,
  PictureGroup,
  PictureMember,
  PictureNode,
  PicturePartition,
  PictureReplica,
  PictureTopic,
} from '../../learn/picture/picture.ts'

export interface PictureSize {
  readonly columns: number
  /** Lines at most; what does not fit is counted in the last one. */
  readonly rows: number
}

type Paint = (text: string) => string

/** A piece of a line: how long it is, is told by the text, not by its colour. */
interface Cell {
  readonly text: string
  readonly paint: Paint
}

const MARKS = { leader: 'L', 'in-sync': '=', behind: '-' } as const

/** What the marks mean. */
export const LEGEND = 'L leads, = in sync, - behind (the number: the end of its log), e leader epoch, hw high watermark'

/** Lines of the picture, each at most `columns` wide. */
export function drawPicture(picture: Picture, { columns, rows }: PictureSize, colours: Colours): string[] {
  const lines = [
    ...nodeLines(picture, columns, colours),
    ...picture.topics.flatMap((topic) => topicLines(topic, picture.brokers, columns, colours)),
    ...picture.groups.flatMap((group) => groupLines(group, columns, colours)),
  ]
  if (lines.length <= rows) return lines
  const more = `... ${lines.length - rows + 1} more lines: picture`
  return [...lines.slice(0, Math.max(0, rows - 1)), colours.dim(cut(more, columns))]
}

function nodeLines(
  { brokers, controllers, topics, isUnanswered }: Picture,
  columns: number,
  colours: Colours,
): string[] {
  const lines: string[] = []
  if (isUnanswered) lines.push(colours.bad(cut('the cluster does not answer', columns)))
  const controller = controllers.flatMap(({ id, state, isActive }) => [
    cell(' ', plain),
    stated(`${id}${isActive ? '*' : ''}`, state, colours),
  ])
  if (controllers.length > 0) {
    const star = controllers.some(({ isActive }) => isActive) ? [cell('  * active', colours.dim)] : []
    const word = controllers.length === 1 ? 'controller' : 'controllers'
    lines.push(joined([cell(word, colours.dim), ...controller, ...star], columns))
  }
  // Topics have a column for each.
  if (topics.length === 0 && brokers.length > 0) {
    const each = brokers.flatMap(({ id, state }) => [cell(' ', plain), stated(String(id), state, colours)])
    lines.push(joined([cell(brokers.length === 1 ? 'broker' : 'brokers', colours.dim), ...each], columns))
  }
  return lines
}

/** A node by its name; what is not as it should be is said in words: `2 dead`. */
function stated(name: string, state: NodeState, { good, warning, bad }: Colours): Cell {
  if (state === 'up') return cell(name, good)
  return cell(`${name} ${state}`, state === 'dead' ? bad : warning)
}

/** A head with the brokers, and a line for each partition. */
function topicLines(topic: PictureTopic, brokers: readonly PictureNode[], columns: number, colours: Colours): string[] {
  const labels = topic.partitions.map(labelOf)
  const wanted = Math.max(0, ...labels.map(({ length }) => length)) + 1
  const rows = topic.partitions.map((partition) => brokers.map(({ id }) => replicaText(partition, id)))
  const heads = brokers.map(({ id, state }) => headText(id, state))
  const widths = brokers.map((_, at) => Math.max(heads[at]!.length, ...rows.map((row) => row[at]!.length)) + 1)
  const shown = fitting(widths, columns - wanted)
  const hidden = brokers.length - shown
  const more = hidden === 0 ? '' : ` +${hidden} ${hidden === 1 ? 'broker' : 'brokers'}`
  const head = brokers
    .slice(0, shown)
    .map(({ state }, at) => cell(padded(heads[at]!, widths[at]!), stateColour(state, colours)))
  const name = cell(cut(topic.name, columns), colours.name)
  const lines = [joined([name, cell(more, colours.dim)], columns)]
  lines.push(joined([cell(padded(' broker', wanted), colours.dim), ...head], columns))
  for (const [row, partition] of topic.partitions.entries()) {
    const label = cell(padded(labels[row]!, wanted), partition.leader < 0 ? colours.bad : plain)
    const cells = brokers.slice(0, shown).map(({ id, state }, at) => {
      const replica = partition.replicas.find(({ broker }) => broker === id)
      return cell(padded(rows[row]![at]!, widths[at]!), replicaColour(replica, state, colours))
    })
    lines.push(joined([label, ...cells], columns))
  }
  return lines
}

/** ` p0 e1 hw 30` */
function labelOf({ partition, leader, leaderEpoch, highWatermark }: PicturePartition): string {
  return ` p${partition} e${leaderEpoch} ${leader < 0 ? 'no leader' : `hw ${highWatermark ?? '?'}`}`
}

function headText(id: number, state: NodeState): string {
  return state === 'up' ? String(id) : `${id} ${state}`
}

/** `L 30`, `- 28`, `. ` for a broker without a replica. */
function replicaText({ replicas }: PicturePartition, id: number): string {
  const replica = replicas.find(({ broker }) => broker === id)
  if (replica === undefined) return '.'
  return replica.end === null ? MARKS[replica.role] : `${MARKS[replica.role]} ${replica.end}`
}

/** How many of the columns, from the left, there is room for. */
function fitting(widths: readonly number[], room: number): number {
  let left = room
  const at = widths.findIndex((width) => {
    left -= width
    // The blank behind the last one needs no room.
    return left < -1
  })
  return at < 0 ? widths.length : at
}

function stateColour(state: NodeState, { good, warning, bad }: Colours): Paint {
  if (state === 'up') return good
  return state === 'dead' ? bad : warning
}

function replicaColour(replica: PictureReplica | undefined, state: NodeState, colours: Colours): Paint {
  if (replica === undefined) return colours.dim
  if (state === 'dead') return colours.bad
  if (replica.role === 'behind') return colours.warning
  return replica.role === 'leader' ? (text) => colours.bold(colours.good(text)) : colours.good
}

/** The group, and a line for each member: what it reads, how far it has committed, and what it lags behind. */
function groupLines(group: PictureGroup, columns: number, colours: Colours): string[] {
  const { id, state, members } = group
  const named = members.filter(({ name }) => name !== '')
  const lags = members.flatMap(({ shares }) => shares.map(({ lag }) => lag ?? 0))
  const lag = lags.reduce((sum, each) => sum + each, 0)
  const details = [`${named.length} ${named.length === 1 ? 'member' : 'members'}`, `lag ${lag}`]
  const isQuiet = state === 'Stable' || state === 'Empty'
  const head = [
    cell(id, colours.name),
    cell(` ${state}`, isQuiet ? colours.good : colours.warning),
    cell(`  ${details.join(', ')}`, lag > 0 ? colours.warning : plain),
  ]
  return [joined(head, columns), ...members.flatMap((member) => memberLines(member, columns, colours))]
}

function memberLines({ name, shares }: PictureMember, columns: number, colours: Colours): string[] {
  const who = name === '' ? cell(' nobody', colours.dim) : cell(` ${cut(name, Math.floor(columns / 2))}`, plain)
  if (shares.length === 0) return [joined([who, cell('  no partition', colours.dim)], columns)]
  const room = columns - who.text.length - 2
  const parts = shares.map((share) => shareText(share, room))
  return packed(parts, room).map((text, at) => {
    const front = at === 0 ? who : cell(' '.repeat(who.text.length), plain)
    return joined([front, cell(`  ${text}`, /lag/.test(text) ? colours.warning : plain)], columns)
  })
}

/** The lag is what is looked for: where there is no room for both, it stands alone. */
function shareText({ partition, committed, lag }: PictureMember['shares'][number], room: number): string {
  const short = partition.replace(/^kt-\d+-/, '')
  const at = committed === null ? 'nothing committed' : `at ${committed}`
  if (lag === null || lag === 0) return `${short} ${at}`
  const whole = `${short} ${at}, lag ${lag}`
  return whole.length <= room ? whole : `${short} lag ${lag}`
}

/** Parts joined by `; ` to as few lines of at most `room` as they need. */
function packed(parts: readonly string[], room: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 2 + part.length <= room) lines[lines.length - 1] = `${last}; ${part}`
    else lines.push(part)
  }
  return lines
}

const plain: Paint = (text) => text

function cell(text: string, paint: Paint): Cell {
  return { text, paint }
}

/** The cells side by side, cut where the line ends. */
function joined(cells: readonly Cell[], columns: number): string {
  let room = columns
  let line = ''
  for (const { text, paint } of cells) {
    const kept = cut(text, room)
    room -= kept.length
    if (kept !== '') line += paint(kept)
  }
  return line
}

function padded(text: string, width: number): string {
  return text.padEnd(width)
}

/** Says with two dots that something is missing. */
function cut(text: string, columns: number): string {
  if (text.length <= columns || text.trimEnd().length <= columns) return text.slice(0, Math.max(0, columns))
  return columns < 3 ? text.slice(0, Math.max(0, columns)) : `${text.slice(0, columns - 2)}..`
}
