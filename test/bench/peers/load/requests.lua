-- Sends the requests of the file BODIES in turn, or without it the request of the command line again and again; prints
-- what wrk measured as JSON.
local requests, position = {}, 0

function init()
  if os.getenv("BODIES") == nil then
    requests[1] = wrk.format()
    return
  end
  wrk.headers["content-type"] = "application/json"
  for body in io.lines(os.getenv("BODIES")) do
    requests[#requests + 1] = wrk.format("POST", "/graphql", wrk.headers, body)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    'JSON{"requests":%d,"seconds":%.3f,"errors":%d,"p50":%.3f,"p99":%.3f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000
  ))
end
