/** The library that the catalog belongs to. */
export const library = `
-- One row; none until a run has collected.
create table library (
  id integer primary key check (id = 1),
  -- Absolute path, as it was at the last opening.
  root text not null,
  -- The way from the catalog's folder to the root, where the catalog lies in the library: both move together.
  inside text,
  -- What .bowerbird/library says, where the catalog lies elsewhere: it moves with the library.
  mark text
) strict;
`
