-- Generated from migrations/ by npm run generate. Schema 3.

CREATE TABLE assets (
  id integer primary key autoincrement,
  key text not null unique,
  source text not null,
  route text not null,
  state text not null check (state in ('listed', 'fetching', 'stored', 'rejected', 'missing', 'failed')),
  run integer references runs (id),
  folder text not null,
  stem text not null,
  -- 52 bits of the hash of the folded folder and stem: no two assets share a name.
  place integer not null unique,
  position integer not null,
  -- The position in its post, where it has one.
  ordinal integer,
  named integer not null,
  -- Empty where a listing said that the number is missing.
  candidates text not null,
  meta text not null,
  refresh text,
  rules text,
  -- 1: the private store has the whole candidates; 2: only the process that listed it, others ask the refresh ref.
  secret integer not null,
  listed integer not null,
  attempts integer not null default 0,
  code text,
  reason text,
  status integer,
  url text,
  check ((state = 'fetching') = (run is not null))
) strict;

CREATE INDEX assets_open on assets (state, id) where state <> 'stored';

CREATE TABLE clocks (
  scope text primary key,
  until integer not null,
  reason text not null
) strict, without rowid;

CREATE TABLE files (
  asset integer primary key references assets (id) on delete cascade,
  path text not null,
  bytes integer not null,
  sha256 blob not null,
  mime text not null,
  kind text not null,
  width integer,
  height integer,
  url text not null,
  etag text,
  last_modified text,
  stored integer not null
) strict;

CREATE INDEX files_sha256 on files (sha256);

CREATE TABLE follows (
  id integer primary key autoincrement,
  -- Identity of the root ref.
  identity text not null unique,
  text text not null,
  -- 1: brackets and braces in the text are themselves.
  literal integer not null,
  source text not null,
  -- URL of the newest item that was collected elsewhere.
  stop text,
  -- 1: the private store has the whole text.
  secret integer not null,
  added integer not null,
  updated integer
) strict;

CREATE TABLE library (
  id integer primary key check (id = 1),
  -- Absolute path, as it was at the last opening.
  root text not null,
  -- The way from the catalog's folder to the root, where the catalog lies in the library: both move together.
  inside text,
  -- What .bowerbird/library says, where the catalog lies elsewhere: it moves with the library.
  mark text
) strict;

CREATE TABLE listings (
  target integer not null references targets (id),
  asset integer not null references assets (id) on delete cascade,
  visit integer not null,
  primary key (target, asset)
) strict, without rowid;

CREATE INDEX listings_asset on listings (asset);

CREATE TABLE refs (
  id integer primary key autoincrement,
  target integer not null references targets (id),
  -- Hash of source, route, params and cursor, taken before secrets were removed.
  identity text not null,
  -- The first ref of its chain of next refs; null for that one itself.
  listing integer,
  source text not null,
  route text not null,
  params text not null,
  cursor text,
  state text not null check (state in ('waiting', 'exploring', 'explored', 'failed')),
  held integer not null,
  run integer references runs (id),
  visit integer not null,
  page integer not null,
  depth integer not null,
  strategy text,
  named integer not null,
  -- 1: the private store has the whole of it.
  secret integer not null,
  found integer,
  code text,
  reason text,
  unique (target, identity),
  check ((state = 'exploring') = (run is not null))
) strict;

CREATE INDEX refs_open on refs (target, state, held, id) where state <> 'explored';

CREATE TABLE run_targets (
  run integer not null references runs (id),
  target integer not null references targets (id),
  primary key (run, target)
) strict, without rowid;

CREATE TABLE runs (
  id integer primary key,
  state text not null check (state in ('running', 'finished', 'interrupted')),
  started integer not null,
  ended integer,
  exit integer,
  -- Without secrets; the whole plan of a run that may be resumed is in the private store under private_name.
  plan text not null,
  private_name text,
  counts text,
  reasons text,
  -- Who runs it: see owner.ts.
  host text not null,
  boot text not null,
  namespace text not null,
  pid integer not null,
  birth text not null,
  heartbeat integer not null
) strict;

CREATE INDEX runs_open on runs (state) where state <> 'finished';

CREATE TABLE stale (asset integer primary key) strict;

CREATE TABLE targets (
  id integer primary key,
  -- Hash of the text and the root ref, taken before secrets were removed.
  identity text not null unique,
  text text not null,
  source text not null,
  -- Identity of the root ref.
  root text not null,
  visit integer not null,
  -- The run that opened it last.
  run integer not null references runs (id),
  -- Position of the last asset listed in this visit.
  listed integer not null
, stop text, partial integer not null default 0, options text, changed integer not null default 0) strict;

CREATE VIRTUAL TABLE words using fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
