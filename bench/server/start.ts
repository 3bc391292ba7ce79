import { openShelf } from '../corpus/shelf.ts'
import type { Workplace } from '../workplace.ts'
import { findNginx, startNginx } from './nginx.ts'
import { startOwn } from './own.ts'
import type { Demand, Server } from './server.ts'

/** nginx, where it is installed and can do what is asked (a latency needs its echo module); else the project's own. */
export async function startServer(demand: Demand, workplace: Workplace): Promise<Server> {
  const nginx = demand.fromMemory === true ? undefined : await findNginx()
  if (nginx === undefined || (demand.latency !== undefined && nginx.echo === undefined)) return startOwn(demand)
  return startNginx(nginx, demand, await openShelf(demand.shelf), workplace)
}
