-- Turns the text of the transcoder's refusals into google.rpc.Status with field violations.
-- It hands on the field's path and never the text itself, which speaks of Envoy's and protobuf's insides.

local WANTED = {
  TYPE_STRING = "must be a string",
  TYPE_BYTES = "must be base64 text",
  TYPE_BOOL = "must be true or false",
  TYPE_DOUBLE = "must be a number",
  TYPE_FLOAT = "must be a number",
  TYPE_ENUM = "must be the name of one of its values",
  oneof = "holds a field twice, or two of which only one may be set",
  ["type.googleapis.com/google.protobuf.Timestamp"] = "must be a time as in 2026-01-31T09:30:00Z",
  ["type.googleapis.com/google.protobuf.Duration"] = "must be a span of seconds as in 3.5s",
  ["type.googleapis.com/google.protobuf.FieldMask"] = "must be a list of fields as in givenName,emails",
}

local function wanted(kind)
  if WANTED[kind] then return WANTED[kind] end
  if string.find(kind, "^TYPE_%w*INT") or string.find(kind, "^TYPE_%w*FIXED") then return "must be a whole number" end
  if string.find(kind, "^type%.googleapis%.com/") then return "must be an object" end
  return "has a value of another type"
end

-- The path of the field at fault ("" stands for the body as a whole) and what is wrong with it.
local function violation(text)
  local field, parent = string.match(text, "^([%w_%.%[%]]*): invalid value Starting an? %w+ on a scalar field for type ([%w_]+)$")
  if field then return field .. "." .. parent, "must be a plain value" end
  local path, rest = string.match(text, "^([%w_%.%[%]]*): invalid value (.*)$")
  if path then return path, wanted(string.match(rest, ".* for type (%S+)$") or "") end
  path = string.match(text, "^([%w_%.%[%]]*): Proto field is not repeating")
  if path then return path, "holds a list where none belongs" end
  path = string.match(text, '^Could not find field "([%w_%.%-]+)" in the type')
  if path then return path, "is not a parameter of this method" end
  path = string.match(text, "^The binding value .* of the field ([%w_%.]+) is conflicting with the value")
  if path then return path, "differs between the path and the body" end
  if string.find(text, "^Message too deep") then return "", "is nested too deeply" end
  if string.find(text, "\n%s*%^%s*$") then return "", "is not JSON" end
  return "", "cannot be read"
end

function envoy_on_response(handle)
  local headers = handle:headers()
  if headers:get("x-rapport-finish") == nil then return end
  headers:remove("x-rapport-finish")
  local body = handle:body(true)
  local field, description = violation(body:getBytes(0, math.min(body:length(), 65536)))
  body:setBytes('{"code":3,"message":"@message@","details":['
    .. '{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_ARGUMENT","domain":"@domain@"},'
    .. '{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"' .. field
    .. '","description":"' .. description .. '"}]}]}')
  -- A refusal before the filters has no content type yet.
  headers:replace("content-type", "application/json")
  headers:replace("content-length", tostring(body:length()))
end
