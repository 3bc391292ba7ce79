import { Fault } from '../core/errors.ts'
import { hostMatches } from '../core/hosts.ts'
import { nearest } from '../core/suggest.ts'
import type { RefSpec, Route, Source, Target } from '../core/source.ts'

/** Which source and route takes a target, and with what parameters. */
export interface Resolution {
  readonly source: Source
  readonly route: Route
  readonly spec: RefSpec
}

/**
 * Finds the source and route of a target, without a request. Sources that know the host are asked first, generic ones
 * last. Throws `UnknownTarget` (or `Usage`, from a route that sees a malformed target).
 */
export function resolve(target: Target, sources: readonly Source[]): Resolution {
  for (const source of candidates(target, sources)) {
    for (const route of source.routes) {
      const params = route.match(target)
      if (params !== undefined) return { source, route, spec: { source: source.name, route: route.name, params } }
    }
  }
  throw unknownTarget(target, sources)
}

function candidates(target: Target, sources: readonly Source[]): readonly Source[] {
  if (target.kind === 'short') {
    return sources.filter((source) => source.name === target.source)
  }
  if (target.kind === 'template') return sources.filter((source) => source.generic === true)
  const { hostname } = target.url
  return sources.filter((source) => source.generic === true || source.hosts.some((host) => hostMatches(host, hostname)))
}

function unknownTarget(target: Target, sources: readonly Source[]): Fault {
  if (target.kind !== 'short') {
    return new Fault('UnknownTarget', `no source takes ${target.text}`, {
      url: target.text,
      advice: 'see `bowerbird sources` for what is supported',
    })
  }
  const source = sources.find((each) => each.name === target.source)
  if (source === undefined) {
    const near = nearest(
      target.source,
      sources.map((each) => each.name),
    )
    return new Fault('UnknownTarget', `there is no source named "${target.source}" (for ${target.text})`, {
      advice:
        near === undefined ? 'see `bowerbird sources` for those there are' : `did you mean ${near}:${target.rest}?`,
    })
  }
  return new Fault('UnknownTarget', `${source.name} does not know what ${target.text} is`, {
    source: source.name,
    advice: `see \`bowerbird sources ${source.name}\` for what it takes`,
  })
}

/** The source and route of a ref that was made earlier. */
export function routeOf(spec: RefSpec, sources: readonly Source[]): { readonly source: Source; readonly route: Route } {
  const source = sources.find((each) => each.name === spec.source)
  const route = source?.routes.find((each) => each.name === spec.route)
  if (source === undefined || route === undefined) {
    throw new Fault('SiteChanged', `this version no longer has the route ${spec.source}/${spec.route}`, {
      source: spec.source,
      route: spec.route,
      advice: 'name the target again; known files are not fetched twice',
    })
  }
  return { source, route }
}
