-- What wrk sends: signed messages of many customers, made beforehand, a file for each thread.
-- Arguments: the file's name without its number, the path, milliseconds between two requests of a
-- connection on average.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  local file, path = arguments[1], arguments[2]
  pause = tonumber(arguments[3])
  requests, at, bad = {}, 0, 0
  for line in io.lines(file .. "." .. number) do
    local signature, body = line:match("^(%S+) (.*)$")
    local headers = {
      ["Content-Type"] = "application/x-www-form-urlencoded",
      ["X-Twilio-Signature"] = signature,
    }
    requests[#requests + 1] = wrk.format("POST", path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- Customers know nothing of each other: with pauses of one length those who were answered together
-- would write together for ever after.
function delay()
  return math.random(0, 2 * pause)
end

function response(status, _, body)
  if status ~= 200 or not body:find("<Message>", 1, true) then
    bad = bad + 1
  end
end

function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("bad")
  end
  local errors = summary.errors
  wrong = wrong + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), wrong))
end
