/** Goals as lines: red or green, and for those that are open what was expected, what is, and the command that shows it. */
import type { Colours } from '../../../cli/colour.ts'
import type { Verdict } from '../../../learn/verdict.ts'
import { wrap } from '../wrap.ts'

/** A goal of the last look. */
export interface GoalState {
  readonly name: string
  /** null before the first look. */
  readonly verdict: Verdict | null
  /** How long it has been waiting for something that comes by itself; null when it does not wait. */
  readonly waitingMs: number | null
}

/** How much is said of a goal: what it is called, what is seen of it, or all that the check answered. */
type Detail = 'name' | 'now' | 'all'

const INDENT = '    '

export interface GoalRoom {
  readonly columns: number
  readonly rows: number
  /** The names alone: nothing was tried yet, and the room is for the text. */
  readonly isBrief?: boolean
}

/** Lines of at most `columns` columns and at most `rows` of them: as much detail as there is room for. */
export function goalLines(
  goals: readonly GoalState[],
  { columns, rows, isBrief = false }: GoalRoom,
  colours: Colours,
): string[] {
  const open = goals.findIndex(({ verdict }) => verdict !== null && verdict.state !== 'done')
  const ofOpen = (detail: Detail) => (at: number) => (at === open ? detail : 'name')
  const ways = isBrief ? [() => 'name' as const] : [() => 'all' as const, ofOpen('all'), ofOpen('now'), ofOpen('name')]
  const tries = ways.map((detailOf) => goals.flatMap((goal, at) => linesOf(goal, detailOf(at), columns, colours)))
  const fitting = tries.find((lines) => lines.length <= rows)
  if (fitting !== undefined) return fitting
  const shortest = goals.flatMap((goal) => linesOf(goal, 'name', columns, colours))
  const more = colours.dim('... check shows all of it')
  return [...shortest.slice(0, Math.max(0, rows - 1)), more]
}

function linesOf({ name, verdict, waitingMs }: GoalState, detail: Detail, width: number, colours: Colours): string[] {
  const [mark, paint] = markOf(verdict, colours)
  const [first = '', ...rest] = wrap(name, { width, indent: INDENT, first: `${mark} ` }).split('\n')
  const named = [paint(first), ...rest.map(paint)]
  if (detail === 'name') return named
  return [...named, ...detailsOf(verdict, { waitingMs, isAll: detail === 'all', width }, colours)]
}

function markOf(verdict: Verdict | null, { good, bad, warning, dim }: Colours): [string, (text: string) => string] {
  if (verdict === null) return ['[.]', dim]
  if (verdict.state === 'done') return ['[x]', good]
  if (verdict.state === 'not-yet') return ['[ ]', bad]
  return verdict.state === 'cannot' ? ['[!]', warning] : ['[?]', warning]
}

function detailsOf(
  verdict: Verdict | null,
  { waitingMs, isAll, width }: { waitingMs: number | null; isAll: boolean; width: number },
  colours: Colours,
): string[] {
  if (verdict === null) return []
  const { warning, name } = colours
  const told = (label: string, text: string, paint: (line: string) => string): string[] =>
    wrap(text, { width, indent: `${INDENT}  `, first: `${INDENT}${label} ` })
      .split('\n')
      .map(paint)
  if (verdict.state === 'done') return told('seen:', verdict.observed, plain)
  if (verdict.state === 'cannot') {
    return [...told('not on this cluster:', verdict.why, warning), ...told('next:', verdict.next, name)]
  }
  if (verdict.state === 'failed') {
    const next = verdict.next === undefined ? [] : told('next:', verdict.next, name)
    return [...told('the check itself failed:', verdict.why, warning), ...next]
  }
  const waiting =
    verdict.waitingFor === undefined
      ? []
      : told(
          'waiting for',
          `${verdict.waitingFor}${waitingMs === null ? '' : `, ${Math.floor(waitingMs / 1000)} s`}`,
          warning,
        )
  const { wayOut } = verdict
  const out =
    wayOut === undefined ? [] : [...told('stuck:', wayOut.why, warning), ...told('way out:', wayOut.next, name)]
  const now = [...told('now:', verdict.observed, plain), ...waiting, ...out]
  return isAll ? [...told('expected:', verdict.expected, plain), ...now, ...told('see:', verdict.show, name)] : now
}

function plain(text: string): string {
  return text
}
