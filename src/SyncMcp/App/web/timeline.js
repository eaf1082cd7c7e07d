// Runs over time: a row for each thing. Marks differ by shape: a bar went well, a taller one with a head failed, an open arrow is under way, hollow ones did not work.
const rowHeight = 30;

const bars = {
  S: (x, w) => `M${x} 10h${w}v10h${-w}z`,
  F: (x, w) => { const m = x + w / 2; return `M${x} 9h${w}v17h${-w}zM${m - 5} 3h10l-5 7z`; },
  R: (x, w) => `M${x} 10h${Math.max(0, w - 5)}l5 5-5 5h${-Math.max(0, w - 5)}z`,
  C: (x, w) => `M${x} 12h${w}v6h${-w}z`,
  K: (x, w) => { const m = x + w / 2; return `M${m - 3.5} 15a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0`; },
  O: (x, w) => { const m = x + w / 2; return `M${m} 11l4 4-4 4-4-4z`; },
};

function scale(from, to, width) {
  const x = time => (time - from) / (to - from) * (width - 8) + 4;
  const hours = (to - from) / 3600000;
  const step = [1, 2, 3, 6, 12, 24, 48, 120, 168].find(one => hours / one <= Math.max(2, width / 78)) ?? 240;
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  if (step >= 24) first.setHours(0);
  else first.setHours(Math.floor(first.getHours() / step) * step);
  const ticks = [];
  for (const at = first; at.getTime() <= to; step >= 24 ? at.setDate(at.getDate() + step / 24) : at.setHours(at.getHours() + step))
    if (at.getTime() > from) ticks.push({ x: x(at.getTime()), time: at.getTime(), day: at.getHours() === 0 });
  return { x, ticks, from, to, width, step };
}

function axis(along) {
  const label = tick => new Date(tick.time).toLocaleString('en-GB', along.step >= 24 || tick.day ? { weekday: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' });
  return svg('svg', { class: 'axis', width: along.width, height: 20, 'aria-hidden': 'true' },
    along.ticks.filter(tick => tick.x < along.width - 34).map(tick => svg('text', { x: tick.x, y: 14, class: tick.day ? 'day' : '' }, label(tick))));
}

const placed = (run, along) => {
  const x = Math.max(along.x(run.start), 0), end = run.state === 'R' ? along.to : run.start + (run.seconds ?? 0) * 1000;
  const width = Math.max(run.state === 'R' ? 9 : 3, along.x(end) - x);
  return { x: Math.min(x, along.width - width - 1), width };
};

function strip(thing, along, picked) {
  const paths = {};
  for (const run of [...thing.runs].reverse()) {
    if (run.start === null || run.start > along.to) continue;
    const { x, width } = placed(run, along);
    paths[run.state] = (paths[run.state] ?? '') + bars[run.state](Math.round(x * 10) / 10, Math.round(width * 10) / 10);
  }
  return svg('svg', { class: 'strip', width: along.width, height: rowHeight, 'aria-hidden': 'true' },
    svg('path', { class: 'grid', d: along.ticks.map(tick => `M${Math.round(tick.x) + .5} 0v${rowHeight}`).join('') }),
    svg('path', { class: 'base', d: `M0 ${rowHeight / 2 + .5}h${along.width}` }),
    'SKOCRF'.split('').filter(state => paths[state]).map(state => svg('path', { class: `run ${state}`, d: paths[state] })),
    picked && svg('rect', { class: 'picked', x: placed(picked, along).x - 3, y: 1.5, width: placed(picked, along).width + 6, height: rowHeight - 3, rx: 3 }));
}

const runWords = (run, now) => [states[run.state].word, ago(run.start, now), run.state === 'R' ? `for ${lasting((now - run.start) / 1000)}` : run.seconds !== null && lasting(run.seconds), run.rows !== null && many(run.rows, 'row'), run.cause && sentence(run.cause)].filter(Boolean).join(', ');

// What the mouse points at; the same is said for who steps through runs with the keys.
function tip(row, thing, along, now) {
  let at = -1;
  const box = h('div', { class: 'tip', hidden: true });
  const chart = row.querySelector('.strip').parentNode;
  const near = x => thing.runs.map((run, index) => { const { x: left, width } = placed(run, along); return { index, far: x < left ? left - x : x > left + width ? x - left - width : 0 }; }).sort((a, b) => a.far - b.far)[0];
  const point = index => {
    at = index;
    const run = thing.runs[index];
    show(chart, strip(thing, along, run), run ? box : null);
    box.hidden = !run;
    if (!run) return;
    show(box, h('b', {}, badge(run.state)), h('span', {}, stamp(run.start)), h('span', {}, [run.state === 'R' ? `for ${lasting((now - run.start) / 1000)}` : lasting(run.seconds), run.rows !== null && `${count(run.rows)} rows`, speed(run) && rate(speed(run))].filter(Boolean).join(' · ')), run.cause && h('span', {}, sentence(run.cause)));
    const middle = placed(run, along).x;
    box.style.setProperty('inset-inline-start', `${Math.min(Math.max(middle - 90, 0), Math.max(0, along.width - 200))}px`);
  };
  chart.addEventListener('pointermove', event => { const hit = near(event.clientX - chart.getBoundingClientRect().left); if (hit && hit.far < 14) { if (hit.index !== at) point(hit.index); } else if (at >= 0) point(-1); });
  chart.addEventListener('pointerleave', () => at >= 0 && point(-1));
  row.addEventListener('blur', () => at >= 0 && point(-1));
  row.addEventListener('keydown', event => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight' || !thing.runs.length) return;
    event.preventDefault();
    const to = event.key === 'ArrowLeft' ? Math.min(at + 1, thing.runs.length - 1) : Math.max(at - 1, 0);
    point(to);
    say(runWords(thing.runs[to], now));
  });
}
