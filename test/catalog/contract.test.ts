import { catalogContract } from '../contracts/catalog.ts'
import { sqlitePlace } from './place.ts'

catalogContract('SQLite', sqlitePlace)
