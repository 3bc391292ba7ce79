import { homedir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { CHROMIUM_FAMILY, readChromium } from './chromium.ts'
import type { ChromiumName } from './chromium.ts'
import { EXPORT_ADVICE } from './advice.ts'
import { readFirefox } from './firefox.ts'
import type { BrowserCookies, Machine } from './machine.ts'

/** Browsers that people ask for and whose cookies cannot be had. */
const REFUSED: Readonly<Record<string, string>> = {
  safari: "Safari's cookies cannot be read: macOS keeps them in a format and a place of its own",
  whale: "Whale's cookies cannot be read: it does not exist on Linux, and elsewhere the system's keyring guards them",
}

const NAMES = ['firefox', ...Object.keys(CHROMIUM_FAMILY)]

/** `NAME[+KEYRING][:PROFILE][::CONTAINER]`, as yt-dlp has it. */
const SHAPE = /^\s*([^+:]+?)\s*(?:\+\s*([^:]*?)\s*)?(?::(?!:)\s*(.+?)\s*)?(?:::\s*(.+?)\s*)?$/

export function thisMachine(): Machine {
  return { platform: process.platform, home: homedir(), environment: process.env }
}

/** The cookies of `--cookies-from-browser`: of the default profile, of a named one, or of a place on the disk. */
export async function readBrowserCookies(text: string, machine: Machine): Promise<BrowserCookies> {
  const [, written = '', keyring, named, container] = SHAPE.exec(text) ?? []
  const name = written.toLowerCase()
  refuseUnknown(name, text)
  refuseMore(keyring, container)
  const profile = named === undefined ? undefined : expandHome(named, machine.home)
  if (name === 'firefox') return readFirefox(profile, machine)
  return readChromium(name as ChromiumName, profile, machine)
}

function refuseUnknown(name: string, text: string): void {
  if (NAMES.includes(name)) return
  const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined
  if (refused !== undefined) throw new Fault('Usage', refused, { advice: EXPORT_ADVICE })
  throw new Fault('Usage', `--cookies-from-browser knows no browser named "${name === '' ? text : name}"`, {
    advice: didYouMean(name, NAMES),
  })
}

function refuseMore(keyring: string | undefined, container: string | undefined): void {
  if (keyring !== undefined && keyring.toLowerCase() !== 'basictext') {
    throw new Fault('Usage', `no keyring is read, neither "${keyring}" nor another`, { advice: EXPORT_ADVICE })
  }
  if (container !== undefined && container.toLowerCase() !== 'none') {
    throw new Fault('Usage', `cookies in containers are not read, and "${container}" is one`, {
      advice: `leave "::${container}" away for the cookies outside of containers; ${EXPORT_ADVICE}`,
    })
  }
}

/** A shell leaves the `~` alone that stands behind a colon. */
function expandHome(profile: string, home: string): string {
  return /^~[/\\]/.test(profile) ? join(home, profile.slice(2)) : profile
}
