/** What is followed; and how far a visit went that ended above what was never listed. */
export const follows = `
create table follows (
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

-- The stop point of the visit.
alter table targets add column stop text;
-- The last visit that ended above items which no visit has listed; 0 where there are none.
alter table targets add column partial integer not null default 0;
-- Hash of the options of the source that the visit was begun with.
alter table targets add column options text;
-- 1: the visit before was begun with others.
alter table targets add column changed integer not null default 0;
`
