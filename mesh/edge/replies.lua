-- placeholder while texts are learnt
function envoy_on_response(handle)
end
