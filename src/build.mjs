/**
 * The one build: the program, the node's process and the package's face, split so that a command loads only what it uses. `--types` adds the declarations
 * of the package's public face.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Packages with native code, or so seldom used and large that they are better left on disk until then. */
const EXTERNAL = ['@node-rs/crc32', 'kafkajs', 'inquirer', '@bokuweb/zstd-wasm']

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/** Packages that name their licence and bring no file of it. */
const UNFILED_LICENCES = {
  'yoga-layout': `MIT License\n\nCopyright (c) Facebook, Inc. and its affiliates.\n\n${MIT}`,
}

/** A file inside of such a package as well: a second copy of it would be what is mended, and the first what runs. */
const isExternal = (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`))

const COMMON = {
  cwd: root,
  platform: 'node',
  external: isExternal,
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node20', define: { KT_VERSION: JSON.stringify(version) } },
  // Modules that are loaded late by one command and at once by another: meant so.
  checks: { ineffectiveDynamicImport: false },
}
// Names stay: they are what a stack trace in a node's log is read by.
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } }

/**
 * The program is CommonJS: node's loader of ES modules costs ten of sixty milliseconds at every start. What nearly every command needs stands in two files:
 * what starts it, and what asks a cluster.
 */
const PROGRAM = {
  input: { main: 'src/cli/main.ts' },
  output: {
    dir: join(dist, 'cli'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        // A file more costs more than the few lines of a neighbour that are not needed.
        {
          name: 'start',
          test: /src[\\/](base[\\/]java-hash|cli[\\/](main|program|script-command|check-options|table)|commands[\\/](failure|java-text|outcome|script-failure|topic-filter))\.ts$/,
          priority: 2,
        },
        {
          name: 'ask',
          test: /src[\\/](client[\\/](admin|cluster-client|admin[\\/](topics|describe-topics|cluster|configs|outcome))|protocol[\\/]messages[\\/](32|60|75)-.*)\.ts$/,
          priority: 1,
        },
        { name: 'topics', test: /src[\\/]commands[\\/](topics|topics[\\/](list|select|describe))\.ts$/, priority: 1 },
        { name: 'configs', test: /src[\\/]commands[\\/](configs|configs[\\/](describe|entities))\.ts$/, priority: 1 },
        // What a change of settings loads on top: one file instead of three.
        {
          name: 'journal',
          test: /src[\\/]commands[\\/]undo[\\/](journaled|recorder|journal|entry|command-line)\.ts$/,
          priority: 1,
        },
      ],
    },
  },
}

/**
 * The full screen of `kt learn` is drawn with ink, an ES module that waits for its layout engine while it is loaded: it stands
 * beside the program and is loaded by it when somebody learns at a terminal.
 */
const SCREEN = {
  input: { app: 'src/commands/learn/screen/app.ts' },
  output: { dir: join(dist, 'screen'), format: 'esm', chunkFileNames: '[name]-[hash].js' },
  plugins: [
    {
      name: 'ink',
      resolveId(source) {
        // Where CI is set, ink draws nothing until the end; a person who learns there wants to see it.
        if (source === 'is-in-ci') return { id: '\0is-in-ci' }
        return source === 'react-devtools-core' || source === './devtools.js' ? { id: '\0nothing' } : null
      },
      load(id) {
        if (id === '\0is-in-ci') return 'export default false'
        return id === '\0nothing' ? 'export default {}' : null
      },
    },
  ],
  define: { 'process.env.NODE_ENV': '"production"' },
}
PROGRAM.plugins = [
  {
    name: 'screen',
    resolveId(source, importer) {
      const isScreen = source === './app.ts' && /learn[\\/]screen[\\/]index\.ts$/.test(importer ?? '')
      return isScreen ? { id: '../screen/app.js', external: true } : null
    },
  },
]

const NODE = {
  input: {
    'cluster/node-main': 'src/cluster/node-main.ts',
    // `kt server-start` runs a node in its own process and loads it from here.
    'cluster/run-node': 'src/cluster/run-node.ts',
    index: 'src/index.ts',
  },
  output: { dir: dist, format: 'esm', chunkFileNames: 'node/[name]-[hash].js' },
}

const built = (await Promise.all([PROGRAM, SCREEN, NODE].map(write))).flat()

// What an earlier build left goes only now: a command that runs meanwhile never misses its modules.
const written = new Set(built.map(({ file }) => file))
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name)
  if (entry.isFile() && /\.c?js$/.test(file) && !written.has(file)) rmSync(file, { force: true })
}
writeFileSync(join(dist, 'LICENCES-OF-BUNDLED-PACKAGES.txt'), licences(built.flatMap(({ modules }) => modules)))
cpSync(join(root, 'src/learn/orders.log'), join(dist, 'cli/orders.log'))
if (process.argv.includes('--types')) {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'src/tsconfig.types.json')],
    {
      stdio: 'inherit',
    },
  )
}

/** Builds one bundle; resolves to the files written, each with the modules in it. */
async function write({ input, output, plugins = [], define = {} }) {
  const transform = { ...COMMON.transform, define: { ...COMMON.transform.define, ...define } }
  const bundle = await rolldown({ ...COMMON, input, plugins, transform })
  const result = await bundle.write({ minify: MINIFY, hashCharacters: 'base36', ...output })
  await bundle.close()
  return result.output.map(({ fileName, modules }) => ({
    file: join(output.dir, fileName),
    modules: Object.keys(modules ?? {}),
  }))
}

/** Bundled packages travel with their licences. */
function licences(modules) {
  const bundled = new Set(
    modules.flatMap((module) => /^.*node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? []),
  )
  const texts = [...bundled].sort().map((directory) => {
    const name = directory.replace(/^.*node_modules[\\/]/, '')
    const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each))
    if (EXTERNAL.includes(name)) throw new Error(`${name} is to be loaded from outside, and is bundled`)
    const text = file === undefined ? UNFILED_LICENCES[name] : readFileSync(join(directory, file), 'utf8').trim()
    if (text === undefined) throw new Error(`${directory} is bundled and has no licence file`)
    return `== ${name}\n\n${text}\n`
  })
  return texts.join('\n')
}
