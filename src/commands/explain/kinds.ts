/**
 * The kinds of things that `kt explain` knows besides command lines. A kind is a module with a table and a function that
 * finds a word in it; it is loaded when the letters of the question look like its own. To add one: a folder, a line here.
 */
import type { Kind } from './meaning.ts'

/** In the order in which meanings of the same word are shown. */
export const KINDS: readonly Kind[] = [
  {
    kind: 'message',
    takes: 'text',
    mayBe: (text) => /\S\s+\S|^[A-Z]+(_[A-Z]+)+$|Exception$/s.test(text.trim()),
    load: () => import('./message/index.ts'),
  },
  {
    kind: 'command',
    takes: 'name',
    mayBe: (subject) => /^[a-z][a-z0-9-]*$/.test(subject),
    load: () => import('./command/index.ts'),
  },
  {
    kind: 'setting',
    takes: 'name',
    mayBe: (subject) => /^([\w-]+->)?[\w.-]+\s*(=(?!.*\s[\w-]+\.[\w.-]+=).*)?$/s.test(subject),
    load: () => import('./setting/index.ts'),
  },
  {
    kind: 'option',
    takes: 'name',
    mayBe: (subject) => /^--?[A-Za-z][\w.-]*(=.*)?$/s.test(subject),
    load: () => import('./option/index.ts'),
  },
  {
    kind: 'error',
    takes: 'name',
    mayBe: (subject) => /^-?\d+$|^[\w.$]+$/.test(subject),
    load: () => import('./error/index.ts'),
  },
  {
    kind: 'file',
    takes: 'name',
    mayBe: (subject) => /^[^\n]+$/.test(subject),
    load: () => import('./file/index.ts'),
  },
  {
    kind: 'word',
    takes: 'name',
    mayBe: (subject) => /^#?[A-Za-z][\w ()#-]*$/.test(subject),
    load: () => import('./word/index.ts'),
  },
  {
    kind: 'metric',
    takes: 'name',
    mayBe: (subject) => /^[\w-]+$/.test(subject),
    load: () => import('./metric/index.ts'),
  },
]

/** The last resort, as it asks the cluster: a name of somebody's topic, group or broker. */
export const LAST_KIND: Kind = {
  kind: 'name',
  takes: 'name',
  mayBe: (subject) => /^[\w.-]{1,249}$|[/\\][\w.-]+-\d+[/\\]?$/.test(subject),
  load: () => import('./name/index.ts'),
}
