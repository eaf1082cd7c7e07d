// The page: asks, keeps what it was told, draws, asks again.
const embedded = parent !== window;
const state = {
  span: '24h', workspace: '', words: '', trouble: false, cause: null, causeRuns: null, causeTotal: 0, opened: null, shown: 0, asTable: false, tab: 'time', paused: false,
  things: [], workspaces: [], overview: null, covered: null, since: Date.now() - 86400000, now: Date.now(), skew: 0, read: null, reading: false, error: null, partly: false,
  details: new Map(), flow: null, flowOpen: new Set(), first: null, calls: true, title: '', wide: false,
};
const step = embedded ? 15 : 40;
let way, generation = 0;
const main = document.getElementById('main');
const hold = {}; // parts of the page that are drawn again on their own

const call = (tool, args) => way.call(tool, Object.fromEntries(Object.entries(args).filter(([, value]) => value !== '' && value !== null && value !== undefined)));
const scope = () => ({ since: state.span, workspace_id: state.workspace });
const key = thing => `${thing.kind} ${thing.id}`;

async function load() {
  if (!state.calls || state.reading) return;
  const mine = ++generation;
  state.reading = true;
  state.error = null;
  drawTop();
  const over = call('get_overview', scope()).then(answer => { if (mine === generation) { state.overview = answer.result ?? answer; draw('summary', 'causes'); } });
  const lines = pages(call, 'find_runs', { ...scope(), view: 'timeline', limit: 200 }, (all, answer, last) => {
    if (mine !== generation) return;
    if (answer.now) state.skew = Date.parse(answer.now) - Date.now();
    state.now = Date.now() + state.skew;
    state.since = Date.parse(answer.since) || state.now - spans[state.span][1] * 1000;
    if (!last && state.things.length > all.length) return; // what is shown stays until all is new
    state.things = all.map(line => unpack(line, state.since));
    state.partly = !last;
    state.covered = answer.note ? answer : null;
    if (!state.workspace) state.workspaces = [...new Set(state.things.map(thing => thing.workspace))].filter(Boolean).sort();
    draw('summary', 'live', 'time');
  });
  const ends = await Promise.allSettled([over, lines]);
  if (mine !== generation) return;
  state.reading = false;
  const failed = ends.find(end => end.status === 'rejected')?.reason;
  if (failed instanceof KeyNeeded) return askKey(failed.message);
  state.error = failed ?? null;
  state.read = failed ? state.read : Date.now();
  drawAll();
}

const reload = () => { generation++; state.reading = false; state.things = []; state.overview = null; state.details.clear(); drawAll(); load(); };

async function readDetail(thing, again) {
  const id = key(thing), got = again ? {} : state.details.get(id) ?? {}, of = { [`${thing.kind}_id`]: thing.id };
  state.details.set(id, got);
  const read = async (part, work) => {
    if (got[part]) return;
    try { got[part] = await work(); } catch (error) { got[part] = error; }
    if (state.opened === id) draw('time');
  };
  await Promise.all([
    read('runs', async () => ((await call('find_runs', { ...of, since: state.span, limit: 25 })).items ?? []).map(runOf)),
    thing.failing && read('why', async () => { const answer = await call('diagnose_run', of); return answer.result ?? answer; }),
    thing.kind === 'job' && read('moves', async () => { const answer = await call('get_dependents', of); return answer.result ?? answer; }),
  ]);
}

const actions = {
  open(thing) {
    const id = key(thing);
    state.opened = state.opened === id ? null : id;
    state.asTable = false;
    if (state.opened) {
      const at = listed().findIndex(one => key(one) === id);
      if (at >= state.shown) state.shown = at + 1;
      readDetail(thing);
    }
    draw('time');
    const row = main.querySelector(`[data-id="${CSS.escape(id)}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
    say(state.opened ? `${thing.name} opened` : `${thing.name} closed`);
  },
  detail: thing => detail(state, thing),
  async cause(id) {
    state.cause = state.cause === id ? null : id;
    state.causeRuns = null;
    draw('causes', 'time');
    if (!state.cause) return;
    try {
      const answer = await call('find_runs', { ...scope(), state: 'failed', cause: id, limit: 50 });
      if (state.cause !== id) return;
      state.causeRuns = (answer.items ?? []).map(runOf);
      state.causeTotal = answer.total ?? state.causeRuns.length;
      say(`${many(state.causeTotal, 'run')} failed: ${sentence(id)}`);
    } catch (error) { state.causeRuns = error; }
    draw('causes');
  },
  async flow(workspace) {
    state.flow = { workspace, answer: null };
    draw('flow');
    try { state.flow.answer = await whole(call, 'get_dependents', { workspace_id: workspace }, 'flow'); } catch (error) { state.flow.answer = error; }
    draw('flow');
  },
};

const listed = () => state.things.filter(thing => (!state.words || `${thing.name} ${thing.workspace} ${thing.kind}`.toLocaleLowerCase().includes(state.words.toLocaleLowerCase()))
  && (!state.trouble || thing.failing || thing.live.length > 0) && (!state.cause || thing.runs.some(run => run.cause === state.cause)));

const parts = {
  summary: () => state.things.length || !state.calls ? summary(state) : null,
  causes: () => section('causes', 'Failures by cause', null, causes(state, actions.cause), causeRuns(state, actions.cause)),
  live: () => section('live', 'Running now', null, live(state, actions.open)),
  time: () => {
    const list = listed(), width = Math.max(120, chartWidth()), some = list.slice(0, Math.max(step, state.shown));
    return section('time', 'Timeline', legend(),
      state.covered && h('p', { class: 'note' }, `${state.covered.scanned} of ${state.covered.of} histories are read; the rest follows.`),
      !state.things.length ? (state.read ? empty('No jobs yet', state.workspace ? 'Nothing runs in this workspace. Choose another one above, or ask your assistant to copy a table into it.' : 'Nothing runs here yet. Ask your assistant: “copy the table orders from shop to warehouse every night”.') : state.error ? trouble(state.error, reload) : h('p', { class: 'wait' }, 'Reading…'))
      : !list.length ? h('p', { class: 'calm' }, 'Nothing matches. ', h('button', { type: 'button', onclick: clear }, 'Show all'))
      : state.asTable ? thingTable(state, list, actions.open)
      : [rows(state, some, width, actions), list.length > some.length && h('p', { class: 'more' }, h('button', { type: 'button', onclick: () => { state.shown = some.length + step * 4; draw('time'); } }, `Show ${Math.min(step * 4, list.length - some.length)} more`), h('span', { class: 'quiet' }, `${count(some.length)} of ${count(list.length)}, those in trouble first`)),
        list.length <= some.length && list.length > 8 && h('p', { class: 'quiet end' }, `${many(list.length, 'thing')}, those in trouble first`)]);
  },
  flow: () => {
    const names = state.workspaces.length ? state.workspaces : ['default'], chosen = state.flow?.workspace ?? (state.workspace || names[0]);
    if (!state.flow && state.tab === 'flow') actions.flow(chosen);
    return section('flow', 'Flow', names.length > 1 && h('label', {}, h('span', { class: 'unseen' }, 'Workspace'), h('select', { onchange: event => actions.flow(event.target.value) }, names.map(one => h('option', { value: one, selected: one === chosen }, one)))),
      !state.flow?.answer ? h('p', { class: 'wait' }, 'Reading…') : state.flow.answer instanceof Error ? trouble(state.flow.answer, () => actions.flow(chosen))
      : [flowOf(state.flow.answer, state.flowOpen, id => { state.flowOpen.has(id) ? state.flowOpen.delete(id) : state.flowOpen.add(id); draw('flow'); }),
        (state.flow.answer.pipelines ?? []).length > 0 && [h('h3', {}, 'Pipelines'), h('ul', { class: 'pipes' }, state.flow.answer.pipelines.map(pipe => h('li', {}, name(pipe.name, 'b'), h('ol', {}, pipe.steps.map(one => h('li', {}, name(one)))))))]]);
  },
};

const chartWidth = () => { const room = main.clientWidth; return room < 720 ? room - 26 : Math.floor(room - 26 - Math.min(260, room * .24) - 244); };
const clear = () => { state.words = ''; state.trouble = false; state.cause = null; drawAll(); };

// Draws parts anew and leaves the focus where it was.
function draw(...names) {
  for (const part of names) {
    const at = hold[part];
    if (!at || at.hidden) continue;
    const inside = at.contains(document.activeElement) ? document.activeElement : null;
    const index = inside ? [...at.querySelectorAll('button,select,summary,[tabindex]')].indexOf(inside) : -1, row = inside?.closest?.('[data-id]')?.dataset.id;
    show(at, parts[part]());
    if (inside) (row ? at.querySelector(`[data-id="${CSS.escape(row)}"]`) : at.querySelectorAll('button,select,summary,[tabindex]')[index])?.focus({ preventScroll: true });
  }
}

function drawTop() {
  const spansOf = h('div', { class: 'segments', role: 'radiogroup', 'aria-label': 'How far back' }, Object.entries(spans).map(([id, [text]]) => h('button', { type: 'button', role: 'radio', 'aria-checked': String(state.span === id), tabindex: state.span === id ? 0 : -1, onclick: () => { if (state.span !== id) { state.span = id; state.cause = null; reload(); } document.querySelector('[role=radio][aria-checked=true]')?.focus(); } }, text)));
  spansOf.addEventListener('keydown', event => { const all = [...spansOf.children], at = all.indexOf(event.target), to = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key]; if (to !== undefined && all[to]) { event.preventDefault(); all[to].click(); } });
  const focus = document.activeElement?.id;
  show(document.getElementById('top'),
    h('div', { class: 'brand' }, svg('svg', { viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true' }, svg('path', { d: 'M3 6h10M9.5 2.5L13 6 9.5 9.5M17 14H7M10.5 10.5L7 14l3.5 3.5' })), h('h1', {}, 'Runs'), state.title && name(state.title, 'span', { class: 'quiet' })),
    state.calls && h('div', { class: 'controls' }, spansOf,
      state.workspaces.length > 1 && h('label', {}, h('span', { class: 'unseen' }, 'Workspace'), h('select', { id: 'workspace', onchange: event => { state.workspace = event.target.value; state.flow = null; reload(); } }, h('option', { value: '' }, 'All workspaces'), state.workspaces.map(one => h('option', { value: one, selected: one === state.workspace }, one)))),
      h('span', { class: 'fresh' }, h('span', { class: 'quiet', id: 'fresh', title: state.read ? stamp(state.read) : null }, freshness()), h('button', { type: 'button', id: 'again', onclick: load, 'aria-label': 'Read again now' }, svg('svg', { viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true' }, svg('path', { d: 'M13 8a5 5 0 1 1-1.6-3.7M13 1.8v3h-3' }))),
        h('button', { type: 'button', id: 'hold', 'aria-pressed': String(state.paused), onclick: () => { state.paused = !state.paused; drawTop(); say(state.paused ? 'The page stays as it is.' : 'The page is kept up to date.'); } }, state.paused ? 'Paused' : 'Live'),
        !embedded && way.forget && way.kept && h('button', { type: 'button', id: 'out', onclick: () => { way.forget(); location.reload(); } }, 'Forget key'),
        state.wide && h('button', { type: 'button', id: 'wide', onclick: () => way.widen().catch(() => {}) }, 'Full screen'))));
  if (focus) document.getElementById(focus)?.focus();
}

const freshness = () => state.reading && !state.read ? 'Reading…' : state.partly ? `Reading… ${state.things.length} so far` : state.read ? `Updated ${ago(state.read, Date.now())}` : '';

function drawAll() {
  drawTop();
  for (const part of ['summary', 'causes', 'live', 'time', 'flow']) hold[part] ??= h('div', { id: `part-${part}` });
  if (!hold.page) {
    const tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views' }, [['time', 'Runs'], ['flow', 'Flow']].map(([id, text]) => h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, onclick: () => { state.tab = id; drawAll(); } }, text)));
    roving(tabs, '[role=tab]', true);
    const find = h('input', { type: 'search', placeholder: 'Find a name', 'aria-label': 'Find a name', autocomplete: 'off', spellcheck: 'false', oninput: event => { state.words = event.target.value.trim(); draw('time'); say(many(listed().length, 'thing')); } });
    const only = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => { state.trouble = !state.trouble; drawAll(); } }, 'Only trouble');
    const chart = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => { state.asTable = !state.asTable; drawAll(); } }, 'As a table');
    Object.assign(hold, { tabs, find, only, chart, first: h('div', { id: 'first' }), note: h('div', {}) });
    hold.timePanel = h('div', { role: 'tabpanel', id: 'panel-time', 'aria-labelledby': 'tab-time' }, hold.summary, h('div', { class: 'pair' }, hold.causes, hold.live), h('div', { class: 'filters' }, find, only, chart), hold.time);
    hold.flowPanel = h('div', { role: 'tabpanel', id: 'panel-flow', 'aria-labelledby': 'tab-flow' }, hold.flow);
    hold.page = h('div', {}, hold.first, tabs, hold.note, hold.timePanel, hold.flowPanel);
    show(main, hold.page);
  }
  const opened = state.first && opening(state.first, state.now);
  show(hold.first, opened && h('section', { class: 'panel first' }, opened));
  show(hold.note, state.error && state.things.length > 0 && trouble(state.error, load));
  hold.tabs.hidden = hold.timePanel.hidden = hold.flowPanel.hidden = !state.calls && !state.overview;
  if (state.calls || state.overview) { hold.timePanel.hidden = state.tab !== 'time'; hold.flowPanel.hidden = hold.flow.hidden = state.tab !== 'flow'; }
  for (const tab of hold.tabs.children) tab.setAttribute('aria-selected', String(tab.id === `tab-${state.tab}`));
  if (hold.find.value.trim() !== state.words) hold.find.value = state.words;
  hold.only.setAttribute('aria-pressed', String(state.trouble));
  hold.chart.setAttribute('aria-pressed', String(state.asTable));
  draw('summary', 'causes', 'live', 'time');
  if (state.tab === 'flow') draw('flow');
}

function askKey(why, wrong) {
  drawTop();
  const field = h('input', { type: 'password', id: 'key', autocomplete: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'key-help' });
  show(main, h('form', { class: 'key', onsubmit: event => { event.preventDefault(); way.unlock(field.value.trim()); begin(true); } },
    h('h2', {}, 'Show your key'),
    h('p', { id: 'key-help' }, 'The same key that clients use. On this computer it stands in ', h('code', {}, 'http.key'), ' of the operator’s folder:'),
    h('pre', {}, 'cat ~/.config/syncmcp/http.key'),
    h('label', { for: 'key' }, 'Key or token'), h('div', { class: 'one' }, field, h('button', { type: 'submit', class: 'main' }, 'Open')),
    wrong && h('p', { class: 'trouble', role: 'alert' }, mark('F'), h('span', {}, why)),
    h('p', { class: 'quiet' }, 'It is kept until this tab is closed, and sent to this server alone. The page only reads.')));
  field.focus();
}

function adopt(context) {
  if (context.theme) document.documentElement.dataset.theme = context.theme;
  for (const [variable, value] of Object.entries(context.styles?.variables ?? {})) if (/^--(color|font|border|shadow)-[\w-]+$/.test(variable) && typeof value === 'string') document.documentElement.style.setProperty(variable, value);
  if (context.timeZone) zone = context.timeZone;
  if (context.availableDisplayModes) state.wide = context.availableDisplayModes.includes('fullscreen') && context.displayMode !== 'fullscreen';
}

function heard(method, params) {
  if (method === 'ui/notifications/host-context-changed') { adopt(params); if (hold.page) drawAll(); }
  if (method === 'ui/resource-teardown') state.paused = true;
  if (method === 'ui/notifications/tool-input' && spans[params.arguments?.since]) state.span = params.arguments.since;
  if (method !== 'ui/notifications/tool-result') return;
  try {
    const answer = content(params), data = answer.result ?? answer;
    if (data.causes && data.runs) state.overview = data; else state.first = answer;
    if (data.flow) Object.assign(state, { tab: 'flow', flow: { workspace: data.workspace_id, answer: data }, first: null });
  } catch (error) { state.error = error; }
  if (hold.page) drawAll();
}

async function begin(tried) {
  if (tried) show(main, h('p', { class: 'wait' }, 'Connecting…'));
  try {
    const { context, calls, title } = await way.connect();
    adopt(context);
    state.calls = calls;
    state.title = title ?? '';
    if (!embedded) { way.keep?.(); way.kept = sessionStorageHas(); }
  } catch (error) {
    if (error instanceof KeyNeeded) { way.forget(); return askKey(error.message, tried); }
    return show(main, trouble(error, () => begin(true)));
  }
  hold.page = null;
  drawAll();
  await load();
}
const sessionStorageHas = () => { try { return sessionStorage.length > 0; } catch { return false; } };

// What runs is looked at every five seconds, all else once in a minute; a page that nobody sees asks nothing.
let beat = 0;
setInterval(async () => {
  const fresh = document.getElementById('fresh');
  if (fresh) fresh.textContent = freshness();
  if (document.hidden || state.paused || !state.calls || !state.read || state.reading || ++beat % 5) return;
  const before = new Set(state.things.filter(thing => thing.live.length).map(key));
  if (beat % 60 === 0) return load();
  if (!before.size && beat % 15) return;
  try {
    const mine = generation, answer = await call('find_runs', { since: '2d', state: 'running', workspace_id: state.workspace, view: 'timeline', limit: 200 });
    if (mine !== generation) return;
    const now = new Map((answer.items ?? []).map(line => unpack(line, Date.parse(answer.since))).map(thing => [key(thing), thing]));
    state.now = Date.parse(answer.now) || state.now;
    if (now.size !== before.size || [...before].some(id => !now.has(id))) return load();
    for (const thing of state.things) if (now.has(key(thing))) thing.runs = [...now.get(key(thing)).runs.filter(run => run.state === 'R'), ...thing.runs.filter(run => run.state !== 'R')];
    for (const thing of state.things) thing.live = thing.runs.filter(run => run.state === 'R');
    state.read = Date.now();
    draw('live');
  } catch { /* the next reading says what is wrong */ }
}, 1000);

let width = 0;
new ResizeObserver(() => { if (hold.page && Math.abs(main.clientWidth - width) > 2) { width = main.clientWidth; draw('time'); } }).observe(main);
way = embedded ? hosted(heard) : direct();
begin(false);
