// Small multiples for one thing: how long each run took, and how fast rows moved. Oldest left; the line is the median.
function columns(title, runs, value, text, middle) {
  const width = 300, height = 74, shown = runs.slice(0, 40).reverse().map(run => ({ run, value: value(run) }));
  const known = shown.filter(one => one.value !== null), top = Math.max(...known.map(one => one.value), middle ?? 0, 0);
  if (!known.length || !(top > 0)) return null;
  const step = Math.min(18, width / shown.length), wide = Math.max(2, step - 2), y = amount => height - Math.max(2, amount / top * (height - 4));
  const last = known[known.length - 1];
  return h('figure', { class: 'columns' },
    h('figcaption', {}, h('span', {}, title), h('span', { class: 'quiet' }, middle !== null ? `median ${text(middle)}` : `latest ${text(last.value)}`)),
    svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title} of the last ${many(shown.length, 'run')}: latest ${text(last.value)}${middle !== null ? `, median ${text(middle)}` : ''}, most ${text(top)}. All are in the table below.` },
      shown.map((one, index) => one.value !== null && svg('rect', { class: `column ${states[one.run.state].tone}`, x: width - (shown.length - index) * step, y: y(one.value), width: wide, height: height - y(one.value), rx: 1 },
        svg('title', {}, `${stamp(one.run.start)}: ${text(one.value)} (${states[one.run.state].word})`))),
      middle !== null && svg('path', { class: 'median', d: `M0 ${y(middle)}h${width}` })));
}

const table = (caption, heads, rows, more = {}) => h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, h('table', more,
  h('caption', { class: 'unseen' }, caption),
  h('thead', {}, h('tr', {}, heads.map(([head, side]) => h('th', { scope: 'col', class: side ?? '' }, head)))),
  h('tbody', {}, rows)));
const cell = (side, ...children) => h('td', { class: side }, children);

function runTable(caption, runs, now, named) {
  return table(caption, [...(named ? [['Name']] : []), ['State'], ['Started'], ['Took', 'num'], ['Rows', 'num'], ['Rows/s', 'num'], ['Cause']], runs.map(run => h('tr', {},
    named && h('th', { scope: 'row' }, name(run.name ?? '–')), cell('', badge(run.state)), cell('', when(run.start, now)), cell('num', run.state === 'R' ? lasting((now - run.start) / 1000) : lasting(run.seconds)), cell('num', run.rows === null ? '–' : h('span', { title: exact.format(run.rows) }, count(run.rows))), cell('num', rate(speed(run))),
    cell('why', run.cause ? sentence(run.cause) : run.state === 'F' ? 'Unknown' : '', run.details && h('div', { class: 'quoted', dir: 'auto', title: run.details }, run.details)))));
}
