-- Tells callers what is left of their budget in the standard headers, made from Envoy's own; see mesh/edge/limits.py.

function envoy_on_response(handle)
  local headers = handle:headers()
  local left = headers:get("x-ratelimit-remaining")
  headers:remove("x-ratelimit-limit")
  headers:remove("x-ratelimit-remaining")
  headers:remove("x-ratelimit-reset")
  local budget = handle:metadata()
  -- A service that refused by itself has said so.
  if left == nil or budget:get("policy") == nil or headers:get("ratelimit") ~= nil then return end
  local again = headers:get("retry-after")
  headers:replace("ratelimit-policy", budget:get("policy"))
  headers:replace("ratelimit", budget:get("name") .. ";r=" .. left .. (again and ";t=" .. again or ""))
end
