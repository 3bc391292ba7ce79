import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { AssetEvent, Event } from '../../core/events.ts'
import { harmless } from './format.ts'

/** What stands on standard output for an event: the event itself, or what `--print` asks for. */
export function printed(settings: Settings): ((event: Event) => string | undefined) | undefined {
  if (settings.json) return (event) => JSON.stringify(event)
  const { print } = settings
  if (print === undefined) return undefined
  /** Announced, and not at its end: at most about a thousand of one target. */
  const assets = new Map<string, AssetEvent>()
  return (event) => {
    switch (event.event) {
      case 'asset':
        if (settings.dryRun) return planned(event, print, settings.to)
        if (print !== 'path') assets.set(event.key, event)
        return print === 'url' ? harmless(event.url) : undefined
      case 'stored': {
        const asset = assets.get(event.key)
        assets.delete(event.key)
        if (print === 'path') return join(settings.to, event.path)
        if (print === 'url') return asset === undefined ? harmless(event.url) : undefined
        const { key, url, path } = event
        return JSON.stringify({ key, url, path: join(settings.to, path), meta: asset?.meta ?? {} })
      }
      case 'known':
        assets.delete(event.key)
        return print === 'path' && event.path !== undefined ? join(settings.to, event.path) : undefined
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

function planned({ key, url, path, meta }: AssetEvent, print: 'url' | 'path' | 'json', to: string): string {
  if (print === 'url') return harmless(url)
  if (print === 'path') return join(to, path)
  return JSON.stringify({ key, url, path: join(to, path), meta })
}
