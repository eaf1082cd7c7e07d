// What flows where, in columns; lines are drawn between what the columns hold, wherever the page puts it.
function graph(title, heads, nodes, edges) {
  const drawn = svg('svg', { class: 'lines', 'aria-hidden': 'true' }), places = new Map();
  const area = h('div', { class: 'columns-of', style: { '--columns': String(heads.length) } }, drawn, heads.map((head, column) => {
    const list = h('ul', { 'aria-label': head }, nodes.filter(node => node.column === column).map(node => {
      const inner = [name(node.label), node.note && h('span', { class: 'quiet' }, node.note)];
      const box = node.act ? h('button', { type: 'button', class: 'node', 'aria-expanded': node.open === undefined ? null : String(node.open), onclick: node.act }, inner) : h('span', { class: `node ${node.off ? 'off' : ''}` }, inner);
      places.set(node.id, box);
      for (const kind of ['pointerenter', 'focus']) box.addEventListener(kind, () => light(node.id));
      for (const kind of ['pointerleave', 'blur']) box.addEventListener(kind, () => light(null));
      return h('li', {}, box);
    }));
    return h('div', { class: 'of' }, h('h4', {}, head), list.children.length ? list : h('p', { class: 'quiet' }, 'none'));
  }));
  const lines = edges.map(([from, to]) => ({ from, to, path: svg('path', {}) }));
  drawn.append(...lines.map(line => line.path));
  const light = id => lines.forEach(line => line.path.classList.toggle('lit', id !== null && (line.from === id || line.to === id)));
  const draw = () => {
    const frame = area.getBoundingClientRect();
    for (const { from, to, path } of lines) {
      const a = places.get(from)?.getBoundingClientRect(), b = places.get(to)?.getBoundingClientRect();
      if (!a || !b || a.right > b.left) { path.setAttribute('d', ''); continue; }
      const [x, y, u, v] = [a.right - frame.left, a.top + a.height / 2 - frame.top, b.left - frame.left, b.top + b.height / 2 - frame.top];
      path.setAttribute('d', `M${x} ${y}C${(x + u) / 2} ${y} ${(x + u) / 2} ${v} ${u} ${v}`);
    }
  };
  new ResizeObserver(draw).observe(area);
  const labels = new Map(nodes.map(node => [node.id, node.label]));
  return h('div', { class: 'graph' }, area, h('details', {}, h('summary', {}, 'As a table'),
    table(title, [['From'], ['To']], edges.map(([from, to]) => h('tr', {}, h('td', {}, name(labels.get(from) ?? '')), h('td', {}, name(labels.get(to) ?? '')))))));
}

// Of one job: tables, tasks, tables, and what works on them afterwards.
function tablesOf(answer) {
  const moves = answer.moves, nodes = new Map(), edges = [], put = (column, label, more = {}) => { const id = `${column} ${label}`; if (!nodes.has(id)) nodes.set(id, { id, column, label, ...more }); return id; };
  (moves?.tables ?? []).forEach((table, index) => {
    const task = `1 ${index}`;
    nodes.set(task, { id: task, column: 1, label: table.to === '?' ? table.from : table.from === table.to ? `copy ${table.from}` : `${table.from} into ${table.to}`, note: table.off ? 'off' : null, off: table.off });
    edges.push([put(0, table.from), task]);
    if (table.to !== '?') edges.push([task, put(2, table.to)]);
  });
  const after = (answer.dependents ?? []).filter(one => one.kind === 'transformation').map(one => put(3, one.name));
  for (const node of [...nodes.values()].filter(node => node.column === 2)) for (const one of after) edges.push([node.id, one]);
  if (!nodes.size) return h('p', { class: 'quiet' }, 'It has no tasks yet: add_job_task gives it a table to copy.');
  return graph('What the job moves', [`Tables of ${moves.from}`, 'Tasks', `Tables of ${moves.to}`, 'Transformations after it'], [...nodes.values()], edges);
}

// Of a workspace: jobs between connections. Many jobs on one way stand together until somebody opens them.
function flowOf(answer, open, toggle) {
  const jobs = answer.flow ?? [], nodes = new Map(), edges = new Map(), put = (column, label, more = {}, id = `${column} ${label}`) => { if (!nodes.has(id)) nodes.set(id, { id, column, label, ...more }); return id; };
  const edge = (from, to) => edges.set(`${from}\n${to}`, [from, to]);
  const ways = Map.groupBy(jobs, job => `${job.from}\n${job.to}`);
  for (const [way, members] of [...ways].sort((a, b) => b[1].length - a[1].length)) {
    const folds = jobs.length > 20 && members.length > 3, opened = open.has(way), [{ from, to }] = members;
    const ends = [from && put(0, from), to && put(2, to)];
    const join = node => { if (ends[0]) edge(ends[0], node); if (ends[1]) edge(node, ends[1]); };
    if (folds) join(put(1, many(members.length, 'job'), { note: opened ? 'close' : 'open', open: opened, act: () => toggle(way) }, `1 way ${way}`));
    for (const job of members) {
      if (!folds || opened) join(put(1, job.name, {}, `1 ${job.id}`));
      for (const one of job.after ?? []) if (to) edge(ends[1], put(3, one));
    }
  }
  for (const one of answer.transformations ?? []) { const id = put(3, one.name); if (one.in) edge(put(2, one.in), id); }
  return nodes.size ? graph('What flows where', ['Sources', 'Jobs', 'Destinations', 'Transformations'], [...nodes.values()], [...edges.values()])
    : h('div', { class: 'empty' }, h('h3', {}, 'Nothing flows here yet'), h('p', {}, 'This workspace has no jobs. Ask your assistant: “copy the table orders from shop to warehouse every night”.'));
}
