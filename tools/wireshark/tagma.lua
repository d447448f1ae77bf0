-- Dissector of what `tagma replay --pcapng` writes: frames of Byzantine agreement on serial wires.
--
--     tshark -X lua_script:tagma.lua -r pump.pcapng
--
-- or copy this file into the folder that Wireshark names under Help, About, Folders, Personal Lua
-- Plugins. docs/analysers.md has the 20 bytes before each frame, SPEC.md the frame itself.
--
-- Copyright of the tagma package's authors. MIT licence, see LICENSE there.

local HEADER = 20
local HUB = 31
-- In the frame, header and cycle.
local FIXED = 2

local FATES = { [0] = "heard", "lost", "late", "garbled", "refused" }
local LIES = {
  [0] = "none", "a lie", "a lie of the hub", "a double order", "a forged signature",
  "a withheld order",
}
local TYPES = { [0] = "bytes", "bool", "u8", "u16", "u32", "i16", "i32", "f32" }

local ENDS = { [HUB] = "hub" }
for board = 0, HUB - 1 do ENDS[board] = "board " .. board end

local tagma = Proto("tagma", "Tagma Byzantine agreement")
local field = {
  word = ProtoField.uint8("tagma.word", "Bytes of a word"),
  from = ProtoField.uint8("tagma.from", "From", base.DEC, ENDS),
  to = ProtoField.uint8("tagma.to", "To", base.DEC, ENDS),
  fate = ProtoField.uint8("tagma.fate", "Fate", base.DEC, FATES),
  lie = ProtoField.uint8("tagma.lie", "Lie", base.DEC, LIES),
  round = ProtoField.uint8("tagma.round", "Round"),
  cycle = ProtoField.uint32("tagma.cycle", "Cycle"),
  start = ProtoField.bytes("tagma.start", "Start word"),
  mask = ProtoField.bytes("tagma.mask", "Mask word"),
  header = ProtoField.uint8("tagma.header", "Header", base.HEX),
  sender = ProtoField.uint8("tagma.sender", "Sender by the frame", base.DEC, ENDS),
  said_round = ProtoField.uint8("tagma.said_round", "Round by the frame"),
  said_cycle = ProtoField.uint8("tagma.said_cycle", "Cycle by the frame, lowest byte"),
  payload = ProtoField.bytes("tagma.payload", "Payload"),
  presence = ProtoField.bytes("tagma.presence", "Presence bits"),
  item = ProtoField.string("tagma.item", "Item"),
  value = ProtoField.string("tagma.value", "Value"),
  tags = ProtoField.bytes("tagma.tags", "Tags"),
  checksum = ProtoField.bytes("tagma.checksum", "Checksum"),
  checksum_ok = ProtoField.bool("tagma.checksum_ok", "Checksum is right"),
}
local all = {}
for _, one in pairs(field) do all[#all + 1] = one end
tagma.fields = all

local bad_checksum = ProtoExpert.new("tagma.bad", "No whole frame",
  expert.group.CHECKSUM, expert.severity.WARN)
local is_lie = ProtoExpert.new("tagma.lied", "Made or changed by a traitor",
  expert.group.SECURITY, expert.severity.NOTE)
local not_heard = ProtoExpert.new("tagma.not_heard", "It did not count",
  expert.group.SEQUENCE, expert.severity.NOTE)
tagma.experts = { bad_checksum, is_lie, not_heard }

local bits = bit or bit32

-- CRC-32 of IEEE 802.3, reflected; FRAME.4.
local function crc32(bytes)
  local sum = 0xffffffff
  for at = 0, bytes:len() - 1 do
    sum = bits.bxor(sum, bytes:get_index(at))
    for _ = 1, 8 do
      local low = bits.band(sum, 1)
      sum = bits.rshift(sum, 1)
      if low == 1 then sum = bits.bxor(sum, 0xedb88320) end
    end
  end
  return bits.bnot(sum)
end

-- FRAME.5: each byte of a start word, and the last one of the mask that stands for itself.
local START, PLAIN = 0x16, 0x17

-- FRAME.6: in the content the mask word stands for start words.
local function unmask(content, mask)
  local size = mask:len()
  local at = 0
  if mask:get_index(size - 1) == PLAIN and (size == 1 or mask:get_index(0) == 0) then
    return content
  end
  while at + size <= content:len() do
    local same = true
    for place = 0, size - 1 do
      if content:get_index(at + place) ~= mask:get_index(place) then same = false end
    end
    if same then
      for place = 0, size - 1 do content:set_index(at + place, START) end
      at = at + size - 1
    end
    at = at + 1
  end
  return content
end

-- The low bytes of the sum, the lowest first.
local function is_right(content, size)
  local last = content:len() - size
  local sum = crc32(content:subset(0, last))
  for place = 0, size - 1 do
    if content:get_index(last + place) ~= bits.band(bits.rshift(sum, 8 * place), 255) then
      return false
    end
  end
  return true
end

local READERS = {
  bool = function(bytes) return bytes:uint() == 1 and "true" or "false" end,
  u8 = function(bytes) return tostring(bytes:uint()) end,
  u16 = function(bytes) return tostring(bytes:le_uint()) end,
  u32 = function(bytes) return tostring(bytes:le_uint()) end,
  i16 = function(bytes) return tostring(bytes:le_int()) end,
  i32 = function(bytes) return tostring(bytes:le_int()) end,
  f32 = function(bytes) return string.format("%.7g", bytes:le_float()) end,
  bytes = function(bytes) return tostring(bytes:bytes()):lower() end,
}

local function name_of(board)
  return board == HUB and "hub" or tostring(board)
end

-- Presence bits, then as many items as there is room for, then tags; FRAME.7, FRAME.23.
local function dissect_values(tree, payload, about)
  local tree_values = {}
  if payload:len() < about.bitmap + about.tags or about.item == 0 then return tree_values end
  local count = math.floor((payload:len() - about.bitmap - about.tags) / about.item)
  tree:add(field.presence, payload:range(0, about.bitmap))
  for index = 0, count - 1 do
    local byte = payload:range(math.floor(index / 8), 1):uint()
    local present = bits.band(bits.rshift(byte, index % 8), 1) == 1
    local at = payload:range(about.bitmap + index * about.item, about.item)
    local width = math.min(about.width, at:len())
    local shown = "nothing"
    if present and about.records then
      shown = "a record of " .. about.item .. " bytes"
    elseif present then
      shown = READERS[about.type](at:range(0, width))
    end
    local node = tree:add(field.item, at, shown)
    if present and not about.records then node:add(field.value, at:range(0, width), shown) end
    tree_values[#tree_values + 1] = shown
  end
  if about.tags > 0 then
    tree:add(field.tags, payload:range(payload:len() - about.tags, about.tags))
  end
  return tree_values
end

-- The parts of a frame; gives what it says, in words.
local function dissect_frame(buffer, pinfo, tree, about)
  local word = about.word
  local size = 4 - word
  local node = tree:add(tagma, buffer, "Frame")
  if buffer:len() < 2 * word + FIXED + size then
    node:add_proto_expert_info(bad_checksum)
    return "too short for a frame"
  end
  local mask = buffer:range(word, word)
  local content = unmask(buffer:range(2 * word):bytes(), mask:bytes())
  local plain = ByteArray.tvb(content, "Frame without its mask")
  local start = word == 1 and START or START * 257
  local right = is_right(content, size) and buffer:range(0, word):uint() == start
  local header = plain:range(0, 1):uint()
  local sender, round = bits.band(header, 31), bits.rshift(header, 5)
  local payload = plain:len() > FIXED + size and
    plain:range(FIXED, plain:len() - FIXED - size):tvb() or nil
  node:add(field.start, buffer:range(0, word))
  node:add(field.mask, mask)
  node:add(field.header, plain:range(0, 1))
  node:add(field.sender, plain:range(0, 1), sender)
  node:add(field.said_round, plain:range(0, 1), round)
  node:add(field.said_cycle, plain:range(1, 1))
  local values = {}
  if payload then
    local sub = node:add(field.payload, payload:range())
    if sender ~= HUB and right then values = dissect_values(sub, payload, about) end
  end
  node:add(field.checksum, plain:range(plain:len() - size, size))
  node:add(field.checksum_ok, plain:range(plain:len() - size, size), right):set_generated()
  if not right then
    node:add_proto_expert_info(bad_checksum)
    return "no whole frame"
  end
  if sender == HUB then
    return round == 0 and "the cycle closes" or "round " .. round .. " opens"
  end
  local said = "round " .. round .. " of " .. name_of(sender)
  return #values > 0 and said .. ": " .. table.concat(values, " ") or said
end

function tagma.dissector(buffer, pinfo, tree)
  if buffer:len() < HEADER or buffer:range(0, 1):uint() ~= 1 then return 0 end
  local about = {
    word = buffer:range(1, 1):uint(),
    bitmap = buffer:range(7, 1):uint(),
    item = buffer:range(8, 2):uint(),
    tags = buffer:range(10, 2):uint(),
    type = TYPES[buffer:range(12, 1):uint()] or "bytes",
    records = bits.band(buffer:range(13, 1):uint(), 1) == 1,
    width = buffer:range(14, 2):uint(),
  }
  local from, to = buffer:range(2, 1):uint(), buffer:range(3, 1):uint()
  local fate, lie = buffer:range(4, 1):uint(), buffer:range(5, 1):uint()
  pinfo.cols.protocol = "Tagma"
  pinfo.cols.src = name_of(from)
  pinfo.cols.dst = name_of(to)
  local root = tree:add(tagma, buffer)
  root:add(field.word, buffer:range(1, 1))
  root:add(field.from, buffer:range(2, 1))
  root:add(field.to, buffer:range(3, 1))
  local fate_node = root:add(field.fate, buffer:range(4, 1))
  local lie_node = root:add(field.lie, buffer:range(5, 1))
  root:add(field.round, buffer:range(6, 1))
  root:add(field.cycle, buffer:range(16, 4))
  if fate ~= 0 then fate_node:add_proto_expert_info(not_heard) end
  if lie ~= 0 then lie_node:add_proto_expert_info(is_lie) end
  local said = "empty"
  if buffer:len() > HEADER then
    said = dissect_frame(buffer:range(HEADER):tvb(), pinfo, root, about)
  end
  local extra = (fate ~= 0 and ", " .. (FATES[fate] or "?") or "") ..
    (lie ~= 0 and ", " .. (LIES[lie] or "?") or "")
  pinfo.cols.info = "cycle " .. buffer:range(16, 4):uint() .. ": " .. said .. extra
  return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, tagma)
