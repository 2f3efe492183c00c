/**
 * Lines as they come stand in open blocks, a batch each, until they are sealed into one of `block`: not compressed, in no
 * index, and few. `hot` only holds what an older console left.
 */
export const openBlocks = `
  create table open_block (
    block_id  integer primary key,
    box_id    text not null,
    from_at   integer not null,            -- all as in block
    to_at     integer not null,
    first_seq integer not null,
    last_seq  integer not null,
    lines     integer not null,
    errors    integer not null,
    warns     integer not null,
    infos     integer not null,
    raw_bytes integer not null,
    text      blob not null,
    columns   blob not null
  ) strict;
  create index open_block_by_box on open_block (box_id);
  create index block_by_last_seq on block (last_seq);
`
