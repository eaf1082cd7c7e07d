// What the tools say, in the form that charts take.
const spans = { '24h': ['24 hours', 86400], '3d': ['3 days', 259200], '7d': ['7 days', 604800], '30d': ['30 days', 2592000] };

function unpack(line, since) {
  const runs = String(line.runs ?? '').split(' ').filter(Boolean).map(text => {
    const [start, seconds, state, rows, cause] = text.split(',');
    return { start: start ? since + Number(start) * 1000 : null, seconds: seconds ? Number(seconds) : null, state: states[state] ? state : 'O', rows: rows ? Number(rows) : null, cause: cause || null };
  });
  const over = runs.filter(run => run.state !== 'R'), good = runs.filter(run => run.state === 'S');
  return {
    kind: line.kind, id: line.id, name: line.name ?? line.id, workspace: line.workspace ?? '', next: line.next_run ? Date.parse(line.next_run) : null, paused: line.paused === true,
    runs, total: line.of ?? runs.length, live: runs.filter(run => run.state === 'R'), last: over[0] ?? null, state: runs[0]?.state === 'R' ? 'R' : over[0]?.state ?? 'N',
    failing: over[0]?.state === 'F', failed: over.filter(run => run.state === 'F').length, usual: median(good.map(run => run.seconds)), usualRate: median(good.map(speed)),
  };
}

// All pages of a list; each is told as it comes, so that the first lines stand before the last are read.
async function pages(call, tool, args, heard) {
  let cursor, all = [];
  for (let page = 0; page < 60; page++) {
    const answer = await call(tool, { ...args, ...(cursor ? { cursor } : {}) });
    all = all.concat(answer.items ?? []);
    cursor = answer.next_cursor;
    heard?.(all, answer, !cursor);
    if (!cursor) break;
  }
  return all;
}

// The same of one thing whose longest member did not fit.
async function whole(call, tool, args, member) {
  const first = await call(tool, args);
  const result = first.result ?? first;
  for (let cursor = first.next_cursor, page = 0; cursor && page < 40; page++) {
    const more = await call(tool, { ...args, cursor });
    const part = more.result?.[member];
    if (!Array.isArray(part)) break;
    result[member] = (result[member] ?? []).concat(part);
    cursor = more.next_cursor;
  }
  return result;
}

const runOf = item => ({
  state: stateOf(item.status ?? ''), start: Date.parse(item.started_at), seconds: typeof item.runtime === 'number' ? item.runtime / 1000 : null,
  rows: item.records_affected ?? null, cause: item.cause ?? null, details: item.details ?? null, name: item.name ?? null, kind: item.kind ?? null, id: item.id,
  owner: item.job_id ?? item.transformation_id ?? item.pipeline_id ?? null,
});
