// The parts of the page, each a function of what is known.
const section = (id, title, aside, ...body) => h('section', { id, 'aria-labelledby': `${id}-title` }, h('div', { class: 'head' }, h('h2', { id: `${id}-title` }, title), aside), body);
const empty = (title, text) => h('div', { class: 'empty' }, h('h3', {}, title), h('p', {}, text));
const trouble = (error, again) => h('div', { class: 'trouble', role: 'alert' }, mark('F'), h('div', {}, h('b', {}, 'This could not be read. '), h('span', { dir: 'auto' }, error.message)), again && h('button', { type: 'button', onclick: again }, 'Try again'));

function summary(state) {
  const { things, overview } = state, runs = things.flatMap(thing => thing.runs), over = runs.filter(run => run.state !== 'R'), good = runs.filter(run => run.state === 'S').length;
  const tried = good + runs.filter(run => run.state === 'F').length, failing = things.filter(thing => thing.failing).length, live = runs.length - over.length;
  const total = things.reduce((sum, thing) => sum + thing.total, 0), whole = total === runs.length;
  const figure = (label, value, note, tone) => h('div', { class: `figure ${tone ?? ''}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'value' }, tone && mark(tone === 'bad' ? 'F' : 'R'), value), note && h('span', { class: 'quiet' }, note)));
  const rows = over.reduce((sum, run) => sum + (run.rows ?? 0), 0), late = overview?.late_total ?? overview?.late?.length ?? 0, paused = things.filter(thing => thing.paused).length;
  return h('dl', { class: 'figures' },
    figure('Failing now', count(failing), failing ? `of ${count(things.length)}` : things.length ? 'all is well' : null, failing ? 'bad' : null),
    figure('Running', count(live), null, live ? 'live' : null),
    figure('Went well', tried ? percent(good / tried) : '–', tried ? `${count(good)} of ${count(tried)}${whole ? '' : ' shown'}` : null),
    figure('Runs', count(total), whole ? null : `newest ${count(runs.length)} shown`),
    figure('Rows changed', count(rows), null),
    figure('Late or paused', count(late + paused), [late && `${late} late`, paused && `${paused} paused`].filter(Boolean).join(', ') || null));
}

function causes(state, pick) {
  const list = state.overview?.causes ?? [];
  if (!state.overview) return h('p', { class: 'wait' }, 'Reading…');
  if (!list.length) return h('p', { class: 'calm' }, mark('S'), `Nothing failed in the last ${spans[state.span][0]}.`);
  const most = Math.max(...list.map(cause => cause.runs));
  const view = h('ul', { class: 'causes', 'aria-label': 'Causes of failures' }, list.map(cause => h('li', {}, h('button', { type: 'button', class: 'cause', 'aria-pressed': String(state.cause === cause.cause), onclick: () => pick(cause.cause), style: { '--share': `${Math.max(2, cause.runs / most * 100)}%` } },
    h('span', { class: 'what' }, h('b', {}, sentence(cause.cause)), h('span', { class: 'quiet' }, cause.title)),
    h('span', { class: 'times' }, h('b', {}, count(cause.runs)), h('span', { class: 'quiet' }, `${cause.runs === 1 ? 'run' : 'runs'} of ${cause.things}`), cause.failing_now ? h('span', { class: 'still' }, `${count(cause.failing_now)} failing now`) : h('span', { class: 'quiet' }, 'well since'))))));
  roving(view, '.cause');
  return view;
}

function causeRuns(state, pick) {
  if (!state.cause) return null;
  const cause = state.overview?.causes?.find(one => one.cause === state.cause);
  return h('div', { class: 'panel', id: 'cause-runs' },
    h('div', { class: 'head' }, h('h3', {}, `Runs that failed: ${sentence(state.cause)}`), h('button', { type: 'button', onclick: () => pick(null) }, 'Close')),
    cause && h('p', { class: 'next' }, h('b', {}, 'What to do: '), cause.next),
    state.causeRuns instanceof Error ? trouble(state.causeRuns) : state.causeRuns ? [runTable('Runs with this cause', state.causeRuns, state.now, true), state.causeTotal > state.causeRuns.length && h('p', { class: 'quiet' }, `The newest ${state.causeRuns.length} of ${state.causeTotal}.`)] : h('p', { class: 'wait' }, 'Reading…'));
}

function live(state, open) {
  const going = state.things.flatMap(thing => thing.live.map(run => ({ thing, run })));
  if (!going.length) {
    const next = state.things.filter(thing => thing.next !== null && thing.next > state.now).sort((a, b) => a.next - b.next)[0];
    return h('p', { class: 'calm' }, 'Nothing runs at the moment.', next && h('span', {}, ' Next: ', name(next.name, 'b'), ' ', when(next.next, state.now), '.'));
  }
  const view = h('ul', { class: 'lives', 'aria-label': 'Running now' }, going.slice(0, 12).map(({ thing, run }) => {
    const taken = (state.now - run.start) / 1000, part = thing.usual ? Math.min(1, taken / thing.usual) : null;
    return h('li', {}, h('button', { type: 'button', class: 'going', onclick: () => open(thing) },
      h('span', { class: 'line-one' }, mark('R'), name(thing.name, 'b'), h('span', { class: 'num' }, lasting(taken))),
      h('span', { class: `bar ${part === null ? 'open' : ''}`, 'aria-hidden': 'true', style: { '--part': `${(part ?? 1) * 100}%` } }),
      h('span', { class: 'quiet' }, thing.usual ? taken > thing.usual * 1.5 ? `longer than usual (${lasting(thing.usual)})` : `usually ${lasting(thing.usual)}` : 'no usual time yet', run.rows ? `, ${count(run.rows)} rows so far` : '')));
  }));
  roving(view, '.going');
  return [view, going.length > 12 && h('p', { class: 'quiet' }, `and ${going.length - 12} more`)];
}

const label = (thing, now) => `${thing.name}, ${thing.kind}, ${states[thing.state].word}${thing.last ? `, last run ${ago(thing.last.start, now)}${thing.last.seconds !== null ? `, took ${lasting(thing.last.seconds)}` : ''}` : ''}, ${many(thing.total, 'run')}${thing.failed ? `, ${thing.failed} failed` : ''}${thing.paused ? ', paused' : ''}`;

function rows(state, list, width, actions) {
  const along = scale(state.since, state.now, width);
  const view = h('ul', { class: 'rows', 'aria-label': 'Runs over time. Up and down: things. Left and right: their runs.' }, list.map(thing => {
    const id = `${thing.kind} ${thing.id}`, opened = state.opened === id;
    const row = h('button', { type: 'button', class: 'row', 'aria-expanded': String(opened), 'aria-label': label(thing, state.now), data: { id }, onclick: () => actions.open(thing) },
      h('span', { class: 'who' }, mark(thing.state), name(thing.name), thing.kind !== 'job' && h('span', { class: 'kind' }, thing.kind), thing.paused && h('span', { class: 'kind' }, 'paused')),
      h('span', { class: 'chart' }, strip(thing, along)),
      h('span', { class: 'num last' }, thing.last ? when(thing.last.start, state.now) : '–'), h('span', { class: 'num took' }, lasting(thing.last?.seconds)), h('span', { class: 'num fast' }, rate(thing.last ? speed(thing.last) : null)));
    tip(row, thing, along, state.now);
    return h('li', { class: opened ? 'opened' : '' }, row, opened && actions.detail(thing));
  }));
  roving(view, '.row');
  return [h('div', { class: 'row heads', 'aria-hidden': 'true' }, h('span', {}, 'Name'), h('span', { class: 'chart' }, axis(along)), h('span', { class: 'num last' }, 'Last run'), h('span', { class: 'num took' }, 'Took'), h('span', { class: 'num fast' }, 'Rows/s')), view];
}

function thingTable(state, list, open) {
  return table('All things with their last runs', [['Name'], ['Kind'], ['Workspace'], ['State'], ['Last run'], ['Took', 'num'], ['Rows', 'num'], ['Rows/s', 'num'], ['Runs', 'num'], ['Failed', 'num'], ['Next run']], list.map(thing => h('tr', {},
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'plain', onclick: () => open(thing) }, name(thing.name))), cell('', thing.kind), cell('', name(thing.workspace)), cell('', badge(thing.state)), cell('', thing.last ? when(thing.last.start, state.now) : '–'),
    cell('num', lasting(thing.last?.seconds)), cell('num', count(thing.last?.rows)), cell('num', rate(thing.last ? speed(thing.last) : null)), cell('num', count(thing.total)), cell('num', count(thing.failed)), cell('', thing.paused ? 'paused' : when(thing.next, state.now)))));
}

const legend = () => h('p', { class: 'legend', 'aria-hidden': 'true' }, ['S', 'F', 'R', 'K', 'C'].map(state => badge(state)));

function diagnosis(answer, now) {
  const list = answer.causes ?? [];
  return h('div', { class: 'diagnosis' },
    list.map(cause => h('div', { class: 'finding' }, h('h4', {}, mark('F'), sentence(cause.cause)), h('p', {}, cause.title), (cause.evidence ?? []).map(line => h('blockquote', { class: 'quoted whole', dir: 'auto' }, line)), h('p', { class: 'next' }, h('b', {}, 'What to do: '), cause.next))),
    (answer.unknown ?? []).length > 0 && h('div', { class: 'finding' }, h('h4', {}, 'Cause unknown'), h('p', {}, 'No rule knows these words. They are shown as they came.'), answer.unknown.map(line => h('blockquote', { class: 'quoted whole', dir: 'auto' }, line))),
    !list.length && !answer.unknown?.length && h('p', {}, answer.advice ?? ''),
    h('p', { class: 'quiet' }, [answer.failed_since ? `${many(answer.failed_since, 'failure')} since its last success` : null, answer.last_success?.started_at ? `last success ${ago(Date.parse(answer.last_success.started_at), now)}` : null, answer.changed_since_success ? `its definition was changed ${ago(Date.parse(answer.changed_since_success), now)}` : null, answer.same_cause_today?.others ? `${many(answer.same_cause_today.others, 'other thing')} failed for the same reason today` : null].filter(Boolean).join(' · ')));
}

// What is known of one thing. Each part is read when it is opened, and comes on its own.
function detail(state, thing) {
  const part = (entry, draw) => !entry ? h('p', { class: 'wait' }, 'Reading…') : entry instanceof Error ? trouble(entry) : draw(entry);
  const got = state.details.get(`${thing.kind} ${thing.id}`) ?? {};
  const charts = [columns('Duration', thing.runs.filter(run => run.state !== 'R'), run => run.seconds, lasting, thing.usual), columns('Rows per second', thing.runs.filter(run => run.state !== 'R'), speed, rate, thing.usualRate)].filter(Boolean);
  return h('div', { class: 'detail', role: 'region', 'aria-label': thing.name },
    h('p', { class: 'facts' }, [thing.kind, thing.workspace && h('span', {}, 'in ', name(thing.workspace)), thing.paused ? 'schedule paused' : thing.next !== null && h('span', {}, 'next run ', when(thing.next, state.now)), thing.usual !== null && `usually ${lasting(thing.usual)}`].filter(Boolean).map(fact => h('span', {}, fact))),
    thing.failing && [h('h3', {}, 'Why it failed'), part(got.why, answer => diagnosis(answer, state.now))],
    charts.length > 0 && h('div', { class: 'charts' }, charts),
    h('h3', {}, 'Runs'), part(got.runs, runs => runs.length ? runTable(`Runs of ${thing.name}`, runs, state.now) : h('p', { class: 'quiet' }, `It did not run in the last ${spans[state.span][0]}.`)),
    thing.kind === 'job' && [h('h3', {}, 'What it moves'), part(got.moves, tablesOf)]);
}

// The answer that the page was opened with.
function opening(answer, now) {
  const data = answer.result ?? answer, items = answer.items;
  if (items?.some(item => item.started_at)) return [h('h2', {}, many(items.length, 'run')), runTable('Runs that were asked for', items.map(runOf), now, items.some(item => item.name))];
  if (data.run) return [h('h2', {}, 'Why ', name(data.name ?? 'it'), ` ${data.causes?.length || data.unknown ? 'failed' : 'ran as it did'}`), h('p', { class: 'facts' }, h('span', {}, badge(stateOf(data.run.status ?? ''))), h('span', {}, when(Date.parse(data.run.started_at), now))), diagnosis(data, now)];
  if (data.dependents) return [h('h2', {}, 'What hangs on ', name(data.name ?? data.kind ?? 'it')), dependents(data), data.moves && tablesOf(data)];
  return null;
}

const dependents = one => (one.dependents ?? []).length ? h('ul', { class: 'tree' }, one.dependents.map(below => h('li', {}, h('span', { class: 'kind' }, below.kind), ' ', name(below.name), h('span', { class: 'quiet' }, ` ${below.why ?? ''}${below.runs_by_itself ? ', runs by itself' : ''}`), dependents(below)))) : one.why ? null : h('p', { class: 'quiet' }, 'Nothing depends on it.');
