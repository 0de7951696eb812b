-- Makes of Lua's globals what scripts may see, and protects it from them: what they can reach is the same for every script,
-- whatever others did before. Gets the libraries that the host defined, and for pattern matching the longest pattern.
--
-- Plain Lua has no read-only tables. So a script gets an empty table in place of each library, which reads from the real one
-- and refuses writes; the few functions that look into tables without asking them know these.

local libraries, longest_pattern = ...

local error, type, tostring, select = error, type, tostring, select
local raw_pcall, raw_next, raw_pairs, raw_get, raw_set = pcall, next, pairs, rawget, rawset
local raw_setmetatable, raw_loadstring, raw_load = setmetatable, loadstring, load
local raw_getmetatable = debug.getmetatable
local getinfo, gsub, byte = debug.getinfo, string.gsub, string.byte
local collectgarbage, insert = collectgarbage, table.insert -- their messages name them as they are called
local string_metatable = getmetatable('')
local real = {} -- by protected table

local READ_ONLY = 'Attempt to modify a readonly table'

local function refuse()
    error(READ_ONLY, 2)
end

local metatable_shown = raw_setmetatable({}, { __newindex = refuse, __metatable = false })
real[metatable_shown] = {}

local function protect(t)
    local p = {}
    real[p] = t
    raw_setmetatable(p, { __index = t, __newindex = refuse, __metatable = metatable_shown })
    return p
end

local function copy(t)
    local c = {}
    for k, v in raw_next, t do
        c[k] = v
    end
    return c
end

-- Raises what a native function would have said of its arguments.
local function bad(n, name, expected, count, value)
    local got = n > count and 'no value' or type(value)
    error("bad argument #" .. n .. " to '" .. name .. "' (" .. expected .. " expected, got " .. got .. ")", 3)
end

local globals = {
    _VERSION = _VERSION,
    assert = assert,
    collectgarbage = function(option, ...)
        if option == 'stop' or option == 'restart' or option == 'setpause' or option == 'setstepmul' then
            return 0 -- the pace of the collector is not for scripts to set
        end
        return collectgarbage(option, ...)
    end,
    error = error,
    gcinfo = gcinfo,
    getmetatable = getmetatable,
    ipairs = ipairs,
    next = next,
    rawequal = rawequal,
    select = select,
    tonumber = tonumber,
    tostring = tostring,
    type = type,
    unpack = unpack,
    xpcall = xpcall,
}

function globals.pairs(...)
    local t = ...
    if type(t) ~= 'table' then
        bad(1, 'pairs', 'table', select('#', ...), t)
    end
    if real[t] then
        t = copy(real[t])
    end
    return raw_next, t, nil
end

function globals.rawget(...)
    local t, k = ...
    if type(t) ~= 'table' then
        bad(1, 'rawget', 'table', select('#', ...), t)
    end
    return raw_get(real[t] or t, k)
end

function globals.rawset(...)
    local t, k, v = ...
    if type(t) ~= 'table' then
        bad(1, 'rawset', 'table', select('#', ...), t)
    end
    if real[t] then
        error(READ_ONLY, 0)
    end
    return raw_set(t, k, v)
end

function globals.setmetatable(...)
    local t, m = ...
    if type(t) ~= 'table' then
        bad(1, 'setmetatable', 'table', select('#', ...), t)
    end
    if real[t] then
        error(READ_ONLY, 0)
    end
    if select('#', ...) < 2 or m ~= nil and type(m) ~= 'table' then
        error("bad argument #2 to 'setmetatable' (nil or table expected)", 2)
    end
    return raw_setmetatable(t, m)
end

-- An error with a table's field err is told by its text, as scripts of old expect it.
local function outcome(ok, ...)
    if ok then
        return ok, ...
    end
    local e = ...
    local text = type(e) == 'table' and raw_get(e, 'err')
    if type(text) == 'string' or type(text) == 'number' then
        e = text
    end
    return ok, e
end

function globals.pcall(...)
    return outcome(raw_pcall(...))
end

-- Bytecode can break the interpreter. A blank before it makes source of it, which then is wrong at its first character.
function globals.loadstring(source, name)
    if type(source) == 'string' and byte(source) == 27 then
        name, source = name or source, ' ' .. source
    end
    return raw_loadstring(source, name)
end

function globals.load(f, name)
    if type(f) ~= 'function' then
        return raw_load(f, name)
    end
    local begun = false
    return raw_load(function()
        local piece = f()
        if not begun and type(piece) == 'string' and piece ~= '' then
            begun = true
            if byte(piece) == 27 then
                piece = ' ' .. piece
            end
        end
        return piece
    end, name)
end

-- A pattern is matched by recursion in native code, item by item: a long one would exhaust the stack of the thread.
local function bounded(find)
    return function(...)
        local _, pattern = ...
        if type(pattern) == 'string' and #pattern > longest_pattern then
            error('pattern too complex', 2)
        end
        return find(...)
    end
end

for _, name in raw_next, { 'find', 'match', 'gmatch', 'gfind', 'gsub' } do
    string[name] = bounded(string[name])
end

function table.insert(t, ...)
    if real[t] then
        error(READ_ONLY, 0)
    end
    return insert(t, ...)
end

for name, random in raw_next, libraries.math do
    math[name] = random
end
libraries.math = nil

local loading = libraries.loading
libraries.loading = nil
local redis = libraries.redis

for name, library in raw_next, libraries do
    globals[name] = protect(library)
end
for _, name in raw_next, { 'coroutine', 'math', 'string', 'table' } do
    globals[name] = protect(_G[name])
end
local strict = {
    __index = function(_, name)
        error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
    end,
}
raw_setmetatable(globals, strict)
globals._G = protect(globals)

-- Nothing but this is there while a library of functions is loaded.
local api = raw_setmetatable({ log = redis.log, register_function = loading and loading.register_function }, strict)
for _, name in raw_next, { 'LOG_DEBUG', 'LOG_VERBOSE', 'LOG_NOTICE', 'LOG_WARNING', 'REDIS_VERSION', 'REDIS_VERSION_NUM' } do
    api[name] = redis[name]
end
local loading_globals = raw_setmetatable({ redis = protect(api) }, strict)
local seen = raw_getmetatable(globals._G)

-- Says that a library is being loaded, or no longer.
local function registering(on)
    seen.__index = on and loading_globals or globals
end
string_metatable.__index = string
string_metatable.__metatable = protect({ __index = globals.string })

-- Makes of what was raised a table with its text and its place. Told by native code, where the stack is still there.
local function place(e)
    local level, where = 2, nil
    repeat
        where = getinfo(level, 'Sl')
        level = level + 1
    until not where or where.what ~= 'C' and where.source ~= '=[sandbox]' and where.source ~= '=native'
    if where and where.what == 'tail' then
        where = nil -- a function of this file has taken the place of the one that called it
    end
    if type(e) == 'string' then
        -- raised by native code that a function of this file has called
        e = gsub(e, '^%[sandbox%]:%d+: ', function()
            return where and where.short_src .. ':' .. where.currentline .. ': ' or ''
        end)
    end
    if type(e) ~= 'table' then
        e = { err = 'ERR ' .. tostring(e) }
    end
    if where then
        e.source = where.source
        e.line = where.currentline
    end
    return e
end

return globals, globals._G, place, registering
