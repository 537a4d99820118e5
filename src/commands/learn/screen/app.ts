/** The screen as ink draws it: a frame's lines one below the other, and the terminal's own cursor in the prompt. */
import { Box, type Instance, render, Text, useCursor } from 'ink'
import { createElement, type ReactElement, useSyncExternalStore } from 'react'
import type { Frame } from './frame.ts'

/** What is to be drawn; the same object as long as nothing has changed. */
export interface Frames {
  subscribe(listener: () => void): () => void
  current(): Frame
}

/** Often enough for a person who types fast. */
const MAX_FRAMES_PER_SECOND = 20

export function mount(frames: Frames, stdout: NodeJS.WriteStream, stdin: NodeJS.ReadStream): Instance {
  return render(createElement(App, { frames }), {
    ...{ stdout, stdin, stderr: stdout },
    exitOnCtrlC: false,
    // What libraries log must not disappear with the screen.
    patchConsole: false,
    maxFps: MAX_FRAMES_PER_SECOND,
  })
}

function App({ frames }: { readonly frames: Frames }): ReactElement {
  const { lines, cursor } = useSyncExternalStore(
    (listener) => frames.subscribe(listener),
    () => frames.current(),
  )
  useCursor().setCursorPosition(cursor)
  const rows = lines.map((line, at) =>
    // An empty text would be no line at all.
    createElement(Text, { key: at, wrap: 'truncate-end' }, line === '' ? ' ' : line),
  )
  return createElement(Box, { flexDirection: 'column', height: lines.length }, rows)
}
