/**
 * Installs what a checkout needs before `npm start` and `npm test` run, with whatever Node (18 or newer) there is:
 * the packages of the lockfile, and Node 24 itself, which the dev dependency `node` puts on the path of npm scripts.
 * Plain JavaScript without dependencies. Everything goes to standard error: standard output belongs to the command.
 *
 * When all is there it reads two small files and is done. What "all" is says node_modules/.bowerbird.json: the hash of
 * the lockfile it was filled from, and the platform.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
const STAMP = join(MODULES, '.bowerbird.json')
const LOCKFILE = join(ROOT, 'package-lock.json')
const NODE_PACKAGE = join(MODULES, 'node')
const NODE_BINARY = join(NODE_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
/** Held while one process installs; its time is renewed every second, so that an old one is a dead one's. */
const LOCK = join(ROOT, '.bootstrap.lock')
const LOCK_IS_STALE_MS = 15_000
const OLDEST_NODE = 18
const NEEDED_NODE = 24

class SetupError extends Error {}

function say(message) {
  process.stderr.write(`bootstrap: ${message}\n`)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function ownNodeIsEnough() {
  return Number(process.versions.node.split('.')[0]) >= NEEDED_NODE
}

/** What the installed packages must have come from. Without a lockfile the ranges of package.json decide. */
function wanted() {
  const described = read(LOCKFILE) ?? read(join(ROOT, 'package.json')) ?? ''
  const lock = createHash('sha256').update(described).digest('hex')
  return JSON.stringify({ lock, platform: `${process.platform}-${process.arch}` })
}

function isInstalled() {
  return read(STAMP) === wanted() && (existsSync(NODE_BINARY) || ownNodeIsEnough())
}

/** True when npm's own record says that every package of the lockfile is there: somebody ran `npm ci` by hand. */
function npmHasInstalledAll() {
  const lock = read(LOCKFILE)
  const record = read(join(MODULES, '.package-lock.json'))
  if (lock === undefined || record === undefined) return false
  const there = JSON.parse(record).packages
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  )
}

/** Under npm the same npm; otherwise the one on the path. */
function npmCommand() {
  const cli = process.env.npm_execpath
  if (cli !== undefined && basename(cli) === 'npm-cli.js')
    return { program: process.execPath, first: [cli], shell: false }
  return { program: 'npm', first: [], shell: process.platform === 'win32' }
}

/**
 * Runs a program with both of its outputs on standard error, and gives its status and the end of what it said.
 * `start --silent` must not silence the reasons of a failure, nor --omit=dev or NODE_ENV=production withhold what the
 * scripts are made of.
 */
function run(program, args, { cwd = ROOT, shell = false } = {}) {
  const environment = { ...process.env, npm_config_loglevel: 'error', npm_config_progress: 'false' }
  const child = spawn(program, args, { cwd, shell, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      process.stderr.write(chunk)
      said = (said + chunk).slice(-20_000)
    })
  }
  return new Promise((settle) => {
    child.on('error', (error) => settle({ status: 127, said: `${said}${error.message}` }))
    child.on('close', (code) => settle({ status: code ?? 1, said }))
  })
}

function adviceFor(said) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|network|socket hang up/i.test(said)
  ) {
    return 'The package registry could not be reached. Connect to the network (or set your proxy and registry with\n  `npm config set proxy|registry …`) and run the command again; it is needed only this once.'
  }
  if (/EACCES|EPERM|EROFS/.test(said)) {
    return `${ROOT} cannot be written by this user. Give the folder to the user who runs npm, and try again.`
  }
  if (/ENOSPC/.test(said)) return 'The disk is full: about 600 MB are needed. Make room and run the command again.'
  if (/EUSAGE|in sync/.test(said))
    return 'package.json and package-lock.json disagree. Run `npm install` and try again.'
  if (/ENOENT|not found|127/.test(said)) return 'npm was not found. Install Node with npm and run the command again.'
  return `npm said why above. Run \`npm ci --include=dev\` in ${ROOT} to see all of it.`
}

async function installPackages() {
  const { program, first, shell } = npmCommand()
  /** `npm ci` begins with an empty folder: right for a first time, too rough while something runs from it. */
  const fresh = !existsSync(join(MODULES, '.package-lock.json'))
  const verb = existsSync(LOCKFILE) ? (fresh ? ['ci'] : ['install', '--no-save']) : ['install', '--no-package-lock']
  const args = [...first, ...verb, '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  say(`installing packages (npm ${verb.join(' ')}); this happens once`)
  const { status, said } = await run(program, args, { shell })
  if (status !== 0) throw new SetupError(`npm ${verb[0]} ended with status ${status}.\n  ${adviceFor(said)}`)
}

function nodeWorks(binary) {
  return spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0
}

/** The package `node` gets its binary in an install script, which `--ignore-scripts` and some settings leave out. */
async function ensureNode() {
  if (existsSync(NODE_BINARY) && nodeWorks(NODE_BINARY)) return
  const script = join(NODE_PACKAGE, 'installArchSpecificPackage.js')
  say(`fetching Node ${NEEDED_NODE} (its install script did not run)`)
  const { status, said } = await run(process.execPath, [script], { cwd: NODE_PACKAGE })
  if (status === 0 && existsSync(NODE_BINARY) && nodeWorks(NODE_BINARY)) return
  if (ownNodeIsEnough()) return
  const reason = `Node ${NEEDED_NODE} is needed, this is ${process.version}, and the package that brings it does not work here.`
  throw new SetupError(
    `${reason}\n  ${adviceFor(said)}\n  Or install Node ${NEEDED_NODE} or newer yourself (https://nodejs.org).`,
  )
}

async function install() {
  if (!npmHasInstalledAll()) await installPackages()
  await ensureNode()
  writeFileSync(STAMP, wanted())
}

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds))

/** Takes away a lock whose holder died. By rename, so that of many who try one succeeds. */
function breakStaleLock() {
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  if (age < LOCK_IS_STALE_MS) return
  const aside = `${LOCK}.${process.pid}`
  try {
    renameSync(LOCK, aside)
    rmSync(aside, { recursive: true, force: true })
    say('an earlier installation was interrupted; starting again')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

async function takeLock() {
  for (let told = false; ;) {
    try {
      mkdirSync(LOCK)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupError(`${LOCK}: ${error.message}\n  ${adviceFor(error.message)}`)
    }
    if (!told) say('another process is installing; waiting for it')
    told = true
    await pause(250)
    breakStaleLock()
  }
}

async function installAlone() {
  await takeLock()
  const beat = setInterval(() => utimesSync(LOCK, new Date(), new Date()), 1000)
  const release = () => rmSync(LOCK, { recursive: true, force: true })
  process.on('exit', release)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))
  try {
    if (!isInstalled()) await install()
  } finally {
    clearInterval(beat)
  }
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetupError(`Node ${OLDEST_NODE} or newer is needed to begin; this is ${process.version}.`)
  }
  if (!isInstalled()) await installAlone()
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : error.stack)
  process.exitCode = 1
})
