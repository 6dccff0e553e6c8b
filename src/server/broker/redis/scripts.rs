//! What happens inside of Redis: each script is one step there, and nothing comes between its parts.
//!
//! Three keys, with one hash tag so that a cluster keeps them on one node: a hash with the epoch, the base (which changes
//! where keys of idempotency lose their meaning) and the head; the stream; and one key for each key of idempotency. An
//! entry's id is its offset, and its fields are the epoch (`e`), the moment (`t`) and the message (`m`).

use std::sync::LazyLock;

use redis::Script;

/// KEYS: hash, stream, and perhaps key. ARGV: known epoch, known head, epoch to begin with where one has to, message, most
/// entries, milliseconds that a key is kept. Returns epoch, offset, and whether the message is new.
pub(super) static APPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local known = redis.call('HMGET', KEYS[1], 'epoch', 'base', 'head')
local epoch, base, head = known[1], known[2], tonumber(known[3] or '0')
if not epoch then
  epoch, base, head = ARGV[3], ARGV[3], 0
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'base', base, 'head', 0)
elseif epoch == ARGV[1] and head < tonumber(ARGV[2]) then
  epoch = ARGV[3]
  redis.call('HSET', KEYS[1], 'epoch', epoch)
end
if KEYS[3] then
  local before = redis.call('GET', KEYS[3])
  local offset = before and string.match(before, '^' .. base .. ':(%d+)$')
  if offset then
    return {epoch, tonumber(offset), 0}
  end
end
head = redis.call('HINCRBY', KEYS[1], 'head', 1)
local id = string.format('%.0f', head)
local now = redis.call('TIME')
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], id .. '-0', 'e', epoch, 't', string.format('%s%06d', now[1], tonumber(now[2])), 'm', ARGV[4])
if KEYS[3] and tonumber(ARGV[6]) > 0 then
  redis.call('SET', KEYS[3], base .. ':' .. id, 'PX', ARGV[6])
end
return {epoch, head, 1}
",
    )
});

/// KEYS: hash, stream. ARGV: known epoch, place that was read, the moment of the entry there, epoch to begin with where one has
/// to, known head, and epochs that are over. Begins another epoch where the head runs backwards, where another entry stands at
/// the place that was read, or where the epoch is one that was over. Returns epoch, offset of the first entry that is kept or
/// of the next one, and head.
pub(super) static OPEN: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local known = redis.call('HMGET', KEYS[1], 'epoch', 'head')
local epoch, head = known[1], tonumber(known[2] or '0')
if not epoch then
  epoch, head = ARGV[4], 0
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'base', epoch, 'head', 0)
elseif epoch == ARGV[1] then
  local is_other = head < tonumber(ARGV[5])
  if not is_other and ARGV[3] ~= '0' then
    local entry = redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', ARGV[2] .. '-0')[1]
    is_other = entry and entry[2][4] ~= ARGV[3]
  end
  if is_other then
    epoch = ARGV[4]
    redis.call('HSET', KEYS[1], 'epoch', epoch)
  end
else
  for past = 6, #ARGV do
    if epoch == ARGV[past] then
      epoch = ARGV[4]
      redis.call('HSET', KEYS[1], 'epoch', epoch)
      break
    end
  end
end
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
first = first and tonumber(string.match(first[1], '^%d+')) or head + 1
return {epoch, first, head}
",
    )
});

/// KEYS: hash, stream. ARGV: the new epoch, a message that says so. Returns epoch, and offset of that message.
pub(super) static RESET: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'base', ARGV[1])
redis.call('DEL', KEYS[2])
local head = redis.call('HINCRBY', KEYS[1], 'head', 1)
local now = redis.call('TIME')
redis.call('XADD', KEYS[2], string.format('%.0f', head) .. '-0', 'e', ARGV[1], 't', string.format('%s%06d', now[1], tonumber(now[2])), 'm', ARGV[2])
return {ARGV[1], head}
",
    )
});
