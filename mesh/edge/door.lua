-- Gives the answer of an HTTP door the status that its handler chose.

function envoy_on_response(handle)
  local headers = handle:headers()
  local status = headers:get("@status@")
  if status == nil then return end
  headers:remove("@status@")
  headers:replace(":status", status)
end
