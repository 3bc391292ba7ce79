import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { AssetEvent, Event } from '../../core/events.ts'
import { harmless } from './format.ts'

/**
 * What stands on standard output for an event: the event itself, or what `--print` asks for. That is a line for each
 * item that is in the library in the end, stored now or known; in a dry run for each that would be fetched.
 */
export function printed(settings: Settings): ((event: Event) => string | undefined) | undefined {
  if (settings.json) return (event) => JSON.stringify(event)
  const { print } = settings
  if (print === undefined) return undefined
  /** Announced, and not at its end: at most about a thousand of one target. */
  const assets = new Map<string, AssetEvent>()
  return (event) => {
    switch (event.event) {
      case 'asset':
        if (settings.dryRun) return line(event, print, settings.to)
        if (print !== 'path') assets.set(event.key, event)
        return undefined
      case 'stored': {
        const asset = assets.get(event.key)
        assets.delete(event.key)
        const { key, path } = event
        const url = print === 'url' && asset !== undefined ? asset.url : event.url
        return line({ key, url, path, meta: asset?.meta ?? {} }, print, settings.to)
      }
      case 'known': {
        assets.delete(event.key)
        const { key, path, url, meta = {} } = event
        if (settings.dryRun || path === undefined || url === undefined) return undefined
        return line({ key, url, path, meta }, print, settings.to)
      }
      case 'rejected':
      case 'missing':
      case 'failed':
        assets.delete(event.key)
        return undefined
      case 'run':
      case 'ref':
      case 'progress':
      case 'excluded':
      case 'wait':
      case 'note':
      case 'end':
        return undefined
    }
  }
}

type Item = Pick<AssetEvent, 'key' | 'url' | 'path' | 'meta'>

function line({ key, url, path, meta }: Item, print: 'url' | 'path' | 'json', to: string): string {
  if (print === 'url') return harmless(url)
  if (print === 'path') return join(to, path)
  return JSON.stringify({ key, url, path: join(to, path), meta })
}
